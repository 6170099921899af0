"""What the desk tells the citizen: supplement requests, refusals, extensions, stops, each with its printed notice.

Forms 02 to 05 of the one-stop circulars (03/2025 of the Government Office, Annex I). Each call appends one fact and orders the
document, which is rendered, signed as the form's policy says, numbered and sealed later. The dossier and its clock change with
the call, or with the issuing where an official signs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard, acting_clerk, named_signer, signing_official
from chauban.dossiers.changes import Change, OutboxMessage
from chauban.dossiers.changing import changing
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import new_notice
from chauban.dossiers.notice_effects import (
    EXTENSION,
    REFUSAL,
    STOP,
    SUPPLEMENT_REQUEST,
    Act,
    NoticeEffects,
    refuse_while_open,
)
from chauban.dossiers.notice_requests import ExtendDeadline, RefuseDossier, RequestSupplement, StopDossier
from chauban.dossiers.numbering import local_day
from chauban.dossiers.wording import printable
from chauban.errors import FieldError, InvalidRequest, WrongState
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, FormLibrary

Said = dict[str, Any]
# (the dossier before, now) -> what the fact keeps beside the request's words; raises `InvalidRequest`
Check = Callable[[Dossier, datetime], Said]


@dataclass(frozen=True)
class _Asked:
    """What a caller asks for, and what is particular to its kind."""

    act: Act
    request: RequestSupplement | RefuseDossier | ExtendDeadline | StopDossier
    check: Check = lambda _before, _now: {}


@dataclass(frozen=True)
class Notices:
    """Asks for supplements, refuses, extends and stops. All raise `NotFound`, `NotAllowed`, `WrongState`, `PreconditionFailed`,
    `NoticeOpen`, `NoticeLimit`, `InvalidRequest`."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    authorisation: Authorisation
    effects: NoticeEffects
    orders: OrderMaker
    clock: Clock

    def request_supplement(
        self, caller: Caller, dossier: str, request: RequestSupplement, guard: Guard
    ) -> tuple[Dossier, str]:
        """The dossier and the id of its new request; a running clock stands still from when the request takes effect, with
        the working time left kept. The same call again answers with the request that it made."""

        def check(before: Dossier, now: datetime) -> Said:
            if request.until is not None and request.until <= local_day(now):
                raise InvalidRequest([_fault("#/until", "not-later")])
            return {"left_seconds": self.effects.left_seconds(before, now)}

        return self._noticed(caller, dossier, guard, _Asked(SUPPLEMENT_REQUEST, request, check))

    def refuse(self, caller: Caller, dossier: str, request: RefuseDossier, guard: Guard) -> Dossier:
        """The dossier, refused before it was received."""
        return self._noticed(caller, dossier, guard, _Asked(REFUSAL, request))[0]

    def stop(self, caller: Caller, dossier: str, request: StopDossier, guard: Guard) -> Dossier:
        """The dossier, to be stopped for good while it was being settled."""
        return self._noticed(caller, dossier, guard, _Asked(STOP, request))[0]

    def extend(self, caller: Caller, dossier: str, request: ExtendDeadline, guard: Guard) -> Dossier:
        """The dossier, to get a later due time."""

        def check(before: Dossier, now: datetime) -> Said:
            due = before.due_at
            if due is None or request.due_at <= max(due, now):
                raise InvalidRequest([_fault("#/due_at", "not-later")])
            # The one told before is kept, for the apology that names both.
            return {"due_before": due.isoformat()}

        return self._noticed(caller, dossier, guard, _Asked(EXTENSION, request, check))[0]

    def _noticed(self, caller: Caller, dossier: str, guard: Guard, asked: _Asked) -> tuple[Dossier, str]:
        """Authorise, check, append the fact, order the document: once, whoever else writes meanwhile."""
        made = ""

        def decide(present: Dossier) -> Change | None:
            nonlocal made
            clerk = acting_clerk(self.authorisation, caller, asked.act.action, present)
            if earlier := guard.earlier(self.store):
                made = earlier
                return None
            guard.expect(present, asked.act.allowed)
            # What ends before it was received is refused; what ends after it is stopped.
            if not asked.act.possible(present):
                raise WrongState(state=present.status.value)
            refuse_while_open(present)
            change, made = self._change(caller, clerk, present, guard, asked)
            return change

        return changing(self.store, dossier, decide), made

    def _change(
        self, caller: Caller, clerk: Appointment, before: Dossier, guard: Guard, asked: _Asked
    ) -> tuple[Change, str]:
        now, act, by = self.clock.now(), asked.act, caller.actor(clerk.id)
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        words = printable(form, asked.request)
        wanted = words.pop("official")
        policy = form.head.notices.of(act.kind.value)
        agency = before.issuer(act.kind, clerk.agency)
        signs = signing_official(self.catalogue, agency, wanted, now) if policy.signed_by == "official" else None
        who = named_signer(self.catalogue, signs) if signs else None
        notice, named = new_notice(before, act.kind, policy, agency, who)
        said = {**words, **asked.check(before, now), **named, "clerk": {"name": clerk.name, "title": clerk.title}}
        told: tuple[OutboxMessage, ...] = ()
        if signs:
            after = before.with_fact(FactType.NOTICE_DRAFTED, now, by, of=act.kind.value, **said)
        else:
            after, event = self.effects.take(before, act, now, by, said)
            told = (event,)
        after = after.with_document(notice)
        messages = (*told, self.orders.render(after.id, notice.id))
        return Change(before, after, messages, idempotency=guard.record(notice.id, self.clock)), notice.id


_FAULTS = {
    "not-later": (
        "Thời điểm này phải ở sau hiện tại và sau hạn đang có. Hãy chọn thời điểm muộn hơn.",
        "This must be after now and after the deadline that stands. Choose a later time.",
    )
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
