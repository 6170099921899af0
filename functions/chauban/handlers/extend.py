"""The extend worker: raises what was issued, by order; renews what is due, on a schedule."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

import chauban.signing.pades.preservation  # noqa: F401 - pyHanko is in the snapshot from which the function starts
from chauban import bootstrap
from chauban.handlers.failures import Order, reason_of
from chauban.handlers.work import work_off
from chauban.observability import logger
from chauban.signing.preservation.renewing import Outcome

OVERDUE = timedelta(days=1)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Carries out the orders of an SQS event, or, called by the schedule, works off what is due."""
    return work_off(event, _extend) if "Records" in event else _run()


def _extend(order: Order) -> None:
    """What cannot be done now stays due, and the schedule comes to it."""
    outcome = bootstrap.renewing(reason_of).one(order["document"], order["revision"])
    logger().info("extended", outcome=outcome.value, document=order["document"])
    if outcome is Outcome.FAILED:
        logger().error("extension-failed", failed={order["document"]: 1})


def _run() -> dict[str, Any]:
    seconds, files = bootstrap.renewal_budget()
    renewing = bootstrap.renewing(reason_of)
    report = renewing.run(seconds, files)
    logger().info("renewed", **report.told)
    if report.failed:
        logger().error("extension-failed", failed=dict(report.failed))
    since = renewing.overdue_since()
    if since and bootstrap.clock().now() - since > OVERDUE:
        logger().error("extensions-overdue", since=since.isoformat())
    return dict(report.told)
