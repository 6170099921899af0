"""The seal worker: numbers, seals and issues documents."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

import chauban.signing.pades.engine  # noqa: F401 - pyHanko is in the snapshot from which the function starts
from chauban import bootstrap
from chauban.errors import UnsafeToSign
from chauban.handlers.attempts import Attempt
from chauban.handlers.failures import Order
from chauban.handlers.work import work_off
from chauban.observability import logger


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Carries out the orders of an SQS event."""
    return work_off(event, _seal, _told)


def _told(order: Order, _fault: Exception | None, attempt: Attempt) -> bool:
    """A file to be copied that could not be judged is refused with a reason, so that whoever brought it can do something."""
    if order["task"] != "check-source" or not attempt.given_up:
        return False
    outcome = bootstrap.source_checking().give_up(order["dossier"], order["attachment"])
    logger().warning("copy-source-given-up", outcome=outcome)
    return True


def _seal(order: Order) -> None:
    if order["task"] == "register":
        bootstrap.register_sealing().seal(order["register"])
    elif order["task"] == "check-source":
        bootstrap.source_checking().check(order["dossier"], order["attachment"])
    elif order["task"] == "copy":
        if refused := bootstrap.certifying().certify(order["dossier"], order["document"]):
            logger().error("sealing-stopped", reason=refused, document=order["document"])
    else:
        try:
            bootstrap.sealing().seal(order["dossier"], order["document"])
        except UnsafeToSign as found:
            # Another attempt would find the same: the document waits for the records office.
            logger().error("sealing-stopped", reason=found.values["reason"], document=order["document"])
