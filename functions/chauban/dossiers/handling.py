"""What a clerk does with a dossier: receive it (the clock starts, the receipt is made), draft the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment, Role
from chauban.access.identity import Caller
from chauban.dossiers.changes import Change, IdempotencyRecord
from chauban.dossiers.changing import changing
from chauban.dossiers.deadlines import due_at
from chauban.dossiers.documents import Document, DocumentKind, document_id
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.idempotency import Once
from chauban.dossiers.model import Dossier
from chauban.dossiers.requests import DraftDecision, ReceivedComponent, ReceiveDossier
from chauban.errors import FieldError, InvalidRequest, NotAllowed, PreconditionFailed, WrongState
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.forms.definition import Component
from chauban.forms.validation import accepted_decision
from chauban.ports import Catalogue, Clock, DossierStore, FormLibrary

MAX_TAG = 18
RECEIPT_TITLE = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"


@dataclass(frozen=True)
class Guard:
    """How a state-changing request is kept from happening twice: an idempotency key, or the version that was read."""

    once: Once | None
    version: int | None

    @classmethod
    def of(cls, caller: Caller, scope: str, body: dict[str, Any], key: str | None, if_match: str | None) -> "Guard":
        """From the headers; raises `IdempotencyKeyRequired` where neither is given, `PreconditionFailed` for a foreign tag."""
        if if_match is None:
            return cls(Once(caller, key, scope, body), None)
        tag = if_match.strip().strip('"')
        if not tag.isdecimal() or len(tag) > MAX_TAG:
            raise PreconditionFailed
        return cls(Once(caller, key, scope, body) if key else None, int(tag))

    def done_before(self, store: DossierStore) -> bool:
        """Whether this very request has been carried out already."""
        return self.once is not None and self.once.earlier(store) is not None


@dataclass(frozen=True)
class Handling:
    """Receives dossiers and drafts decisions."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    authorisation: Authorisation
    events: EventMaker
    orders: OrderMaker
    clock: Clock

    def receive(self, caller: Caller, dossier: str, request: ReceiveDossier, guard: Guard) -> Dossier:
        """The dossier as received; raises `NotFound`, `NotAllowed`, `WrongState`, `PreconditionFailed`."""

        def decide(present: Dossier) -> Change | None:
            clerk = self._clerk(caller, "receive", present)
            if guard.done_before(self.store):
                return None
            _expect(present, guard, DossierStatus.SUBMITTED)
            return self._received(caller, clerk, present, request, guard)

        return changing(self.store, dossier, decide)

    def draft(self, caller: Caller, dossier: str, request: DraftDecision, guard: Guard) -> Dossier:
        """The dossier with its decision drafted; raises as `receive`, and `InvalidRequest` for the decision's data."""

        def decide(present: Dossier) -> Change | None:
            clerk = self._clerk(caller, "draft-decision", present)
            if guard.done_before(self.store):
                return None
            _expect(present, guard, DossierStatus.RECEIVED)
            return self._drafted(caller, clerk, present, request, guard)

        return changing(self.store, dossier, decide)

    def _clerk(self, caller: Caller, action: str, dossier: Dossier) -> Appointment:
        """The appointment in which the caller acts: in the competent agency, or at the desk that receives."""
        self.authorisation.on_dossier(caller, action, dossier)
        agencies = dossier.filing.agencies
        for agency in (agencies.competent, agencies.receiving):
            if clerk := self.authorisation.appointment(caller, agency, Role.CLERK):
                return clerk
        raise NotAllowed

    def _received(
        self, caller: Caller, clerk: Appointment, before: Dossier, request: ReceiveDossier, guard: Guard
    ) -> Change:
        now = self.clock.now()
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        due = due_at(now, form.head.processing_hours, self.catalogue.calendars())
        components: Sequence[ReceivedComponent | Component] = request.components or form.head.components
        cause = "reception"
        receipt = Document(
            id=document_id(before.id, DocumentKind.RECEIPT, 1, cause),
            kind=DocumentKind.RECEIPT,
            ordinal=1,
            cause=cause,
            title=RECEIPT_TITLE,
        )
        after = before.with_fact(
            FactType.RECEIVED,
            now,
            caller.actor(clerk.id),
            due_at=due.isoformat(),
            processing_hours=form.head.processing_hours,
            components=[component.model_dump() for component in components],
            sets=request.sets,
            receiver={"name": clerk.name, "title": clerk.title},
        ).with_document(receipt)
        messages = (
            self.events.received(after, now, due),
            self.orders.render(after.id, receipt.id),
        )
        return Change(before, after, messages, idempotency=_record(guard, after.id, self.clock))

    def _drafted(
        self, caller: Caller, clerk: Appointment, before: Dossier, request: DraftDecision, guard: Guard
    ) -> Change:
        now = self.clock.now()
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        template = next(result for result in form.head.results if result.kind == request.kind)
        data = accepted_decision(form, template.decision_schema, request.data)
        official = self._official(before.filing.agencies.competent, request.official, now)
        cause = f"decision-{before.version + 1}"
        result = Document(
            id=document_id(before.id, DocumentKind.RESULT, 1, cause),
            kind=DocumentKind.RESULT,
            ordinal=1,
            cause=cause,
            title=template.title,
        )
        after = before.with_fact(
            FactType.DECISION_DRAFTED,
            now,
            caller.actor(clerk.id),
            document=result.id,
            official=official.id,
            signer=official.model_dump(mode="json", include={"name", "title", "authority", "capacity"}),
            decision=data,
        ).with_document(result)
        messages = (self.orders.render(after.id, result.id),)
        return Change(before, after, messages, idempotency=_record(guard, after.id, self.clock))

    def _official(self, agency: str, wanted: str | None, now: datetime) -> Appointment:
        """The official whose name is printed: the one asked for, or the agency's only one."""
        valid = [
            held for held in self.catalogue.officials_of(agency) if held.role is Role.OFFICIAL and held.valid_at(now)
        ]
        chosen = [held for held in valid if wanted in (None, held.id)]
        if len(chosen) != 1:
            raise InvalidRequest([FieldError("#/official", "official-not-clear", dict(_OFFICIAL))])
        return chosen[0]


_OFFICIAL = {
    "vi": "Hãy nêu đúng một người có thẩm quyền ký đang được bổ nhiệm tại cơ quan giải quyết hồ sơ.",
    "en": "Name exactly one official with a valid appointment in the agency that decides.",
}


def _expect(dossier: Dossier, guard: Guard, status: DossierStatus) -> None:
    if guard.version is not None and guard.version != dossier.version:
        raise PreconditionFailed
    if dossier.status is not status:
        raise WrongState(state=dossier.status.value)


def _record(guard: Guard, target: str, clock: Clock) -> IdempotencyRecord | None:
    return guard.once.record(target, clock) if guard.once else None
