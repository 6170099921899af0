"""Issuing a document whose file is finished: what becomes true with it, all in one transaction."""

from dataclasses import dataclass

from chauban.dossiers.amendments import AmendmentEffects
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.changes import Change, OutboxMessage, PartyLink
from chauban.dossiers.documents import AppliedSignature, Document, DocumentKind, DocumentStatus, Revision, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_effects import VOID, NoticeEffects, is_void, open_notices
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Clock
from chauban.signing.preservation.beginning import preserved
from chauban.signing.seals.stopping import stopped


@dataclass(frozen=True)
class Issuing:
    """Decides what issuing changes: the document, the parties' lists, the events, and what a notice does to its dossier."""

    effects: NoticeEffects
    cancelling: Cancelling
    events: EventMaker
    orders: OrderMaker
    clock: Clock

    def issued(
        self, before: Dossier, document: Document, stored: StoredFile, level: str, signature: AppliedSignature
    ) -> Change:
        """The document issued as the archived file, whose last signature is the seal's."""
        now = self.clock.now()
        revision = Revision(revision=1, file=stored, level=level, made_at=now)
        update = {
            "status": DocumentStatus.ISSUED,
            "current": stored,
            "preparation": None,
            "signatures": (*document.signatures, signature),
            "revisions": (revision,),
        }
        issued = document.model_copy(update=update)
        after = before.with_document(issued).with_fact(
            FactType.DOCUMENT_ISSUED, now, SERVICE, document=issued.id, kind=issued.kind.value, sha256=stored.sha256
        )
        signed = self.events.signed(after, issued, signature)
        after, amended = AmendmentEffects(self.events).at_issue(after, issued, now, SERVICE)
        if issued.kind is DocumentKind.RESULT:
            return self._preserved(self._result(before, after, issued, signed, amended), issued)
        if amended:
            return self._preserved(Change(before, after, (signed, *amended)), issued)
        if effect := self.effects.at_issue(after, issued, now, SERVICE):
            after, told = effect
            return self._preserved(Change(before, after, (signed, told)), issued)
        return self._preserved(Change(before, after, (signed,)), issued)

    def _preserved(self, change: Change, issued: Document) -> Change:
        return preserved(change, issued, self.orders, self.clock.now())

    def voided(self, before: Dossier, document: Document) -> Change | None:
        """A signed notice that came too late to have an effect is not numbered and not issued; None where it is in time.

        One whose number is taken already waits for the records office, which makes the number void with a reason.
        """
        now = self.clock.now()
        if document.status is not DocumentStatus.AWAITING_SEAL or not is_void(before, document, now):
            return None
        if document.number is not None:
            return stopped(before, document, now, VOID)
        after, _ = self.cancelling.cancel(before, [document], now)
        return Change(before, after)

    def _result(
        self,
        before: Dossier,
        after: Dossier,
        issued: Document,
        signed: OutboxMessage,
        amended: tuple[OutboxMessage, ...],
    ) -> Change:
        """With the result, an apology for its delay has nothing left to say."""
        now, revision = self.clock.now(), issued.revisions[-1]
        waiting = [notice for notice in open_notices(after) if not notice.signed]
        after, closed = self.cancelling.cancel(after, waiting, now)
        sort = f"R#{now.isoformat()}#{issued.id}"
        links = tuple(PartyLink(key, sort, after.id, issued.id) for key in after.filing.party_keys)
        messages = (signed, self.events.issued(after, issued, revision), *amended)
        return Change(before, after, messages, links, closed_tasks=closed)
