"""The extend worker: an issued document gets another revision, the same file with another document timestamp.

Nobody waits for it. What is due stands in the table until it is done, so that neither an outage of all authorities nor the loss of
an order leaves a file behind.
"""

from dataclasses import dataclass

from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, Revision, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.events.contracts import EventMaker
from chauban.ports import Clock, DossierStore, Files
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.ports import ExtendedFile, PolicySource, PreservationEngine


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

        The archive keeps the new file before anything points to it: a worker that dies in between leaves a file that nobody is
        shown. Raises `TimestampUnavailable` where no authority answers, and what the engine and the archive raise.
        """
        wanted = self.store.load(dossier).document(document)
        if _newest(wanted) != revision:
            return False
        policy = self.policies.algorithms()
        extended = self.engine.extend(self.files.read(wanted.revisions[-1].file), policy)
        stored = self.files.archive(extended.pdf)
        done = False

        def decide(before: Dossier) -> Change | None:
            nonlocal done
            present = before.document(document)
            done = _newest(present) == revision
            return self._change(before, present, stored, extended, policy) if done else None

        changing(self.store, dossier, decide)
        return done

    def _change(
        self, before: Dossier, document: Document, stored: StoredFile, extended: ExtendedFile, policy: AlgorithmPolicy
    ) -> Change:
        now = self.clock.now()
        revision = Revision(
            revision=document.revisions[-1].revision + 1, file=stored, level=extended.level, made_at=now
        )
        after_it = document.model_copy(
            update={"current": stored, "revisions": (*document.revisions, revision)},
        )
        after = before.with_document(after_it).with_fact(
            FactType.DOCUMENT_EXTENDED,
            now,
            SERVICE,
            document=document.id,
            of=document.kind.value,
            revision=revision.revision,
            sha256=stored.sha256,
            level=extended.level,
            authority=extended.authority,
            timestamped_at=extended.timestamped_at.isoformat(),
        )
        entry = PreservationEntry(
            document=document.id,
            dossier=before.id,
            revision=revision.revision,
            due_at=extended.ends_at,
            next_at=extended.ends_at,
            made_at=extended.timestamped_at,
            ends_at=extended.ends_at,
            rests_on=extended.rests_on,
        )
        told = (self.events.document_extended(after, after_it),)
        return Change(before, after, told, preservations=(entry.planned(policy),))


def _newest(document: Document) -> int | None:
    return document.revisions[-1].revision if document.revisions else None
