"""Generated answers keep to the form's schema and to themselves; the faulty ones have exactly three faults."""

from datetime import date
from pathlib import Path

import pytest
from chauban.forms.packaging import read_definition

from infra.local.demo.answers import (
    CASES,
    MISTAKES,
    Answers,
    answers,
    decision,
    faults_of,
    validate,
    with_three_mistakes,
)
from infra.local.demo.failures import NotTrue
from infra.local.demo.people import sex_and_year
from tests.unit.demo.material import seeded

FORM = Path(__file__).parents[3] / "forms" / "xac-nhan-tinh-trang-hon-nhan" / "1.0"
# As published: the page, the service and the demo know no other schema.
PUBLISHED = read_definition(FORM)
SCHEMA = PUBLISHED.form_schema
DECISION_SCHEMA = PUBLISHED.decision_schemas["decision.schema.json"]
TODAY = date(2026, 11, 23)
APPLICANT = {"scheme": "personal_number", "identifier": "046190000001", "name": "Nguyễn Thị Ánh"}


def filled(seed: int, case: str) -> Answers:
    return answers(seeded(seed), APPLICANT, TODAY, "phường Thuận Hóa", case)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(10))
def test_answers_and_decision_keep_to_their_schemas(case: str, seed: int) -> None:
    sample = filled(seed, case)
    validate(sample, SCHEMA, TODAY)
    validate(decision(sample), DECISION_SCHEMA, TODAY)


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
    assert {line.split()[0] for line in faults_of(wrong, SCHEMA, TODAY)} == set(MISTAKES)


def test_answers_that_do_not_keep_to_the_schema_are_noticed() -> None:
    with pytest.raises(NotTrue, match="birth_date"):
        validate(with_three_mistakes(filled(1, "divorced")), SCHEMA, TODAY)
