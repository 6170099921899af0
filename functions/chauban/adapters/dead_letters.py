"""Dead-letter queues of the workers: what is in them and why, and putting it back."""

import json
from collections.abc import Iterator
from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table

LOOK_SECONDS = 30


def dead_orders(sqs: Any, dynamodb: Any, queue: str, table: str) -> Iterator[dict[str, Any]]:
    """Each order in a dead-letter queue with the `failure` kept for it: `{code, at, attempt}`. The messages stay there."""
    kept = Table(dynamodb, table)
    for message in _messages(sqs, queue, LOOK_SECONDS):
        order = json.loads(message["Body"])
        owner = order.get("session") or order["dossier"]
        known = kept.get(items.key(f"O#{owner}", order["order"])) or {}
        failure = known.get("failure")
        yield {**order, "failure": {**failure, "attempt": int(failure["attempt"])} if failure else None}
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)


def redrive(sqs: Any, dead: str, queue: str) -> int:
    """Moves every message of a dead-letter queue back; how many. A worker that already did the work finds it done."""
    count = 0
    for message in _messages(sqs, dead, LOOK_SECONDS):
        sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        count += 1
    return count


def _messages(sqs: Any, queue: str, visibility: int) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    while True:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=visibility)
        fresh = [message for message in answer.get("Messages", ()) if message["MessageId"] not in seen]
        if not fresh:
            return
        for message in fresh:
            seen.add(message["MessageId"])
            yield message
