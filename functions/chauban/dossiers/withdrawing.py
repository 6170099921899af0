"""The requester takes the dossier back: possible until the official signed what decides or ends it."""

from dataclasses import dataclass

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import WithdrawDossier
from chauban.dossiers.wording import tidied
from chauban.errors import WrongState
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.ports import Clock, DossierStore

_POSSIBLE = {
    DossierStatus.SUBMITTED,
    DossierStatus.RECEIVED,
    DossierStatus.SUPPLEMENT_REQUESTED,
    DossierStatus.PROCESSING,
    DossierStatus.SIGNING,
}
# With one of these signed, the dossier has its end.
_ENDINGS = {DocumentKind.RESULT, DocumentKind.REFUSAL, DocumentKind.STOP_NOTICE}


@dataclass(frozen=True)
class Withdrawing:
    """Withdraws dossiers."""

    store: DossierStore
    cancelling: Cancelling
    authorisation: Authorisation
    events: EventMaker
    clock: Clock

    def withdraw(self, caller: Caller, dossier: str, request: WithdrawDossier, guard: Guard) -> Dossier:
        """The dossier, withdrawn: nothing that waits for an official will ever be signed, its task is off the official's list.

        Raises `NotFound`, `NotAllowed`, `WrongState`, `PreconditionFailed`, `InvalidRequest`.
        """

        def decide(present: Dossier) -> Change | None:
            self.authorisation.on_dossier(caller, "withdraw", present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, _POSSIBLE)
            return self._withdrawn(caller, present, request, guard)

        return changing(self.store, dossier, decide)

    def _withdrawn(self, caller: Caller, before: Dossier, request: WithdrawDossier, guard: Guard) -> Change:
        now, waiting = self.clock.now(), before.for_officials
        if any(document.signed and document.kind in _ENDINGS for document in waiting):
            raise WrongState(state="signed")
        after = before.with_fact(FactType.WITHDRAWN, now, caller.actor(), **tidied(request))
        after, closed = self.cancelling.cancel(after, [one for one in waiting if not one.signed], now)
        messages = (self.events.handled(contracts.WITHDRAWN, after),)
        return Change(before, after, messages, closed_tasks=closed, idempotency=guard.record(after.id, self.clock))
