"""What the validator accepts always prints: application and result of generated answers that show, hide and choose everything."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from chauban.access.catalogue import Agency
from chauban.access.loading import load_catalogue
from chauban.adapters.forms import FolderForms
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.parties import Party
from chauban.dossiers.specimen import print_request, specimen, specimen_filing
from chauban.errors import InvalidRequest
from chauban.forms.definition import FormDefinition
from chauban.forms.layout import controls as controls_of
from chauban.forms.schema_nodes import EVERY
from chauban.forms.validation import accepted_answers, accepted_decision
from chauban.forms.visibility import controls

from tests.property.answers import answers_of, decisions_of
from tests.property.conftest import FOLDERS, FORMS, drawn, form_in
from tests.property.values import TODAY, Node, target
from tests.unit.fakes.catalogue import THUAN_HOA, MemoryCatalogue

# Drawing is quick; printing, two documents each, is not.
DRAWN, MOST_DRAWN, DECISIONS = 120, 7680, 20
AT = datetime(TODAY.year, TODAY.month, TODAY.day, 2, 30, tzinfo=UTC)
REQUESTER = Party(scheme="personal_number", identifier="046198000101", name="Nguyễn Thị Ánh")
SHOWN, HIDDEN, CHOSEN, LEFT_OUT = "shown", "hidden", "chosen", "left out"
Feature = tuple[Any, ...]


class _Library(FolderForms):
    """Reads the print files of a version once."""

    @cache  # noqa: B019 -- one library for the whole run
    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        return super().print_files(slug, version)


LIBRARY = _Library(FORMS)


@cache
def agency() -> Agency:
    catalogue = MemoryCatalogue()
    load_catalogue(FORMS.parent / "catalogue", catalogue)
    return catalogue.agencies[THUAN_HOA]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_what_is_accepted_prints(folder: Path) -> None:
    form = form_in(folder)
    for number, answers in enumerate(_chosen(form)):
        stored = accepted_answers(form, answers, TODAY)
        decision = _decision(form, stored, number)
        filing = specimen_filing(form, form.head.procedures[0].code, agency(), REQUESTER, stored, AT)
        for kind in (DocumentKind.APPLICATION, DocumentKind.RESULT):
            request = print_request(specimen(filing, form, decision), form, agency(), LIBRARY, kind)
            made = WeasyPrintRenderer().render(request)
            assert made.pages >= 1
            assert form.glyphs is not None
            assert made.fonts_sha256 == form.glyphs.fonts_sha256


def _chosen(form: FormDefinition) -> list[Node]:
    """Few answers out of many that together show every question and hide every one that can be hidden, take every choice
    and leave every optional answer out."""
    left, count = _wanted(form), DRAWN
    generated = _with_features(form, count)
    while left - _all(generated) and count < MOST_DRAWN:
        count *= 2
        generated = _with_features(form, count)
    assert left - _all(generated) == set(), "never generated"
    chosen = []
    while left:
        answers, features = max(generated, key=lambda one: len(left & one[1]))
        chosen.append(answers)
        left = left - features
    return chosen


def _with_features(form: FormDefinition, count: int) -> list[tuple[Node, set[Feature]]]:
    return [(answers, _features(form, answers)) for answers in drawn(answers_of(form), count)]


def _all(generated: list[tuple[Node, set[Feature]]]) -> set[Feature]:
    return set().union(*(features for _, features in generated))


def _wanted(form: FormDefinition) -> set[Feature]:
    asked = list(controls_of(form.form_schema, form.uischema))
    shown = {(SHOWN, control.place) for control in asked}
    hidden = {(HIDDEN, control.place) for control in asked if control.conditions}
    return shown | hidden | set(_of_schema(form.form_schema, form.form_schema, ()))


def _of_schema(schema: Node, node: Node, place: tuple[str, ...]) -> Iterator[Feature]:
    node = target(schema, node)
    yield from ((CHOSEN, place, value) for value in node.get("enum", ()))
    for name, part in node.get("properties", {}).items():
        if name not in node.get("required", ()):
            yield LEFT_OUT, (*place, name)
        yield from _of_schema(schema, part, (*place, name))
    if "items" in node:
        yield from _of_schema(schema, node["items"], (*place, EVERY))


def _features(form: FormDefinition, answers: Node) -> set[Feature]:
    asked = {
        (SHOWN if shown else HIDDEN, tuple(EVERY if isinstance(part, int) else part for part in path))
        for path, shown in controls(form.uischema, answers).items()
    }
    return asked | set(_of_answers(form.form_schema, form.form_schema, answers, ()))


def _of_answers(schema: Node, node: Node, value: Any, place: tuple[str, ...]) -> Iterator[Feature]:
    node = target(schema, node)
    if "enum" in node:
        yield CHOSEN, place, value
    for name, part in node.get("properties", {}).items():
        if name in value:
            yield from _of_answers(schema, part, value[name], (*place, name))
        else:
            yield LEFT_OUT, (*place, name)
    for item in value if "items" in node else ():
        yield from _of_answers(schema, node["items"], item, (*place, EVERY))


def _decision(form: FormDefinition, answers: Node, number: int) -> Node:
    """Another one each time of those that are accepted."""
    result = form.head.results[0]
    found = [_accepted(form, answers, one) for one in drawn(decisions_of(form, result, answers), DECISIONS)]
    accepted = [one for one in found if one is not None]
    return accepted[number % len(accepted)]


def _accepted(form: FormDefinition, answers: Any, decision: Any) -> Any:
    try:
        return accepted_decision(form, form.head.results[0], answers, decision, TODAY)
    except InvalidRequest:
        return None
