"""An official sends a draft back to the desk, or its agency's desk takes it back: with a reason, for good.

Whoever is named to sign next may do so. Where another official has signed before, that signature is void with it: the first of two
must not bind a dossier to a paper that the second cannot or will not sign.
"""

from collections.abc import Collection
from dataclasses import dataclass

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.facts import Actor, DossierStatus
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.wording import tidied
from chauban.errors import WrongState
from chauban.events.contracts import EventMaker
from chauban.forms.definition import OFFICIAL_FIELDS
from chauban.ports import Clock, DossierStore, SigningStore
from chauban.signing.sent_back import sent_back
from chauban.signing.sessions.closing import closed_with_its_item
from chauban.signing.sessions.model import ReturnedDraft, later_task

UNSIGNED = frozenset({DocumentStatus.RENDERING, DocumentStatus.AWAITING_SIGNATURE})


@dataclass(frozen=True)
class Returning:
    """Returns drafts of results and notices, while an official has yet to sign."""

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
            _require_unsigned(document, {DocumentStatus.AWAITING_SIGNATURE})
            # The task of whoever signed before leads nowhere any more.
            if _waiting_task(document) != found.id:
                raise WrongState(state="signed")
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
            _require_unsigned(draft, UNSIGNED)
            if draft not in present.for_officials:
                raise WrongState(state=draft.status.value)
            return self._returned(present, draft, caller.actor(clerk.id), reason, guard)

        return changing(self.store, dossier, decide)

    def _returned(self, before: Dossier, document: Document, by: Actor, reason: str, guard: Guard) -> Change:
        now, has_task = self.clock.now(), document.status is DocumentStatus.AWAITING_SIGNATURE
        after, told = sent_back(before, document, self.events, at=now, by=by, reason=reason)
        record = guard.record(after.id, self.clock)
        if not has_task:
            return Change(before, after, (told,), idempotency=record)
        waiting = self.signing.task(_waiting_task(document))
        closed = closed_with_its_item(self.signing, waiting, now, ReturnedDraft(reason=reason, at=now))
        return Change(before, after, (told,), closed_tasks=(closed,), idempotency=record)


def _require_unsigned(document: Document, allowed: Collection[DocumentStatus]) -> None:
    """Raises `WrongState` where nobody is to sign any more, or a value was accepted that is on its way into the file."""
    pending = document.preparation is not None and document.preparation.signature is not None
    if pending or document.status not in allowed:
        late = pending or document.status not in UNSIGNED and document.signed
        raise WrongState(state="signed" if late else document.status.value)


def _waiting_task(document: Document) -> str:
    """The id of the task of whoever signs next."""
    signed = len(document.signatures)
    return later_task(document.id, OFFICIAL_FIELDS[signed]) if signed else document.id
