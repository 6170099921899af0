"""Working off what is due: one file after another, longest due first, until nothing is left or a budget is used up.

Whoever is killed meanwhile leaves at most one file taken, which is free again after a while; a file is extended once, since the
dossier's own transaction says which revision is the newest. Any number may work side by side.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chauban.errors import NotConfigured, TimestampUnavailable
from chauban.ports import Clock
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.extending import Extending
from chauban.signing.preservation.ports import PreservationStore, RegisterExtender

BATCH = 25
# An index may show for a while what was done meanwhile: so many files are remembered, and no more, however many are due.
REMEMBERED = 8 * BATCH
# Longer than any function runs.
TAKEN = timedelta(minutes=16)


class Outcome(StrEnum):
    """What became of one file."""

    DONE = "done"
    ELSEWHERE = "elsewhere"
    FAILED = "failed"
    WAITS = "waits"


@dataclass
class RunReport:
    """What a run did: files extended, failures by reason, and whether authorities or the budget ended it before all was done."""

    done: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    waits: bool = False
    budget_spent: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """The report as values for a log line."""
        return {**asdict(self), "failed": dict(self.failed)}


@dataclass(frozen=True)
class Renewing:
    """Works off entries; `explain` gives a stable text for a fault."""

    store: PreservationStore
    extending: Extending
    clock: Clock
    explain: Callable[[Exception], str]
    registers: RegisterExtender | None = None

    def one(self, document: str, revision: int) -> Outcome:
        """Extends one document, if it is still at that revision and nobody else is at it."""
        entry = self.store.entry(document)
        if entry is None or entry.revision != revision:
            return Outcome.ELSEWHERE
        return self._work(entry)[0]

    def run(self, seconds: float, files: int) -> RunReport:
        """Works off what is due; begins no file after so many seconds or files. Ends at once when no authority answers."""
        report, end = RunReport(), self.clock.now() + timedelta(seconds=seconds)
        for entry in self._due():
            if self.clock.now() >= end or report.done + report.failed.total() >= files:
                report.budget_spent = True
                return report
            outcome, reason = self._work(entry)
            if outcome is Outcome.WAITS:
                report.waits = True
                return report
            report.done += outcome is Outcome.DONE
            if outcome is Outcome.FAILED:
                report.failed[reason] += 1
        return report

    def overdue_since(self) -> datetime | None:
        """When what is due longest was due; None where nothing is."""
        first = self.store.due(self.clock.now(), 1)
        return first[0].due_at if first else None

    def _due(self) -> Iterator[PreservationEntry]:
        """Batch after batch, as others take from the same list."""
        seen: deque[tuple[str, int, int]] = deque(maxlen=REMEMBERED)
        while True:
            due = self.store.due(self.clock.now(), BATCH)
            batch = {(each.document, each.revision, each.failures): each for each in due}
            fresh = [mark for mark in batch if mark not in seen]
            if not fresh:
                return
            for mark in fresh:
                seen.append(mark)
                yield batch[mark]

    def _work(self, entry: PreservationEntry) -> tuple[Outcome, str]:
        now = self.clock.now()
        if not self.store.take(entry, now, now + TAKEN):
            return Outcome.ELSEWHERE, ""
        try:
            done = self._extended(entry)
        except TimestampUnavailable as fault:
            # Whose order had its turn is left to the schedule, in the order in which all are due.
            self.store.put_back(entry.model_copy(update={"next_at": min(entry.next_at, entry.due_at)}))
            return Outcome.WAITS, self.explain(fault)
        except Exception as fault:  # one file that cannot be kept must not hold up those behind it
            reason = self.explain(fault)
            self.store.put_back(entry.failed(reason, self.clock.now()))
            return Outcome.FAILED, reason
        return (Outcome.DONE if done else Outcome.ELSEWHERE), ""

    def _extended(self, entry: PreservationEntry) -> bool:
        """Whether the document was extended where it is kept; raises as `Extending.extend`."""
        if entry.dossier:
            return self.extending.extend(entry.dossier, entry.document, entry.revision)
        if entry.agency_register and self.registers:
            return self.registers.extend(entry.agency_register, entry.revision)
        raise NotConfigured(what="where registers are kept")
