"""`/v1/documents/{id}/...`: replacing, correcting and revoking an issued result."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types
from pydantic import BaseModel

from chauban.dossiers.acting import Guard
from chauban.dossiers.amendment_requests import CorrectResult, ReplaceResult, RevokeResult
from chauban.dossiers.documents import Document
from chauban.dossiers.model import Dossier
from chauban.http.context import Api, etag
from chauban.http.document_views import DocumentView, document_view
from chauban.http.views import DossierRef
from chauban.services import DossierServices

TAGS = ["Amendments"]
DOCUMENT = "/v1/documents/<document>"


class DraftedView(BaseModel):
    """A new document about an issued one, on its way; the original stays as it is until this one is issued."""

    dossier: DossierRef
    document: DocumentView


def amendment_routes(services: DossierServices) -> Api:
    """The routes of what happens to a result after it was issued."""
    api = Api(services)

    def guard(scope: str) -> Guard:
        return Guard.of(api.caller, scope, api.raw_body, api.header("idempotency-key"), api.header("if-match"))

    @api.post(DOCUMENT + "/replacement", tags=TAGS, summary="Draft a result in the place of an issued one (clerk)")
    def replacement(document: str, request: ReplaceResult) -> Response[DraftedView]:
        return drafted_reply(
            *services.amending.replace(api.caller, document, request, guard(f"replacement {document}"))
        )

    @api.post(DOCUMENT + "/correction", tags=TAGS, summary="Draft a letter that corrects an issued result (clerk)")
    def correction(document: str, request: CorrectResult) -> Response[DraftedView]:
        return drafted_reply(*services.amending.correct(api.caller, document, request, guard(f"correction {document}")))

    @api.post(DOCUMENT + "/revocation", tags=TAGS, summary="Draft a decision that revokes an issued result (clerk)")
    def revocation(document: str, request: RevokeResult) -> Response[DraftedView]:
        return drafted_reply(*services.amending.revoke(api.caller, document, request, guard(f"revocation {document}")))

    return api


def drafted_reply(dossier: Dossier, document: Document) -> Response[DraftedView]:
    """The answer to whoever asked for a new document about an issued one: it is being made, and where to look."""
    view = DraftedView(dossier=DossierRef(id=dossier.id, code=dossier.filing.code), document=document_view(document))
    known: dict[str, str | list[str]] = {
        "ETag": etag(dossier.version),
        "Cache-Control": "no-store",
        "Location": f"/v1/documents/{document.id}",
        "Retry-After": "5",
    }
    return Response(HTTPStatus.ACCEPTED, content_types.APPLICATION_JSON, view, known)
