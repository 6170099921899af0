"""The extend worker: an issued document gets another revision, the same file with another document timestamp.

Nobody waits for it. What is due stands in the table until it is done, so that neither an outage of all authorities nor the loss of
an order leaves a file behind.
"""

from dataclasses import dataclass

from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.events.contracts import EventMaker
from chauban.ports import Clock, DossierStore, Files
from chauban.signing.preservation.ports import PolicySource, PreservationEngine
from chauban.signing.preservation.stamping import Stamped, Stamping


@dataclass(frozen=True)
class Extending:
    """Extends documents of dossiers."""

    store: DossierStore
    files: Files
    engine: PreservationEngine
    policies: PolicySource
    events: EventMaker
    clock: Clock

    def extend(self, dossier: str, document: str, revision: int) -> bool:
        """Extends that revision of a document; False where it is not the newest any more, because somebody else did.

        Raises as `Stamping.stamp`.
        """
        wanted = self.store.load(dossier).document(document)
        stamped = Stamping(self.files, self.engine, self.policies).stamp(wanted, revision)
        done = False

        def decide(before: Dossier) -> Change | None:
            nonlocal done
            present = before.document(document)
            done = stamped is not None and stamped.fits(present)
            return self._change(before, present, stamped) if stamped and done else None

        if stamped:
            changing(self.store, dossier, decide)
        return done

    def _change(self, before: Dossier, document: Document, stamped: Stamped) -> Change:
        now = self.clock.now()
        extended = stamped.on(document, now)
        after = before.with_document(extended).with_fact(
            FactType.DOCUMENT_EXTENDED, now, SERVICE, document=document.id, of=document.kind.value, **stamped.said
        )
        told = (self.events.document_extended(after, extended),)
        return Change(before, after, told, preservations=(stamped.entry(document.id, dossier=before.id),))
