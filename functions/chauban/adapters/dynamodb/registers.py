"""Registers in the table: one item each, `G#<id>`, guarded by its version."""

from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.dossiers import idempotency_write
from chauban.adapters.dynamodb.preservation import preservation_item
from chauban.adapters.dynamodb.table import Table, put
from chauban.dossiers.changes import IdempotencyRecord, OutboxMessage
from chauban.errors import NotFound
from chauban.registers.model import Register
from chauban.signing.preservation.entries import PreservationEntry


class DynamoRegisters:
    """A `RegisterStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def load(self, register: str) -> Register:
        """See `RegisterStore.load`."""
        item = self._table.get(_key(register))
        if item is None:
            raise NotFound
        return items.value_of(Register, item)

    def create(self, register: Register, order: OutboxMessage, once: IdempotencyRecord) -> None:
        """See `RegisterStore.create`."""
        self._table.transact(
            [
                put(_item(register), "attribute_not_exists(pk)"),
                put(items.outbox_item(order)),
                idempotency_write(once, register.taken_at),
            ]
        )

    def replace(
        self,
        before: Register,
        after: Register,
        order: OutboxMessage | None = None,
        entry: PreservationEntry | None = None,
    ) -> None:
        """See `RegisterStore.replace`."""
        writes: list[dict[str, Any]] = [put(_item(after), "version = :before", before=before.version)]
        if order:
            writes.append(put(items.outbox_item(order)))
        if entry:
            writes.append(put(preservation_item(entry)))
        self._table.transact(writes)


def _key(register: str) -> items.Item:
    return items.key(f"G#{register}", items.REGISTER)


def _item(register: Register) -> items.Item:
    return {**_key(register.id), "version": register.version, "value": register.model_dump_json()}
