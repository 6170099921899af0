"""Dead-letter queues of the workers: what is in them and why, and putting it back."""

import json
from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.table import Table

HIDDEN_SECONDS = 60


def dead_orders(sqs: Any, dynamodb: Any, queue: str, table: str) -> list[dict[str, Any]]:
    """Each order in a dead-letter queue with the `failure` kept for it: `{code, at, attempt}`. The messages stay there."""
    kept = Table(dynamodb, table)
    messages = _messages(sqs, queue)
    for message in messages:
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    return [_with_reason(kept, json.loads(message["Body"])) for message in messages]


def redrive(sqs: Any, dead: str, queue: str) -> int:
    """Moves every message of a dead-letter queue back; how many. A worker that already did the work finds it done."""
    messages = _messages(sqs, dead)
    for message in messages:
        sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    return len(messages)


def _with_reason(kept: Table, order: dict[str, Any]) -> dict[str, Any]:
    if "order" not in order:
        # What a bucket told of an upload; why it failed is in the log alone.
        return {"task": "examine", "upload": order["detail"]["object"]["key"], "failure": None}
    owner = order.get("session") or order.get("register") or order["dossier"]
    failure = (kept.get(items.key(f"O#{owner}", order["order"])) or {}).get("failure")
    return {**order, "failure": {**failure, "attempt": int(failure["attempt"])} if failure else None}


def _messages(sqs: Any, queue: str) -> list[dict[str, Any]]:
    """All messages of a queue; each is hidden from others while it is looked at."""
    found: list[dict[str, Any]] = []
    while batch := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=HIDDEN_SECONDS).get(
        "Messages"
    ):
        found += batch
    return found
