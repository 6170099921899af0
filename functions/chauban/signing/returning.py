"""An official sends a draft back to the desk, or its agency's desk takes it back: unsigned, with a reason, for good."""

from dataclasses import dataclass
from datetime import datetime

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.changes import Change, SessionStep
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.facts import Actor, DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.wording import tidied
from chauban.errors import WrongState
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.ports import Clock, DossierStore, SigningStore
from chauban.signing.sessions import FINAL_ITEMS, LIVE_SESSIONS, ItemStatus, ReturnedDraft, SigningTask

RETURNED = "returned"
UNSIGNED = frozenset({DocumentStatus.RENDERING, DocumentStatus.AWAITING_SIGNATURE})


@dataclass(frozen=True)
class Returning:
    """Returns drafts of results and notices, while nothing is signed."""

    store: DossierStore
    signing: SigningStore
    authorisation: Authorisation
    events: EventMaker
    clock: Clock

    def send_back(self, caller: Caller, task: str, request: ReturnDraft, guard: Guard) -> Dossier:
        """The dossier with the draft returned: of a result, it can be drafted again; what a notice was to do never happens.

        Raises `NotFound` for another agency's task, `NotAllowed`, `WrongState`, `PreconditionFailed`, `InvalidRequest`.
        """
        found = self.signing.task(task)
        self.authorisation.return_draft(caller, found)
        reason: str = tidied(request)["reason"]

        def decide(present: Dossier) -> Change | None:
            if guard.done_before(self.store):
                return None
            guard.expect(present, set(DossierStatus))
            document = present.document(found.document)
            if document.signed or document.status is not DocumentStatus.AWAITING_SIGNATURE:
                raise WrongState(state="signed" if document.signed else document.status.value)
            return self._returned(present, document, caller.actor(found.official), reason, guard)

        return changing(self.store, found.dossier, decide)

    def take_back(self, caller: Caller, dossier: str, document: str, request: ReturnDraft, guard: Guard) -> Dossier:
        """The dossier with the draft returned as by the official, who may have left or never have got it.

        Raises `NotFound`, `NotAllowed`, `CompetentAgencyOnly`, `WrongState`, `PreconditionFailed`, `InvalidRequest`.
        """
        reason: str = tidied(request)["reason"]

        def decide(present: Dossier) -> Change | None:
            self.authorisation.see_dossier(caller, present)
            draft = present.document(document)
            clerk = self.authorisation.take_back_draft(caller, present, draft)
            if guard.done_before(self.store):
                return None
            guard.expect(present, set(DossierStatus))
            if draft.signed or draft.status not in UNSIGNED or draft not in present.for_officials:
                raise WrongState(state="signed" if draft.signed else draft.status.value)
            return self._returned(present, draft, caller.actor(clerk.id), reason, guard)

        return changing(self.store, dossier, decide)

    def _returned(self, before: Dossier, document: Document, by: Actor, reason: str, guard: Guard) -> Change:
        now, has_task = self.clock.now(), document.status is DocumentStatus.AWAITING_SIGNATURE
        update = {"status": DocumentStatus.RETURNED, "preparation": None}
        after = before.with_document(document.model_copy(update=update)).with_fact(
            FactType.DOCUMENT_RETURNED,
            now,
            by,
            document=document.id,
            kind=document.kind.value,
            reason=reason,
        )
        told = self.events.handled(contracts.RETURNED, after, document=document.id, kind=document.kind.value)
        record = guard.record(after.id, self.clock)
        if not has_task:
            return Change(before, after, (told,), idempotency=record)
        waiting = self.signing.task(document.id)
        closed = waiting.closed(ReturnedDraft(reason=reason, at=now))
        step = self._step(waiting, closed, now)
        return Change(before, after, (told,), closed_tasks=() if step else (closed,), step=step, idempotency=record)

    def _step(self, waiting: SigningTask, closed: SigningTask, now: datetime) -> SessionStep | None:
        """The item of the live session that holds the task is settled with it; None where no session does."""
        if waiting.session is None:
            return None
        session = self.signing.session(waiting.session)
        entry = next((item for item in session.items if item.task == waiting.id), None)
        if entry is None or entry.status in FINAL_ITEMS or session.status(now) not in LIVE_SESSIONS:
            return None
        refused = entry.model_copy(update={"status": ItemStatus.REFUSED, "reason": RETURNED})
        return SessionStep(session.id, refused, was=entry.status, task=closed)
