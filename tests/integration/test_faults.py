"""What is broken in mid-work is finished later: one result, one number, and the reason is known meanwhile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chauban.adapters.dead_letters import dead_orders, redrive

from tests.integration.journey import Journey, facts
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.sleep import trust_services_asleep

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def _busy(stack: RunningStack, queue: str) -> bool:
    """Whether an order of the queue is in a worker's hands."""
    state = stack.aws("sqs").get_queue_attributes(
        QueueUrl=stack.resource(queue), AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
    )
    return int(state["Attributes"]["ApproximateNumberOfMessagesNotVisible"]) > 0


def _assert_one_of_each(stack: RunningStack, journey: Journey) -> None:
    assert len(facts(stack, journey.id, "number_issued")) == 1
    assert len(facts(stack, journey.id, "document_signed")) == 1
    issued = [fact for fact in facts(stack, journey.id, "document_issued") if fact["data"]["kind"] == "result"]
    assert len(issued) == 1
    assert len(journey.document("result")["revisions"]) == 1


def test_workers_killed_in_mid_work_leave_one_result_and_one_number(own_stack: RunningStack) -> None:
    journey = Journey(own_stack)
    journey.file()
    eventually(lambda: own_stack.kill_workers("RenderFunction"), what="a render worker to kill")
    journey.issued("application", seconds=150)
    journey.receive()
    journey.draft()
    session = journey.open_session(journey.task())
    signatures = journey.signatures(session)
    with trust_services_asleep(own_stack):
        journey.hand_in(session, signatures)
        eventually(lambda: _busy(own_stack, "SignQueue"), what="the sign worker to take the order")
        assert own_stack.kill_workers("SignFunction")
    with _seal_worker_watched(own_stack) as killed:
        journey.issued("result", seconds=240)
    assert killed
    _assert_one_of_each(own_stack, journey)


@contextmanager
def _seal_worker_watched(stack: RunningStack) -> Iterator[list[int]]:
    """Kills the seal worker once, as soon as it has work in its hands."""
    import threading

    killed: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02) and not killed:
            if _busy(stack, "SealQueue") and (count := stack.kill_workers("SealFunction")):
                killed.append(count)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield killed
    finally:
        done.set()
        watcher.join()


def test_a_seal_that_is_refused_waits_with_its_reason_until_it_is_allowed(
    own_stack: RunningStack, tmp_path: Path
) -> None:
    without = tmp_path / "template.yaml"
    text = TEMPLATE.read_text(encoding="utf-8")
    assert text.count("Action: [kms:Sign, kms:GetPublicKey]") == 1
    without.write_text(
        text.replace("Action: [kms:Sign, kms:GetPublicKey]", "Action: [kms:GetPublicKey]"), encoding="utf-8"
    )
    journey = Journey(own_stack)
    journey.until_drafted()
    journey.issued("receipt")
    own_stack.deploy(without)
    journey.sign()

    def dead() -> dict[str, Any] | None:
        found = dead_orders(
            own_stack.aws("sqs"),
            own_stack.aws("dynamodb"),
            own_stack.resource("SealDeadLetterQueue"),
            own_stack.resource("Table"),
        )
        return found[0] if found else None

    order = eventually(dead, seconds=200, what="the order in the dead-letter queue")
    assert order["dossier"] == journey.id
    assert order["failure"]["code"] == "signing-failed: kms-AccessDeniedException"
    assert journey.document("result")["status"] == "awaiting_seal"
    own_stack.deploy()
    moved = redrive(own_stack.aws("sqs"), own_stack.resource("SealDeadLetterQueue"), own_stack.resource("SealQueue"))
    assert moved == 1
    journey.issued("result", seconds=60)
    _assert_one_of_each(own_stack, journey)


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
        names = ("pk", "sk", "party_pk", "party_sk", "work_pk", "work_sk", "outbox_pk", "outbox_sk")
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
