"""How preservation stands: what is kept, what is due since when, what failed and why."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from chauban.signing.preservation.ports import PreservationStore

PAGE = 500


@dataclass
class Standing:
    """Counts over all entries, `registers` among them; `failed` by the reason of the last attempt, moments are aware."""

    kept: int = 0
    registers: int = 0
    due: int = 0
    due_since: datetime | None = None
    next_due: datetime | None = None
    failed: Counter[str] = field(default_factory=Counter)

    @property
    def times(self) -> dict[str, datetime | None]:
        """The moments by name."""
        return {"due_since": self.due_since, "next_due": self.next_due}


def standing(store: PreservationStore, now: datetime) -> Standing:
    """Reads all entries, page by page; none of them is held."""
    found, cursor = Standing(), None
    while True:
        entries, cursor = store.page(cursor, PAGE)
        for entry in entries:
            found.kept += 1
            found.registers += entry.agency_register is not None
            if entry.trouble:
                found.failed[entry.trouble] += 1
            if entry.due_at <= now:
                found.due += 1
                found.due_since = min(found.due_since or entry.due_at, entry.due_at)
            else:
                found.next_due = min(found.next_due or entry.due_at, entry.due_at)
        if cursor is None:
            return found
