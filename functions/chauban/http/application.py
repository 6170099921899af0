"""An HTTP application: routes with their bodies kept within limits and validated, and errors answered as problems."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from chauban.errors import BodyTooLarge, MalformedBody
from chauban.http.problems import answer_problems

# Characters of a request's body; answers to forms are far smaller, and files are never in it.
MAX_BODY = 1_000_000
# Lists and objects within each other; answers have a handful, and pydantic gives up at about 250.
MAX_DEPTH = 64


def app_with(*groups: Router) -> APIGatewayHttpResolver:
    """An application of these routes, with bodies validated and errors answered as problems."""
    app = APIGatewayHttpResolver(enable_validation=True)
    app.use([_within_limits])
    answer_problems(app)
    for group in groups:
        app.include_router(group)
    return app


def _within_limits(app: APIGatewayHttpResolver, following: NextMiddleware) -> Response[Any]:
    """Refuses a body that is too large or too deep, or that the JSON reader will not read (numbers of thousands of digits)."""
    body = app.current_event.body or ""
    if len(body) > MAX_BODY:
        raise BodyTooLarge(limit=MAX_BODY)
    try:
        read = app.current_event.json_body if body else None
    except ValueError as fault:
        raise MalformedBody from fault
    if _deeper_than(MAX_DEPTH, read):
        raise MalformedBody
    return following(app)


def _deeper_than(limit: int, value: Any) -> bool:
    level = [value]
    for _ in range(limit):
        level = [inner for one in level for inner in _parts(one)]
    return bool(level)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
