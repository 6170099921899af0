"""Publishing: at least once, to the right place, and one message that is stuck does not hold up the others."""

import pytest
from chauban.dossiers.changes import OutboxMessage
from chauban.events.publication import BATCH, Publisher

from tests.unit.fakes.messaging import MemoryBus, MemoryOutbox, MemoryQueues, NotTakenError
from tests.unit.fakes.time_and_ids import MORNING


def message(number: int, channel: str = "bus", kind: str = "t") -> OutboxMessage:
    body = {"type": kind, "order": f"M{number:03d}"}
    return OutboxMessage(id=f"M{number:03d}", channel=channel, owner="D", body=body, at=MORNING)


def test_events_go_to_the_bus_and_orders_to_their_queue() -> None:
    outbox, bus, queues = (
        MemoryOutbox(message(1), message(2, "render"), message(3, "seal")),
        MemoryBus(),
        MemoryQueues(),
    )
    assert Publisher(outbox, bus, queues).sweep() == 3
    assert [event["order"] for event in bus.events] == ["M001"]
    assert [(channel, body["order"]) for channel, body in queues.sent] == [("render", "M002"), ("seal", "M003")]
    assert outbox.waiting == []


def test_what_was_not_taken_stays_on_the_list() -> None:
    outbox, bus = MemoryOutbox(message(1)), MemoryBus()
    bus.refused = {"t"}
    with pytest.raises(NotTakenError):
        Publisher(outbox, bus, MemoryQueues()).publish(message(1))
    assert [m.id for m in outbox.waiting] == ["M001"]


def test_a_message_that_is_stuck_does_not_hold_up_those_behind_it() -> None:
    """One event that the bus never takes used to stop every sweep at its place."""
    outbox, bus, queues = (
        MemoryOutbox(message(1, kind="bad"), message(2), message(3, "seal")),
        MemoryBus(),
        MemoryQueues(),
    )
    bus.refused = {"bad"}
    with pytest.raises(ExceptionGroup) as told:
        Publisher(outbox, bus, queues).sweep()
    assert isinstance(told.value.exceptions[0], NotTakenError)
    assert [m.id for m in outbox.waiting] == ["M001"]
    assert [event["order"] for event in bus.events] == ["M002"]
    assert [body["order"] for _, body in queues.sent] == ["M003"]


def test_a_process_killed_between_handing_over_and_marking_publishes_again() -> None:
    class Killed(BaseException):
        pass

    class Forgetful(MemoryOutbox):
        def mark_published(self, message: OutboxMessage) -> None:
            raise Killed

    outbox, bus = Forgetful(message(1)), MemoryBus()
    with pytest.raises(Killed):
        Publisher(outbox, bus, MemoryQueues()).sweep()
    Publisher(MemoryOutbox(*outbox.waiting), bus, MemoryQueues()).sweep()
    assert [event["order"] for event in bus.events] == ["M001", "M001"]


def test_a_sweep_takes_a_batch() -> None:
    outbox = MemoryOutbox(*(message(number) for number in range(BATCH + 5)))
    publisher = Publisher(outbox, MemoryBus(), MemoryQueues())
    assert [publisher.sweep(), publisher.sweep(), publisher.sweep()] == [BATCH, 5, 0]
