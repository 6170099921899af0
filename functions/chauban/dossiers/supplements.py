"""The answer to a supplement request: other answers, papers, or both; the clock goes on with the time that was left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers import clock as dossier_clock
from chauban.dossiers.acting import Guard, clerk_for
from chauban.dossiers.applicant import Applying, applicant_faults
from chauban.dossiers.attachments import AttachmentStatus
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.changes import Change, OutboxMessage
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, document_id
from chauban.dossiers.facts import DossierStatus, Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_effects import is_void, open_notices
from chauban.dossiers.notice_requests import Supplement
from chauban.dossiers.numbering import local_day
from chauban.dossiers.wording import printable
from chauban.errors import FieldError, InvalidRequest, WrongState
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.forms.definition import FormDefinition
from chauban.forms.validation import accepted_answers
from chauban.ports import Catalogue, Clock, DossierStore, FormLibrary
from chauban.registry.checking import PrefillCheck


@dataclass(frozen=True)
class Supplements:
    """Takes supplements from a party, from the portal that filed, or over the desk."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    authorisation: Authorisation
    cancelling: Cancelling
    events: EventMaker
    orders: OrderMaker
    clock: Clock
    prefilled: PrefillCheck

    def add(self, caller: Caller, dossier: str, request: Supplement, guard: Guard) -> Dossier:
        """The dossier back where it was before the request; raises `NotFound`, `NotAllowed`, `WrongState`,
        `PreconditionFailed`, `InvalidRequest`."""

        def decide(present: Dossier) -> Change | None:
            self.authorisation.on_dossier(caller, "supplement", present)
            if guard.done_before(self.store):
                return None
            guard.expect(present, {DossierStatus.SUPPLEMENT_REQUESTED})
            # A refusal or stop that has its number is about to be issued.
            if any(notice.number for notice in open_notices(present)):
                raise WrongState(state="numbered")
            return self._supplemented(caller, present, request, guard)

        return changing(self.store, dossier, decide)

    def _supplemented(self, caller: Caller, before: Dossier, request: Supplement, guard: Guard) -> Change:
        now = self.clock.now()
        asked = before.fact(FactType.SUPPLEMENT_REQUESTED)
        if asked is None or asked.data["document"] != request.request:
            raise InvalidRequest([_fault("#/request", "unknown-request")])
        attached = _attached(before, request.request)
        if request.answers is None and not request.components and not attached:
            raise InvalidRequest([_fault("#/answers", "nothing-supplemented")])
        due = dossier_clock.resumed(dossier_clock.deadline(before.facts), now, self.catalogue.calendars())
        data = {**self._brought(caller, before, request), "due_at": due.isoformat() if due else None}
        data |= {"attachments": list(attached)} if attached else {}
        application = self._application(before, asked) if request.answers is not None else None
        if application:
            data["document"] = application.id
        # A clerk at the desk passes on what the citizen brought; the fact says so.
        clerk = clerk_for(self.authorisation, caller, before)
        by = caller.actor(clerk.id if clerk else None)
        after = before.with_fact(FactType.SUPPLEMENTED, now, by, request=request.request, **data)
        messages: tuple[OutboxMessage, ...] = (self._event(after, asked, due),)
        if application:
            after = after.with_document(application)
            messages = (*messages, self.orders.render(after.id, application.id))
        # What was to follow from the missing supplement has lost its reason; a signed one is void when its seal comes.
        overtaken = [one for one in open_notices(after) if not one.signed and is_void(after, one, now)]
        after, closed = self.cancelling.cancel(after, overtaken, now)
        record = guard.record(after.id, self.clock)
        return Change(before, after, messages, closed_tasks=closed, idempotency=record)

    def _brought(self, caller: Caller, before: Dossier, request: Supplement) -> dict[str, Any]:
        filing, day = before.filing, local_day(self.clock.now())
        form = self.forms.version(filing.form.slug, filing.form.version)
        said = printable(form, request.model_copy(update={"answers": None}))
        answers = None if request.answers is None else accepted_answers(form, request.answers, day)
        self._own(caller, before, form, answers or {})
        origins = self.prefilled.origins(request.prefill, form, filing.party_keys, answers or {}, before)
        told = {"from_registry": dict(origins)} if answers and origins else {}
        return {"answers": answers, "components": said["components"], "note": said["note"], **told}

    def _own(self, caller: Caller, before: Dossier, form: FormDefinition, answers: dict[str, Any]) -> None:
        """Raises `InvalidRequest` where a citizen puts somebody else in the place of the one who applies."""
        if caller.party_key is None or clerk_for(self.authorisation, caller, before):
            return
        filing = before.filing
        people = Applying(filing.requester, filing.owner, filing.representative)
        if faults := applicant_faults(form, answers, people, earlier=before.answers):
            raise InvalidRequest(faults)

    def _application(self, before: Dossier, asked: Fact) -> Document:
        """The application once more, with the answers as they are now."""
        earlier = [document for document in before.documents if document.kind is DocumentKind.APPLICATION]
        ordinal, cause = len(earlier) + 1, f"supplement-{asked.data['ordinal']}"
        return Document(
            id=document_id(before.id, DocumentKind.APPLICATION, ordinal, cause),
            kind=DocumentKind.APPLICATION,
            agency=before.issuer(DocumentKind.APPLICATION),
            ordinal=ordinal,
            cause=cause,
            title=earlier[0].title if earlier else before.filing.procedure_name,
        )

    def _event(self, after: Dossier, asked: Fact, due: datetime | None) -> OutboxMessage:
        named = {"request": asked.data["document"], "ordinal": asked.data["ordinal"], "due_at": due}
        return self.events.handled(contracts.SUPPLEMENTED, after, **named)


def _attached(dossier: Dossier, request: str) -> tuple[str, ...]:
    """The attachments that came for a request: kept, or being examined."""
    there = {AttachmentStatus.SCANNING, AttachmentStatus.ACCEPTED}
    return tuple(one.id for one in dossier.attachments if one.request == request and one.status in there)


_FAULTS = {
    "unknown-request": (
        "Đây không phải yêu cầu bổ sung đang chờ của hồ sơ. Hãy tải lại hồ sơ để lấy đúng mã yêu cầu.",
        "This is not the dossier's open supplement request. Load the dossier again for the right one.",
    ),
    "nothing-supplemented": (
        "Hãy gửi nội dung khai bổ sung (answers) hoặc giấy tờ đã nộp bổ sung (components), hoặc tải tệp lên trước "
        "(attachments).",
        "Send the answers anew, or the papers (components) that were handed in, or upload attachments first.",
    ),
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
