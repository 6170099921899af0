"""The outbox in the table: nothing is lost, what was published is off the list, failures are kept with their order."""

import pytest
from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.outbox import KEPT, DynamoOutbox
from chauban.adapters.dynamodb.table import Table
from chauban.events.publication import Publisher

from tests.unit.fakes.messaging import MemoryBus, MemoryQueues
from tests.unit.fakes.world import World


@pytest.fixture
def outbox(table: Table, stored: World) -> DynamoOutbox:
    return DynamoOutbox(table, stored.clock)


def test_messages_of_a_transaction_wait_oldest_first(stored: World, outbox: DynamoOutbox) -> None:
    dossier = stored.received()
    waiting = outbox.unpublished(100)
    assert [m.id for m in waiting] == sorted(m.id for m in waiting)
    assert [m.channel for m in waiting] == ["bus", "render", "bus", "render"]
    assert {m.owner for m in waiting} == {dossier.id}
    assert waiting[0].body["type"] == "dossier.submitted.v1"
    assert waiting[0].at == stored.clock.now()


def test_the_oldest_come_first_from_all_shards(stored: World, outbox: DynamoOutbox) -> None:
    for _ in range(6):
        stored.submitted()
    everything = outbox.unpublished(100)
    shards = {items.outbox_shard(message.id) for message in everything}
    assert len(shards) > 1
    assert outbox.unpublished(5) == everything[:5]


def test_a_published_message_is_off_the_list_and_forgotten_later(
    table: Table, stored: World, outbox: DynamoOutbox
) -> None:
    stored.submitted()
    first, second = outbox.unpublished(100)
    outbox.mark_published(first)
    assert outbox.unpublished(100) == (second,)
    item = table.get(items.outbox_key(first))
    assert item is not None
    assert item["expires_at"] == items.epoch(stored.clock.now() + KEPT)
    assert "expires_at" not in (table.get(items.outbox_key(second)) or {})


def test_a_message_can_be_marked_twice(stored: World, outbox: DynamoOutbox) -> None:
    stored.submitted()
    (first, *_) = outbox.unpublished(100)
    outbox.mark_published(first)
    outbox.mark_published(first)
    assert first not in outbox.unpublished(100)


def test_marking_or_noting_what_is_not_there_makes_nothing(table: Table, stored: World, outbox: DynamoOutbox) -> None:
    stored.submitted()
    (first, *_) = outbox.unpublished(100)
    unknown = type(first)(id="NOSUCH", channel="bus", owner=first.owner, body={}, at=first.at)
    outbox.mark_published(unknown)
    outbox.note_failure(first.owner, "NOSUCH", "signing-failed", first.at, 1)
    assert table.get(items.outbox_key(unknown)) is None


def test_a_failure_is_kept_with_its_order(table: Table, stored: World, outbox: DynamoOutbox) -> None:
    stored.submitted()
    order = next(m for m in outbox.unpublished(100) if m.channel == "render")
    outbox.mark_published(order)
    outbox.note_failure(order.owner, order.id, "rendering-failed: overflow", stored.clock.now(), 2)
    item = table.get(items.outbox_key(order)) or {}
    assert item["failure"] == {"code": "rendering-failed: overflow", "at": stored.clock.now().isoformat(), "attempt": 2}
    assert items.message_from(item) == order


def test_a_sweep_publishes_what_waits_and_nothing_twice(stored: World, outbox: DynamoOutbox) -> None:
    bus, queues = MemoryBus(), MemoryQueues()
    publisher = Publisher(outbox, bus, queues)
    stored.received()
    assert publisher.sweep() == 4
    assert publisher.sweep() == 0
    assert [event["type"] for event in bus.events] == ["dossier.submitted.v1", "dossier.received.v1"]
    assert [channel for channel, _ in queues.sent] == ["render", "render"]


def test_no_personal_number_or_name_is_a_key_of_any_item(table: Table, stored: World) -> None:
    stored.issued()
    scanned = table.client.scan(TableName=table.name)["Items"]
    assert len(scanned) > 20
    for item in scanned:
        for name in ("pk", "sk", *(f"{i}_{k}" for i in ("party", "work", "outbox") for k in ("pk", "sk"))):
            text = item.get(name, {}).get("S", "")
            assert "0461980" not in text
            assert "Nguyễn" not in text


def test_an_idempotency_key_is_not_readable_in_the_table(table: Table, stored: World) -> None:
    stored.submitted(key="Nguyễn Thị An 046198000101")
    assert "Nguyễn Thị An 0461" not in str(table.client.scan(TableName=table.name)["Items"])
