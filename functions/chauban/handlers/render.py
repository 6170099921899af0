"""The render worker: makes documents from orders of the render queue."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

import chauban.documents.rendering  # noqa: F401 - WeasyPrint is in the snapshot from which the function starts
from chauban import bootstrap
from chauban.handlers.failures import Order
from chauban.handlers.work import work_off


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Carries out the orders of an SQS event."""
    return work_off(event, _render)


def _render(order: Order) -> None:
    if order["task"] == "register":
        bootstrap.register_printing().make(order["register"])
    elif order["task"] == "copy":
        bootstrap.copy_printing().make(order["dossier"], order["document"])
    else:
        bootstrap.document_making().make(order["dossier"], order["document"])
