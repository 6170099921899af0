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
    """A document of a dossier; `number` and `date` once it has them; `reason` says what stopped its sealing, in a word.

    `validity` (in_force, corrected, replaced, revoked) says what it is worth today, `replaced_by`, `corrected_by` and `revoked_by`
    by which documents; `replaces`, `corrects`, `revokes` and `copy_of` which document this one is about. `annexes` are its annexes
    in files of their own, in order; an annex names in `annex_of` the document that it belongs to, and is worth what that is worth.
    """

    id: str
    kind: str
    ordinal: int
    title: str
    status: str
    number: str | None
    date: str | None
    reason: str | None
    validity: str
    replaces: str | None
    corrects: str | None
    revokes: str | None
    copy_of: str | None
    replaced_by: str | None
    corrected_by: list[str]
    revoked_by: str | None
    annexes: list[str]
    annex_of: str | None
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
        validity=document.validity.value,
        replaces=document.replaces,
        corrects=document.corrects,
        revokes=document.revokes,
        copy_of=document.copy_of,
        replaced_by=document.replaced_by,
        corrected_by=list(document.corrected_by),
        revoked_by=document.revoked_by,
        annexes=list(document.annexes),
        annex_of=document.annex_of,
        revisions=[
            RevisionView(revision=r.revision, sha256=r.file.sha256, level=r.level, made_at=r.made_at)
            for r in document.revisions
        ],
    )
