"""Events to EventBridge and work to SQS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chauban.errors import ChaubanError

SOURCE = "chauban"


class NotTaken(ChaubanError):
    """EventBridge answered, but did not take the event."""

    code = "event-not-taken"


@dataclass(frozen=True)
class EventBridgeBus:
    """An `EventBus`: the CloudEvent is the detail, its type the detail type."""

    client: Any
    bus: str

    def publish(self, event: Mapping[str, Any]) -> None:
        """See `EventBus.publish`."""
        entry = {
            "EventBusName": self.bus,
            "Source": SOURCE,
            "DetailType": event["type"],
            "Detail": json.dumps(event, ensure_ascii=False, separators=(",", ":")),
        }
        if self.client.put_events(Entries=[entry])["FailedEntryCount"]:
            raise NotTaken


CHANNELS = ("render", "sign", "seal", "extend")
"""The queues of work; each has a worker of its own."""


@dataclass(frozen=True)
class SqsOwnQueue:
    """An `OwnQueue`."""

    client: Any
    url: str

    def try_again_in(self, receipt: str, seconds: int) -> None:
        """See `OwnQueue.try_again_in`."""
        self.client.change_message_visibility(QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=seconds)


@dataclass(frozen=True)
class SqsQueues:
    """`WorkQueues`: `urls` by channel."""

    client: Any
    urls: Mapping[str, str]

    def send(self, channel: str, body: Mapping[str, Any]) -> None:
        """See `WorkQueues.send`."""
        text = json.dumps(body, separators=(",", ":"))
        wait = {"DelaySeconds": int(body["delay"])} if body.get("delay") else {}
        self.client.send_message(QueueUrl=self.urls[channel], MessageBody=text, **wait)
