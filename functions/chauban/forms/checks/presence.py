"""What must be there at least once, or at most once."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field

from chauban.forms.checks.parts import Checker, CheckFault, CheckPart, Path, below, value_at


class Alternatives(CheckPart):
    """Fields of which one is enough."""

    names: tuple[str, ...] = Field(min_length=2)


class AtLeastOne(Checker):
    """At least one of the fields is answered; the fault is at the first of them."""

    rule: Literal["at-least-one"]
    fields: Alternatives = Field(alias="with")

    def paths(self) -> tuple[str, ...]:
        return self.fields.names

    @property
    def blamed(self) -> str:
        return self.fields.names[0]

    def faults(self, holder: Any, path: Path, today: date) -> Iterator[CheckFault]:
        if all(value_at(holder, name) in (None, "", [], {}) for name in self.fields.names):
            yield CheckFault(below(path, self.blamed), "at-least-one", labels={"other": self.fields.names[1]})


class RowKey(CheckPart):
    """The field by which rows are told apart."""

    by: str


class UniqueRows(Checker):
    """No two rows of the list at `at` have the same value in the field; the fault is at the later one."""

    rule: Literal["unique-rows"]
    fields: RowKey = Field(alias="with")

    @property
    def of_list(self) -> bool:
        return True

    def paths(self) -> tuple[str, ...]:
        return (self.fields.by,)

    @property
    def blamed(self) -> str:
        return self.fields.by

    def faults(self, holder: Any, path: Path, today: date) -> Iterator[CheckFault]:
        seen: set[object] = set()
        for position, row in enumerate(holder):
            value = value_at(row, self.fields.by)
            if isinstance(value, (str, int)) and value in seen:
                yield CheckFault(below((*path, position), self.blamed), "unique-rows")
            elif isinstance(value, (str, int)):
                seen.add(value)
