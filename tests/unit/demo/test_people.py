"""The made-up people are consistent: number, sex, year of birth and province fit together."""

from datetime import date

import pytest

from infra.local.demo.people import HUE, person, personal_number, sex_and_year
from tests.unit.demo.material import seeded

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("seed", range(50))
def test_a_personal_number_says_the_same_as_the_person(seed: int) -> None:
    somebody = person(seeded(seed), TODAY)
    assert len(somebody.number) == 12
    assert somebody.number.isdigit()
    assert somebody.number.startswith(HUE)
    assert sex_and_year(somebody.number) == (somebody.sex, somebody.born.year)


@pytest.mark.parametrize(
    ("sex", "year", "digit"), [("male", 1987, "0"), ("female", 1987, "1"), ("male", 2004, "2"), ("female", 2004, "3")]
)
def test_the_fourth_digit_is_century_and_sex(sex: str, year: int, digit: str) -> None:
    assert personal_number(seeded(1), sex, year)[3] == digit


@pytest.mark.parametrize("seed", range(50))
def test_everybody_is_of_age(seed: int) -> None:
    born = person(seeded(seed), TODAY).born
    assert date(born.year + 20, 1, 1) < TODAY
    assert 20 <= TODAY.year - born.year <= 60


def test_the_same_seed_makes_the_same_person_and_another_seed_another() -> None:
    assert person(seeded(3), TODAY) == person(seeded(3), TODAY)
    assert person(seeded(3), TODAY) != person(seeded(4), TODAY)
