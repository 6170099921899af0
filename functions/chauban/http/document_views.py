"""What the API answers about a document."""

from datetime import datetime

from pydantic import BaseModel

from chauban.dossiers.documents import Document, Validity


class RevisionView(BaseModel):
    revision: int
    sha256: str
    level: str
    made_at: datetime


class SignatureCheckView(BaseModel):
    """What was found before a signature was made: the certificate's `result`, when it was `checked_at`, its `path` to the root and
    the `evidence` (CRLs and OCSP answers) as hashes; nothing of it names a person."""

    field: str
    credential: str
    signed_at: datetime
    timestamped_at: datetime
    sha256: str
    certificate_check: dict[str, str]


class TimestampCheckView(BaseModel):
    """What was found before a document timestamp was made: the revision that it ends, the `authority` by the SHA-256 of its
    certificate, and of that certificate what is known of a signer's."""

    revision: int
    sha256: str
    timestamped_at: datetime
    authority: str
    certificate_check: dict[str, str]


class DocumentView(BaseModel):
    """A document of a dossier; `number` and `date` once it has them; `reason` says what stopped its sealing, in a word.

    `validity` (in_force, corrected, replaced, revoked) says what it is worth today, `replaced_by`, `corrected_by` and `revoked_by`
    by which documents; `replaces`, `corrects`, `revokes` and `copy_of` which document this one is about, `made_from` the file
    of others that it is a copy of. `annexes` are its annexes in files of their own, in order; an annex names in `annex_of` the
    document that it belongs to, and is worth what that is worth.
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
    made_from: str | None
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
        made_from=document.made_from,
        replaced_by=document.replaced_by,
        corrected_by=list(document.corrected_by),
        revoked_by=document.revoked_by,
        annexes=list(document.annexes),
        annex_of=document.annex_of,
        revisions=revision_views(document),
    )


def revision_views(document: Document) -> list[RevisionView]:
    """The issued states of a document, oldest first."""
    return [
        RevisionView(revision=r.revision, sha256=r.file.sha256, level=r.level, made_at=r.made_at)
        for r in document.revisions
    ]


def signature_checks(document: Document) -> list[SignatureCheckView]:
    """What was found before each signature of a document, in their order."""
    return [SignatureCheckView(**one.model_dump()) for one in document.signatures]


def timestamp_checks(document: Document) -> list[TimestampCheckView]:
    """What was found before each document timestamp, in their order."""
    return [
        TimestampCheckView(revision=one.revision, sha256=one.file.sha256, **one.timestamp.model_dump())
        for one in document.revisions
        if one.timestamp
    ]


def advice(document: Document, language: str) -> str | None:
    """What whoever holds a document should do, in a language: where another one changed what it is worth, else where it is about
    another one; None for all others."""
    if document.validity in _ADVICE:
        return _ADVICE[document.validity][language]
    amends = next((name for name in _ABOUT if getattr(document, name)), None)
    return _ABOUT[amends][language] if amends else None


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

_ABOUT = {
    "replaces": {
        "vi": "Văn bản này thay thế văn bản nêu trong replaces. Hãy dùng văn bản này và hủy các bản cũ đang giữ.",
        "en": "This document takes the place of the one in replaces. Use this one, and destroy old copies that you hold.",
    },
    "corrects": {
        "vi": "Văn bản này đính chính văn bản nêu trong corrects. Hãy đọc cùng văn bản đó.",
        "en": "This document corrects the one in corrects. Read it together with that one.",
    },
    "revokes": {
        "vi": "Văn bản này thu hồi văn bản nêu trong revokes. Không sử dụng văn bản đó nữa và hủy các bản đang giữ.",
        "en": "This document revokes the one in revokes. Do not use that one any more, and destroy the copies that you hold.",
    },
}
