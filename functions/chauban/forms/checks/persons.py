"""Two places of the answers at which the same person stands."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field

from chauban.forms.checks.parts import Checker, CheckFault, CheckPart, Path, below, value_at
from chauban.forms.comparing import agree
from chauban.forms.formats import as_days, is_personal_number

_COMPARED = ("full_name", "birth_date", "personal_number")


class Persons(CheckPart):
    """Two persons, and the fields (of the same names in both) by which they are compared."""

    one: str
    other: str
    by: tuple[str, ...] = Field(default=_COMPARED, min_length=1)


class Only(CheckPart):
    """The answer on which a check depends: at `at` stands `equals`."""

    at: str
    equals: str = Field(alias="is")


class SamePerson(Checker):
    """`other` is `one`, as far as both give a field: the name as names are compared, the birth date if one day can be both.

    With `when` it holds only for those answers.
    """

    rule: Literal["same-person"]
    fields: Persons = Field(alias="with")
    when: Only | None = None

    def paths(self) -> tuple[str, ...]:
        persons = tuple(
            f"{person}.{name}" for name in self.fields.by for person in (self.fields.one, self.fields.other)
        )
        return (*persons, self.when.at) if self.when else persons

    @property
    def condition(self) -> tuple[str, str] | None:
        return (self.when.at, self.when.equals) if self.when else None

    @property
    def blamed(self) -> str:
        return f"{self.fields.other}.{self.fields.by[0]}"

    def faults(self, holder: Any, path: Path, today: date) -> Iterator[CheckFault]:
        if self.when and value_at(holder, self.when.at) != self.when.equals:
            return
        name_of_one = f"{self.fields.one}.{self.fields.by[0]}"
        for name in self.fields.by:
            there = f"{self.fields.other}.{name}"
            one, other = value_at(holder, f"{self.fields.one}.{name}"), value_at(holder, there)
            if one is not None and other is not None and not _malformed(one, other) and not agree(one, other):
                yield CheckFault(below(path, there), "same-person", labels={"other": name_of_one})


def _malformed(one: Any, other: Any) -> bool:
    """Whether one is a date, or a personal number, and the other is none: the schema's matter."""
    dates = (as_days(one) is None) != (as_days(other) is None)
    return dates or (
        isinstance(one, str) and isinstance(other, str) and is_personal_number(one) != is_personal_number(other)
    )
