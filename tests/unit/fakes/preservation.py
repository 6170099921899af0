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
        found = [
            each
            for each in self._tables.due.values()
            if each.next_at <= now and self._tables.taken.get(each.document, now) <= now
        ]
        return sorted(found, key=lambda each: (each.due_at, each.document))[:limit]

    def page(self, cursor: str | None, limit: int) -> tuple[Sequence[PreservationEntry], str | None]:
        start, known = int(cursor or 0), sorted(self._tables.due.values(), key=lambda each: each.next_at)
        return known[start : start + limit], str(start + limit) if start + limit < len(known) else None

    def take(self, entry: PreservationEntry, now: datetime, until: datetime) -> bool:
        with self._tables.lock:
            present = self._tables.due.get(entry.document)
            free = self._tables.taken.get(entry.document, now) <= now
            if present is None or present.revision != entry.revision or not free:
                return False
            self._tables.taken[entry.document] = until
            return True

    def put_back(self, entry: PreservationEntry) -> None:
        with self._tables.lock:
            if self._tables.due[entry.document].revision == entry.revision:
                self._tables.due[entry.document] = entry
                self._tables.taken.pop(entry.document, None)


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
