"""`/v1/documents/{id}/copies`: certified copies."""

from aws_lambda_powertools.event_handler import Response

from chauban.copying.requests import OrderCopy
from chauban.dossiers.acting import Guard
from chauban.http.amendment_routes import DOCUMENT, DraftedView, drafted_reply
from chauban.http.context import Api
from chauban.services import DossierServices


def copy_routes(services: DossierServices) -> Api:
    """The route of copies."""
    api = Api(services)

    @api.post(DOCUMENT + "/copies", tags=["Copies"], summary="Have a certified copy made (records office)")
    def copies(document: str, request: OrderCopy) -> Response[DraftedView]:
        key, tag = api.header("idempotency-key"), api.header("if-match")
        guard = Guard.of(api.caller, f"copies {document}", api.raw_body, key, tag)
        return drafted_reply(*services.copies.order(api.caller, document, request, guard))

    return api
