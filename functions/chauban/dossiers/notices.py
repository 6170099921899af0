"""What the desk tells the citizen: supplement requests, refusals, extensions, stops, each with its printed notice.

Forms 02 to 05 of the one-stop circulars (03/2025 of the Government Office, Annex I). Each call appends one fact, changes the
clock with it, and orders the document; the document is rendered, signed as the form's policy says, numbered and sealed later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.dossiers import clock as dossier_clock
from chauban.dossiers.acting import Guard, acting_clerk
from chauban.dossiers.changes import Change, OutboxMessage
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import new_notice
from chauban.dossiers.notice_requests import ExtendDeadline, RefuseDossier, RequestSupplement, StopDossier
from chauban.dossiers.numbering import local_day
from chauban.dossiers.wording import printable
from chauban.errors import FieldError, InvalidRequest, WrongState
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, FormLibrary

Said = dict[str, Any]
# (the dossier before, now, the request's words) -> what the fact keeps of them
Describe = Callable[[Dossier, datetime, Said], Said]
# (the dossier after, what the fact keeps) -> the event
Tell = Callable[[Dossier, Said], OutboxMessage]

_OPEN = {DossierStatus.SUBMITTED, DossierStatus.RECEIVED}


@dataclass(frozen=True)
class _Act:
    """One kind of act: what it makes, under which right, and in which states.

    `received` says whether the dossier must have been received before, or must not; None leaves that open.
    """

    kind: DocumentKind
    fact: FactType
    action: str
    allowed: frozenset[DossierStatus]
    received: bool | None = None


_SUPPLEMENT = _Act(
    DocumentKind.SUPPLEMENT_REQUEST, FactType.SUPPLEMENT_REQUESTED, "request-supplement", frozenset(_OPEN)
)
_REFUSAL = _Act(
    DocumentKind.REFUSAL,
    FactType.REFUSED,
    "refuse",
    frozenset({DossierStatus.SUBMITTED, DossierStatus.SUPPLEMENT_REQUESTED}),
    received=False,
)
_EXTENSION = _Act(
    DocumentKind.EXTENSION,
    FactType.EXTENDED,
    "extend",
    frozenset({DossierStatus.RECEIVED, DossierStatus.PROCESSING, DossierStatus.SIGNING}),
)
_STOP = _Act(
    DocumentKind.STOP_NOTICE,
    FactType.STOPPED,
    "stop",
    frozenset({DossierStatus.RECEIVED, DossierStatus.SUPPLEMENT_REQUESTED}),
    received=True,
)


@dataclass(frozen=True)
class _Asked:
    """What a caller asks for, and what is particular to its kind."""

    act: _Act
    request: RequestSupplement | RefuseDossier | ExtendDeadline | StopDossier
    describe: Describe
    tell: Tell


@dataclass(frozen=True)
class Notices:
    """Asks for supplements, refuses, extends and stops. All raise `NotFound`, `NotAllowed`, `WrongState`, `PreconditionFailed`,
    `NoticeLimit`, `InvalidRequest`."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    authorisation: Authorisation
    events: EventMaker
    orders: OrderMaker
    clock: Clock

    def request_supplement(self, caller: Caller, dossier: str, request: RequestSupplement, guard: Guard) -> Dossier:
        """The dossier with an open request; a running clock stands still from now, with the working time left kept."""

        def describe(before: Dossier, now: datetime, said: Said) -> Said:
            if request.until is not None and request.until <= local_day(now):
                raise InvalidRequest([_fault("#/until", "not-later")])
            left = dossier_clock.stopped(dossier_clock.deadline(before.facts), now, self.catalogue.calendars())
            return {**said, "left_seconds": left.total_seconds() if left is not None else None}

        def tell(after: Dossier, said: Said) -> OutboxMessage:
            named = {"request": said["document"], "ordinal": said["ordinal"], "until": said["until"]}
            return self.events.handled(contracts.SUPPLEMENT_REQUESTED, after, **named)

        return self._noticed(caller, dossier, guard, _Asked(_SUPPLEMENT, request, describe, tell))

    def refuse(self, caller: Caller, dossier: str, request: RefuseDossier, guard: Guard) -> Dossier:
        """The dossier, refused before it was received."""
        return self._noticed(caller, dossier, guard, self._end(_REFUSAL, request, contracts.REFUSED))

    def stop(self, caller: Caller, dossier: str, request: StopDossier, guard: Guard) -> Dossier:
        """The dossier, stopped for good while it was being settled."""
        return self._noticed(caller, dossier, guard, self._end(_STOP, request, contracts.STOPPED))

    def extend(self, caller: Caller, dossier: str, request: ExtendDeadline, guard: Guard) -> Dossier:
        """The dossier with a later due time."""

        def describe(before: Dossier, now: datetime, said: Said) -> Said:
            due = before.due_at
            if due is None or request.due_at <= max(due, now):
                raise InvalidRequest([_fault("#/due_at", "not-later")])
            # The one told before is kept, for the apology that names both.
            return {**said, "due_before": due.isoformat()}

        def tell(after: Dossier, said: Said) -> OutboxMessage:
            due = datetime.fromisoformat(said["due_at"])
            return self.events.handled(contracts.EXTENDED, after, document=said["document"], due_at=due)

        return self._noticed(caller, dossier, guard, _Asked(_EXTENSION, request, describe, tell))

    def _end(self, act: _Act, request: RefuseDossier | StopDossier, event: str) -> _Asked:
        def tell(after: Dossier, said: Said) -> OutboxMessage:
            return self.events.handled(event, after, document=said["document"])

        return _Asked(act, request, lambda _before, _now, said: said, tell)

    def _noticed(self, caller: Caller, dossier: str, guard: Guard, asked: _Asked) -> Dossier:
        """Authorise, check, append the fact, order the document: once, whoever else writes meanwhile."""

        def decide(present: Dossier) -> Change | None:
            clerk = acting_clerk(self.authorisation, caller, asked.act.action, present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, asked.act.allowed)
            # What ends before it was received is refused; what ends after it is stopped.
            received = present.fact(FactType.RECEIVED) is not None
            if asked.act.received not in (None, received):
                raise WrongState(state=present.status.value)
            return self._change(caller, clerk, present, guard, asked)

        return changing(self.store, dossier, decide)

    def _change(self, caller: Caller, clerk: Appointment, before: Dossier, guard: Guard, asked: _Asked) -> Change:
        now, kind = self.clock.now(), asked.act.kind
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        said = asked.describe(before, now, printable(form, asked.request))
        official = said.pop("official")
        notice, named = new_notice(before, kind, form.head.notices.of(kind.value), self.catalogue, official, now)
        said |= {**named, "clerk": {"name": clerk.name, "title": clerk.title}}
        after = before.with_fact(asked.act.fact, now, caller.actor(clerk.id), **said).with_document(notice)
        messages = (asked.tell(after, said), self.orders.render(after.id, notice.id))
        return Change(before, after, messages, idempotency=guard.record(after.id, self.clock))


_FAULTS = {
    "not-later": (
        "Thời điểm này phải ở sau hiện tại và sau hạn đang có. Hãy chọn thời điểm muộn hơn.",
        "This must be after now and after the deadline that stands. Choose a later time.",
    )
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
