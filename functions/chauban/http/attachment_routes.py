"""`/v1/dossiers/{id}/attachments`: papers that are announced, uploaded elsewhere, and opened."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types

from chauban.attachments.requests import AnnounceAttachment
from chauban.http.attachment_views import (
    AnnouncedView,
    AttachmentList,
    PaperView,
    announced_view,
    attachment_view,
    missing_view,
    paper_view,
)
from chauban.http.context import Api
from chauban.services import DossierServices

TAGS = ["Attachments"]
ATTACHMENTS = "/v1/dossiers/<dossier>/attachments"
NOT_KEPT: dict[str, str | list[str]] = {"Cache-Control": "no-store"}


def attachment_routes(services: DossierServices) -> Api:
    """The routes of attachments."""
    api = Api(services)

    @api.post(ATTACHMENTS, tags=TAGS, summary="Announce a file (Idempotency-Key); the answer says where to upload it")
    def announce(dossier: str, request: AnnounceAttachment) -> Response[AnnouncedView]:
        key = api.header("idempotency-key")
        announced = services.announcing.announce(api.caller, dossier, request, api.raw_body, key)
        location = f"/v1/dossiers/{dossier}/attachments/{announced.attachment.id}"
        headers = {**NOT_KEPT, "Location": location}
        return Response(HTTPStatus.CREATED, content_types.APPLICATION_JSON, announced_view(announced), headers)

    @api.get(ATTACHMENTS, tags=TAGS, summary="A dossier's attachments, and what is missing")
    def attachments(dossier: str) -> Response[AttachmentList]:
        found, missing = services.papers.all(api.caller, dossier, services.forms)
        view = AttachmentList(
            items=[attachment_view(one) for one in found.papers],
            missing_attachments=[missing_view(asked) for asked in missing],
        )
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, dict(NOT_KEPT))

    @api.get(ATTACHMENTS + "/<attachment>", tags=TAGS, summary="An attachment, with a link once it was accepted")
    def attachment(dossier: str, attachment: str) -> Response[PaperView]:
        view = paper_view(services.papers.one(api.caller, dossier, attachment))
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, dict(NOT_KEPT))

    return api
