"""What the workers' handlers share: one order after another, each failure told and left to the queue."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from chauban import bootstrap
from chauban.handlers.attempts import Attempt
from chauban.handlers.failures import Order, note, pause_after, reason_of
from chauban.handlers.holding import held
from chauban.observability import logger, trace_of

Work = Callable[[Order], None]
# (order, what failed, which attempt it is) -> True where whoever waits for it was told and nothing is to be tried again.
# Nothing failed, as far as anybody can tell, where a worker was killed each time.
Told = Callable[[Order, Exception | None, Attempt], bool]


def work_off(event: dict[str, Any], task: Work, told: Told | None = None) -> dict[str, Any]:
    """Carries out the orders of an SQS event; answers which are to be tried again (ReportBatchItemFailures).

    `told` hears of each failure, and of orders that come again although nobody said why.
    """
    failures, queue, attempts = [], bootstrap.own_queue(), bootstrap.attempts()
    for record in event["Records"]:
        order: Order = json.loads(record["body"])
        attempt = Attempt(int(record["attributes"]["ApproximateReceiveCount"]), attempts)
        receipt = record["receiptHandle"]
        with logger().append_context_keys(order=order["order"], task=order["task"], attempt=attempt.number):
            if not _worked_off(order, attempt, held(queue, receipt), task, told):
                queue.try_again_in(receipt, pause_after(*attempt))
                failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _worked_off(
    order: Order, attempt: Attempt, holding: AbstractContextManager[None], task: Work, told: Told | None
) -> bool:
    try:
        with holding:
            # Each worker before was killed, and another one would be, too; or its last attempt is not for trying.
            if attempt.too_late and told and told(order, None, attempt):
                logger().error("order-failed", reason="given-up" if attempt.last else "worker-killed")
                return True
            task(order)
    except Exception as fault:  # the process's edge: the queue tries again, then keeps the message
        note(order, fault, attempt.number)
        return _told(order, fault, told, attempt)
    logger().info("order-done")
    return True


def _told(order: Order, fault: Exception, told: Told | None, attempt: Attempt) -> bool:
    try:
        return bool(told and told(order, fault, attempt))
    except Exception as second:  # nobody could be told: the order is tried again
        logger().warning("failure-not-told", reason=reason_of(second), trace=trace_of(second))
        return False
