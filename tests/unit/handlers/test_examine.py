"""The examining worker: what the bucket tells of is examined, tried again soon, and never for ever."""

from io import StringIO
from typing import Any

import pytest
from chauban import bootstrap
from chauban.attachments import reasons
from chauban.attachments.ports import Scan
from chauban.dossiers.attachments import AttachmentStatus
from chauban.dossiers.model import Dossier
from chauban.handlers import examine

from tests.unit.fakes.messaging import MemoryOwnQueue
from tests.unit.fakes.world import World
from tests.unit.handlers.conftest import sqs_event


@pytest.fixture
def own_queue(monkeypatch: pytest.MonkeyPatch, world: World) -> MemoryOwnQueue:
    queue = MemoryOwnQueue()
    monkeypatch.setattr(bootstrap, "examining", lambda: world.attaching.examining)
    monkeypatch.setattr(bootstrap, "own_queue", lambda: queue)
    return queue


def told(key: str, attempt: int = 1) -> dict[str, Any]:
    """As EventBridge writes it into the queue."""
    detail = {"bucket": {"name": "uploads"}, "object": {"key": key, "size": 9}}
    return sqs_event({"source": "aws.s3", "detail-type": "Object Created", "detail": detail}, attempt=attempt)


def uploaded(world: World) -> tuple[Dossier, str, str]:
    dossier = world.received()
    attachment = world.attaching.uploaded(dossier)
    return dossier, attachment.id, f"uploads/{dossier.id}/{attachment.id}"


def status(world: World, dossier: Dossier, attachment: str) -> tuple[str, str | None]:
    found = world.store.load(dossier.id).attachment(attachment)
    return found.status.value, found.reason


def test_an_upload_is_examined(world: World, own_queue: MemoryOwnQueue, log: StringIO) -> None:
    dossier, attachment, key = uploaded(world)
    assert examine.handler(told(key), None) == {"batchItemFailures": []}  # type: ignore[arg-type]
    assert status(world, dossier, attachment) == ("accepted", None)
    assert attachment in log.getvalue()
    assert "ly hôn" not in log.getvalue()


def test_what_is_no_upload_is_nothing_to_do(world: World, own_queue: MemoryOwnQueue) -> None:
    assert examine.handler(told("something/else"), None) == {"batchItemFailures": []}  # type: ignore[arg-type]


def test_a_failure_is_told_and_tried_again_soon(world: World, own_queue: MemoryOwnQueue, log: StringIO) -> None:
    dossier, attachment, key = uploaded(world)
    world.attaching.examiner.fails = OSError("no answer")
    for attempt in (1, 2, 5):
        answer = examine.handler(told(key, attempt), None)  # type: ignore[arg-type]
        assert answer == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    assert [seconds for _, seconds in own_queue.again] == [5, 15, 180]
    assert "attachment-not-examined" in log.getvalue()
    assert status(world, dossier, attachment) == ("scanning", None)


def test_at_last_it_is_refused_so_that_nothing_waits(world: World, own_queue: MemoryOwnQueue, log: StringIO) -> None:
    dossier, attachment, key = uploaded(world)
    attempt = len(examine.PAUSES) + 1
    assert examine.handler(told(key, attempt), None) == {"batchItemFailures": []}  # type: ignore[arg-type]
    assert status(world, dossier, attachment) == ("refused", reasons.NOT_EXAMINED)
    assert world.attaching.examiner.shown == []
    assert "attachment-given-up" in log.getvalue()


def test_waiting_for_the_scanner_is_no_failure_of_ours(world: World, own_queue: MemoryOwnQueue, log: StringIO) -> None:
    dossier, attachment, key = uploaded(world)
    world.attaching.uploads.found = Scan.WAITING
    answer = examine.handler(told(key), None)  # type: ignore[arg-type]
    assert answer["batchItemFailures"]
    assert "attachment-not-scanned-yet" in log.getvalue()
    assert "attachment-not-examined" not in log.getvalue()
    world.attaching.uploads.found = Scan.CLEAN
    examine.handler(told(key, 2), None)  # type: ignore[arg-type]
    assert status(world, dossier, attachment)[0] == AttachmentStatus.ACCEPTED
