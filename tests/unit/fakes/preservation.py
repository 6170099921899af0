"""What is due, in memory, and an engine that extends readable files."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chauban.errors import TimestampUnavailable, VerificationFailed
from chauban.ports import Clock
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy, Family, UsedAlgorithm
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.ports import ExtendedFile

from tests.unit.fakes.tables import Tables

LIFE = timedelta(days=5 * 365)


class MemoryPreservation:
    """See `PreservationStore`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def entry(self, document: str) -> PreservationEntry | None:
        return self._tables.due.get(document)

    def due(self, now: datetime, limit: int) -> Sequence[PreservationEntry]:
        found = [each for each in self._tables.due.values() if each.next_at <= now]
        return sorted(found, key=lambda each: (each.due_at, each.document))[:limit]

    def failing(self, limit: int) -> Sequence[PreservationEntry]:
        return [each for each in self._tables.due.values() if each.trouble][:limit]

    def page(self, cursor: str | None, limit: int) -> tuple[Sequence[PreservationEntry], str | None]:
        start, known = int(cursor or 0), sorted(self._tables.due.values(), key=lambda each: each.next_at)
        return known[start : start + limit], str(start + limit) if start + limit < len(known) else None

    def take(self, entry: PreservationEntry, until: datetime) -> PreservationEntry | None:
        taken = entry.taken(until)
        return taken.model_copy(update={"edition": entry.edition + 1}) if self.put_back(taken) else None

    def put_back(self, entry: PreservationEntry) -> bool:
        with self._tables.lock:
            present = self._tables.due.get(entry.document)
            if present is None or (present.revision, present.edition) != (entry.revision, entry.edition):
                return False
            self._tables.due[entry.document] = entry.model_copy(update={"edition": entry.edition + 1})
            return True


class FakePreservation:
    """A `PreservationEngine` that appends a line; `available` says whether an authority answers, `spoilt` files do not verify."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.available: Callable[[], bool] = lambda: True
        self.spoilt: set[bytes] = set()
        self.extended: list[str] = []

    def extend(self, pdf: bytes, policy: AlgorithmPolicy) -> ExtendedFile:
        if not self.available():
            raise TimestampUnavailable
        if pdf in self.spoilt:
            raise VerificationFailed(reason="seal: altered")
        now, algorithm = self._clock.now(), policy.hash_for(self._clock.now())
        content = pdf + f"\n[document timestamp by {algorithm} at {now.isoformat()}, {len(self.extended)}]".encode()
        self.extended.append(algorithm)
        used = (UsedAlgorithm(family=Family.HASH, name=algorithm),)
        check = {"checked_at": now.isoformat(), "result": "good", "path": "0" * 64, "evidence": f"ocsp:{'1' * 64}"}
        return ExtendedFile(content, "PAdES-BASELINE-LTA", now, "0" * 64, now + LIFE, used, check)
