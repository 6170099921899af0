"""What is to be extended and when: `L#<document>`, in the index `due` by time, over shards so that no key is hot."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table, item_from, put
from chauban.errors import ConcurrentChange
from chauban.signing.preservation.entries import PreservationEntry

SHARDS = tuple(f"due-{shard}" for shard in range(8))
_SAME = "revision = :revision"


class DynamoPreservation:
    """A `PreservationStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def entry(self, document: str) -> PreservationEntry | None:
        """See `PreservationStore.entry`."""
        item = self._table.get(entry_key(document))
        return items.value_of(PreservationEntry, item) if item else None

    def due(self, now: datetime, limit: int) -> Sequence[PreservationEntry]:
        """See `PreservationStore.due`; all shards, as far as each is needed."""
        found = [entry for shard in SHARDS for entry in self._due(shard, now, limit)]
        return sorted(found, key=lambda entry: (entry.due_at, entry.document))[:limit]

    def page(self, cursor: str | None, limit: int) -> tuple[Sequence[PreservationEntry], str | None]:
        """See `PreservationStore.page`; a cursor names a shard and a place in it."""
        shard, _, place = (cursor or SHARDS[0]).partition(" ")
        found, more = self._table.page("due", shard, limit=limit, cursor=place or None, newest_first=False)
        later = SHARDS[SHARDS.index(shard) + 1 :]
        following = f"{shard} {more}" if more else next(iter(later), None)
        return [items.value_of(PreservationEntry, item) for item in found], following

    def take(self, entry: PreservationEntry, now: datetime, until: datetime) -> bool:
        """See `PreservationStore.take`."""
        return self._table.update(
            entry_key(entry.document),
            "SET taken_until = :until",
            {":until": items.epoch(until), ":now": items.epoch(now), ":revision": entry.revision},
            f"{_SAME} AND (attribute_not_exists(taken_until) OR taken_until <= :now)",
        )

    def put_back(self, entry: PreservationEntry) -> None:
        """See `PreservationStore.put_back`."""
        with suppress(ConcurrentChange):
            self._table.transact([put(preservation_item(entry), _SAME, revision=entry.revision)])

    def _due(self, shard: str, now: datetime, limit: int) -> list[PreservationEntry]:
        """The first of a shard; what is taken is left out by the index's query, and does not count."""
        found: list[PreservationEntry] = []
        start: dict[str, object] = {}
        while len(found) < limit:
            answer = self._table.client.query(
                TableName=self._table.name,
                IndexName="due",
                KeyConditionExpression="due_pk = :shard AND due_sk < :now",
                FilterExpression="attribute_not_exists(taken_until) OR taken_until <= :epoch",
                ExpressionAttributeValues={
                    ":shard": {"S": shard},
                    ":now": {"S": _sort(now) + "~"},
                    ":epoch": {"N": str(items.epoch(now))},
                },
                Limit=limit,
                **start,
            )
            found += [items.value_of(PreservationEntry, item_from(wire)) for wire in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        return found[:limit]


def preservation_item(entry: PreservationEntry) -> items.Item:
    """An entry; nobody has taken it."""
    return {
        **entry_key(entry.document),
        "revision": entry.revision,
        "value": entry.model_dump_json(),
        "due_pk": SHARDS[ord(entry.document[-1]) % len(SHARDS)],
        "due_sk": _sort(entry.next_at) + entry.document,
    }


def entry_key(document: str) -> items.Item:
    """Where the entry of a document lies."""
    return items.key(f"L#{document}", "DUE")


def _sort(moment: datetime) -> str:
    """A moment as the index sorts it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}#"
