"""A bus and queues that write down what they were given, and refuse what they are told to."""

from collections.abc import Mapping
from typing import Any

from chauban.dossiers.changes import OutboxMessage


class NotTakenError(Exception):
    """What a broken bus or queue raises."""


class MemoryBus:
    """An `EventBus`; events of a type in `refused` are not taken."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.refused: set[str] = set()

    def publish(self, event: Mapping[str, Any]) -> None:
        if event["type"] in self.refused:
            raise NotTakenError
        self.events.append(dict(event))


class MemoryQueues:
    """`WorkQueues`."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send(self, channel: str, body: Mapping[str, Any]) -> None:
        self.sent.append((channel, dict(body)))


class MemoryOutbox:
    """An `Outbox` of given messages; `failures` are what was noted."""

    def __init__(self, *messages: OutboxMessage) -> None:
        self.waiting = list(messages)
        self.failures: list[tuple[str, str, str, int]] = []

    def unpublished(self, limit: int) -> tuple[OutboxMessage, ...]:
        return tuple(self.waiting[:limit])

    def mark_published(self, message: OutboxMessage) -> None:
        self.waiting = [kept for kept in self.waiting if kept.id != message.id]

    def note_failure(self, owner: str, order: str, code: str, _at: object, attempt: int) -> None:
        self.failures.append((owner, order, code, attempt))


class MemoryOwnQueue:
    """An `OwnQueue` that writes down what is to be tried again, and how soon."""

    def __init__(self) -> None:
        self.again: list[tuple[str, int]] = []

    def try_again_in(self, receipt: str, seconds: int) -> None:
        self.again.append((receipt, seconds))
