"""Days that must stand in order, or lie far enough back."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field, PositiveInt

from chauban.forms.checks.parts import Checker, CheckFault, CheckPart, Path, below, value_at
from chauban.forms.formats import as_date, as_days


class Period(CheckPart):
    """Two dates."""

    start: str = Field(default="from", alias="from")
    end: str = Field(default="to", alias="to")


class DateOrder(Checker):
    """`to` is not before `from`. The same day is in order, and so is a year or month that may hold a day in order."""

    rule: Literal["date-order"]
    fields: Period = Field(default=Period(), alias="with")

    def paths(self) -> tuple[str, ...]:
        return self.fields.start, self.fields.end

    @property
    def blamed(self) -> str:
        return self.fields.end

    def faults(self, holder: Any, path: Path, today: date) -> Iterator[CheckFault]:
        start, end = (as_days(value_at(holder, name)) for name in self.paths())
        if start and end and end[1] < start[0]:
            yield CheckFault(below(path, self.blamed), "date-order", labels={"other": self.fields.start})


class Age(CheckPart):
    """A date of birth, the age asked for, and the date of which it is asked (else the day of filing)."""

    birth_date: str = "birth_date"
    years: PositiveInt = 18
    on: str | None = None


class Adult(Checker):
    """Somebody born on that date is at least so old; one whose day of birth is not known was born on the first that it can be."""

    rule: Literal["adult"]
    fields: Age = Field(default=Age(), alias="with")

    def paths(self) -> tuple[str, ...]:
        return (self.fields.birth_date, self.fields.on) if self.fields.on else (self.fields.birth_date,)

    @property
    def blamed(self) -> str:
        return self.fields.birth_date

    def faults(self, holder: Any, path: Path, today: date) -> Iterator[CheckFault]:
        born = as_days(value_at(holder, self.fields.birth_date))
        day = as_date(value_at(holder, self.fields.on)) if self.fields.on else today
        if born and day and age(born[0], day) < self.fields.years:
            yield CheckFault(below(path, self.blamed), "adult", values={"years": self.fields.years})


def age(born: date, day: date) -> int:
    """Full years of age on a day; somebody born on 29 February is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
