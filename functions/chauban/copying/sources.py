"""What a copy may be made of.

SAO Y is a copy of an original, SAO LỤC one of a SAO Y, TRÍCH SAO a part of an original (Decree 30/2020/ND-CP, Article 3); no
copy is made of a copy otherwise, and none of what is no longer in force.
"""

from chauban.attachments.reasons import explanation_of
from chauban.dossiers.amending import require_in_force
from chauban.dossiers.amendments import original_of
from chauban.dossiers.attachments import Attachment, AttachmentStatus
from chauban.dossiers.documents import COPIES, Document, DocumentKind, DocumentStatus
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
