"""What a copy may be made of.

SAO Y is a copy of an original, SAO LỤC one of a SAO Y, TRÍCH SAO a part of an original (Decree 30/2020/ND-CP, Article 3); no
copy is made of a copy otherwise, and none of what is no longer in force.
"""

from chauban.attachments.reasons import explanation_of
from chauban.dossiers.amending import require_in_force
from chauban.dossiers.amendments import original_of
from chauban.dossiers.attachments import Attachment, AttachmentStatus
from chauban.dossiers.documents import COPIES, Document, DocumentKind, DocumentStatus, Revision
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.errors import (
    ChaubanError,
    CopyOfCopy,
    NoSaoY,
    NotCopyable,
    NotFound,
    SaoYNeeded,
    SourceNotReady,
    SourceRefused,
    WrongState,
)

# What has the field in which a copy is certified.
_ORIGINALS = frozenset({DocumentKind.RESULT, DocumentKind.CORRECTION, DocumentKind.REVOCATION})


def source_for(dossier: Dossier, asked: Document, kind: DocumentKind) -> Document:
    """The document that is copied, where a copy of `kind` is asked of `asked`: for a SAO LỤC the newest SAO Y of an original.

    Raises `WrongState`, `NotInForce`, `CopyOfCopy`, `SaoYNeeded`, `NotCopyable`.
    """
    if asked.status is not DocumentStatus.ISSUED:
        raise WrongState(state=asked.status.value)
    require_both_in_force(dossier, asked)
    if asked.kind in COPIES:
        if (kind, asked.kind) != (DocumentKind.SAO_LUC, DocumentKind.SAO_Y):
            raise CopyOfCopy
        return asked
    if asked.kind not in _ORIGINALS:
        raise NotCopyable
    if kind is not DocumentKind.SAO_LUC:
        return asked
    copies = [one for one in dossier.documents if one.copy_of == asked.id and one.kind is DocumentKind.SAO_Y]
    return _newest_issued(copies)


def ready_source(dossier: Dossier, source: str, kind: DocumentKind) -> Document | Attachment:
    """The file of others that is copied, where a copy of `kind` is asked of it; for a SAO LỤC the newest SAO Y made of it.

    Raises `NotFound`, `SourceNotReady`, `SourceRefused`, `NoSaoY`, `SaoYNeeded`.
    """
    found = dossier.attachment(source)
    if found.source is None:
        raise NotFound
    if found.status is AttachmentStatus.REFUSED:
        raise _explained(SourceRefused, found.reason)
    if found.status is not AttachmentStatus.ACCEPTED:
        raise SourceNotReady
    if kind is DocumentKind.SAO_Y and found.source.no_sao_y:
        raise _explained(NoSaoY, found.source.no_sao_y)
    if kind is not DocumentKind.SAO_LUC:
        return found
    copies = [one for one in dossier.documents if one.made_from == source and one.kind is DocumentKind.SAO_Y]
    return _newest_issued(copies)


def _newest_issued(copies: list[Document]) -> Document:
    issued = [one for one in copies if one.status is DocumentStatus.ISSUED]
    if not issued:
        raise SaoYNeeded
    return issued[-1]


def _explained(error: type[ChaubanError], reason: str | None) -> ChaubanError:
    """The error, with what to do now in the words of the reason."""
    texts = explanation_of(reason) or {}
    return error(vietnamese=texts.get("vi", ""), english=texts.get("en", ""))


def require_both_in_force(dossier: Dossier, source: Document) -> None:
    """Raises `NotInForce` where the source, or what it is a copy of, was replaced or revoked."""
    require_in_force(source)
    if source.kind in COPIES and (original := original_of(dossier, source)):
        require_in_force(original)


def copied_revision(dossier: Dossier, copy: Document) -> Revision:
    """The revision of an issued document that a copy was ordered of: a SAO Y begins with it, the others embed it. The document may
    have later ones. Raises `NotFound` for a copy of a file of others.

    The order names the revision; of one that does not, it is the newest that there was then.
    """
    source, order = original_of(dossier, copy), dossier.cause_of(copy)
    if source is None or order is None:
        raise NotFound
    extended = [
        fact
        for fact in dossier.facts
        if fact.type is FactType.DOCUMENT_EXTENDED and fact.data["document"] == source.id and fact.seq < order.seq
    ]
    number: int = order.data.get("revision", 1 + len(extended))
    return source.revisions[number - 1]
