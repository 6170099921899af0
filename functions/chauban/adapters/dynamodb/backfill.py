"""All documents of the table, and what may lack beside them; for a shell with rights of its own, no function scans the table."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.places import place_item, place_key
from chauban.adapters.dynamodb.preservation import entry_key, preservation_item
from chauban.adapters.dynamodb.table import Table, attributes, item_from, put
from chauban.dossiers.documents import Document
from chauban.errors import ConcurrentChange
from chauban.registers.model import Register
from chauban.signing.preservation.backfilling import FoundDocument, Progress
from chauban.signing.preservation.entries import PreservationEntry

# Items that one call looks through; most of a table are no documents.
PAGE = 1000
# As many as one call takes, to read or to write.
MOST = 100
_NEW = "attribute_not_exists(pk)"
_PROGRESS = items.key("BACKFILL", "PROGRESS")


class DynamoBackfill:
    """A `BackfillStore`. What a scan shows may be seconds old: that was issued with its entry, which stays."""

    def __init__(self, table: Table, page: int = PAGE) -> None:
        self._table = table
        self._page = page

    def documents(self, cursor: str | None) -> tuple[Sequence[FoundDocument], str | None]:
        """See `BackfillStore.documents`; a cursor is the key after which it goes on."""
        start = {"ExclusiveStartKey": json.loads(cursor)} if cursor else {}
        answer = self._table.client.scan(
            TableName=self._table.name,
            FilterExpression="begins_with(sk, :document) OR sk = :register",
            ProjectionExpression="pk, sk, #value",
            ExpressionAttributeNames={"#value": "value"},
            ExpressionAttributeValues=attributes({":document": items.DOCUMENTS, ":register": items.REGISTER}),
            Limit=self._page,
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        return [_found(item_from(wire)) for wire in answer["Items"]], json.dumps(last) if last else None

    def lacking(
        self, entries: Sequence[PreservationEntry], places: Sequence[FoundDocument]
    ) -> tuple[Sequence[PreservationEntry], Sequence[FoundDocument]]:
        """See `BackfillStore.lacking`."""
        wanted = [entry_key(each.document) for each in entries] + [place_key(each.document.id) for each in places]
        there = self._there(wanted)
        return (
            [each for each in entries if _name(entry_key(each.document)) not in there],
            [each for each in places if _name(place_key(each.document.id)) not in there],
        )

    def add(self, entries: Sequence[PreservationEntry], places: Sequence[FoundDocument]) -> None:
        """See `BackfillStore.add`."""
        new = [preservation_item(each) for each in entries]
        new += [place_item(each.document.id, each.dossier) for each in places if each.dossier]
        for first in range(0, len(new), MOST):
            self._add([put(item, _NEW) for item in new[first : first + MOST]])

    def progress(self) -> Progress | None:
        """See `BackfillStore.progress`."""
        found = self._table.get(_PROGRESS)
        kept = items.value_of(Progress, found) if found else None
        return kept if kept and kept.cursor else None

    def keep(self, progress: Progress) -> None:
        """See `BackfillStore.keep`; what is kept of a run that came to its end has no cursor."""
        self._table.transact([put({**_PROGRESS, "value": progress.model_dump_json()})])

    def _add(self, writes: Sequence[dict[str, Any]]) -> None:
        try:
            self._table.transact(writes)
        except ConcurrentChange:
            # One of them has been written by somebody else: the others go in by themselves.
            for write in writes:
                with suppress(ConcurrentChange):
                    self._table.transact([write])

    def _there(self, wanted: Sequence[items.Item]) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for first in range(0, len(wanted), MOST):
            keys = [attributes(each) for each in wanted[first : first + MOST]]
            request: dict[str, Any] = {self._table.name: {"Keys": keys, "ProjectionExpression": "pk, sk"}}
            while request:
                answer = self._table.client.batch_get_item(RequestItems=request)
                found |= {_name(item_from(wire)) for wire in answer["Responses"][self._table.name]}
                request = answer.get("UnprocessedKeys") or {}
        return found


def _found(item: items.Item) -> FoundDocument:
    if item["sk"] == items.REGISTER:
        register = items.value_of(Register, item)
        return FoundDocument(register.document, agency_register=register.id)
    return FoundDocument(items.value_of(Document, item), dossier=item["pk"].removeprefix(items.partition("")))


def _name(item: items.Item) -> tuple[str, str]:
    return item["pk"], item["sk"]
