"""What must not be found: personal numbers and officials' keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.journey import Journey
from tests.integration.running_stack import RunningStack


@pytest.mark.parametrize("place", ["environments", "keys", "queues", "logs"])
def test_no_personal_number_and_no_officials_key_is_found(stack: RunningStack, place: str) -> None:
    """The scan looks for what a journey certainly contained: the personal numbers of its people, and the devices' keys."""
    journey = Journey(stack)
    journey.whole()
    secrets = _secrets(stack, journey)
    assert len(secrets) >= 4
    found = [secret for secret in secrets for text in _texts(stack, place) if secret in text]
    assert found == []


def _secrets(stack: RunningStack, journey: Journey) -> list[str]:
    numbers = sorted(set(re.findall(r"\b\d{12}\b", json.dumps(journey.dossier()))))
    keys = [Path(device["key"]).read_text() for device in stack.description["devices"].values()]
    return numbers + ["".join(key.split("\n")[1:3])[:60] for key in keys] + [key.split("\n")[1] for key in keys]


def _bodies(stack: RunningStack) -> list[str]:
    """What lies in any queue; the subscriber's holds one of every event, since nobody took them."""
    sqs, found = stack.aws("sqs"), []
    for url in sqs.list_queues()["QueueUrls"]:
        batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", ())
        found += [message["Body"] for message in batch]
    assert found
    return found


def _texts(stack: RunningStack, place: str) -> Iterator[str]:
    if place == "environments":
        for function in stack.aws("lambda").list_functions()["Functions"]:
            yield json.dumps(function.get("Environment", {}))
    elif place == "keys":
        pages = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=stack.resource("Table"))
        names = ("pk", "sk", "party_pk", "party_sk", "work_pk", "work_sk", "outbox_pk", "outbox_sk", "due_pk", "due_sk")
        for page in pages:
            for item in page["Items"]:
                yield json.dumps([item.get(name) for name in names])
        for bucket in ("FormsBucket", "WorkBucket", "ArchiveBucket"):
            for page in stack.aws("s3").get_paginator("list_objects_v2").paginate(Bucket=stack.resource(bucket)):
                yield json.dumps([entry["Key"] for entry in page.get("Contents", ())])
    elif place == "queues":
        yield from _bodies(stack)
    else:
        logs = list(stack.stack.folder.logs.glob("*.log"))
        assert any("order-done" in log.read_text(errors="replace") for log in logs)
        for log in logs:
            yield log.read_text(errors="replace")
