"""The check of `prefill:` before a form is published."""

import pytest
from chauban.forms.checking.prefill import prefill_findings
from chauban.forms.prefill_rules import PrefillRules

from tests.unit.fakes.catalogue import real_form

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


def codes(to: str, source: str) -> list[str]:
    form = real_form()
    rules = PrefillRules.model_validate({"registry": "population", "fields": [{"to": to, "from": source}]})
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


def test_a_form_without_prefill_has_nothing_to_check() -> None:
    form = real_form()
    assert prefill_findings(form.model_copy(update={"head": form.head.model_copy(update={"prefill": None})})) == []


def test_the_real_form_passes() -> None:
    assert real_form().head.prefill is not None
    assert prefill_findings(real_form()) == []
