"""What all checks have in common."""

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Path = tuple[str | int, ...]


class CheckPart(BaseModel):
    """A part of `checks:`; `with` is a word of Python, so its field is `fields`."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


@dataclass(frozen=True)
class CheckFault:
    """A fault at a path of the answers; `values` fill the sentence, those in `labels` as the label of the field they name."""

    path: Path
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


class Checker(CheckPart):
    """A check: `faults` looks at one holder, an object (or list, where `of_list`) found at `at`."""

    at: str = Field(default="#", pattern=r"^#(/[A-Za-z0-9_]+)*$")
    rule: str

    @property
    def place(self) -> tuple[str, ...]:
        """The names from the answers down to what is checked."""
        return tuple(self.at.split("/")[1:])

    @property
    def of_list(self) -> bool:
        """Whether a list is checked as a whole."""
        return False

    @abstractmethod
    def paths(self) -> tuple[str, ...]:
        """The dotted paths of all fields it looks at, below what is checked."""

    @property
    @abstractmethod
    def blamed(self) -> str:
        """The dotted path, one of `paths`, of the field at which its faults are."""

    @property
    def condition(self) -> tuple[str, str] | None:
        """The dotted path of a choice and the option without which nothing is checked; None where it always is."""
        return None

    def lacking(self, has: Callable[[str], bool]) -> list[str]:
        """The fields without which it could never find anything; `has` tells which the form has."""
        return [path for path in self.paths() if not has(path)]

    @abstractmethod
    def faults(self, holder: Any, path: Path, today: date) -> Iterator[CheckFault]:
        """The faults of one holder, which lies at `path`."""

    def holders(self, answers: Any) -> Iterator[tuple[Path, Any]]:
        """Everything that is checked, with its path."""
        yield from _holders(answers, self.place, (), self.of_list)

    def check(self, answers: Any, today: date) -> Iterator[CheckFault]:
        """All faults in the answers."""
        for path, holder in self.holders(answers):
            yield from self.faults(holder, path, today)


def value_at(holder: Any, dotted: str) -> Any:
    """The value at a dotted path; None where there is none."""
    for name in dotted.split("."):
        if not isinstance(holder, dict):
            return None
        holder = holder.get(name)
    return holder


def below(path: Path, dotted: str) -> Path:
    """The path of a field."""
    return (*path, *dotted.split("."))


def _holders(value: Any, names: tuple[str, ...], path: Path, of_list: bool) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, list) and (names or not of_list):
        for position, item in enumerate(value):
            yield from _holders(item, names, (*path, position), of_list)
    elif not names:
        if isinstance(value, list if of_list else dict):
            yield path, value
    elif isinstance(value, dict) and names[0] in value:
        yield from _holders(value[names[0]], names[1:], (*path, names[0]), of_list)
