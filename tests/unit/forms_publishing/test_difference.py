"""`forms diff`: what changes, for whom, and whether programs that were right can now be wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from chauban.forms.difference import CITIZENS, CONSUMERS, differences, is_major
from chauban.forms.packaging import read_definition
from chauban.forms.scaffold.making import next_version

from tests.unit.forms_publishing.conftest import SLUG, TODAY, edit, rewrite, without_reason

Change = Callable[[Path], object]


def compared(folder: Path, change: Change) -> list[tuple[str, str, bool]]:
    newer = next_version(folder.parent.parent, SLUG, "1.1", "1.0", read_definition(folder).head.valid_from)
    change(newer)
    changes = differences(read_definition(folder), read_definition(newer))
    for one in changes:
        assert one.concerns
        assert one.text["vi"] != one.text["en"]
    assert is_major(changes) is any(one.major for one in changes)
    return [(one.code, one.place, one.major) for one in changes]


def schema(change: Callable[[dict], object], part: str = "request") -> Change:
    return lambda folder: edit(folder / "schema.json", lambda whole: change(whole["properties"][part]))


def layout(change: Callable[[list], object]) -> Change:
    return lambda folder: edit(folder / "uischema.json", lambda whole: change(whole["elements"]))


LINE = {"type": "string", "maxLength": 300}
CASES: dict[str, tuple[Change, tuple[str, str, bool]]] = {
    "removed": (without_reason, ("field-removed", "request.reason", True)),
    "optional": (schema(lambda s: s["properties"].update(note=LINE)), ("field-added", "request.note", False)),
    "required": (
        schema(lambda s: (s["properties"].update(note=LINE), s["required"].append("note"))),
        ("field-added-required", "request.note", True),
    ),
    "in a list": (
        schema(lambda s: s["items"]["properties"].update(note=LINE), "papers"),
        ("field-added", "papers.note", False),
    ),
    "now required": (schema(lambda s: s["required"].append("reason")), ("now-required", "request.reason", True)),
    "now optional": (schema(lambda s: s.update(required=[])), ("now-optional", "request.subject", True)),
    "kind": (
        schema(lambda s: s["properties"].update(reason={"type": "integer"})),
        ("kind-changed", "request.reason", True),
    ),
    "narrower": (schema(lambda s: s.update(maxItems=5), "papers"), ("limit-changed", "papers", True)),
    "wider": (schema(lambda s: s.update(maxItems=50), "papers"), ("limit-changed", "papers", False)),
    "first limit": (schema(lambda s: s.update(minItems=1), "papers"), ("limit-changed", "papers", True)),
    "rule": (
        layout(lambda e: e[2]["elements"][1]["rule"]["condition"].update(schema={"const": "no"})),
        ("rule-changed", "copies.count", True),
    ),
    "label": (
        lambda f: rewrite(f / "texts/vi.json", '"Lý do"', '"Vì sao"'),
        ("text-changed", "request.reason", False),
    ),
    "fee": (lambda f: rewrite(f / "form.yaml", "fee: 0", "fee: 5000"), ("head-changed", "fee", False)),
    "hours": (
        lambda f: rewrite(f / "form.yaml", "processing_hours: 24", "processing_hours: 16"),
        ("head-changed", "processing_hours", False),
    ),
    "paper": (
        lambda f: rewrite(f / "form.yaml", "name: proof", "name: other"),
        ("head-part-changed", "attachments", True),
    ),
    "who applies": (
        lambda f: rewrite(f / "form.yaml", '", identifier: "#/requester/personal_number"}', '"}'),
        ("head-part-changed", "requester", True),
    ),
    "what a register fills in": (
        lambda f: rewrite(
            f / "form.yaml",
            'to: "#/requester/residence", from: residence',
            'to: "#/requester/residence", from: current_residence',
        ),
        ("head-part-changed", "prefill", False),
    ),
    "decision": (
        lambda f: edit(f / "decision.schema.json", lambda s: s["properties"].update(note=LINE)),
        ("field-added", "decision:note", False),
    ),
    "decision's": (
        lambda f: edit(f / "decision.schema.json", lambda s: (s["properties"].pop("content"), s["required"].pop())),
        ("field-removed", "decision:content", True),
    ),
}


@pytest.mark.parametrize(("change", "expected"), CASES.values(), ids=CASES.keys())
def test_each_change_is_told(folder: Path, change: Change, expected: tuple[str, str, bool]) -> None:
    assert expected in compared(folder, change)


@pytest.mark.parametrize(
    ("before", "after", "code"), [(["a", "b"], ["a"], "option-removed"), (["a"], ["a", "b"], "option-added")]
)
def test_a_choice_more_or_less_breaks_readers(folder: Path, before: list[str], after: list[str], code: str) -> None:
    edit(folder / "schema.json", lambda s: s["properties"]["request"]["properties"].update(kind={"enum": before}))
    change = schema(lambda s: s["properties"].update(kind={"enum": after}))
    assert (code, "request.kind", True) in compared(folder, change)


def test_the_same_form_is_not_different(folder: Path) -> None:
    assert compared(folder, lambda _folder: None) == []


def test_labels_and_languages_are_used_in_the_sentences(folder: Path) -> None:
    newer = next_version(folder.parent.parent, SLUG, "1.1", "1.0", TODAY)
    without_reason(newer)
    found = {one.code: one for one in differences(read_definition(folder), read_definition(newer))}
    assert found["field-removed"].text == {"vi": "Mục “Lý do” không còn nữa.", "en": "'Reason' is no longer asked for."}
    assert set(found["field-removed"].concerns) == {CITIZENS, CONSUMERS}
    assert "2026-11-23" in found["head-changed"].text["vi"]
