"""The table's calls: typed items in and out, paging, and transactions whose refusal becomes `ConcurrentChange`."""

import base64
import json
import random
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from chauban.adapters.dynamodb.items import Item
from chauban.errors import ConcurrentChange, FieldError, InvalidRequest

_WRITES = TypeSerializer()
_READS = TypeDeserializer()
_LOST_RACES = {"ConditionalCheckFailed", "TransactionConflict"}
# So often is tried again what only another transaction was in the way of, with pauses that grow to a second.
ATTEMPTS = 8


def attributes(item: Item) -> dict[str, Any]:
    """An item in the wire form."""
    return {name: _WRITES.serialize(value) for name, value in item.items()}


def item_from(wire: dict[str, Any]) -> Item:
    """An item from its wire form."""
    return {name: _READS.deserialize(value) for name, value in wire.items()}


class Table:
    """One DynamoDB table through its client."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name

    @cached_property
    def _place(self) -> dict[str, str]:
        return {"TableName": self.name}

    def get(self, where: Item) -> Item | None:
        """The item at a key, read consistently."""
        answer = self.client.get_item(**self._place, Key=attributes(where), ConsistentRead=True)
        return item_from(answer["Item"]) if "Item" in answer else None

    def batch_get(self, places: Sequence[Item]) -> list[Item]:
        """The items at up to 100 keys, in their order; raises `KeyError` for one that is not there."""
        wanted = {(place["pk"], place["sk"]): attributes(place) for place in places}
        request = {self.name: {"Keys": list(wanted.values()), "ConsistentRead": True}} if wanted else {}
        found: dict[tuple[str, str], Item] = {}
        while request:
            answer = self.client.batch_get_item(RequestItems=request)
            for item in map(item_from, answer["Responses"][self.name]):
                found[item["pk"], item["sk"]] = item
            request = answer.get("UnprocessedKeys") or {}
        return [found[place["pk"], place["sk"]] for place in places]

    def partition(self, pk: str) -> list[Item]:
        """All items of a partition, read consistently."""
        pages = self.client.get_paginator("query").paginate(
            **self._place,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=attributes({":pk": pk}),
            ConsistentRead=True,
        )
        return [item_from(wire) for page in pages for wire in page["Items"]]

    def between(self, pk: str, first: str, last: str) -> list[Item]:
        """The items of a partition whose sort keys lie from `first` to `last`, both included, read consistently."""
        pages = self.client.get_paginator("query").paginate(
            **self._place,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=attributes({":pk": pk, ":first": first, ":last": last}),
            ConsistentRead=True,
        )
        return [item_from(wire) for page in pages for wire in page["Items"]]

    def page(
        self, index: str, pk: str, *, prefix: str = "", limit: int, cursor: str | None, newest_first: bool
    ) -> tuple[list[Item], str | None]:
        """Some items of an index partition whose sort key starts with `prefix`, and the cursor for those after them."""
        values = {":pk": pk, ":prefix": prefix} if prefix else {":pk": pk}
        condition = f"{index}_pk = :pk" + (f" AND begins_with({index}_sk, :prefix)" if prefix else "")
        start = {"ExclusiveStartKey": _start(cursor, index, pk, prefix)} if cursor else {}
        answer = self.client.query(
            **self._place,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=attributes(values),
            Limit=limit,
            ScanIndexForward=not newest_first,
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        return [item_from(wire) for wire in answer["Items"]], _cursor(last, index) if last else None

    def count_up(self, where: Item) -> int:
        """One more than the counter said before; 1 for a new one."""
        answer = self.client.update_item(
            **self._place,
            Key=attributes(where),
            UpdateExpression="ADD #n :one",
            ExpressionAttributeNames={"#n": "n"},
            ExpressionAttributeValues=attributes({":one": 1}),
            ReturnValues="UPDATED_NEW",
        )
        return int(item_from(answer["Attributes"])["n"])

    def update(self, where: Item, expression: str, values: Item, condition: str | None = None) -> bool:
        """Updates one item; False where the condition did not hold."""
        guard = {"ConditionExpression": condition} if condition else {}
        given = {"ExpressionAttributeValues": attributes(values)} if values else {}
        try:
            self.client.update_item(**self._place, Key=attributes(where), UpdateExpression=expression, **given, **guard)
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def transact(self, writes: Sequence[dict[str, Any]]) -> None:
        """Writes all or nothing; raises `ConcurrentChange` where a condition did not hold or another transaction ran."""
        named = [{kind: {**self._place, **write}} for entry in writes for kind, write in entry.items()]
        try:
            self.client.transact_write_items(TransactItems=named)
        except ClientError as refusal:
            reasons = {reason.get("Code") for reason in refusal.response.get("CancellationReasons", ())}
            conflict = refusal.response["Error"]["Code"] == "TransactionConflictException"
            if conflict or reasons & _LOST_RACES:
                raise ConcurrentChange from refusal
            raise

    def transact_while(self, writes: Sequence[dict[str, Any]], holds: Callable[[], bool]) -> None:
        """Writes all or nothing; again, where it was refused and what it rests on still `holds`: then another transaction was in
        the way. Raises `ConcurrentChange`.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.transact(writes)
            except ConcurrentChange:
                if attempt == ATTEMPTS or not holds():
                    raise
            time.sleep(random.uniform(0, min(1.0, 0.01 * 2**attempt)))  # noqa: S311 - spreads retries, guards nothing
        return None


def put(item: Item, condition: str | None = None, **values: Any) -> dict[str, Any]:
    """A put for a transaction; `values` are those of the condition, by name without the colon."""
    write: dict[str, Any] = {"Item": attributes(item)}
    return {"Put": _guarded(write, condition, values)}


def change(where: Item, expression: str, condition: str | None, **values: Any) -> dict[str, Any]:
    """An update for a transaction."""
    write: dict[str, Any] = {"Key": attributes(where), "UpdateExpression": expression}
    return {"Update": _guarded(write, condition, values)}


def _guarded(write: dict[str, Any], condition: str | None, values: Item) -> dict[str, Any]:
    if condition:
        write["ConditionExpression"] = condition
    if values:
        write["ExpressionAttributeValues"] = attributes({f":{name}": value for name, value in values.items()})
    return write


def _cursor(last: dict[str, Any], index: str) -> str:
    """Where to go on, without the index's partition, which the caller's rights decide and not the cursor."""
    place = [_READS.deserialize(last[name]) for name in ("pk", "sk", f"{index}_sk")]
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def _start(cursor: str, index: str, pk: str, prefix: str) -> dict[str, Any]:
    """The place a cursor names; raises `InvalidRequest` for a text that this list did not give."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        place = None
    match place:
        case [str(table_pk), str(table_sk), str(index_sk)] if all(place) and index_sk.startswith(prefix):
            return attributes({"pk": table_pk, "sk": table_sk, f"{index}_pk": pk, f"{index}_sk": index_sk})
    raise InvalidRequest([FieldError("#/cursor", "unknown-cursor", dict(_CURSOR))])


_CURSOR = {
    "vi": "Tham số cursor không phải do danh sách này cấp. Hãy đọc lại từ trang đầu.",
    "en": "The cursor was not given by this list. Read it again from the first page.",
}
