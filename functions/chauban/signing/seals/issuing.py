"""Issuing a document whose file is finished: what becomes true with it, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chauban.dossiers.amendments import AmendmentEffects
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.changes import Change, OutboxMessage, PartyLink
from chauban.dossiers.documents import AppliedSignature, Document, DocumentKind, DocumentStatus, Revision, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_effects import VOID, NoticeEffects, is_void, open_notices
from chauban.dossiers.numbering import IssuedNumber
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Clock
from chauban.signing.preservation.beginning import preserved
from chauban.signing.seals.stopping import stopped


@dataclass(frozen=True)
class SealedFile:
    """A document with the archived file that it is issued as, its PAdES level, and the record of the seal's signature in it."""

    document: Document
    stored: StoredFile
    level: str
    signature: AppliedSignature


@dataclass(frozen=True)
class Issuing:
    """Decides what issuing changes: the document, the parties' lists, the events, and what a notice does to its dossier."""

    effects: NoticeEffects
    cancelling: Cancelling
    events: EventMaker
    orders: OrderMaker
    clock: Clock

    def issued(self, before: Dossier, sealed: SealedFile, annexes: Sequence[SealedFile] = ()) -> Change:
        """The document issued as the archived file, and its annexes with it, each before what names them."""
        now, document = self.clock.now(), sealed.document
        after, kept, told = before, list[Document](), tuple[OutboxMessage, ...]()
        for annex in annexes:
            after, issued, signed = self._one(after, annex, now, number=document.number)
            kept, told = [*kept, issued], (*told, signed)
        after, issued, signed = self._one(after, sealed, now)
        told = (*told, signed)
        after, amended = AmendmentEffects(self.events).at_issue(after, issued, now, SERVICE)
        if issued.kind is DocumentKind.RESULT:
            change = self._result(before, after, issued, told, amended)
        elif amended:
            change = Change(before, after, (*told, *amended))
        elif effect := self.effects.at_issue(after, issued, now, SERVICE):
            after, effected = effect
            change = Change(before, after, (*told, effected))
        else:
            change = Change(before, after, told)
        for each in (*kept, issued):
            change = preserved(change, each, self.orders, now)
        return change

    def _one(
        self, before: Dossier, sealed: SealedFile, now: datetime, **more: IssuedNumber | None
    ) -> tuple[Dossier, Document, OutboxMessage]:
        """The dossier with one document issued, that document, and what is told of the seal's signature."""
        update = {
            "status": DocumentStatus.ISSUED,
            "current": sealed.stored,
            "preparation": None,
            "signatures": (*sealed.document.signatures, sealed.signature),
            "revisions": (Revision(revision=1, file=sealed.stored, level=sealed.level, made_at=now),),
            **more,
        }
        issued = sealed.document.model_copy(update=update)
        after = before.with_document(issued).with_fact(
            FactType.DOCUMENT_ISSUED,
            now,
            SERVICE,
            document=issued.id,
            kind=issued.kind.value,
            sha256=sealed.stored.sha256,
        )
        return after, issued, self.events.signed(after, issued, sealed.signature)

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
        told: tuple[OutboxMessage, ...],
        amended: tuple[OutboxMessage, ...],
    ) -> Change:
        """With the result, an apology for its delay has nothing left to say."""
        now, revision = self.clock.now(), issued.revisions[-1]
        waiting = [notice for notice in open_notices(after) if not notice.signed]
        after, closed = self.cancelling.cancel(after, waiting, now)
        sort = f"R#{now.isoformat()}#{issued.id}"
        links = tuple(PartyLink(key, sort, after.id, issued.id) for key in after.filing.party_keys)
        messages = (*told, self.events.issued(after, issued, revision), *amended)
        return Change(before, after, messages, links, closed_tasks=closed)
