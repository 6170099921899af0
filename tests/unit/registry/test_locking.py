"""Comparing what was typed with what the register said: letters count, their encoding, case and blanks do not."""

import unicodedata
from datetime import timedelta

import pytest
from chauban.dossiers.model import FormRef
from chauban.forms.comparing import canonical
from chauban.registry.inquiry import Prefill
from chauban.registry.locking import locked_faults, placed, unchanged, value_at
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fakes.time_and_ids import MORNING

NAME = "#/requester/full_name"


def prefill(**values: str) -> Prefill:
    given_values = {f"#/requester/{name}": value for name, value in values.items()}
    return Prefill(
        token="t",
        session="s",
        person="p",
        form=FormRef(slug="a", version="1.0"),
        dossier=None,
        request_id="r",
        values=given_values,
        locked=tuple(given_values),
        made_at=MORNING,
        expires_at=MORNING + timedelta(minutes=30),
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn Thị Hương Giang",
        "NGUYỄN THỊ HƯƠNG GIANG",
        "nguyễn thị hương giang",
        unicodedata.normalize("NFD", "Nguyễn Thị Hương Giang"),
        unicodedata.normalize("NFD", "NGUYỄN THỊ HƯƠNG GIANG"),
        "  Nguyễn   Thị\tHương\u00a0Giang ",
    ],
)
def test_the_same_name_however_it_was_typed(typed: str) -> None:
    known = prefill(full_name="NGUYỄN THỊ HƯƠNG GIANG")
    assert locked_faults(known, {"requester": {"full_name": typed}}) == []


@pytest.mark.parametrize("typed", ["Nguyen Thi Huong Giang", "Nguyễn Thị Hương Gian", "Nguyễn Thị Hường Giang", ""])
def test_another_name_is_refused_with_its_pointer(typed: str) -> None:
    (fault,) = locked_faults(prefill(full_name="Nguyễn Thị Hương Giang"), {"requester": {"full_name": typed}})
    assert (fault.pointer, fault.code) == ("#/answers/requester/full_name", "prefilled-differs")
    assert fault.detail["vi"] != fault.detail["en"]
    assert typed == "" or typed not in "".join(fault.detail.values())


@pytest.mark.parametrize(
    ("told", "typed", "fits"),
    [
        ("1936", "1936", True),
        ("1936", "1936-05", True),
        ("1936", "1936-05-17", True),
        ("1936-05", "1936", True),
        ("1936-05-17", "1936-05", True),
        ("1936", "1937", False),
        ("1936-05", "1936-06-01", False),
        ("1936-05-17", "1936-05-18", False),
        ("1936", "1936-13", False),
    ],
)
def test_a_birth_date_fits_if_one_day_can_be_both(told: str, typed: str, fits: bool) -> None:
    known, answers = prefill(birth_date=told), {"requester": {"birth_date": typed}}
    assert (locked_faults(known, answers) == []) == fits
    # Only what the register told itself is marked as its own.
    assert unchanged(known, answers) == (["#/requester/birth_date"] if told == typed else [])


@pytest.mark.parametrize(
    ("one", "other"), [("Hoà", "Hòa"), ("THUÝ", "Thúy"), ("Khoẻ", "khỏe"), ("Nguyễn Thị Hoà", "nguyễn thị HÒA")]
)
def test_a_tone_counts_and_not_the_letter_that_carries_it(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("Hoà", "Hoá"), ("Hoa", "Hoà"), ("Hòa An", "Hoa Àn"), ("Tuân", "Tuần")])
def test_another_tone_is_another_name(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_d_with_stroke_is_a_letter_of_its_own() -> None:
    assert canonical("ĐỖ ĐỨC") == canonical("đỗ đức")
    assert canonical("ĐỖ") != canonical("DỖ")


@pytest.mark.parametrize("answers", [{}, {"requester": {}}, {"requester": {"other": 1}}, {"requester": "x"}])
def test_a_field_that_is_not_there_claims_nothing(answers: dict) -> None:
    assert locked_faults(prefill(full_name="A"), answers) == []


@pytest.mark.parametrize("typed", [5, True, ["A"], {"full_name": "A"}])
def test_another_type_differs(typed: object) -> None:
    assert len(locked_faults(prefill(full_name="A"), {"requester": {"full_name": typed}})) == 1


def test_values_find_their_place_and_are_found_there() -> None:
    answers = placed({NAME: "A", "#/requester/birth_date": "B", "#/purpose": "C"})
    assert answers == {"requester": {"full_name": "A", "birth_date": "B"}, "purpose": "C"}
    assert value_at(answers, NAME) == "A"


@given(st.text())
def test_encodings_and_case_never_matter(text: str) -> None:
    assert canonical(unicodedata.normalize("NFD", text)) == canonical(unicodedata.normalize("NFC", text))
    assert canonical(canonical(text)) == canonical(text)
