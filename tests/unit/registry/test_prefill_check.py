"""The check of `prefill:` before a form is published."""

from pathlib import Path

import pytest
from chauban.forms.checking.prefill import prefill_findings
from chauban.forms.checking.requester import requester_findings
from chauban.forms.packaging import read_definition
from chauban.forms.prefill_rules import PrefillRules
from chauban.forms.requester_rules import RequesterPlace

from tests.unit.fakes.catalogue import ROOT, real_form

SCHEMA = {
    "type": "object",
    "properties": {
        "who": {"$ref": "#/$defs/person"},
        "count": {"type": "integer"},
        "others": {"type": "array", "items": {"$ref": "#/$defs/person"}},
    },
    "$defs": {
        "person": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "born": {"type": "string", "format": "past-date"},
                "number": {"type": "string", "format": "personal-number"},
                "sex": {"type": "string", "enum": ["male", "female"]},
                "role": {"type": "string", "enum": ["a", "b"]},
            },
        }
    },
}


def codes(to: str, source: str, **more: object) -> list[str]:
    form = real_form()
    rules = PrefillRules.model_validate({"registry": "population", "fields": [{"to": to, "from": source, **more}]})
    head = form.head.model_copy(update={"prefill": rules})
    found = prefill_findings(form.model_copy(update={"head": head, "form_schema": SCHEMA}))
    assert all(fault.text["vi"] != fault.text["en"] for fault in found)
    return [fault.code for fault in found]


@pytest.mark.parametrize(
    ("to", "source"),
    [
        ("#/who/name", "full_name"),
        ("#/who/born", "birth_date"),
        ("#/who/number", "personal_number"),
        ("#/who/sex", "sex"),
        ("#/who/name", "residence"),
    ],
)
def test_a_field_of_the_right_kind_passes(to: str, source: str) -> None:
    assert codes(to, source) == []


@pytest.mark.parametrize(
    ("to", "source", "code"),
    [
        ("#/who/nickname", "full_name", "prefill-field"),
        ("#/others/name", "full_name", "prefill-field"),
        ("#/who", "full_name", "prefill-kind"),
        ("#/count", "full_name", "prefill-kind"),
        ("#/who/name", "birth_date", "prefill-kind"),
        ("#/who/born", "full_name", "prefill-kind"),
        ("#/who/role", "sex", "prefill-kind"),
        ("#/who/sex", "full_name", "prefill-kind"),
        ("#/who/name", "sex", "prefill-kind"),
    ],
)
def test_a_field_that_cannot_hold_the_attribute_is_told(to: str, source: str, code: str) -> None:
    assert codes(to, source) == [code]


@pytest.mark.parametrize(
    ("at", "equals", "expected"),
    [
        ("#/who/role", "a", []),
        ("#/who/role", "c", ["prefill-when"]),
        ("#/who/name", "a", ["prefill-when"]),
        ("#/nobody/role", "a", ["prefill-when"]),
    ],
)
def test_a_condition_names_a_choice_of_the_form(at: str, equals: str, expected: list[str]) -> None:
    assert codes("#/who/name", "full_name", when={"at": at, "is": equals}) == expected


@pytest.mark.parametrize(
    ("name", "number", "faults"),
    [
        ("#/who/name", "#/who/number", 0),
        ("#/who/name", None, 0),
        ("#/who/nickname", None, 1),
        ("#/others/name", "#/count", 2),
        ("#/who", None, 1),
    ],
)
def test_the_place_of_the_requester_is_a_text_of_the_form(name: str, number: str | None, faults: int) -> None:
    form = real_form()
    head = form.head.model_copy(update={"requester": (RequesterPlace(name=name, identifier=number),)})
    found = requester_findings(form.model_copy(update={"head": head, "form_schema": SCHEMA}))
    assert [fault.code for fault in found] == ["requester-field"] * faults


@pytest.mark.parametrize(
    "folder", sorted((ROOT / "forms").glob("*/*/form.yaml")), ids=lambda path: path.parent.parent.name
)
def test_every_form_says_who_applies_and_what_a_register_fills_in(folder: Path) -> None:
    form = read_definition(folder.parent)
    assert form.head.requester
    assert form.head.prefill is not None
    assert [*prefill_findings(form), *requester_findings(form)] == []


def test_a_form_without_prefill_has_nothing_to_check() -> None:
    form = real_form()
    assert prefill_findings(form.model_copy(update={"head": form.head.model_copy(update={"prefill": None})})) == []


def test_the_real_form_passes() -> None:
    assert real_form().head.prefill is not None
    assert prefill_findings(real_form()) == []
