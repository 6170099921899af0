"""Drafts in the table: one item each, in a partition of its own, that the table forgets when it has expired."""

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table, put
from chauban.dossiers.drafts import Draft
from chauban.errors import ConcurrentChange
from chauban.ports import Clock


class DynamoDrafts:
    """A `DraftStore`. The table may forget an expired item days late, so that expiry is also looked at when reading."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def load(self, draft: str, owner: str) -> Draft | None:
        """See `DraftStore.load`."""
        item = self._table.get(items.draft_key(draft))
        if item is None or "value" not in item:
            return None
        found = items.value_of(Draft, item)
        return found if found.owner == owner and found.expires_at > self._clock.now() else None

    def create(self, draft: Draft) -> bool:
        """See `DraftStore.create`."""
        free = "attribute_not_exists(pk) OR expires_at <= :now"
        return self._write(put(items.draft_item(draft), free, now=items.epoch(self._clock.now())))

    def change(self, before: Draft, after: Draft) -> bool:
        """See `DraftStore.change`."""
        return self._write(put(items.draft_item(after), items.SAME_DRAFT, before=before.version))

    def erase(self, draft: Draft) -> bool:
        """See `DraftStore.erase`."""
        return self._write(erasure(draft, items.epoch(self._clock.now())))

    def _write(self, write: dict[str, object]) -> bool:
        try:
            self._table.transact([write])
        except ConcurrentChange:
            return False
        return True


def erasure(draft: Draft, now: int) -> dict[str, object]:
    """A draft's item emptied at once and left to be forgotten: no function may delete anything from the table."""
    return put(items.erased_draft_item(draft, now), items.SAME_DRAFT, before=draft.version)
