"""`/v1/drafts`: unfinished answers of whoever calls."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Path

from chauban.dossiers.drafts import Draft
from chauban.dossiers.requests import ULID, PutDraft
from chauban.http.context import Api, WithoutBody, etag
from chauban.http.views import DraftView
from chauban.services import DossierServices

TAGS = ["Drafts"]
DraftId = Annotated[str, Path(pattern=ULID, description="A ULID that the client chose")]


def draft_routes(services: DossierServices) -> Api:
    """The routes of drafts."""
    api = Api(services)

    @api.put("/v1/drafts/<draft>", tags=TAGS, summary="Keep a draft, new or changed")
    def put(draft: DraftId, request: PutDraft) -> Response[DraftView]:
        kept, new = services.drafting.put(api.caller, draft, request, api.header("if-match"))
        return _reply(kept, HTTPStatus.CREATED if new else HTTPStatus.OK)

    @api.get("/v1/drafts/<draft>", tags=TAGS, summary="Resume a draft")
    def get(draft: DraftId) -> Response[DraftView]:
        return _reply(services.drafting.get(api.caller, draft))

    @api.delete("/v1/drafts/<draft>", tags=TAGS, summary="Forget a draft (If-Match)")
    def delete(draft: DraftId) -> None:
        services.drafting.delete(api.caller, draft, api.header("if-match"))
        raise WithoutBody(HTTPStatus.NO_CONTENT, {"Cache-Control": "no-store"})

    return api


def _reply(draft: Draft, status: HTTPStatus = HTTPStatus.OK) -> Response[DraftView]:
    view = DraftView(**draft.model_dump(exclude={"owner"}))
    headers: dict[str, str | list[str]] = {"ETag": etag(draft.version), "Cache-Control": "no-store"}
    if status is HTTPStatus.CREATED:
        headers["Location"] = f"/v1/drafts/{draft.id}"
    return Response(status, content_types.APPLICATION_JSON, view, headers)
