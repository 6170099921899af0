"""The records office decides about a document: it is sealed, made anew, or it goes back to the desk with a reason.

Documents come here after the last official's signature where the form says `seal: manual`, and, whatever the
form says, where the linter stopped the sealing or the number was made void.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentStatus, StoredFile
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.wording import tidied
from chauban.errors import WrongState
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Clock, DossierStore, Page, SigningStore
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.sent_back import sent_back

# What becomes of the document: (the dossier, the document, who decides) -> the change
Decision = Callable[[Dossier, Document, Appointment], Change]


@dataclass(frozen=True)
class Releasing:
    """Releases documents for the seal, has them made anew, and sends them back."""

    store: DossierStore
    signing: SigningStore
    authorisation: Authorisation
    events: EventMaker
    orders: OrderMaker
    clock: Clock

    def tasks(self, caller: Caller, agency: str | None, limit: int, cursor: str | None) -> Page[SealingTask]:
        """What waits for the records office of an agency of the caller's, longest first; raises `NotFound` for another's."""
        agencies = self.authorisation.agencies(caller)
        chosen = agency or (agencies[0] if agencies else "")
        self.authorisation.see_sealing(caller, chosen)
        return self.signing.sealing_tasks_of_agency(chosen, limit, cursor)

    def task(self, caller: Caller, task: str) -> SealingTask:
        """One task; raises `NotFound` for another agency's."""
        found = self.signing.sealing_task(task)
        self.authorisation.see_sealing(caller, found.agency)
        return found

    def file(self, caller: Caller, task: str) -> StoredFile:
        """The file that would be sealed, with its signatures; raises `NotFound`, `WrongState` where it no longer waits."""
        found = self.task(caller, task)
        document = self.store.load(found.dossier).document(found.document)
        if document.status is not DocumentStatus.AWAITING_RELEASE or document.current is None:
            raise WrongState(state=document.status.value)
        return document.current

    def release(self, caller: Caller, task: str, guard: Guard) -> SealingTask:
        """The task, closed: number and seal are ordered, and the caller's appointment answers for them.

        Raises `NotFound` for another agency's task, `NotAllowed`, `StrongLoginRequired`, `WrongState`, `PreconditionFailed`.
        """

        def decide(before: Dossier, document: Document, by: Appointment) -> Change:
            update = {"status": DocumentStatus.AWAITING_SEAL, "released_by": by.id}
            after = before.with_document(document.model_copy(update=update)).with_fact(
                FactType.DOCUMENT_RELEASED,
                self.clock.now(),
                caller.actor(by.id),
                document=document.id,
                of=document.kind.value,
            )
            return Change(before, after, (self.orders.seal(after.id, document.id),))

        return self._decided(caller, task, "release", guard, decide)

    def send_back(self, caller: Caller, task: str, request: ReturnDraft, guard: Guard) -> SealingTask:
        """The task, closed: the document will never be issued, the signatures in it are void, another may be drafted.

        Raises as `release`, and `WrongState` where a number was taken (it is made void first) or no official signed.
        """
        reason: str = tidied(request)["reason"]

        def decide(before: Dossier, document: Document, by: Appointment) -> Change:
            if document.number is not None:
                raise WrongState(state="numbered")
            # What only the seal signs took effect with the clerk's act.
            if not document.signatures:
                raise WrongState(state="in_effect")
            now, actor = self.clock.now(), caller.actor(by.id)
            after, event = sent_back(before, document, self.events, at=now, by=actor, reason=reason)
            return Change(before, after, (event,))

        return self._decided(caller, task, "return-signed", guard, decide)

    def render_anew(self, caller: Caller, task: str, guard: Guard) -> SealingTask:
        """The task, closed: what only the seal signs is rendered again, from the facts as they were when it became due, and sealed.

        It stays the same document, with its number if it has one. Raises as `release`, and `WrongState` where an official signed.
        """

        def decide(before: Dossier, document: Document, by: Appointment) -> Change:
            if document.signatures:
                raise WrongState(state="signed")
            update = {"status": DocumentStatus.RENDERING, "current": None, "preparation": None, "hindrance": None}
            after = before.with_document(document.model_copy(update={**update, "released_by": None})).with_fact(
                FactType.RENDERING_REPEATED,
                self.clock.now(),
                caller.actor(by.id),
                document=document.id,
                of=document.kind.value,
                sha256=document.sha256,
                **({"reason": document.hindrance} if document.hindrance else {}),
            )
            return Change(before, after, (self.orders.render(after.id, document.id),))

        return self._decided(caller, task, "render-anew", guard, decide)

    def _decided(self, caller: Caller, task: str, action: str, guard: Guard, decision: Decision) -> SealingTask:
        found = self.task(caller, task)
        by = self.authorisation.decide_sealing(caller, action, found.agency)

        def decide(before: Dossier) -> Change | None:
            if guard.done_before(self.store):
                return None
            guard.expect(before, set(DossierStatus))
            document = before.document(found.document)
            if document.status is not DocumentStatus.AWAITING_RELEASE:
                raise WrongState(state=document.status.value)
            change = decision(before, document, by)
            closed = self.signing.sealing_task(task).closed()
            record = guard.record(before.id, self.clock)
            return Change(before, change.after, change.messages, idempotency=record, sealing_task=closed)

        changing(self.store, found.dossier, decide)
        return self.signing.sealing_task(task)
