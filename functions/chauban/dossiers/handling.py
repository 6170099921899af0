"""What a clerk does with a dossier: receive it (the clock starts, the receipt is made), draft the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard, acting_clerk
from chauban.dossiers.annexes import with_annexes
from chauban.dossiers.attachments import AttachmentStatus
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.deadlines import Calendars, due_at, same_day_due
from chauban.dossiers.documents import Document, DocumentKind, document_id
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_effects import refuse_while_open
from chauban.dossiers.numbering import local_day
from chauban.dossiers.requests import DraftDecision, ReceivedComponent, ReceiveDossier
from chauban.dossiers.signing_order import named_officials
from chauban.errors import AttachmentBeingExamined
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.forms.definition import Component, FormHead
from chauban.forms.validation import accepted_decision
from chauban.ports import Catalogue, Clock, DossierStore, FormLibrary

MAX_TAG = 18
RECEIPT_TITLE = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"


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
        """The dossier as received; raises `NotFound`, `NotAllowed`, `WrongState`, `NoticeOpen`, `PreconditionFailed`."""

        def decide(present: Dossier) -> Change | None:
            clerk = acting_clerk(self.authorisation, caller, "receive", present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, {DossierStatus.SUBMITTED})
            refuse_while_open(present)
            return self._received(caller, clerk, present, request, guard)

        return changing(self.store, dossier, decide)

    def draft(self, caller: Caller, dossier: str, request: DraftDecision, guard: Guard) -> Dossier:
        """The dossier with its decision drafted; raises as `receive`, `AttachmentBeingExamined`, and `InvalidRequest` for the
        decision's data."""

        def decide(present: Dossier) -> Change | None:
            clerk = acting_clerk(self.authorisation, caller, "draft-decision", present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, {DossierStatus.RECEIVED})
            # An apology for being late does not keep anybody from deciding.
            refuse_while_open(present, but=DocumentKind.EXTENSION)
            # Whoever decides has seen what came in.
            if any(one.status is AttachmentStatus.SCANNING for one in present.papers):
                raise AttachmentBeingExamined
            return self._drafted(caller, clerk, present, request, guard)

        return changing(self.store, dossier, decide)

    def _received(
        self, caller: Caller, clerk: Appointment, before: Dossier, request: ReceiveDossier, guard: Guard
    ) -> Change:
        now = self.clock.now()
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        due = _due(form.head, now, self.catalogue.calendars())
        components: Sequence[ReceivedComponent | Component] = request.components or form.head.components
        cause = "reception"
        receipt = Document(
            id=document_id(before.id, DocumentKind.RECEIPT, 1, cause),
            kind=DocumentKind.RECEIPT,
            agency=before.issuer(DocumentKind.RECEIPT),
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
        return Change(before, after, messages, idempotency=guard.record(after.id, self.clock))

    def _drafted(
        self, caller: Caller, clerk: Appointment, before: Dossier, request: DraftDecision, guard: Guard
    ) -> Change:
        now = self.clock.now()
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        template = next(result for result in form.head.results if result.kind == request.kind)
        data = accepted_decision(form, template, before.answers, request.data, local_day(now))
        agency, terms = before.filing.agencies.competent, form.head.terms(request.kind)
        named = named_officials(self.catalogue, agency, request, terms, now)
        cause = f"decision-{before.version + 1}"
        result = Document(
            id=document_id(before.id, DocumentKind.RESULT, 1, cause),
            kind=DocumentKind.RESULT,
            agency=before.issuer(DocumentKind.RESULT),
            ordinal=1,
            cause=cause,
            title=template.title,
        )
        drafted = with_annexes(before.id, result, template, before.answers, data)
        after = before.with_fact(
            FactType.DECISION_DRAFTED,
            now,
            caller.actor(clerk.id),
            document=result.id,
            **named,
            decision=data,
            **drafted.said,
        )
        after = drafted.added(after)
        messages = (self.orders.render(after.id, result.id),)
        return Change(before, after, messages, idempotency=guard.record(after.id, self.clock))


def _due(head: FormHead, received: datetime, calendars: Calendars) -> datetime:
    """When a dossier received now is due: the same day where the form promises that, else after its working hours."""
    if head.same_day_until is not None:
        return same_day_due(received, head.same_day_until, calendars)
    return due_at(received, head.processing_hours, calendars)
