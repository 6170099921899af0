"""`/v1/dossiers` and `/v1/results`."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Query

from chauban.dossiers.acting import Guard
from chauban.dossiers.model import Dossier
from chauban.dossiers.requests import DraftDecision, ReceiveDossier, SubmitDossier
from chauban.http.context import Api, etag
from chauban.http.document_routes import DocumentLinkView, document_link
from chauban.http.problems import language_for
from chauban.http.views import (
    DossierList,
    DossierView,
    ResultList,
    dossier_summary,
    dossier_view,
    result_view,
)
from chauban.services import DossierServices

Limit = Annotated[int, Query(ge=1, le=100, description="How many at the most")]
Cursor = Annotated[str | None, Query(max_length=1024, description="Where the page before ended")]
TAGS = ["Dossiers"]


def dossier_routes(services: DossierServices) -> Api:
    """The routes of dossiers and results."""
    api = Api(services)

    @api.post("/v1/dossiers", tags=TAGS, summary="File a dossier (Idempotency-Key)")
    def submit(request: SubmitDossier) -> Response[DossierView]:
        key = api.header("idempotency-key")
        dossier = services.submission.submit(api.caller, request, api.raw_body, key, api.itself)
        return reply(dossier, HTTPStatus.CREATED, {"Location": f"/v1/dossiers/{dossier.id}"}, inside=False)

    @api.get("/v1/dossiers", tags=TAGS, summary="An agency's dossiers of a day, or the caller's own")
    def dossiers(
        agency: Annotated[str | None, Query(max_length=64)] = None,
        day: Annotated[date | None, Query(description="In Vietnam; today where left out")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> DossierList:
        page = services.reading.dossiers(api.caller, agency, day, limit, cursor)
        return DossierList(items=[dossier_summary(line) for line in page.items], cursor=page.cursor)

    @api.get("/v1/dossiers/<dossier>", tags=TAGS, summary="One dossier")
    def dossier(dossier: str) -> Response[DossierView]:
        found = services.reading.dossier(api.caller, dossier)
        return reply(found, inside=services.reading.sees_drafts(api.caller, found))

    @api.post("/v1/dossiers/<dossier>/receive", tags=TAGS, summary="Receive a dossier (clerk)")
    def receive(dossier: str, request: ReceiveDossier) -> Response[DossierView]:
        return staff_reply(services.handling.receive(api.caller, dossier, request, guard(f"receive {dossier}")))

    @api.post("/v1/dossiers/<dossier>/decision", tags=TAGS, summary="Draft the decision (clerk)")
    def decision(dossier: str, request: DraftDecision) -> Response[DossierView]:
        drafted = services.handling.draft(api.caller, dossier, request, guard(f"decision {dossier}"))
        return staff_reply(drafted, HTTPStatus.ACCEPTED)

    @api.get("/v1/dossiers/<dossier>/documents/<document>", tags=TAGS, summary="A link to an issued document")
    def document(
        dossier: str, document: str, revision: Annotated[int | None, Query(ge=1)] = None
    ) -> Response[DocumentLinkView]:
        found = services.reading.document(api.caller, dossier, document, revision)
        view = document_link(found, language_for(api))
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, {"Cache-Control": "no-store"})

    @api.get("/v1/results", tags=["Results"], summary="The caller's issued results, newest first")
    def results(limit: Limit = 20, cursor: Cursor = None) -> ResultList:
        page = services.reading.results(api.caller, limit, cursor)
        language = language_for(api)
        return ResultList(items=[result_view(result, language) for result in page.items], cursor=page.cursor)

    def guard(scope: str) -> Guard:
        return Guard.of(api.caller, scope, api.raw_body, api.header("idempotency-key"), api.header("if-match"))

    return api


def reply(
    dossier: Dossier, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None, *, inside: bool
) -> Response[DossierView]:
    """A dossier with its entity tag, as seen from `inside` the administration or not."""
    known: dict[str, str | list[str]] = {"ETag": etag(dossier.version), "Cache-Control": "no-store", **(headers or {})}
    return Response(status, content_types.APPLICATION_JSON, dossier_view(dossier, inside=inside), known)


def staff_reply(dossier: Dossier, status: HTTPStatus = HTTPStatus.OK) -> Response[DossierView]:
    """The answer to what only the staff of an agency does."""
    return reply(dossier, status, inside=True)
