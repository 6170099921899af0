"""The personal number says its holder's sex and year of birth: Decree 137/2015/ND-CP, article 13."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field

from chauban.forms.checks.parts import Checker, CheckFault, CheckPart, Path, below, value_at
from chauban.forms.formats import as_days, is_personal_number

FIRST_YEAR = 1900


class PersonFields(CheckPart):
    """Where a person's data stand."""

    personal_number: str = "personal_number"
    birth_date: str = "birth_date"
    sex: str = "sex"


class PersonalNumberAgrees(Checker):
    """The number agrees with the birth date and the sex, as far as each is given."""

    rule: Literal["personal-number-agrees"]
    fields: PersonFields = Field(default=PersonFields(), alias="with")

    def paths(self) -> tuple[str, ...]:
        return self.fields.personal_number, self.fields.birth_date, self.fields.sex

    @property
    def blamed(self) -> str:
        return self.fields.personal_number

    def lacking(self, has: Callable[[str], bool]) -> list[str]:
        number, *others = self.paths()
        # Of birth date and sex a form need have only one.
        return ([] if has(number) else [number]) + ([] if any(map(has, others)) else others)

    def faults(self, holder: Any, path: Path, today: date) -> Iterator[CheckFault]:
        number = value_at(holder, self.fields.personal_number)
        if not isinstance(number, str) or not is_personal_number(number):
            return
        at = below(path, self.blamed)
        born = as_days(value_at(holder, self.fields.birth_date))
        if born and born[0].year != year_of_birth(number):
            yield CheckFault(at, "personal-number-birth-date", labels={"other": self.fields.birth_date})
        sex = value_at(holder, self.fields.sex)
        if isinstance(sex, str) and sex in {"male", "female"} and sex != sex_of(number):
            yield CheckFault(at, "personal-number-sex", labels={"other": self.fields.sex})


def year_of_birth(number: str) -> int:
    """The year that a personal number states: the fourth digit's century, the fifth and sixth digits."""
    return FIRST_YEAR + 100 * (int(number[3]) // 2) + int(number[4:6])


def sex_of(number: str) -> str:
    """The sex that a personal number states: even for men."""
    return "female" if int(number[3]) % 2 else "male"
