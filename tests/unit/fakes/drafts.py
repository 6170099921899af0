"""A `DraftStore` in memory."""

from chauban.dossiers.drafts import Draft
from chauban.ports import Clock

from tests.unit.fakes.tables import Tables


class MemoryDrafts:
    """See `DraftStore`."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def load(self, draft: str, owner: str) -> Draft | None:
        found = self._live(draft)
        return found if found and found.owner == owner else None

    def create(self, draft: Draft) -> bool:
        with self._tables.lock:
            if self._live(draft.id):
                return False
            self._tables.drafts[draft.id] = draft
            return True

    def change(self, before: Draft, after: Draft) -> bool:
        with self._tables.lock:
            if self._tables.drafts.get(before.id) != before:
                return False
            self._tables.drafts[before.id] = after
            return True

    def erase(self, draft: Draft) -> bool:
        with self._tables.lock:
            if self._tables.drafts.get(draft.id) != draft:
                return False
            del self._tables.drafts[draft.id]
            return True

    def _live(self, draft: str) -> Draft | None:
        found = self._tables.drafts.get(draft)
        return found if found and found.expires_at > self._clock.now() else None
