"""The workers' handlers over fakes."""

import json
from typing import Any

import pytest
from chauban import bootstrap
from chauban.events.publication import Publisher
from chauban.handlers import publish

from tests.unit.fakes.messaging import MemoryBus, MemoryOutbox, MemoryOwnQueue, MemoryQueues
from tests.unit.fakes.world import World


@pytest.fixture
def own_queue() -> MemoryOwnQueue:
    return MemoryOwnQueue()


@pytest.fixture
def outbox(world: World, own_queue: MemoryOwnQueue, monkeypatch: pytest.MonkeyPatch) -> MemoryOutbox:
    """What handlers get from bootstrap; the outbox is returned."""
    box = MemoryOutbox()
    for name, thing in (
        ("document_making", world.making),
        ("official_signing", world.official),
        ("remote_signing", world.remote),
        ("sealing", world.sealing),
        ("outbox", box),
        ("own_queue", own_queue),
        ("attempts", 18),
        ("hindrances", world.hindrances),
        ("clock", world.clock),
    ):
        monkeypatch.setattr(bootstrap, name, lambda thing=thing: thing)
    return box


@pytest.fixture
def bus() -> MemoryBus:
    return MemoryBus()


@pytest.fixture
def queues() -> MemoryQueues:
    return MemoryQueues()


@pytest.fixture
def fresh_publisher(
    outbox: MemoryOutbox, bus: MemoryBus, queues: MemoryQueues, monkeypatch: pytest.MonkeyPatch
) -> MemoryOutbox:
    """The publisher's process has just started."""
    monkeypatch.setattr(bootstrap, "publisher", lambda: Publisher(outbox, bus, queues))
    monkeypatch.setattr(publish, "_swept", False)
    return outbox


def sqs_event(*orders: dict[str, Any], attempt: int = 1) -> dict[str, Any]:
    """An event of a queue."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": f"receipt-{number}",
                "body": json.dumps(order),
                "attributes": {"ApproximateReceiveCount": str(attempt)},
                "eventSource": "aws:sqs",
            }
            for number, order in enumerate(orders, start=1)
        ]
    }
