"""An order is held while somebody works on it, and only then: a killed worker's comes again within half a minute."""

import json
import time
from io import StringIO
from typing import Any

import pytest
from chauban import bootstrap
from chauban.handlers import holding
from chauban.handlers.holding import HELD_SECONDS
from chauban.handlers.work import work_off

from tests.unit.fakes.messaging import MemoryOutbox, MemoryOwnQueue
from tests.unit.handlers.conftest import sqs_event

ORDER = {"task": "seal", "dossier": "D", "order": "O1"}


def test_a_long_work_is_held_again_and_again_until_it_ends(
    outbox: MemoryOutbox, own_queue: MemoryOwnQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "RENEWED_SECONDS", 0.01)

    def long(_order: dict[str, Any]) -> None:
        while len(own_queue.again) < 4:
            time.sleep(0.005)

    assert work_off(sqs_event(ORDER), long) == {"batchItemFailures": []}
    assert set(own_queue.again) == {("receipt-1", HELD_SECONDS)}
    held = len(own_queue.again)
    time.sleep(0.05)
    assert len(own_queue.again) == held, "whoever has finished holds nothing any more"


@pytest.mark.parametrize("dies", [False, True])
def test_nothing_is_held_after_a_failure_or_a_death(
    outbox: MemoryOutbox, own_queue: MemoryOwnQueue, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    class Killed(BaseException):
        pass

    monkeypatch.setattr(holding, "RENEWED_SECONDS", 0.01)

    def fail(_order: dict[str, Any]) -> None:
        raise Killed if dies else ValueError

    if dies:
        with pytest.raises(Killed):
            work_off(sqs_event(ORDER), fail)
    else:
        work_off(sqs_event(ORDER), fail)
        assert own_queue.again[-1] == ("receipt-1", 2), "the pause is the last that the queue was told"
    told = len(own_queue.again)
    time.sleep(0.05)
    assert len(own_queue.again) == told


def test_a_queue_that_does_not_answer_hinders_no_work(
    outbox: MemoryOutbox, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    class Silent:
        def try_again_in(self, _receipt: str, _seconds: int) -> None:
            raise TimeoutError

    monkeypatch.setattr(bootstrap, "own_queue", Silent)
    done: list[dict[str, Any]] = []
    assert work_off(sqs_event(ORDER), done.append) == {"batchItemFailures": []}
    assert done == [ORDER]
    told = [json.loads(line)["message"] for line in log.getvalue().splitlines()]
    assert told == ["order-not-held", "order-done"]
