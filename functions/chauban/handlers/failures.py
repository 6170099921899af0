"""Why an order failed: kept with it, told in the log, and in how many seconds it is tried again."""

from typing import Any

from chauban import bootstrap
from chauban.errors import ChaubanError
from chauban.observability import logger, trace_of

Order = dict[str, Any]

# After how many seconds an order that failed once, twice, ... is tried again: a passing fault should cost an official moments, and
# an outage of hours is outlasted at the last pace.
PAUSES = (2, 15, 30, 60, 120, 300, 900, 3600)
# What somebody waits for in a session is given up with this failure, less than two minutes after the first.
GIVEN_UP = 5


def pause_after(attempt: int, attempts: int) -> int:
    """In how many seconds an order is tried again; after the last of its attempts it goes to the dead-letter queue at once."""
    return 0 if attempt >= attempts else PAUSES[min(attempt, len(PAUSES)) - 1]


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


def note(order: Order, fault: Exception, attempt: int) -> None:
    """Tells the log, and keeps the reason with the order, so that no message in the dead-letter queue is without one."""
    reason = reason_of(fault)
    logger().error("order-failed", reason=reason, trace=trace_of(fault))
    owner = order.get("session") or order.get("register") or order["dossier"]
    bootstrap.outbox().note_failure(owner, order["order"], reason, bootstrap.clock().now(), attempt)
