"""What the workers' handlers share: one order after another, each failure told and left to the queue.

An order is held for half a minute at a time while somebody works on it, so that a killed worker's comes again within that, whatever
the queue's own visibility timeout. A failed one is tried again with growing pauses.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread
from typing import Any

from chauban import bootstrap
from chauban.errors import ChaubanError
from chauban.observability import logger, trace_of
from chauban.ports import OwnQueue

Order = dict[str, Any]
# (order, what failed, whether it is given up) -> True where whoever waits for it was told and nothing is to be tried again.
# Nothing failed, as far as anybody can tell, where a worker was killed each time.
Told = Callable[[Order, Exception | None, bool], bool]

# After how many seconds an order that failed once, twice, ... is tried again: a passing fault should cost an official moments, and
# an outage of hours is outlasted at the last pace.
PAUSES = (2, 15, 30, 60, 120, 300, 900, 3600)
# What somebody waits for in a session is given up with this failure, less than two minutes after the first.
GIVEN_UP = 5
# For how long an order is hidden from other workers, and how often that is renewed.
HELD_SECONDS = 30
RENEWED_SECONDS = 10.0


def work_off(event: dict[str, Any], task: Callable[[Order], None], told: Told | None = None) -> dict[str, Any]:
    """Carries out the orders of an SQS event; answers which are to be tried again (ReportBatchItemFailures).

    Why an order failed is kept with the order, so that a message in the dead-letter queue is never without its reason. `told` hears
    of each failure, and of orders that come again although nobody said why.
    """
    failures, queue, attempts = [], bootstrap.own_queue(), bootstrap.attempts()
    for record in event["Records"]:
        order: Order = json.loads(record["body"])
        attempt, receipt = int(record["attributes"]["ApproximateReceiveCount"]), record["receiptHandle"]
        with logger().append_context_keys(order=order["order"], task=order["task"], attempt=attempt):
            if not _worked_off(order, attempt, min(GIVEN_UP, attempts - 1), _held(queue, receipt), task, told):
                queue.try_again_in(receipt, pause_after(attempt, attempts))
                failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def pause_after(attempt: int, attempts: int) -> int:
    """In how many seconds an order is tried again; after the last of its attempts it goes to the dead-letter queue at once."""
    return 0 if attempt >= attempts else PAUSES[min(attempt, len(PAUSES)) - 1]


def _worked_off(
    order: Order,
    attempt: int,
    last: int,
    held: AbstractContextManager[None],
    task: Callable[[Order], None],
    told: Told | None,
) -> bool:
    try:
        with held:
            # Each worker before was killed: another one would be, too.
            if attempt > last and told and told(order, None, True):
                logger().error("order-failed", reason="worker-killed")
                return True
            task(order)
    except Exception as fault:  # the process's edge: the queue tries again, then keeps the message
        return _failed(order, fault, attempt, told, given_up=attempt >= last)
    logger().info("order-done")
    return True


def _failed(order: Order, fault: Exception, attempt: int, told: Told | None, *, given_up: bool) -> bool:
    _note(order, fault, attempt)
    try:
        return bool(told and told(order, fault, given_up))
    except Exception as second:  # nobody could be told: the order is tried again
        logger().warning("failure-not-told", reason=reason_of(second), trace=trace_of(second))
        return False


@contextmanager
def _held(queue: OwnQueue, receipt: str) -> Iterator[None]:
    """Hides an order from other workers for as long as this process works on it, and hardly longer."""
    done = Event()

    def renew() -> None:
        while not done.wait(RENEWED_SECONDS):
            _hold(queue, receipt)

    _hold(queue, receipt)
    renewing = Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()


def _hold(queue: OwnQueue, receipt: str) -> None:
    try:
        queue.try_again_in(receipt, HELD_SECONDS)
    except (
        Exception
    ) as fault:  # the order is hidden by the queue's own time then, or another worker finds its work done
        logger().warning("order-not-held", reason=reason_of(fault))


def reason_of(fault: Exception) -> str:
    """A stable text for a failure: the error's code and reason, or what kind of fault it was."""
    if isinstance(fault, ChaubanError):
        reason = fault.values.get("reason") or fault.values.get("what")
        return f"{fault.code}: {reason}" if reason else fault.code
    if isinstance(fault, ExceptionGroup):
        return ", ".join(sorted({reason_of(each) for each in fault.exceptions}))
    response = getattr(fault, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return f"{type(fault).__name__}: {code}" if code else type(fault).__name__


def _note(order: Order, fault: Exception, attempt: int) -> None:
    reason = reason_of(fault)
    logger().error("order-failed", reason=reason, trace=trace_of(fault))
    owner = order.get("session") or order.get("register") or order["dossier"]
    bootstrap.outbox().note_failure(owner, order["order"], reason, bootstrap.clock().now(), attempt)
