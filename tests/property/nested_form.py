"""A form that goes further than the real ones: rules in rows of rows, one that hides, one that depends on a hidden answer."""

from typing import Any

from chauban.forms.definition import FormDefinition
from chauban.forms.refusals import refusals
from chauban.forms.rules import with_conditions, with_strict_conditions

from tests.unit.forms.parts import control, form, group, when

YES_NO = {"type": "string", "enum": ["yes", "no"]}
TEXT = {"type": "string", "minLength": 1, "maxLength": 20}


def _objects(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


def _lists(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "maxItems": 3, "items": items}


def _asked(scope: str, *detail: dict[str, Any], required: bool = True, **rule: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"required": required}
    if detail:
        options["detail"] = group(*detail)
    return {**control(scope, **rule), "options": options}


def _show(scope: str, answer: str = "yes") -> dict[str, Any]:
    return {"effect": "SHOW", "condition": when(scope, {"const": answer})}


def _hide(scope: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"effect": "HIDE", "condition": when(scope, schema)}


CHILD = _objects(["studies"], studies=YES_NO, school=TEXT, work=TEXT)
MEMBER = _objects(["married"], married=YES_NO, spouse=_objects(["name"], name=TEXT, number=TEXT, paper=TEXT))
SCHEMA = {
    "$id": "urn:chauban:form:thu:1.0",
    **_objects(
        ["first"],
        first=YES_NO,
        second=YES_NO,
        third=YES_NO,
        fourth=TEXT,
        place=_objects(["abroad"], abroad=YES_NO, country=_objects([], name=TEXT, code=TEXT)),
        members=_lists({**MEMBER, "properties": {**MEMBER["properties"], "children": _lists(CHILD)}}),
    ),
}
_CHILD = (
    control("studies"),
    _asked("school", **_show("studies")),
    _asked("work", **_hide("studies", {"const": "yes"})),
)
_SPOUSE = (
    control("name"),
    control("number"),
    _asked("paper", **_hide("number", {"minLength": 1})),
)
UISCHEMA = group(
    control("first"),
    # A chain: what is hidden by the first answer no longer shows the third and hides the fourth.
    _asked("second", **_show("first")),
    _asked("third", **_show("second")),
    _asked("fourth", **_hide("third", {"enum": ["yes"]})),
    group(
        control("place.abroad"),
        group(
            _asked("place.country.name", **_show("first")),
            _asked("place.country.code", required=False, **_hide("second", {"const": "no"})),
            **_show("place.abroad"),
        ),
    ),
    _asked(
        "members",
        control("married"),
        _asked("spouse", *_SPOUSE, **_show("married")),
        _asked("children", *_CHILD, required=False, **_hide("married", {"const": "no"})),
        required=False,
    ),
)


def nested_form() -> FormDefinition:
    """The form as it would be published."""
    assert refusals(SCHEMA, UISCHEMA) == []
    return form(with_conditions(SCHEMA, UISCHEMA), with_strict_conditions(UISCHEMA))
