"""The publisher: from the stream, from the schedule, and when its process starts."""

from typing import Any

import pytest
from chauban.adapters.dynamodb.items import outbox_item
from chauban.adapters.dynamodb.table import attributes
from chauban.dossiers.changes import OutboxMessage
from chauban.handlers.publish import handler

from tests.unit.fakes.messaging import MemoryBus, MemoryOutbox, MemoryQueues
from tests.unit.fakes.time_and_ids import MORNING


def message(number: int, channel: str = "bus", kind: str = "dossier.submitted.v1") -> OutboxMessage:
    name = f"01KARX5T9V{number:016d}"
    return OutboxMessage(id=name, channel=channel, owner="D", body={"type": kind, "order": name}, at=MORNING)


def record(message: OutboxMessage, sequence: int, kind: str = "INSERT", **item: Any) -> dict[str, Any]:
    image = {**attributes(outbox_item(message)), **item}
    return {"eventName": kind, "dynamodb": {"NewImage": image, "SequenceNumber": str(sequence)}}


def run(*records: dict[str, Any]) -> list[str]:
    answer = handler({"Records": list(records)}, None)  # type: ignore[arg-type]
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.mark.usefixtures("fresh_publisher")
def test_a_new_message_of_the_stream_is_published(bus: MemoryBus, queues: MemoryQueues) -> None:
    assert run(record(message(1), 100), record(message(2, "seal"), 101)) == []
    assert [event["order"] for event in bus.events] == [message(1).id]
    assert queues.sent == [("seal", message(2, "seal").body)]


@pytest.mark.usefixtures("fresh_publisher")
def test_other_records_are_none_of_its_business(bus: MemoryBus) -> None:
    published = record(message(1), 100, kind="MODIFY")
    removed = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "101"}}
    head = {
        "eventName": "INSERT",
        "dynamodb": {"NewImage": attributes({"pk": "D#1", "sk": "HEAD"}), "SequenceNumber": "102"},
    }
    assert run(published, removed, head) == []
    assert bus.events == []


@pytest.mark.usefixtures("fresh_publisher")
def test_the_stream_goes_on_from_the_first_failure(bus: MemoryBus) -> None:
    bus.refused = {"bad"}
    records = [record(message(1), 100), record(message(2, kind="bad"), 101), record(message(3, kind="bad"), 102)]
    assert run(*records, record(message(4), 103)) == ["101"]
    assert len(bus.events) == 2


def test_a_fresh_process_sweeps_once(fresh_publisher: MemoryOutbox, bus: MemoryBus) -> None:
    """What its stream record never brought, the first change after a restart for instance."""
    fresh_publisher.waiting = [message(1)]
    run(record(message(2), 100))
    assert {event["order"] for event in bus.events} == {message(1).id, message(2).id}
    fresh_publisher.waiting = [message(3)]
    run(record(message(4), 101))
    assert fresh_publisher.waiting == [message(3)]


def test_the_schedule_sweeps_every_time(fresh_publisher: MemoryOutbox, bus: MemoryBus) -> None:
    for number in (1, 2):
        fresh_publisher.waiting = [message(number)]
        assert handler({"sweep": True}, None) == {"batchItemFailures": []}  # type: ignore[arg-type]
    assert len(bus.events) == 2


def test_a_sweep_that_fails_is_a_failure_of_the_schedule(fresh_publisher: MemoryOutbox, bus: MemoryBus) -> None:
    fresh_publisher.waiting, bus.refused = [message(1, kind="bad")], {"bad"}
    with pytest.raises(ExceptionGroup):
        handler({"sweep": True}, None)  # type: ignore[arg-type]


def test_a_message_that_is_stuck_does_not_stop_the_stream(fresh_publisher: MemoryOutbox, bus: MemoryBus) -> None:
    """Every fresh process used to fail its whole batch as long as one message could not be delivered."""
    fresh_publisher.waiting, bus.refused = [message(1, kind="bad")], {"bad"}
    assert run(record(message(2), 100)) == []
    assert [event["order"] for event in bus.events] == [message(2).id]
