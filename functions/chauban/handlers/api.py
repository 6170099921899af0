"""HTTP: catalogue, forms, drafts, dossiers, documents, results."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from chauban.bootstrap import dossier_services
from chauban.http.amendment_routes import amendment_routes
from chauban.http.application import app_with
from chauban.http.attachment_routes import attachment_routes
from chauban.http.catalogue_routes import catalogue_routes
from chauban.http.copy_routes import copy_routes
from chauban.http.document_routes import document_routes
from chauban.http.dossier_routes import dossier_routes
from chauban.http.draft_routes import draft_routes
from chauban.http.form_routes import form_routes
from chauban.http.notice_routes import notice_routes
from chauban.http.number_book_routes import number_book_routes
from chauban.http.register_routes import register_routes
from chauban.observability import logger


@cache
def app() -> APIGatewayHttpResolver:
    """The application, made at the first request."""
    services = dossier_services()
    return app_with(
        catalogue_routes(services),
        form_routes(services),
        draft_routes(services),
        dossier_routes(services),
        notice_routes(services),
        document_routes(services),
        amendment_routes(services),
        copy_routes(services),
        attachment_routes(services),
        register_routes(services),
        number_book_routes(services),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers an HTTP API event (payload format 2.0)."""
    with logger().append_context_keys(request=event["requestContext"]["requestId"]):
        return app().resolve(event, context)
