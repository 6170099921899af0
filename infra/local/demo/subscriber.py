"""A downstream system: reads CloudEvents from its own queue with its own access key."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from infra.local.demo.failures import TooSlow
from infra.local.demo.stack import Stack

Event = dict[str, Any]


class Queue:
    """The subscriber's SQS queue; what concerns others and is newer than this run stays in it."""

    def __init__(self, stack: Stack) -> None:
        """No request is made yet."""
        own = stack.subscriber
        self._url = own.queue_url
        self._since_ms = int(time.time() * 1000)
        self._sqs = boto3.client(
            "sqs",
            endpoint_url=stack.aws_endpoint,
            region_name=stack.region,
            aws_access_key_id=own.access_key_id,
            aws_secret_access_key=own.secret_access_key,
            config=Config(connect_timeout=3, read_timeout=15, retries={"max_attempts": 2}),
        )

    def collect(self, dossier: str, complete: Callable[[list[Event]], bool], *, patience: float) -> list[Event]:
        """The dossier's events, without the repetitions that at-least-once delivery allows, ordered by time.

        Raises `TooSlow` with the types seen if they are not `complete` in time.
        """
        seen: dict[str, Event] = {}
        end = time.monotonic() + patience
        while not complete(list(seen.values())):
            if time.monotonic() > end:
                types = sorted(event["type"] for event in seen.values())
                raise TooSlow(f"the subscriber's queue held only {types} for the dossier after {patience:.0f} s")
            for event in self._receive(dossier):
                seen.setdefault(event["id"], event)
        return sorted(seen.values(), key=lambda event: (event["time"], event["id"]))

    def _receive(self, dossier: str) -> list[Event]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=1, AttributeNames=["SentTimestamp"]
        )
        mine = []
        for message in answer.get("Messages", []):
            # EventBridge wraps the CloudEvent: it is the `detail` of its own envelope.
            event = json.loads(message["Body"])["detail"]
            if event["subject"] == dossier:
                mine.append(event)
            elif int(message["Attributes"]["SentTimestamp"]) >= self._since_ms:
                continue
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return mine
