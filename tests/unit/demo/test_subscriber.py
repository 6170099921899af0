"""The subscriber takes its dossier's events once each, in order, and leaves other newer ones alone."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from infra.local.demo.failures import TooSlow
from infra.local.demo.stack import Stack, Subscriber
from infra.local.demo.subscriber import Event, Queue

MINE, OTHER = "01KARX5T9V6T2J4Q8M3W7E1N5C", "01KARX5T9V6T2J4Q8M3W7E1N5D"


class Bus:
    """Puts events into the queue as EventBridge would."""

    def __init__(self) -> None:
        self.sqs = boto3.client("sqs", region_name="ap-southeast-1")
        self.url = self.sqs.create_queue(QueueName="subscriber")["QueueUrl"]

    def deliver(self, name: str, subject: str, at: str = "2026-11-23T01:00:00Z") -> None:
        event = {"id": name, "type": "dossier.submitted.v1", "subject": subject, "time": at}
        self.sqs.send_message(QueueUrl=self.url, MessageBody=json.dumps({"source": "chauban", "detail": event}))

    def left(self) -> int:
        attributes = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=attributes)["Attributes"]
        return sum(int(counts[name]) for name in attributes)

    def subscriber(self) -> Queue:
        own = Subscriber(self.url, "key", "secret")
        endpoint = "https://sqs.ap-southeast-1.amazonaws.com"
        return Queue(Stack(Path(), "", "", endpoint, "ap-southeast-1", "", Path(), own, (), {}, {}))


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Bus()


def two(events: list[Event]) -> bool:
    return len(events) == 2


def test_repeated_deliveries_count_once_and_order_is_by_time(bus: Bus) -> None:
    queue = bus.subscriber()
    bus.deliver("b", MINE, "2026-11-23T01:00:02Z")
    bus.deliver("b", MINE, "2026-11-23T01:00:02Z")
    bus.deliver("a", MINE, "2026-11-23T01:00:01Z")
    assert [event["id"] for event in queue.collect(MINE, two, patience=5)] == ["a", "b"]
    assert bus.left() == 0


def test_newer_events_of_other_dossiers_stay_in_the_queue(bus: Bus) -> None:
    queue = bus.subscriber()
    bus.deliver("theirs", OTHER)
    bus.deliver("a", MINE)
    bus.deliver("b", MINE)
    assert {event["id"] for event in queue.collect(MINE, two, patience=5)} == {"a", "b"}
    assert bus.left() == 1


def test_what_lay_in_the_queue_before_is_acknowledged(bus: Bus) -> None:
    bus.deliver("old", OTHER)
    time.sleep(0.01)
    queue = bus.subscriber()
    bus.deliver("a", MINE)
    bus.deliver("b", MINE)
    queue.collect(MINE, two, patience=5)
    assert bus.left() == 0


def test_missing_events_are_a_failure_that_says_what_was_there(bus: Bus) -> None:
    queue = bus.subscriber()
    bus.deliver("a", MINE)
    with pytest.raises(TooSlow, match=r"dossier\.submitted\.v1"):
        queue.collect(MINE, two, patience=0.5)
