"""What the workers' handlers share: one order after another, each failure told and left to the queue."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from chauban import bootstrap
from chauban.handlers.failures import GIVEN_UP, Order, note, pause_after, reason_of
from chauban.handlers.holding import held
from chauban.observability import logger, trace_of

Work = Callable[[Order], None]
# (order, what failed, whether it is given up) -> True where whoever waits for it was told and nothing is to be tried again.
# Nothing failed, as far as anybody can tell, where a worker was killed each time.
Told = Callable[[Order, Exception | None, bool], bool]


def work_off(event: dict[str, Any], task: Work, told: Told | None = None) -> dict[str, Any]:
    """Carries out the orders of an SQS event; answers which are to be tried again (ReportBatchItemFailures).

    `told` hears of each failure, and of orders that come again although nobody said why.
    """
    failures, queue, attempts = [], bootstrap.own_queue(), bootstrap.attempts()
    for record in event["Records"]:
        order: Order = json.loads(record["body"])
        attempt, receipt = int(record["attributes"]["ApproximateReceiveCount"]), record["receiptHandle"]
        with logger().append_context_keys(order=order["order"], task=order["task"], attempt=attempt):
            if not _worked_off(order, attempt, min(GIVEN_UP, attempts - 1), held(queue, receipt), task, told):
                queue.try_again_in(receipt, pause_after(attempt, attempts))
                failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _worked_off(
    order: Order, attempt: int, last: int, holding: AbstractContextManager[None], task: Work, told: Told | None
) -> bool:
    try:
        with holding:
            # Each worker before was killed: another one would be, too.
            if attempt > last and told and told(order, None, True):
                logger().error("order-failed", reason="worker-killed")
                return True
            task(order)
    except Exception as fault:  # the process's edge: the queue tries again, then keeps the message
        note(order, fault, attempt)
        return _told(order, fault, told, given_up=attempt >= last)
    logger().info("order-done")
    return True


def _told(order: Order, fault: Exception, told: Told | None, *, given_up: bool) -> bool:
    try:
        return bool(told and told(order, fault, given_up))
    except Exception as second:  # nobody could be told: the order is tried again
        logger().warning("failure-not-told", reason=reason_of(second), trace=trace_of(second))
        return False
