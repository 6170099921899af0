"""A document that goes back to the desk for good: the fact, and the event that tells of it."""

from datetime import datetime

from chauban.dossiers.annexes import annexes_alike
from chauban.dossiers.changes import OutboxMessage
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.facts import Actor, FactType
from chauban.dossiers.model import Dossier
from chauban.events import contracts
from chauban.events.contracts import EventMaker


def sent_back(
    before: Dossier, document: Document, events: EventMaker, *, at: datetime, by: Actor, reason: str
) -> tuple[Dossier, OutboxMessage]:
    """The dossier with the document and its annexes returned, and what is told of it; signatures that are in the file are void."""
    void = [signature.field for signature in document.signatures]
    told = {"document": document.id, "kind": document.kind.value}
    update = {"status": DocumentStatus.RETURNED, "preparation": None}
    returned = document.model_copy(update=update)
    after = annexes_alike(before.with_document(returned), returned, **update).with_fact(
        FactType.DOCUMENT_RETURNED, at, by, **told, reason=reason, **({"void": void} if void else {})
    )
    more = {"void_signatures": len(void)} if void else {}
    return after, events.handled(contracts.RETURNED, after, **told, **more)
