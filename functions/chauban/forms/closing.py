"""Withdrawing a version, with a decision about what comes after it: an earlier version never comes back unsaid."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chauban.forms.definition import FormDefinition, current_version
from chauban.forms.withdrawal import Withdrawal


class ClosingShelf(Protocol):
    """Where versions are published and withdrawn."""

    def version(self, slug: str, version: str) -> FormDefinition:
        """One version; raises `NotFound`."""
        ...

    def taking(self, slug: str | None = None) -> tuple[FormDefinition, ...]:
        """The versions that are not withdrawn."""
        ...

    def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Withdraws one; False where it was withdrawn before."""
        ...


class Afterwards(StrEnum):
    """What becomes of the earlier versions, where one of them would be current again."""

    REVIVE = "revive"
    CLOSE = "close"


@dataclass(frozen=True)
class Withdrawn:
    """What came of it: `done` is False where nothing was changed, `current` the version that takes filings from now on.

    `undecided`: nothing was done, since `current` would come back and nobody has said whether it shall. `beside`: nothing was
    done, since the earlier versions were to be closed with one that is not in force and has no part in what they do.
    """

    done: bool
    current: FormDefinition | None
    closed: tuple[str, ...] = ()
    undecided: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Closing:
    """Withdraws versions."""

    shelf: ClosingShelf

    def withdraw(self, withdrawal: Withdrawal, today: date, afterwards: Afterwards | None) -> Withdrawn:
        """Withdraws a version, with `CLOSE` also all that it had replaced; raises `NotFound`.

        `CLOSE` goes with the version that is in force, or was until it was withdrawn.
        """
        form = self.shelf.version(withdrawal.slug, withdrawal.version)
        taking = self.shelf.taking(form.slug)
        others = [other for other in taking if other.version != form.version]
        current, revived = (current_version(some, form.slug, today) for some in (taking, others))
        if current == form and revived and afterwards is None:
            return Withdrawn(False, revived, undecided=True)
        if afterwards is Afterwards.CLOSE and current_version([*others, form], form.slug, today) != form:
            return Withdrawn(False, current, beside=True)
        closed = self._close_replaced(others, form, withdrawal) if afterwards is Afterwards.CLOSE else ()
        done = self.shelf.withdraw(withdrawal)
        return Withdrawn(done or bool(closed), current_version(self.shelf.taking(form.slug), form.slug, today), closed)

    def _close_replaced(
        self, others: list[FormDefinition], form: FormDefinition, withdrawal: Withdrawal
    ) -> tuple[str, ...]:
        """Closes the versions that `form` had replaced, before itself: an interruption brings none of them back."""
        replaced = [one for one in others if _rank(one) < _rank(form)]
        for one in sorted(replaced, key=_rank):
            self.shelf.withdraw(withdrawal.model_copy(update={"version": one.version}))
        return tuple(one.version for one in sorted(replaced, key=_rank))


def _rank(form: FormDefinition) -> tuple[date, tuple[int, ...]]:
    return form.head.valid_from, form.order
