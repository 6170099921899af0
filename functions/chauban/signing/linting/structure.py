"""The objects of a file that nobody has signed: all of them used, each for one thing, nothing in them that acts or hides."""

from collections import Counter

from chauban.signing.linting.field_rules import field_name
from chauban.signing.linting.grammar import ROLES
from chauban.signing.linting.policy import LintPolicy
from chauban.signing.linting.rules import Walk
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Reference, elements_of, entries_of, identical


def look_through(state: State, policy: LintPolicy) -> Walk:
    """What is wrong with the objects of the first revision, and what each of them is."""
    walk = Walk(state, policy, ROLES)
    walk.follow(state.trailer.get("Root"), "catalog", "trailer")
    walk.follow(state.trailer.get("Info"), "information", "trailer")
    walk.go()
    for number in sorted(set(state.objects) - set(walk.roles) - state.containers):
        walk.find("unreferenced-object", f"object {number}")
    _tie_up(walk, state)
    _files(walk, state)
    return walk


def _tie_up(walk: Walk, state: State) -> None:
    """Every page once, every annotation on one page, every field among the annotations and the other way round."""
    kids = entries_of(state.resolve(state.root.get("Pages"))).get("Kids")
    pages = [kid for kid in elements_of(kids) if isinstance(kid, Reference)]
    if not pages or len(set(pages)) != len(pages) or {page.number for page in pages} != _in_role(walk, "page"):
        walk.find("unexpected-entry", "pages")
    tree = state.root.get("Pages")
    if not identical(entries_of(state.resolve(tree)).get("Count"), len(pages)) or len(_in_role(walk, "pages")) != 1:
        walk.find("unexpected-entry", "pages")
    if any(entries_of(state.resolve(page)).get("Parent") != tree for page in pages):
        walk.find("unexpected-entry", "pages")
    shown = [
        (page, annotation)
        for page in pages
        for annotation in elements_of(entries_of(state.resolve(page)).get("Annots"))
        if isinstance(annotation, Reference)
    ]
    placed = Counter(annotation.number for _, annotation in shown)
    if any(entries_of(state.resolve(annotation)).get("P", page) != page for page, annotation in shown):
        walk.find("unknown-annotation", "pages")
    form = entries_of(state.resolve(state.root.get("AcroForm")))
    fields = [field.number for field in elements_of(form.get("Fields")) if isinstance(field, Reference)]
    annotations = _in_role(walk, "annotation")
    widgets = {number for number in annotations if entries_of(state.objects[number]).get("Subtype") == "Widget"}
    if set(placed) != annotations or any(count > 1 for count in placed.values()):
        walk.find("unknown-annotation", "pages")
    names = Counter(field_name(entries_of(state.objects[number])) for number in fields if number in state.objects)
    if sorted(fields) != sorted(widgets) or any(count > 1 for count in names.values()):
        walk.find("unknown-field", "form")


def _files(walk: Walk, state: State) -> None:
    """What is found by its name and what belongs to the document are the same files, each once."""
    tree = state.resolve(entries_of(state.root.get("Names")).get("EmbeddedFiles"))
    names, of_document = elements_of(entries_of(tree).get("Names")), elements_of(state.root.get("AF"))
    targets = names[1::2]
    once = len({*map(str, names[::2])}) == len(targets) == len(of_document) and targets == of_document
    if not once or {each.number for each in targets if isinstance(each, Reference)} != _in_role(walk, "file"):
        walk.find("undeclared-file", "names")
    if any(entries_of(state.resolve(file)).get("UF") != key for key, file in zip(names[::2], targets, strict=False)):
        walk.find("undeclared-file", "names")


def _in_role(walk: Walk, role: str) -> set[int]:
    return {number for number, known in walk.roles.items() if known == role and number in walk.state.objects}
