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
# Of so many files that failed, the one that was due first is looked for.
LOOKED_AT = 200
# Longer than any function runs.
TAKEN = timedelta(minutes=16)
ANOTHER_REVISION = "another-revision"


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
        """When what is due longest was due, be it that nobody came to it or that its file fails; None where nothing is."""
        now = self.clock.now()
        waiting = [*self.store.due(now, 1), *self.store.failing(LOOKED_AT)]
        return min((entry.due_at for entry in waiting if entry.due_at <= now), default=None)

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
        if entry.taken_until and entry.taken_until > now:
            return Outcome.ELSEWHERE, ""
        taken = self.store.take(entry, now + TAKEN)
        if taken is None:
            return Outcome.ELSEWHERE, ""
        try:
            done = self._extended(taken)
        except TimestampUnavailable as fault:
            # Whose order had its turn is left to the schedule, in the order in which all are due.
            self.store.put_back(taken.released())
            return Outcome.WAITS, self.explain(fault)
        except Exception as fault:  # one file that cannot be kept must not hold up those behind it
            return self._failed(taken, self.explain(fault))
        if done:
            return Outcome.DONE, ""
        # Somebody else was quicker, and the entry is another one by now; or it speaks of a revision that there is not.
        return self._failed(taken, ANOTHER_REVISION, Outcome.ELSEWHERE)

    def _failed(
        self, taken: PreservationEntry, reason: str, otherwise: Outcome = Outcome.FAILED
    ) -> tuple[Outcome, str]:
        """That a file failed; `otherwise` where the entry is not this worker's any more."""
        written = self.store.put_back(taken.failed(reason, self.clock.now()))
        return (Outcome.FAILED, reason) if written else (otherwise, reason)

    def _extended(self, entry: PreservationEntry) -> bool:
        """Whether the document was extended where it is kept; raises as `Extending.extend`."""
        if entry.dossier:
            return self.extending.extend(entry.dossier, entry.document, entry.revision)
        if entry.agency_register and self.registers:
            return self.registers.extend(entry.agency_register, entry.revision)
        raise NotConfigured(what="where registers are kept")
