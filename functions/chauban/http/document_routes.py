"""`/v1/documents/{id}`: one document wherever it belongs, what it is worth today, and what was found about its signatures."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types
from pydantic import BaseModel

from chauban.dossiers.reading import IssuedDownload
from chauban.http.context import Api, etag
from chauban.http.document_views import (
    DocumentView,
    SignatureCheckView,
    TimestampCheckView,
    advice,
    document_view,
    signature_checks,
    timestamp_checks,
)
from chauban.http.problems import language_for
from chauban.http.views import DossierRef, DownloadView
from chauban.services import DossierServices

TAGS = ["Documents"]


class DocumentLinkView(DownloadView):
    """A link to an issued document; `advice` says what to do where another document has changed what it is worth, or where it does
    so to the one in `replaces`, `corrects` or `revokes`."""

    status: str
    validity: str
    replaces: str | None
    corrects: str | None
    revokes: str | None
    copy_of: str | None
    made_from: str | None
    replaced_by: str | None
    corrected_by: list[str]
    revoked_by: str | None
    advice: str | None


class OneDocumentView(BaseModel):
    """A document with its dossier; `signatures` and `document_timestamps` for the staff of the agency only."""

    dossier: DossierRef
    document: DocumentView
    advice: str | None
    signatures: list[SignatureCheckView] | None
    document_timestamps: list[TimestampCheckView] | None


def document_routes(services: DossierServices) -> Api:
    """The route of single documents."""
    api = Api(services)

    @api.get("/v1/documents/<document>", tags=TAGS, summary="One document, and what it is worth today")
    def document(document: str) -> Response[OneDocumentView]:
        dossier, found = services.reading.one_document(api.caller, document)
        inside = services.reading.sees_drafts(api.caller, dossier)
        view = OneDocumentView(
            dossier=DossierRef(id=dossier.id, code=dossier.filing.code),
            document=document_view(found),
            advice=advice(found, language_for(api)),
            signatures=signature_checks(found) if inside else None,
            document_timestamps=timestamp_checks(found) if inside else None,
        )
        known: dict[str, str | list[str]] = {"ETag": etag(dossier.version), "Cache-Control": "no-store"}
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, known)

    return api


def document_link(found: IssuedDownload, language: str) -> DocumentLinkView:
    """A link to an issued document, with what became of it."""
    document = found.document
    return DocumentLinkView(
        **found.file._asdict(),
        status=document.status.value,
        validity=document.validity.value,
        replaces=document.replaces,
        corrects=document.corrects,
        revokes=document.revokes,
        copy_of=document.copy_of,
        made_from=document.made_from,
        replaced_by=document.replaced_by,
        corrected_by=list(document.corrected_by),
        revoked_by=document.revoked_by,
        advice=advice(document, language),
    )
