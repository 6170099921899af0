"""What is to be extended and when: `L#<document>`, in the index `due` by time, over shards so that no key is hot."""

from collections.abc import Sequence
from datetime import UTC, datetime

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table, item_from, put
from chauban.errors import ConcurrentChange
from chauban.signing.preservation.entries import PreservationEntry

SHARDS = tuple(f"due-{shard}" for shard in range(8))
# Files that failed; there are few, or somebody has been told.
FAILING = "due-failing"
_ALL = (*SHARDS, FAILING)
_AS_READ = "revision = :revision AND edition = :edition"


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
        found = [entry for shard in _ALL for entry in self._due(shard, now, limit)]
        return sorted(found, key=lambda entry: (entry.due_at, entry.document))[:limit]

    def page(self, cursor: str | None, limit: int) -> tuple[Sequence[PreservationEntry], str | None]:
        """See `PreservationStore.page`; a cursor names a shard and a place in it."""
        shard, _, place = (cursor or SHARDS[0]).partition(" ")
        found, more = self._table.page("due", shard, limit=limit, cursor=place or None, newest_first=False)
        later = _ALL[_ALL.index(shard) + 1 :]
        following = f"{shard} {more}" if more else next(iter(later), None)
        return [items.value_of(PreservationEntry, item) for item in found], following

    def failing(self, limit: int) -> Sequence[PreservationEntry]:
        """See `PreservationStore.failing`; those that are tried next first."""
        found, _ = self._table.page("due", FAILING, limit=limit, cursor=None, newest_first=False)
        return [items.value_of(PreservationEntry, item) for item in found]

    def take(self, entry: PreservationEntry, until: datetime) -> PreservationEntry | None:
        """See `PreservationStore.take`."""
        taken = entry.taken(until)
        return taken.model_copy(update={"edition": entry.edition + 1}) if self.put_back(taken) else None

    def put_back(self, entry: PreservationEntry) -> bool:
        """See `PreservationStore.put_back`."""
        following = preservation_item(entry.model_copy(update={"edition": entry.edition + 1}))
        try:
            self._table.transact([put(following, _AS_READ, revision=entry.revision, edition=entry.edition)])
        except ConcurrentChange:
            return False
        return True

    def _due(self, shard: str, now: datetime, limit: int) -> list[PreservationEntry]:
        """The first of a shard; what somebody works on is not tried before he must have ended."""
        answer = self._table.client.query(
            TableName=self._table.name,
            IndexName="due",
            KeyConditionExpression="due_pk = :shard AND due_sk < :now",
            ExpressionAttributeValues={":shard": {"S": shard}, ":now": {"S": _sort(now) + "~"}},
            Limit=limit,
        )
        return [items.value_of(PreservationEntry, item_from(wire)) for wire in answer["Items"]]


def preservation_item(entry: PreservationEntry) -> items.Item:
    """An entry; those whose files failed are together, so that they are found whenever they are tried next."""
    shard = FAILING if entry.trouble else SHARDS[ord(entry.document[-1]) % len(SHARDS)]
    return {
        **entry_key(entry.document),
        "revision": entry.revision,
        "edition": entry.edition,
        "value": entry.model_dump_json(),
        "due_pk": shard,
        "due_sk": _sort(entry.next_at) + entry.document,
    }


def entry_key(document: str) -> items.Item:
    """Where the entry of a document lies."""
    return items.key(f"L#{document}", "DUE")


def _sort(moment: datetime) -> str:
    """A moment as the index sorts it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}#"
