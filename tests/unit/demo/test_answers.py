"""Generated answers keep to the form's schema and to themselves; the faulty ones have exactly three faults."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from infra.local.demo.answers import CASES, MISTAKES, Answers, answers, decision, validate, with_three_mistakes
from infra.local.demo.failures import NotTrue
from infra.local.demo.people import sex_and_year
from tests.unit.demo.material import seeded

FORM = Path(__file__).parents[3] / "forms" / "xac-nhan-tinh-trang-hon-nhan" / "1.0"
SCHEMA = json.loads((FORM / "schema.json").read_text(encoding="utf-8"))
DECISION_SCHEMA = json.loads((FORM / "decision.schema.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 23)
APPLICANT = {"scheme": "personal_number", "identifier": "046190000001", "name": "Nguyễn Thị Ánh"}


def filled(seed: int, case: str) -> Answers:
    return answers(seeded(seed), APPLICANT, TODAY, "phường Thuận Hóa", case)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(10))
def test_answers_and_decision_keep_to_their_schemas(case: str, seed: int) -> None:
    sample = filled(seed, case)
    validate(sample, SCHEMA)
    validate(decision(sample), DECISION_SCHEMA)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(10))
def test_answers_agree_with_themselves(case: str, seed: int) -> None:
    sample = filled(seed, case)
    for who in (sample["requester"], sample["subject"]):
        assert sex_and_year(who["personal_number"])[1] == int(who["birth_date"][:4])
    assert sex_and_year(sample["subject"]["personal_number"])[0] == sample["subject"]["sex"]
    assert (sample["requester"]["relation"] == "self") == (
        sample["requester"]["personal_number"] == sample["subject"]["personal_number"]
    )
    period = sample["residence_period"]
    proof = sample["marital_status"].get("paper", {}).get("issued_on") or sample["marital_status"].get(
        "judgment", {}
    ).get("date", period["to"])
    assert period["from"] < proof <= period["to"] == TODAY.isoformat()


def test_the_requester_is_the_one_who_logged_in() -> None:
    requester = filled(1, "married")["requester"]
    assert (requester["full_name"], requester["personal_number"]) == (APPLICANT["name"], APPLICANT["identifier"])


def test_all_four_cases_come_up_by_themselves() -> None:
    seen = {answers(seeded(n), APPLICANT, TODAY, "phường Thuận Hóa")["marital_status"]["case"] for n in range(40)}
    assert seen == set(CASES)


def test_the_faulty_answers_have_exactly_the_three_faults_they_point_to() -> None:
    wrong = with_three_mistakes(filled(1, "divorced"))
    validator = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    places = set()
    for fault in validator.iter_errors(wrong):
        missing = ["purpose"] if fault.validator == "required" else []
        places.add("#/answers/" + "/".join(str(part) for part in [*fault.absolute_path, *missing]))
    assert places == set(MISTAKES)


def test_answers_that_do_not_keep_to_the_schema_are_noticed() -> None:
    with pytest.raises(NotTrue, match="birth_date"):
        validate(with_three_mistakes(filled(1, "divorced")), SCHEMA)
