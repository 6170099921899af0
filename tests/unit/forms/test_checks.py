"""Rules that only the server checks: what they find, where, and in which words."""

from datetime import date
from typing import Any

import pytest
from chauban.forms.definition import FormHead
from chauban.forms.packaging import pack_definition, unpack_definition
from chauban.forms.validation import examined
from pydantic import ValidationError

from tests.unit.forms.parts import HEAD, form

TODAY = date(2026, 11, 23)


def found(check: dict[str, Any], answers: dict[str, Any]) -> list[tuple[str, str]]:
    checked = form({}, checks=[check])
    return [(fault.pointer.removeprefix("#/answers"), fault.code) for fault in examined(checked, answers, TODAY).faults]


NUMBER = {"rule": "personal-number-agrees"}
WOMAN = {"personal_number": "046198000101", "birth_date": "1998-02-05", "sex": "female"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"sex": "male"}, "personal-number-sex"),
        ({"birth_date": "1997-02-05"}, "personal-number-birth-date"),
        # The same two digits of another century.
        ({"birth_date": "2098-02-05"}, "personal-number-birth-date"),
        ({"personal_number": "046398000101", "birth_date": "2098-02-05"}, None),
        ({"personal_number": "046201000101", "birth_date": "2001-02-05", "sex": "male"}, None),
        ({"sex": None}, None),
        ({"birth_date": None}, None),
        ({"birth_date": None, "sex": "male"}, "personal-number-sex"),
        # Papers that state only the year, or month and year.
        ({"birth_date": "1998"}, None),
        ({"birth_date": "1998-02"}, None),
        ({"birth_date": "1997"}, "personal-number-birth-date"),
        ({"birth_date": "1997-12"}, "personal-number-birth-date"),
        # What is malformed is the schema's matter.
        ({"personal_number": "12"}, None),
        ({"personal_number": 46198000101}, None),
        ({"birth_date": "hôm qua"}, None),
        ({"sex": "khác"}, None),
        ({"sex": []}, None),
        ({"sex": {"x": 1}}, None),
    ],
)
def test_a_personal_number_fits_its_holder(change: dict[str, Any], code: str | None) -> None:
    assert found(NUMBER, {**WOMAN, **change}) == ([("/personal_number", code)] if code else [])


def test_both_contradictions_of_a_number_are_told() -> None:
    assert len(found(NUMBER, {**WOMAN, "sex": "male", "birth_date": "1990-01-01"})) == 2


SAME = {"rule": "same-person", "with": {"one": "who", "other": "about"}, "when": {"at": "who.relation", "is": "self"}}
WHO = {"full_name": "Nguyễn Thị Hoà", "birth_date": "1998-02-05", "personal_number": "046198000101", "relation": "self"}
ABOUT = {name: value for name, value in WHO.items() if name != "relation"}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({}, []),
        ({"full_name": "NGUYỄN  thị HÒA"}, []),
        ({"full_name": "Nguyễn Thị Hoa"}, ["/about/full_name"]),
        ({"birth_date": "1998"}, []),
        ({"birth_date": "1998-02"}, []),
        ({"birth_date": "1998-03"}, ["/about/birth_date"]),
        ({"birth_date": "1997-02-05"}, ["/about/birth_date"]),
        ({"personal_number": "046198000102"}, ["/about/personal_number"]),
        ({"personal_number": None}, []),
        # What is malformed is the schema's matter.
        ({"birth_date": "1998-02-30"}, []),
        ({"personal_number": "04619800010"}, []),
        ({"full_name": "Trần Văn Bình", "birth_date": "1980"}, ["/about/full_name", "/about/birth_date"]),
    ],
)
def test_whom_the_form_calls_the_same_is_the_same(change: dict[str, Any], places: list[str]) -> None:
    about = {**ABOUT, **change}
    assert found(SAME, {"who": WHO, "about": about}) == [(place, "same-person") for place in places]
    # Another relation says nothing of the sort; nor does an answer that is not there.
    assert found(SAME, {"who": {**WHO, "relation": "child"}, "about": about}) == []
    assert found(SAME, {"who": WHO}) == []


def test_each_row_of_a_list_is_checked_and_absent_things_are_not() -> None:
    wrong = {**WOMAN, "sex": "male"}
    assert found({**NUMBER, "at": "#/members"}, {"members": [WOMAN, wrong, {}]}) == [
        ("/members/1/personal_number", "personal-number-sex")
    ]
    for absent in ({}, {"members": None}, {"members": "text"}, {"members": {"x": 1}}):
        assert found({**NUMBER, "at": "#/members"}, absent) == []
    assert found({**NUMBER, "at": "#/a/b"}, {"a": {"b": wrong}}) == [("/a/b/personal_number", "personal-number-sex")]


@pytest.mark.parametrize(
    ("start", "end", "fine"),
    [
        ("2026-01-01", "2026-01-02", True),
        ("2026-01-01", "2026-01-01", True),
        ("2026-01-02", "2026-01-01", False),
        ("2026-02-30", "2026-01-01", True),
        # Of a year or a month nobody knows the day: only what cannot be is a fault.
        ("1936", "1936-01-01", True),
        ("1936-05", "1936", True),
        ("1936", "1935-12-31", False),
        ("1936-05", "1936-04-30", False),
        ("1936-05-31", "1936-05", True),
        ("1936-06-01", "1936-05", False),
        ("1937-01-01", "1936", False),
        (None, "2026-01-01", True),
    ],
)
def test_dates_stand_in_order(start: Any, end: Any, fine: bool) -> None:
    check = {"rule": "date-order", "with": {"from": "born.on", "to": "died.on"}}
    answers = {"born": {"on": start}, "died": {"on": end}}
    assert found(check, answers) == ([] if fine else [("/died/on", "date-order")])


@pytest.mark.parametrize(
    ("born", "fine"),
    [("2008-11-23", True), ("2008-11-24", False), ("1971-01-31", True), ("2008-02-29", True), ("31/01/1971", True)]
    + [("2008", True), ("2009", False), ("2008-11", True), ("2008-12", False)],
)
def test_somebody_is_of_age(born: str, fine: bool) -> None:
    assert found({"rule": "adult"}, {"birth_date": born}) == ([] if fine else [("/birth_date", "adult")])


def test_age_may_be_asked_for_another_day() -> None:
    check = {"rule": "adult", "with": {"birth_date": "born", "years": 20, "on": "wedding"}}
    assert found(check, {"born": "2006-06-01", "wedding": "2026-05-31"}) == [("/born", "adult")]
    assert found(check, {"born": "2006-06-01", "wedding": "2026-06-01"}) == []


def test_one_of_several_answers_is_enough() -> None:
    check = {"rule": "at-least-one", "at": "#/person", "with": {"names": ["phone", "email"]}}
    assert found(check, {"person": {}}) == [("/person/phone", "at-least-one")]
    assert found(check, {"person": {"email": "a@b.vn"}}) == []
    assert found(check, {}) == []


def test_rows_are_told_apart() -> None:
    check = {"rule": "unique-rows", "at": "#/trades", "with": {"by": "code"}}
    rows = [{"code": "4711"}, {"code": "4712"}, {}, {}, {"code": "4711"}, {"code": ["4711"]}]
    assert found(check, {"trades": rows}) == [("/trades/4/code", "unique-rows")]


@pytest.mark.parametrize(
    "check",
    [
        {"rule": "date-order"},
        {"rule": "personal-number-agrees"},
        {"rule": "adult"},
        {"rule": "at-least-one", "with": {"names": ["a", "b"]}},
        {"rule": "unique-rows", "at": "#/a", "with": {"by": "b"}},
    ],
)
def test_a_check_is_published_as_it_was_written(check: dict[str, Any]) -> None:
    definition = form({}, checks=[check])
    assert unpack_definition(pack_definition(definition)) == definition


@pytest.mark.parametrize(
    "check",
    [
        {"rule": "date-ordre"},
        {"rule": "date-order", "with": {"start": "a"}},
        {"rule": "date-order", "at": "stay"},
        {"rule": "date-order", "at": "#/stay/../x"},
        {"rule": "adult", "with": {"years": 0}},
        {"rule": "at-least-one"},
        {"rule": "at-least-one", "with": {"names": ["a"]}},
        {"at": "#"},
    ],
)
def test_a_malformed_check_is_refused(check: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FormHead.model_validate({**HEAD, "checks": [check]})


def test_the_sentence_names_both_fields_in_both_languages() -> None:
    labelled = form({}, checks=[{"rule": "date-order", "at": "#/stay"}])
    texts = {
        "vi": {"labels": {"stay.from": "Từ ngày", "stay.to": "Đến ngày"}},
        "en": {"labels": {"stay.from": "From", "stay.to": "To"}},
    }
    answers = {"stay": {"from": "2026-01-02", "to": "2026-01-01"}}
    fault = examined(labelled.model_copy(update={"texts": texts}), answers, TODAY).faults[0]
    assert fault.detail == {
        "vi": "“Đến ngày” không được trước “Từ ngày”. Vui lòng kiểm tra hai ngày này.",
        "en": "'To' must not be before 'From'. Please check the two dates.",
    }
