"""What waits for an agency's records office: a signed document that is to be sealed, or sent back to the desk."""

from datetime import datetime

from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus
from chauban.dossiers.model import Dossier
from chauban.values import Frozen


class SealingTask(Frozen):
    """A document that is not sealed before the records office of `agency` releases it; `id` is the document's.

    `sha256` is that of the file with its signatures so far; `reason` says what stopped an earlier sealing, in a word.
    """

    id: str
    dossier: str
    code: str
    document: str
    kind: DocumentKind
    title: str
    agency: str
    sha256: str
    since: datetime
    reason: str | None = None
    open: bool = True

    def closed(self) -> "SealingTask":
        """The task, released or sent back."""
        return self.model_copy(update={"open": False})


def sealing_task(dossier: Dossier, document: Document, since: datetime) -> SealingTask:
    """What the records office is given to decide about a document."""
    return SealingTask(
        id=document.id,
        dossier=dossier.id,
        code=dossier.filing.code,
        document=document.id,
        kind=document.kind,
        title=document.title,
        agency=document.agency,
        sha256=document.sha256 or "",
        since=since,
        reason=document.hindrance,
    )


def to_release(dossier: Dossier, document: Document, since: datetime) -> SealingTask | None:
    """As `sealing_task` for a document that waits for the records office; None for every other."""
    return sealing_task(dossier, document, since) if document.status is DocumentStatus.AWAITING_RELEASE else None
