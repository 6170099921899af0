"""Conditions are written once, as rules; the published schema says the same."""

from typing import Any

import jsonschema_rs
import pytest
from chauban.forms.refusals import check_refusals, refusals
from chauban.forms.rules import with_conditions, with_strict_conditions

from tests.unit.forms.parts import HEAD, control, group, when

TEXT = {"type": "string"}
MARRIED = when("status", {"const": "married"})
SHOW = {"effect": "SHOW", "condition": MARRIED}
HIDE = {"effect": "HIDE", "condition": MARRIED}


def objects(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def lists(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": objects(**properties)}


def asked(scope: str, *detail: dict[str, Any], **rule: Any) -> dict[str, Any]:
    """A control that is required while it is shown."""
    options = {"required": True, **({"detail": group(*detail)} if detail else {})}
    return {**control(scope, **rule), "options": options}


def missing(schema: dict[str, Any], ui: dict[str, Any], answers: Any) -> set[str]:
    """Paths of what the published schema asks for and these answers lack."""
    published = with_conditions(schema, ui)
    jsonschema_rs.meta.validate(published)
    errors = jsonschema_rs.Draft202012Validator(published).iter_errors(answers)
    return {".".join([*map(str, e.instance_path), e.kind.as_dict()["property"]]) for e in errors}


def codes(schema: dict[str, Any], ui: dict[str, Any]) -> list[str]:
    return [found.code for found in refusals(schema, ui)]


FLAT = objects(status=TEXT, spouse=TEXT)


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        (SHOW, {"status": "married"}, {"spouse"}),
        (SHOW, {"status": "single"}, set()),
        (SHOW, {}, set()),
        (SHOW, {"status": "married", "spouse": "Bình"}, set()),
        (HIDE, {"status": "married"}, set()),
        (HIDE, {"status": "single"}, {"spouse"}),
        # Nothing satisfies no condition, so nothing is hidden.
        (HIDE, {}, {"spouse"}),
    ],
)
def test_a_question_is_required_while_it_is_shown(rule: dict[str, Any], answers: Any, expected: set[str]) -> None:
    assert missing(FLAT, group(control("status"), asked("spouse", **rule)), answers) == expected


def test_a_question_that_is_shown_but_not_required_is_not_asked_for() -> None:
    assert with_conditions(FLAT, group(control("status"), control("spouse", **SHOW))) == FLAT


def test_rules_above_and_at_a_question_all_count() -> None:
    schema = objects(status=TEXT, abroad=TEXT, country=TEXT)
    inner = group(asked("country", effect="HIDE", condition=when("abroad", {"const": "no"})), **SHOW)
    for status, abroad, expected in (
        ("married", "yes", {"country"}),
        ("married", "no", set()),
        ("single", "yes", set()),
    ):
        assert missing(schema, group(inner), {"status": status, "abroad": abroad}) == expected


def test_the_condition_stands_at_the_object_that_holds_both_sides() -> None:
    schema = objects(wedding=objects(status=TEXT, paper=objects(name=TEXT)))
    rule = {"effect": "SHOW", "condition": when("wedding.status", {"const": "married"})}
    ui = group(asked("wedding.paper.name", **rule))
    condition = with_conditions(schema, ui)["allOf"][0]["properties"]["wedding"]
    assert set(condition) == {"if", "then"}
    assert missing(schema, ui, {"wedding": {"status": "married", "paper": {}}}) == {"wedding.paper.name"}
    assert missing(schema, ui, {"wedding": {"status": "married"}}) == {"wedding.paper"}
    assert missing(schema, ui, {}) == set()


def test_in_a_list_each_row_is_asked_by_itself() -> None:
    schema = objects(members=lists(status=TEXT, spouse=TEXT, children=lists(status=TEXT, spouse=TEXT)))
    row = (control("status"), asked("spouse", **SHOW))
    ui = group(asked("members", *row, asked("children", *row, **SHOW)))
    married, single = {"status": "married"}, {"status": "single"}
    assert missing(schema, ui, {"members": [single, {**married, "children": [single, married]}]}) == {
        "members.1.spouse",
        "members.1.children.1.spouse",
    }
    assert missing(schema, ui, {}) == {"members"}


def test_a_condition_on_several_answers_looks_at_their_object() -> None:
    both = {
        "required": ["status", "abroad"],
        "properties": {"status": {"const": "married"}, "abroad": {"const": "yes"}},
    }
    schema = objects(status=TEXT, abroad=TEXT, country=TEXT)
    ui = group(asked("country", effect="SHOW", condition={"scope": "#", "schema": both}))
    assert codes(schema, ui) == []
    assert missing(schema, ui, {"status": "married", "abroad": "yes"}) == {"country"}
    assert missing(schema, ui, {"status": "married"}) == set()


@pytest.mark.parametrize("value", ["text", 1, ["married"], None])
def test_an_answer_of_another_shape_satisfies_no_condition(value: Any) -> None:
    schema = {"properties": {"wedding": {"properties": {"status": TEXT}}, "spouse": TEXT}}
    rule = {"effect": "SHOW", "condition": when("wedding.status", {})}
    assert missing(schema, group(asked("spouse", **rule)), {"wedding": value}) == set()


def test_in_the_published_layout_no_condition_holds_for_nothing() -> None:
    ui = group(asked("members", control("spouse", **HIDE)), effect="ENABLE", condition=dict(MARRIED))
    published = with_strict_conditions(ui)
    assert published["rule"]["condition"]["failWhenUndefined"] is True
    detail = published["elements"][0]["options"]["detail"]
    assert detail["elements"][0]["rule"]["condition"]["failWhenUndefined"] is True
    assert "failWhenUndefined" not in ui["rule"]["condition"]


@pytest.mark.parametrize(
    "keyword", ["if", "then", "else", "allOf", "anyOf", "oneOf", "not", "dependentRequired", "dependentSchemas"]
)
def test_conditions_written_into_the_schema_are_refused_with_their_place(keyword: str) -> None:
    schema = objects(paper={**objects(name=TEXT), keyword: {} if keyword[:3] not in {"all", "any", "one"} else [{}]})
    found = refusals(schema, group())
    assert [(fault.file, fault.place, fault.code) for fault in found] == [
        ("schema.json", f"/properties/paper/{keyword}", "condition-in-schema")
    ]
    assert keyword in found[0].text["vi"]
    assert keyword in found[0].text["en"]


def test_a_field_called_like_a_keyword_is_no_condition() -> None:
    assert codes(objects(**{"if": TEXT, "not": TEXT}), group(control("if"), control("not"))) == []


@pytest.mark.parametrize(
    ("schema", "ui"),
    [
        (objects(("spouse",), status=TEXT, spouse=TEXT), group(control("spouse", **SHOW))),
        (objects(("spouse",), status=TEXT, spouse=TEXT), group(group(control("spouse")), **SHOW)),
        # The part is required in its whole, which stays when the part is hidden.
        (objects(status=TEXT, spouse=objects(("name",), name=TEXT)), group(control("spouse.name", **SHOW))),
        # Every part of the required whole can be hidden.
        (objects(("spouse",), status=TEXT, spouse=objects(name=TEXT)), group(control("spouse.name", **SHOW))),
    ],
)
def test_a_question_that_can_be_hidden_may_not_always_be_required(schema: Any, ui: Any) -> None:
    assert codes(schema, ui) == ["hidden-but-required"]


def test_parts_of_a_whole_that_is_hidden_with_them_may_be_required() -> None:
    schema = objects(status=TEXT, spouse=objects(("name",), name=TEXT), rows=lists(name=TEXT))
    assert codes(schema, group(asked("spouse", control("name"), **SHOW))) == []
    partly = objects(("wedding",), wedding=objects(("status",), status=TEXT, spouse=TEXT))
    rule = {"effect": "SHOW", "condition": when("wedding.status", {})}
    assert codes(partly, group(control("wedding.status"), control("wedding.spouse", **rule))) == []


def hidden_by(scope: str, other: str, schema: Any = None) -> dict[str, Any]:
    return control(scope, effect="HIDE", condition=when(other, schema or {"const": 1}))


@pytest.mark.parametrize(
    ("elements", "count"),
    [
        ([hidden_by("a", "a")], 1),
        ([hidden_by("a", "b"), hidden_by("b", "a")], 2),
        ([hidden_by("a", "b"), hidden_by("b", "c"), hidden_by("c", "a")], 3),
        ([hidden_by("a", "b"), hidden_by("b", "c"), hidden_by("c", "d")], 0),
        # One that leads into a circle is not itself part of it.
        ([hidden_by("d", "a"), hidden_by("a", "b"), hidden_by("b", "a")], 2),
        ([group(control("a"), effect="SHOW", condition=when("b", {})), hidden_by("b", "a")], 2),
    ],
)
def test_rules_that_depend_on_themselves_are_refused(elements: list[Any], count: int) -> None:
    schema = objects(a=TEXT, b=TEXT, c=TEXT, d=TEXT)
    assert codes(schema, group(*elements)) == ["cycle-of-rules"] * count


def test_a_circle_inside_the_rows_of_a_list_is_found() -> None:
    schema = objects(rows=lists(a=TEXT, b=TEXT))
    detail = [hidden_by("a", "b"), hidden_by("b", "a")]
    assert codes(schema, group(asked("rows", *detail))) == ["cycle-of-rules"] * 2


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"effect": "SHOW", "condition": when("nowhere", {})}, "rule-unresolved"),
        ({"effect": "SHOW", "condition": {"scope": "status", "schema": {}}}, "rule-unresolved"),
        ({"effect": "SHOW", "condition": {"scope": "#/properties/status"}}, "condition-unknown"),
        (
            {"effect": "SHOW", "condition": {"type": "LEAF", "scope": "#/properties/status", "expectedValue": 1}},
            "condition-unknown",
        ),
        ({"effect": "SHOW", "condition": when("status", {"$ref": "#/$defs/x"})}, "condition-unknown"),
        ({"effect": "SHOW"}, "condition-unknown"),
        ({"effect": "show", "condition": MARRIED}, "effect-unknown"),
        ({"condition": MARRIED}, "effect-unknown"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(rule: dict[str, Any], code: str) -> None:
    found = refusals(FLAT, group(control("spouse", **rule)))
    assert [fault.code for fault in found] == [code]
    assert found[0].place.startswith("/elements/0/rule")


def test_scopes_in_a_list_are_looked_for_in_its_rows() -> None:
    schema = objects(status=TEXT, members=lists(spouse=TEXT))
    assert codes(schema, group(asked("members", control("spouse", **SHOW)))) == ["rule-unresolved"]
    assert codes(schema, group(asked("members", control("status")))) == ["scope-unresolved"]


def test_a_format_that_nobody_checks_is_refused() -> None:
    assert codes(objects(at={"type": "string", "format": "date-time"}), group()) == ["unknown-format"]


SAME = {"rule": "same-person", "with": {"one": "person", "other": "subject", "by": ["personal_number"]}}


@pytest.mark.parametrize(
    ("check", "fits"),
    [
        ({"rule": "date-order", "at": "#/stay"}, True),
        ({"rule": "date-order", "with": {"from": "stay.from", "to": "stay.to"}}, True),
        ({"rule": "date-order", "at": "#/stay", "with": {"from": "start", "to": "to"}}, False),
        ({"rule": "date-order", "at": "#/nowhere"}, False),
        ({"rule": "personal-number-agrees", "at": "#/members"}, True),
        # There is nothing that the number could agree with.
        ({"rule": "personal-number-agrees", "at": "#/person"}, False),
        ({"rule": "unique-rows", "at": "#/members", "with": {"by": "personal_number"}}, True),
        ({"rule": "unique-rows", "at": "#/person", "with": {"by": "personal_number"}}, False),
        ({**SAME, "when": {"at": "role", "is": "self"}}, True),
        (SAME, True),
        ({**SAME, "with": {**SAME["with"], "by": ["birth_date"]}}, False),
        ({**SAME, "when": {"at": "role", "is": "sefl"}}, False),
        ({**SAME, "when": {"at": "part", "is": "self"}}, False),
    ],
)
def test_a_check_of_fields_that_are_not_there_is_refused(check: dict[str, Any], fits: bool) -> None:
    from chauban.forms.definition import FormHead

    stay = objects(**{"from": TEXT, "to": TEXT})
    schema = objects(
        stay=stay,
        person=objects(personal_number=TEXT),
        members=lists(personal_number=TEXT, birth_date=TEXT),
        subject=objects(personal_number=TEXT),
        role={"type": "string", "enum": ["self", "other"]},
    )
    head = FormHead.model_validate({**HEAD, "checks": [check]})
    assert [fault.code for fault in check_refusals(schema, head.checks)] == ([] if fits else ["check-unresolved"])
