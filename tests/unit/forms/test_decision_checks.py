"""Checks of a result: over answers and decision together, with the fault where a clerk can mend it."""

from datetime import date
from typing import Any

import pytest
from chauban.errors import InvalidRequest
from chauban.forms.definition import FormDefinition, FormHead
from chauban.forms.packaging import pack_definition, unpack_definition
from chauban.forms.result_refusals import result_refusals
from chauban.forms.validation import accepted_decision

from tests.unit.documents.material import Case, definition, given
from tests.unit.forms.parts import HEAD, form

TODAY = date(2026, 11, 23)
TEXT = {"type": "string", "maxLength": 20}
NUMBER_OF_CHILD = {
    "rule": "personal-number-agrees",
    "with": {"personal_number": "decision.number", "birth_date": "answers.child.born", "sex": "answers.child.sex"},
}
IN_ORDER = {"rule": "date-order", "with": {"from": "answers.child.born", "to": "decision.registered_on"}}
ANSWERS = {"child": {"born": "2026-01-05", "sex": "female"}}
DECISION = {"number": "046326000015", "registered_on": "2026-01-06"}


def result_head(**changes: Any) -> FormHead:
    (result,) = HEAD["results"]
    return FormHead.model_validate({**HEAD, "results": [{**result, **changes}]})


def checked(*checks: dict[str, Any]) -> FormDefinition:
    return form({}).model_copy(update={"head": result_head(checks=checks)})


def found(definition: FormDefinition, answers: dict[str, Any], decision: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        accepted_decision(definition, definition.head.results[0], answers, decision, TODAY)
    except InvalidRequest as refusal:
        return [(fault.pointer, fault.code) for fault in refusal.errors]
    return []


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"number": "046226000015"}, [("#/data/number", "personal-number-sex")]),
        ({"number": "046325000015"}, [("#/data/number", "personal-number-birth-date")]),
        ({"registered_on": "2026-01-04"}, [("#/data/registered_on", "date-order")]),
        (
            {"number": "046226000015", "registered_on": "2025-01-04"},
            [("#/data/number", "personal-number-sex"), ("#/data/registered_on", "date-order")],
        ),
        ({"number": "12", "registered_on": None}, []),
    ],
)
def test_a_decision_that_contradicts_the_answers_is_refused(
    change: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    assert found(checked(NUMBER_OF_CHILD, IN_ORDER), ANSWERS, {**DECISION, **change}) == faults


def test_rows_of_a_decision_are_checked_one_by_one() -> None:
    definition = checked({"rule": "unique-rows", "at": "#/decision/rows", "with": {"by": "code"}})
    assert found(definition, {"rows": [{"code": "1"}]}, {"rows": [{"code": "1"}, {"code": "2"}, {"code": "1"}]}) == [
        ("#/data/rows/2/code", "unique-rows")
    ]


def test_the_sentence_names_the_fields_of_both_sides_by_their_labels() -> None:
    texts = {
        "vi": {"labels": {"registered_on": "Ngày đăng ký", "child.born": "Ngày sinh"}},
        "en": {"labels": {"registered_on": "Registered on", "child.born": "Born on"}},
    }
    definition = checked(IN_ORDER).model_copy(update={"texts": texts})
    with pytest.raises(InvalidRequest) as error:
        accepted_decision(
            definition, definition.head.results[0], ANSWERS, {**DECISION, "registered_on": "2025-01-01"}, TODAY
        )
    assert error.value.errors[0].detail == {
        "vi": "“Ngày đăng ký” không được trước “Ngày sinh”. Vui lòng kiểm tra hai ngày này.",
        "en": "'Registered on' must not be before 'Born on'. Please check the two dates.",
    }


def test_checks_of_a_result_are_published_as_they_were_written() -> None:
    definition = checked(NUMBER_OF_CHILD, IN_ORDER)
    assert unpack_definition(pack_definition(definition)) == definition


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (NUMBER_OF_CHILD, None),
        (IN_ORDER, None),
        ({"rule": "date-order", "at": "#/decision", "with": {"from": "number", "to": "registered_on"}}, None),
        ({**IN_ORDER, "with": {"from": "answers.child.born", "to": "decision.nowhere"}}, "check-unresolved"),
        ({**IN_ORDER, "with": {"from": "child.born", "to": "decision.registered_on"}}, "check-unresolved"),
        ({"rule": "date-order", "at": "#/nowhere"}, "check-unresolved"),
        # A clerk cannot correct what a citizen has answered.
        ({**IN_ORDER, "with": {"from": "decision.registered_on", "to": "answers.child.born"}}, "check-blames-answers"),
        ({"rule": "adult", "at": "#/answers", "with": {"birth_date": "child.born"}}, "check-blames-answers"),
    ],
)
def test_a_check_of_a_result_has_to_find_its_fields_and_to_blame_the_decision(check: Any, code: str | None) -> None:
    child = {"type": "object", "properties": {"born": TEXT, "sex": TEXT}}
    answers = {"type": "object", "properties": {"child": {"$ref": "#/$defs/child"}}, "$defs": {"child": child}}
    decision = {"type": "object", "properties": {"number": TEXT, "registered_on": TEXT}}
    (result,) = result_head(checks=[check]).results
    faults = result_refusals(answers, decision, result, 0)
    assert [fault.code for fault in faults] == ([code] if code else [])
    assert all(fault.place.startswith("/results/0/checks/0") for fault in faults)


# A sample, what is changed in its decision, and where the fault is.
FAULTS = [
    ("dang-ky-khai-sinh", "married-parents", {"registered_on": "2025-12-20"}, "registered_on"),
    ("dang-ky-khai-sinh", "married-parents", {"personal_number": "046125000099"}, "personal_number"),
    ("dang-ky-khai-tu", "notice", {"registered_on": "1990-01-01"}, "registered_on"),
    ("cap-ban-sao-trich-luc-ho-tich", "birth", {"register.date": "1990-01-01"}, "register/date"),
    ("dang-ky-thanh-lap-ho-kinh-doanh", "individual", {"first_registered_on": "1980-01-01"}, "first_registered_on"),
    ("tro-cap-xa-hoi-hang-thang", "child", {"from_month": "2016-08"}, "from_month"),
    ("xac-nhan-tinh-trang-hon-nhan", "divorced", {"residence_period.to": "1990-01-01"}, "residence_period/to"),
    ("xac-nhan-tinh-trang-hon-nhan", "divorced", {"residence_period.from": "1979-01-01"}, "residence_period/from"),
    (
        "xac-nhan-tinh-trang-hon-nhan",
        "divorced",
        {"marital_status.judgment.date": "1979-01-01"},
        "marital_status/judgment/date",
    ),
]


@pytest.mark.parametrize(("slug", "sample", "change", "pointer"), FAULTS, ids=lambda value: str(value))
def test_the_seven_results_are_checked_against_their_answers(
    slug: str, sample: str, change: dict[str, Any], pointer: str
) -> None:
    data = given(Case(slug, "samples", sample))
    for path, value in change.items():
        *parents, last = path.split(".")
        holder = data["decision"]
        for name in parents:
            holder = holder[name]
        holder[last] = value
    faults = found(definition(slug), data["answers"], data["decision"])
    assert {place for place, _ in faults} == {f"#/data/{pointer}"}
