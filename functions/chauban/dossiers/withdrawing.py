"""The requester takes the dossier back: possible until the official's signature on the result was accepted."""

from dataclasses import dataclass

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import WithdrawDossier
from chauban.errors import WrongState
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.ports import Clock, DossierStore, SigningStore

_POSSIBLE = {
    DossierStatus.SUBMITTED,
    DossierStatus.RECEIVED,
    DossierStatus.SUPPLEMENT_REQUESTED,
    DossierStatus.PROCESSING,
    DossierStatus.SIGNING,
}


@dataclass(frozen=True)
class Withdrawing:
    """Withdraws dossiers."""

    store: DossierStore
    signing: SigningStore
    authorisation: Authorisation
    events: EventMaker
    clock: Clock

    def withdraw(self, caller: Caller, dossier: str, request: WithdrawDossier, guard: Guard) -> Dossier:
        """The dossier, withdrawn: a drafted result will never be signed, its task is off the official's list.

        Raises `NotFound`, `NotAllowed`, `WrongState`, `PreconditionFailed`.
        """

        def decide(present: Dossier) -> Change | None:
            self.authorisation.on_dossier(caller, "withdraw", present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, _POSSIBLE)
            return self._withdrawn(caller, present, request, guard)

        return changing(self.store, dossier, decide)

    def _withdrawn(self, caller: Caller, before: Dossier, request: WithdrawDossier, guard: Guard) -> Change:
        after = before.with_fact(FactType.WITHDRAWN, self.clock.now(), caller.actor(), reason=request.reason)
        task = None
        draft = before.document_of(DocumentKind.RESULT)
        if draft is not None:
            if draft.status is DocumentStatus.AWAITING_SIGNATURE:
                task = self.signing.task(draft.id).model_copy(
                    update={"open": False, "session": None, "session_until": None}
                )
            after = after.with_document(_cancelled(draft))
        messages = (self.events.handled(contracts.WITHDRAWN, after),)
        return Change(before, after, messages, closed_task=task, idempotency=guard.record(after.id, self.clock))


def _cancelled(draft: Document) -> Document:
    """The draft of a result as one that will not be issued; raises `WrongState` where the official has signed."""
    signed = draft.signatures or (draft.preparation is not None and draft.preparation.signature is not None)
    if signed or draft.status not in {DocumentStatus.RENDERING, DocumentStatus.AWAITING_SIGNATURE}:
        raise WrongState(state="signed")
    return draft.model_copy(update={"status": DocumentStatus.CANCELLED, "preparation": None})
