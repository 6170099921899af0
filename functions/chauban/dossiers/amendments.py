"""Documents about an issued result: one that replaces it, a letter that corrects it, a decision that revokes it.

An error of content leads to a replacing document, an error of form to a letter of correction; what should not have been issued is
taken back (Decree 30/2020/ND-CP, Article 18). The issued file stays as it is. What the new document does to it becomes true in the
transaction that issues the new one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.dossiers.changes import OutboxMessage
from chauban.dossiers.documents import COPIES, OPEN, Document, DocumentKind, DocumentStatus, Revision
from chauban.dossiers.facts import Actor, FactType
from chauban.dossiers.model import Dossier
from chauban.events import contracts
from chauban.events.contracts import EventMaker


@dataclass(frozen=True)
class Amendment:
    """One way to amend: the kind of the new document, `relation` as the new one names the old, `told` as the old names the new."""

    kind: DocumentKind
    relation: str
    told: str
    fact: FactType
    event: str
    title: str | None = None
    template: str | None = None


REPLACEMENT = Amendment(DocumentKind.RESULT, "replaces", "replaced_by", FactType.RESULT_REPLACED, contracts.REPLACED)
CORRECTION = Amendment(
    DocumentKind.CORRECTION,
    "corrects",
    "corrected_by",
    FactType.RESULT_CORRECTED,
    contracts.CORRECTED,
    "Công văn đính chính",
    "_shared/amendments/correction.html",
)
REVOCATION = Amendment(
    DocumentKind.REVOCATION,
    "revokes",
    "revoked_by",
    FactType.RESULT_REVOKED,
    contracts.REVOKED,
    "Quyết định thu hồi văn bản",
    "_shared/amendments/revocation.html",
)
AMENDMENTS = (REPLACEMENT, CORRECTION, REVOCATION)
# Those with a template of their own: a replacing document is printed as the result that it is.
LETTERS = {each.kind: each for each in (CORRECTION, REVOCATION)}


def amendment_by(document: Document) -> Amendment | None:
    """What a document does to another one; None for one that is about no other, or is a copy."""
    return next((each for each in AMENDMENTS if getattr(document, each.relation)), None)


def open_amendment(dossier: Dossier, original: str) -> Document | None:
    """The document on its way to being issued that will amend an issued one."""
    return next((one for one in dossier.documents if one.amends == original and one.status in OPEN), None)


def not_told(dossier: Dossier) -> frozenset[str]:
    """The ids of amendments and copies that are not issued, or never will be, and of their annexes: only staff sees them."""
    later = (one for one in dossier.documents if one.amends or one.kind in COPIES)
    unissued = (one for one in later if one.status is not DocumentStatus.ISSUED)
    return frozenset(known for one in unissued for known in (one.id, *one.annexes))


def original_of(dossier: Dossier, document: Document) -> Document | None:
    """The issued document that a document is about."""
    about = document.amends or document.copy_of
    return dossier.document(about) if about else None


def as_it_stands(dossier: Dossier, document: Document) -> Document:
    """The document with what became of it: a copy is worth what its original is worth, an annex what its document is worth."""
    original = dossier.document(document.annex_of) if document.annex_of else document
    while original.kind in COPIES and (source := original_of(dossier, original)):
        original = source
    return document.model_copy(update={each.told: getattr(original, each.told) for each in AMENDMENTS})


def answers_of(dossier: Dossier, document: Document) -> dict[str, Any]:
    """The answers that a document is made of: those of the dossier when it became due, or the ones that a replacement corrects."""
    cause = dossier.cause_of(document)
    if cause is None:
        return dossier.answers
    corrected: dict[str, Any] | None = cause.data.get("answers") if cause.type is FactType.AMENDMENT_DRAFTED else None
    return corrected or dossier.at(cause.seq).answers


def printed_original(document: Document, revision: Revision | None = None) -> dict[str, Any]:
    """What is printed of an issued document that another one names, and embedded in it: title, number, day, and of the file the
    number and hash of a revision, the newest where none is given."""
    number, named = document.number, revision or document.revisions[-1]
    return {
        "id": document.id,
        "title": document.title,
        "number": number.display if number else None,
        "day": number.day.isoformat() if number else None,
        "revision": named.revision,
        "sha256": named.file.sha256,
    }


@dataclass(frozen=True)
class AmendmentEffects:
    """Lets amendments take effect."""

    events: EventMaker

    def at_issue(
        self, after: Dossier, issued: Document, now: datetime, by: Actor
    ) -> tuple[Dossier, tuple[OutboxMessage, ...]]:
        """The dossier in which an issued document has amended its original, and what is told of it; nothing new for others."""
        amendment = amendment_by(issued)
        if amendment is None:
            return after, ()
        original = after.document(issued.amends or "")
        named: Any = issued.id
        if amendment is CORRECTION:
            named = (*original.corrected_by, issued.id)
        amended = original.model_copy(update={amendment.told: named})
        after = after.with_document(amended).with_fact(
            amendment.fact, now, by, document=original.id, **{amendment.told: issued.id}
        )
        told = {"document": original.id, amendment.told: issued.id, "sha256": issued.revisions[-1].file.sha256}
        told["agency"] = issued.agency
        return after, (self.events.handled(amendment.event, after, **told),)
