"""The outbox in the table: messages written with a transaction, taken off the list when they are published."""

from datetime import datetime, timedelta

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table
from chauban.dossiers.changes import OutboxMessage
from chauban.ports import Clock

# How long a published message is kept, with the reason if its work failed.
KEPT = timedelta(days=30)


class DynamoOutbox:
    """An `Outbox`."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def unpublished(self, limit: int) -> tuple[OutboxMessage, ...]:
        """See `Outbox.unpublished`; all shards, oldest first."""
        found = [
            item
            for shard in items.OUTBOX_SHARDS
            for item in self._table.page("outbox", shard, limit=limit, cursor=None, newest_first=False)[0]
        ]
        return tuple(sorted((items.message_from(item) for item in found), key=lambda message: message.id)[:limit])

    def mark_published(self, message: OutboxMessage) -> None:
        """See `Outbox.mark_published`."""
        self._table.update(
            items.outbox_key(message),
            "SET expires_at = :expires REMOVE outbox_pk, outbox_sk",
            {":expires": items.epoch(self._clock.now() + KEPT)},
            "attribute_exists(pk)",
        )

    def note_failure(self, owner: str, order: str, code: str, at: datetime, attempt: int) -> None:
        """See `Outbox.note_failure`."""
        self._table.update(
            items.key(f"O#{owner}", order),
            "SET failure = :failure",
            {":failure": {"code": code, "at": at.isoformat(), "attempt": attempt}},
            "attribute_exists(pk)",
        )
