"""`/v1/documents/{id}`: one document wherever it belongs, what it is worth today, and what was found about its signatures."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types
from pydantic import BaseModel

from chauban.dossiers.documents import Document, Validity
from chauban.dossiers.reading import IssuedDownload
from chauban.http.context import Api, etag
from chauban.http.document_views import (
    DocumentView,
    SignatureCheckView,
    TimestampCheckView,
    document_view,
    signature_checks,
    timestamp_checks,
)
from chauban.http.problems import language_for
from chauban.http.views import DossierRef, DownloadView
from chauban.services import DossierServices

TAGS = ["Documents"]


class DocumentLinkView(DownloadView):
    """A link to an issued document; `advice` says what to do where another document has changed what it is worth."""

    status: str
    validity: str
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
        replaced_by=document.replaced_by,
        corrected_by=list(document.corrected_by),
        revoked_by=document.revoked_by,
        advice=advice(document, language),
    )


def advice(document: Document, language: str) -> str | None:
    """What whoever holds a document should do, in a language; None while it stands as it was issued."""
    return _ADVICE[document.validity][language] if document.validity in _ADVICE else None


_ADVICE = {
    Validity.CORRECTED: {
        "vi": "Văn bản này đã được đính chính. Hãy đọc cùng các văn bản nêu trong corrected_by.",
        "en": "This document was corrected. Read it together with the documents in corrected_by.",
    },
    Validity.REPLACED: {
        "vi": "Văn bản này đã được thay thế, không sử dụng nữa. Hãy tải và dùng văn bản nêu trong replaced_by.",
        "en": "This document was replaced; do not use it any more. Download and use the document in replaced_by.",
    },
    Validity.REVOKED: {
        "vi": "Văn bản này đã bị thu hồi, không sử dụng nữa. "
        "Hãy đọc quyết định nêu trong revoked_by để biết lý do, và hủy các bản đang giữ.",
        "en": "This document was revoked; do not use it any more. "
        "Read the decision in revoked_by, and destroy the copies that you hold.",
    },
}
