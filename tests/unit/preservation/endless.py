"""A list of what is due that is as long as one likes and holds nothing: each entry is made when it is asked for."""

import tracemalloc
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chauban.signing.preservation.algorithm_policy import Family, UsedAlgorithm
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.ports import PreservationStore

from tests.unit.fakes.time_and_ids import MORNING

RESTS_ON = (UsedAlgorithm(family=Family.HASH, name="sha256"), UsedAlgorithm(family=Family.RSA, bits=3072))


class EndlessList(PreservationStore):
    """A `PreservationStore` of `length` entries; `done` of them are extended, the others are due. Every tenth has failed before.

    What was done is still shown for `lag` entries, as an index does that is a little behind.
    """

    def __init__(self, length: int, lag: int = 10) -> None:
        self.length, self.lag = length, lag
        self.done = self.replaced = 0

    def entry(self, document: str) -> PreservationEntry | None:
        return self._made(int(document))

    def due(self, now: datetime, limit: int) -> Sequence[PreservationEntry]:
        first = max(self.done - self.lag, 0)
        return [self._made(number) for number in range(first, min(first + limit, self.length))]

    def page(self, cursor: str | None, limit: int) -> tuple[Sequence[PreservationEntry], str | None]:
        first = int(cursor or 0)
        end = min(first + limit, self.length)
        return [self._made(number) for number in range(first, end)], str(end) if end < self.length else None

    def failing(self, limit: int) -> Sequence[PreservationEntry]:
        return [self._made(number) for number in range(0, min(10 * limit, self.length), 10)]

    def take(self, entry: PreservationEntry, until: datetime) -> PreservationEntry | None:
        if int(entry.document) < self.done:
            return None
        self.done += 1
        return entry.taken(until)

    def put_back(self, entry: PreservationEntry) -> bool:
        self.replaced += 1
        return True

    def _made(self, number: int) -> PreservationEntry:
        due, failures = MORNING - timedelta(days=1) + timedelta(seconds=number), int(number % 10 == 0)
        return PreservationEntry(
            document=f"{number:026d}",
            dossier=f"D{number:025d}",
            revision=2,
            due_at=due,
            next_at=due,
            failures=failures,
            reason="certificate-not-usable: revoked" if failures else None,
            made_at=MORNING - timedelta(days=900),
            ends_at=MORNING + timedelta(days=200),
            rests_on=RESTS_ON,
        )


def peak(work: Callable[[], object]) -> int:
    """The most bytes that Python held at once on account of some work."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
