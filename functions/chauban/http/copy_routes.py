"""`/v1/documents/{id}/copies` and `/v1/dossiers/{id}/copy-sources`: certified copies, also of what others issued."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types

from chauban.attachments.requests import BringSource
from chauban.copying.requests import OrderCopy, OrderSourceCopy
from chauban.dossiers.acting import Guard
from chauban.http.amendment_routes import DOCUMENT, DraftedView, drafted_reply
from chauban.http.attachment_routes import NOT_KEPT
from chauban.http.context import Api
from chauban.http.source_views import BroughtView, SourceList, SourceView, brought_view, source_view
from chauban.services import DossierServices

TAGS = ["Copies"]
SOURCES = "/v1/dossiers/<dossier>/copy-sources"


def copy_routes(services: DossierServices) -> Api:
    """The routes of copies."""
    api = Api(services)

    @api.post(DOCUMENT + "/copies", tags=TAGS, summary="Have a certified copy made (records office)")
    def copies(document: str, request: OrderCopy) -> Response[DraftedView]:
        key, tag = api.header("idempotency-key"), api.header("if-match")
        guard = Guard.of(api.caller, f"copies {document}", api.raw_body, key, tag)
        return drafted_reply(*services.copies.order(api.caller, document, request, guard))

    @api.post(SOURCES, tags=TAGS, summary="Announce a file of others to be copied (Idempotency-Key; staff)")
    def bring(dossier: str, request: BringSource) -> Response[BroughtView]:
        key = api.header("idempotency-key")
        brought = services.sources.bring(api.caller, dossier, request, api.raw_body, key)
        location = f"/v1/dossiers/{dossier}/copy-sources/{brought.attachment.id}"
        headers = {**NOT_KEPT, "Location": location}
        return Response(HTTPStatus.CREATED, content_types.APPLICATION_JSON, brought_view(brought), headers)

    @api.get(SOURCES, tags=TAGS, summary="The files of others that were brought to a dossier to be copied (staff)")
    def sources(dossier: str) -> Response[SourceList]:
        view = SourceList(items=[source_view(one) for one in services.papers.sources(api.caller, dossier)])
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, dict(NOT_KEPT))

    @api.get(SOURCES + "/<source>", tags=TAGS, summary="Such a file, what was found about its signatures, and a link")
    def source(dossier: str, source: str) -> Response[SourceView]:
        (found,) = services.papers.sources(api.caller, dossier, source)
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, source_view(found), dict(NOT_KEPT))

    @api.post(SOURCES + "/<source>/copies", tags=TAGS, summary="Have a certified copy made of it (records office)")
    def copies_of_source(dossier: str, source: str, request: OrderSourceCopy) -> Response[DraftedView]:
        key, tag = api.header("idempotency-key"), api.header("if-match")
        guard = Guard.of(api.caller, f"copies {dossier} {source}", api.raw_body, key, tag)
        return drafted_reply(*services.copies.order_from(api.caller, dossier, source, request, guard))

    return api
