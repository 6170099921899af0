"""Workers that are killed in mid-work: one result, one number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.journey import Journey
from tests.integration.papers import assert_one_of_each
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.sleep import trust_services_asleep


def _busy(stack: RunningStack, queue: str) -> bool:
    """Whether an order of the queue is in a worker's hands."""
    state = stack.aws("sqs").get_queue_attributes(
        QueueUrl=stack.resource(queue), AttributeNames=["ApproximateNumberOfMessagesNotVisible"]
    )
    return int(state["Attributes"]["ApproximateNumberOfMessagesNotVisible"]) > 0


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
    assert_one_of_each(own_stack, journey)


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
