"""What the API answers about a document."""

from datetime import datetime

from pydantic import BaseModel

from chauban.dossiers.documents import Document


class RevisionView(BaseModel):
    revision: int
    sha256: str
    level: str
    made_at: datetime


class DocumentView(BaseModel):
    """A document of a dossier; `number` and `date` once it has them; `reason` says what stopped its sealing, in a word."""

    id: str
    kind: str
    ordinal: int
    title: str
    status: str
    number: str | None
    date: str | None
    reason: str | None
    revisions: list[RevisionView]


def document_view(document: Document) -> DocumentView:
    """A document without its drafts and preparations."""
    return DocumentView(
        id=document.id,
        kind=document.kind.value,
        ordinal=document.ordinal,
        title=document.title,
        status=document.status.value,
        number=document.number.display if document.number else None,
        date=document.number.day.isoformat() if document.number else None,
        reason=document.hindrance,
        revisions=[
            RevisionView(revision=r.revision, sha256=r.file.sha256, level=r.level, made_at=r.made_at)
            for r in document.revisions
        ],
    )
