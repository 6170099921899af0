"""Number books in the table: an entry for each number, beside the counter of its book."""

from collections.abc import Sequence

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table
from chauban.dossiers.documents import Document
from chauban.dossiers.number_books import NumberEntry
from chauban.errors import NotFound


class DynamoNumberBooks:
    """A `NumberBookStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def entry(self, agency: str, book: str, year: int, number: int) -> NumberEntry:
        """See `NumberBookStore.entry`."""
        item = self._table.get(items.number_entry_key(agency, book, year, number))
        if item is None:
            raise NotFound
        return items.value_of(NumberEntry, item)

    def entries(self, agency: str, book: str, year: int, first: int, last: int) -> tuple[NumberEntry, ...]:
        """See `NumberBookStore.entries`."""
        start, end = (items.number_entry_key(agency, book, year, number) for number in (first, last))
        found = self._table.between(start["pk"], start["sk"], end["sk"])
        return tuple(items.value_of(NumberEntry, item) for item in found)

    def documents(self, entries: Sequence[NumberEntry]) -> tuple[Document, ...]:
        """See `NumberBookStore.documents`."""
        found = self._table.batch_get([items.document_key(entry.dossier, entry.document) for entry in entries])
        return tuple(items.value_of(Document, item) for item in found)
