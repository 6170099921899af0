"""A `RegisterStore` and a `NumberBookStore` in memory."""

from collections.abc import Sequence

from chauban.dossiers.changes import IdempotencyRecord, OutboxMessage
from chauban.dossiers.documents import Document
from chauban.dossiers.number_books import NumberEntry
from chauban.errors import ConcurrentChange, NotFound
from chauban.registers.model import Register
from chauban.signing.preservation.entries import PreservationEntry

from tests.unit.fakes.tables import Tables


class MemoryRegisters:
    """See `RegisterStore`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.kept: dict[str, Register] = {}

    def load(self, register: str) -> Register:
        if register not in self.kept:
            raise NotFound
        return self.kept[register]

    def create(self, register: Register, order: OutboxMessage, once: IdempotencyRecord) -> None:
        with self._tables.lock:
            if register.id in self.kept or self._tables.key_in_use(once, register.taken_at):
                raise ConcurrentChange
            self.kept[register.id] = register
            self._tables.messages.append(order)
            self._tables.idempotency[once.client, once.key] = once

    def replace(
        self,
        before: Register,
        after: Register,
        order: OutboxMessage | None = None,
        entry: PreservationEntry | None = None,
    ) -> None:
        with self._tables.lock:
            if self.load(before.id).version != before.version:
                raise ConcurrentChange
            self.kept[after.id] = after
            self._tables.messages += [order] if order else []
            if entry:
                self._tables.due[entry.document] = entry


class MemoryNumberBooks:
    """See `NumberBookStore`; what the dossiers' changes wrote."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def entry(self, agency: str, book: str, year: int, number: int) -> NumberEntry:
        found = self._tables.entries.get((agency, book, year, number))
        if found is None:
            raise NotFound
        return found

    def entries(self, agency: str, book: str, year: int, first: int, last: int) -> tuple[NumberEntry, ...]:
        places = [(agency, book, year, number) for number in range(first, last + 1)]
        return tuple(self._tables.entries[place] for place in places if place in self._tables.entries)

    def documents(self, entries: Sequence[NumberEntry]) -> tuple[Document, ...]:
        return tuple(self._tables.dossiers[entry.dossier].document(entry.document) for entry in entries)
