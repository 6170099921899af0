"""What the workers' handlers share: one order after another, each failure told and left to the queue."""

import json
from collections.abc import Callable
from typing import Any

from chauban import bootstrap
from chauban.errors import ChaubanError
from chauban.observability import logger, trace_of

Order = dict[str, Any]

# After which failure an order is tried again how soon (seconds): a passing fault should cost an official moments. Later
# failures wait for the queue's own visibility timeout, so that an outage of an hour is outlasted too.
SOON = {1: 2, 2: 15}


def work_off(event: dict[str, Any], task: Callable[[Order], None]) -> dict[str, Any]:
    """Carries out the orders of an SQS event; answers which are to be tried again (ReportBatchItemFailures).

    Why an order failed is kept with the order, so that a message in the dead-letter queue is never without its reason.
    """
    failures = []
    for record in event["Records"]:
        order: Order = json.loads(record["body"])
        attempt = int(record["attributes"]["ApproximateReceiveCount"])
        with logger().append_context_keys(order=order["order"], task=order["task"], attempt=attempt):
            try:
                task(order)
            except Exception as fault:  # the process's edge: the queue tries again, then keeps the message
                _note(order, fault, attempt)
                if attempt in SOON:
                    bootstrap.own_queue().try_again_in(record["receiptHandle"], SOON[attempt])
                failures.append({"itemIdentifier": record["messageId"]})
            else:
                logger().info("order-done")
    return {"batchItemFailures": failures}


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
