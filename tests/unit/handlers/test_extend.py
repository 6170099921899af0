"""The extend worker's handler: orders of the queue, runs of the schedule, and what the log tells of them."""

import json
from io import StringIO
from typing import Any

import pytest
from chauban import bootstrap
from chauban.handlers import extend

from tests.unit.fakes.messaging import MemoryOutbox
from tests.unit.fakes.world import World, result_of
from tests.unit.handlers.conftest import sqs_event
from tests.unit.registers.test_registers_last import sealed


@pytest.fixture(autouse=True)
def wired(world: World, outbox: MemoryOutbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "renewing", lambda _explain: world.renewing)
    monkeypatch.setattr(bootstrap, "renewal_budget", lambda: (60, 100))
    monkeypatch.setattr(bootstrap, "clock", lambda: world.clock)


def lines(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def orders(world: World) -> list[dict[str, Any]]:
    return [message.body for message in world.messages("extend")]


def run() -> dict[str, Any]:
    return extend.handler({"renewal": True}, None)  # type: ignore[arg-type]


def test_an_order_extends_its_document_and_may_come_again(world: World) -> None:
    dossier = world.issued()
    for _ in range(2):
        answer = extend.handler(sqs_event(*orders(world)), None)  # type: ignore[arg-type]
        assert answer == {"batchItemFailures": []}
    assert len(result_of(world.store.load(dossier.id)).revisions) == 2


def test_an_order_for_a_register_extends_it(world: World) -> None:
    register = sealed(world)
    answer = extend.handler(sqs_event(*orders(world)), None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": []}
    assert len(world.registers.load(register.id).document.revisions) == 2


def test_an_order_that_finds_no_authority_is_taken_off_the_queue_and_stays_due(world: World, log: StringIO) -> None:
    dossier = world.issued()
    world.preserving.available = lambda: False
    answer = extend.handler(sqs_event(*orders(world)), None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": []}
    assert [line["outcome"] for line in lines(log) if line["message"] == "extended"] == ["waits"]
    world.clock.forward(hours=1)
    assert run()["waits"]
    world.preserving.available = lambda: True
    assert run() == {"done": 1, "failed": {}, "waits": False, "budget_spent": False}
    assert len(result_of(world.store.load(dossier.id)).revisions) == 2


def test_a_run_tells_what_failed_and_what_has_been_due_for_a_day(world: World, log: StringIO) -> None:
    broken, waiting = world.issued(), world.issued()
    world.preserving.spoilt.add(world.files.read(result_of(broken).revisions[0].file))
    world.clock.forward(hours=1)
    run()
    failed = [line for line in lines(log) if line["message"] == "extension-failed"]
    assert [line["failed"] for line in failed] == [{"verification-failed: seal: altered": 1}]
    assert not [line for line in lines(log) if line["message"] == "extensions-overdue"]
    world.preserving.available = lambda: False
    world.issued()
    world.clock.forward(days=2)
    run()
    assert [line["level"] for line in lines(log) if line["message"] == "extensions-overdue"] == ["ERROR"]
    assert waiting.id not in log.getvalue()


def test_a_run_without_anything_to_do_says_so(world: World, log: StringIO) -> None:
    assert run() == {"done": 0, "failed": {}, "waits": False, "budget_spent": False}
    assert [line["message"] for line in lines(log)] == ["renewed"]
