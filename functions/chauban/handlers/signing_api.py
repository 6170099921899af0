"""HTTP: signing tasks and sessions, and the records office's work list."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from chauban.bootstrap import signing_services
from chauban.http.application import app_with
from chauban.http.sealing_routes import sealing_routes
from chauban.http.signing_routes import signing_routes
from chauban.observability import logger
from chauban.signing.signers.deadline import AFTERWARDS_SECONDS, ending_in


@cache
def app() -> APIGatewayHttpResolver:
    """The application, made at the first request."""
    services = signing_services()
    return app_with(signing_routes(services), sealing_routes(services))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers an HTTP API event (payload format 2.0); a provider is waited for until shortly before the function is ended."""
    left = context.get_remaining_time_in_millis() / 1000 - AFTERWARDS_SECONDS
    with logger().append_context_keys(request=event["requestContext"]["requestId"]), ending_in(left):
        return app().resolve(event, context)
