"""The sign worker: prepares what officials sign, has remote keys sign what was authorised, and embeds what was signed."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

import chauban.signing.pades.engine  # noqa: F401 - pyHanko is in the snapshot from which the function starts
from chauban import bootstrap
from chauban.handlers.attempts import Attempt
from chauban.handlers.failures import Order
from chauban.handlers.work import work_off
from chauban.observability import logger
from chauban.signing.sessions.hindrances import reason_for


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Carries out the orders of an SQS event."""
    return work_off(event, _sign, _told)


def _sign(order: Order) -> None:
    session = order["session"]
    match order["task"]:
        case "ask":
            if ended := bootstrap.remote_signing().ask(session, order["authorisation"], order["turn"]):
                logger().warning("authorisation-ended", reason=ended)
        case "keep":
            bootstrap.remote_signing().keep(session, order["authorisation"], order["turn"], order["items"])
        case "prepare":
            bootstrap.official_signing().prepare(session, order["item"])
        case "embed":
            bootstrap.official_signing().embed(session, order["item"])
        case other:
            raise KeyError(other)


def _told(order: Order, fault: Exception | None, attempt: Attempt) -> bool:
    """Tells the session why an order failed; True where it waits for that order no longer."""
    session, reason, hindrances = order["session"], reason_for(fault), bootstrap.hindrances()
    match order["task"]:
        case "prepare":
            hindrances.preparation(session, order["item"], reason, given_up=attempt.given_up)
            return attempt.given_up
        case "embed" if attempt.last:
            bootstrap.official_signing().give_up(session, order["item"], reason)
            return True
        case "embed":
            hindrances.embedding(session, order["item"], reason if fault else None)
        case "ask" if attempt.given_up:
            hindrances.turn(session, order["authorisation"], order["turn"], reason)
            return True
        case "keep" if attempt.given_up:
            hindrances.values(session, order["authorisation"], order["items"], reason)
            return True
    return False
