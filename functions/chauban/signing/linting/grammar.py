"""The shapes of everything that a document of ours is made of, before anybody has signed it (ISO 32000-1; ISO 19005-3)."""

from collections.abc import Mapping

from chauban.signing.linting.contents_of_streams import embedded_file, embedded_source, metadata
from chauban.signing.linting.field_rules import lock, widget
from chauban.signing.linting.grammar_of_graphics import SHOWN
from chauban.signing.linting.rules import (
    Rule,
    Walk,
    any_name,
    boolean,
    box,
    each,
    either,
    holds,
    integer,
    is_plain,
    just,
    name,
    named,
    plain,
    string,
    to,
)
from chauban.signing.linting.values import Reference, Value, entries_of

_OUTLINE: Mapping[str, Rule] = {
    **dict.fromkeys(("Parent", "Prev", "Next", "First", "Last"), to("outline")),
    "Type": name("Outlines"),
    "Count": integer,
    "Title": string,
    "Dest": lambda w, v, p: _destination(w, v, p),
}
_LINK: Mapping[str, Rule] = {
    "Type": name("Annot"),
    "Subtype": name("Link"),
    "Rect": box,
    "BS": holds({"W": just(0)}, needs=("W",)),
    "Contents": string,
    "F": just(4),
    "StructParent": integer,
    "A": to("link action"),
    "Dest": string,
}
_ELEMENT: Mapping[str, Rule] = {
    "Type": name("StructElem"),
    "S": any_name,
    "P": to("structure"),
    "Pg": to("page"),
    "K": lambda w, v, p: _content_of_element(w, v, p),
    "A": either((dict, named(plain)), (list, each(named(plain)))),
    **dict.fromkeys(("ID", "Lang", "T"), string),
}
# What has a description, for it has no words of its own.
_DESCRIBED = frozenset(("Figure", "Link", "Form"))
_STRUCTURE: Mapping[str, Rule] = {
    "StructElem": lambda w, v, p: _element(w, v, p),
    "StructTreeRoot": holds(
        {
            "Type": name("StructTreeRoot"),
            "K": lambda w, v, p: _content_of_element(w, v, p),
            "ParentTree": to("parent tree"),
            "ParentTreeNextKey": integer,
        }
    ),
    "OBJR": holds({"Type": name("OBJR"), "Obj": to("annotation"), "Pg": to("page")}, needs=("Obj",)),
    "MCR": holds({"Type": name("MCR"), "MCID": integer, "Pg": to("page")}, needs=("MCID",)),
}


def _annotation(walk: Walk, value: Value, place: str) -> None:
    kind = entries_of(value).get("Subtype")
    if kind == "Widget":
        widget(walk, value, place)
    elif kind == "Link":
        holds(_LINK, needs=("Rect", "BS"))(walk, value, place)
    else:
        walk.find("unknown-annotation", place)


def _link_action(walk: Walk, value: Value, place: str) -> None:
    entries = entries_of(value)
    if entries.get("S") != "URI" or "Next" in entries:
        walk.find("active-content", place)
        return
    holds({"Type": name("Action"), "S": name("URI"), "URI": string}, needs=("URI",))(walk, value, place)
    address = entries.get("URI")
    if not isinstance(address, bytes) or not address.startswith(tuple(start.encode() for start in walk.policy.links)):
        walk.find("external-reference", place)


def _structure(walk: Walk, value: Value, place: str) -> None:
    rule = _STRUCTURE.get(str(entries_of(value).get("Type")))
    if rule is None:
        walk.find("unexpected-entry", place)
    else:
        rule(walk, value, place)


def _element(walk: Walk, value: Value, place: str) -> None:
    described = {"Alt": string} if entries_of(value).get("S") in _DESCRIBED else {}
    holds({**_ELEMENT, **described}, needs=("S", "P"))(walk, value, place)


def _content_of_element(walk: Walk, value: Value, place: str) -> None:
    for each_kid in value if isinstance(value, list) else [value]:
        if not isinstance(each_kid, int) or isinstance(each_kid, bool):
            walk.follow(each_kid, "structure", place)


def _destination(walk: Walk, value: Value, place: str) -> None:
    if not isinstance(value, list) or not value or not is_plain(value[1:]):
        walk.find("unexpected-entry", place)
    else:
        walk.follow(value[0], "page", place)


def _destinations(walk: Walk, value: Value, place: str) -> None:
    names = value if isinstance(value, list) else [None]
    for key, target in zip(names[::2], [*names[1::2], None], strict=False):
        string(walk, key, place)
        _destination(walk, target, place)


def _parent_tree(walk: Walk, value: Value, place: str) -> None:
    holds({"Nums": each(either((int, integer), (Reference, to("structure")), (list, each(to("structure")))))})(
        walk, value, place
    )


def _embedded_names(walk: Walk, value: Value, place: str) -> None:
    names = entries_of(value).get("Names")
    if set(entries_of(value)) != {"Names"} or not isinstance(names, list) or len(names) % 2:
        walk.find("unexpected-entry", place)
        return
    for key, target in zip(names[::2], names[1::2], strict=True):
        string(walk, key, place)
        walk.follow(target, "file", place)


def _file(walk: Walk, value: Value, place: str) -> None:
    role = "embedded source" if entries_of(value).get("AFRelationship") == "Source" else "embedded file"
    rules = {
        "Type": name("Filespec"),
        **dict.fromkeys(("F", "UF", "Desc"), string),
        "AFRelationship": any_name,
        "EF": holds(dict.fromkeys(("F", "UF"), to(role)), needs=("F",)),
    }
    holds(rules, needs=("F", "UF", "EF", "AFRelationship"))(walk, value, place)
    entries = entries_of(value)
    inside = entries_of(entries.get("EF"))
    if inside.get("F") != inside.get("UF", inside.get("F")):
        walk.find("undeclared-file", place)
    declared = [(key.encode(), relation) for key, relation in walk.policy.files.items()]
    if any((entries.get(key), entries.get("AFRelationship")) not in declared for key in ("F", "UF")):
        walk.find("undeclared-file", place)


_CATALOG: Mapping[str, Rule] = {
    "Type": name("Catalog"),
    "Pages": to("pages"),
    "Outlines": to("outline"),
    "Lang": string,
    "Names": holds({"EmbeddedFiles": to("embedded names"), "Dests": holds({"Names": _destinations})}),
    "StructTreeRoot": to("structure"),
    "ViewerPreferences": holds({"DisplayDocTitle": boolean}),
    "MarkInfo": holds({"Marked": boolean}),
    "OutputIntents": each(
        holds(
            {
                "Type": name("OutputIntent"),
                "S": name("GTS_PDFA1"),
                "OutputConditionIdentifier": string,
                "Info": string,
                "DestOutputProfile": to("colour profile"),
            }
        )
    ),
    "AF": each(to("file")),
    "Metadata": to("metadata"),
    "AcroForm": to("form"),
}
_PAGE = {
    "Type": name("Page"),
    "Parent": to("pages"),
    **dict.fromkeys(("MediaBox", "TrimBox", "BleedBox"), box),
    "StructParents": integer,
    "Contents": to("content"),
    "Resources": to("resources"),
    "Annots": each(to("annotation")),
    "Tabs": name("S"),
}

ROLES: Mapping[str, Rule] = {
    "catalog": holds(_CATALOG, needs=("Pages",)),
    "pages": holds({"Type": name("Pages"), "Kids": each(to("page")), "Count": integer}, needs=("Kids", "Count")),
    "page": holds(_PAGE, needs=("MediaBox", "Contents", "Resources")),
    **SHOWN,
    "content": holds({}, stream=True),
    "metadata": metadata,
    "information": named(string),
    "outline": holds(_OUTLINE),
    "annotation": _annotation,
    "lock": lock,
    "link action": _link_action,
    "structure": _structure,
    "parent tree": _parent_tree,
    "embedded names": _embedded_names,
    "file": _file,
    "embedded source": embedded_source,
    "embedded file": embedded_file,
    "form": holds(
        {
            "Fields": each(to("annotation")),
            "DR": holds({"Font": to("fonts")}),
            "DA": string,
        },
        needs=("Fields",),
    ),
}
