"""Takes drafts out of the way that nobody is to sign any more: their dossier went on or ended without them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chauban.dossiers.annexes import annexes_alike
from chauban.dossiers.changes import ClosedTask
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.ports import SigningStore
from chauban.signing.sessions.closing import closed_with_its_item


@dataclass(frozen=True)
class Cancelling:
    """Cancels documents together with their tasks."""

    signing: SigningStore

    def cancel(
        self, dossier: Dossier, documents: Iterable[Document], at: datetime
    ) -> tuple[Dossier, tuple[ClosedTask, ...]]:
        """The dossier with these documents and their annexes cancelled, a fact for each document, and the tasks that are closed
        with them, each with the item of the session that holds it.
        """
        closed = []
        for document in documents:
            if document.status is DocumentStatus.AWAITING_SIGNATURE:
                closed.append(closed_with_its_item(self.signing, self.signing.task(document.id), at))
            update = {"status": DocumentStatus.CANCELLED, "preparation": None}
            gone = document.model_copy(update=update)
            dossier = annexes_alike(dossier.with_document(gone), gone, **update).with_fact(
                FactType.DOCUMENT_CANCELLED, at, SERVICE, document=gone.id, kind=gone.kind.value
            )
        return dossier, tuple(closed)
