"""Filing a dossier: authorise, validate, write once, order the application document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Agency
from chauban.access.identity import Caller
from chauban.dossiers.admission import Admission, unknown
from chauban.dossiers.applicant import Applying, own_faults
from chauban.dossiers.changes import Change, PartyLink
from chauban.dossiers.documents import Document, DocumentKind, document_id
from chauban.dossiers.drafts import Draft, owner_of
from chauban.dossiers.facts import FactType
from chauban.dossiers.idempotency import Once
from chauban.dossiers.model import Agencies, Assertion, Dossier, Filing
from chauban.dossiers.numbering import dossier_code, local_day
from chauban.dossiers.parties import Party, PartyKeys
from chauban.dossiers.requests import SubmitDossier
from chauban.errors import ConcurrentChange, InvalidRequest
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.forms.definition import FormDefinition
from chauban.forms.validation import (
    accepted_answers,
    normalised,
    refuse_broken_text,
    refuse_forbidden_text,
    refuse_unprintable_text,
)
from chauban.ports import Catalogue, Clock, DossierStore, DraftStore, FormLibrary, Ids
from chauban.registry.checking import PrefillCheck

# The scope with which a client may speak for a requester.
SUBMIT_FOR = "dossiers:submit-for"


@dataclass(frozen=True)
class Submission:
    """Files dossiers."""

    store: DossierStore
    drafts: DraftStore
    forms: FormLibrary
    catalogue: Catalogue
    authorisation: Authorisation
    keys: PartyKeys
    events: EventMaker
    orders: OrderMaker
    clock: Clock
    ids: Ids
    prefilled: PrefillCheck

    def submit(
        self,
        caller: Caller,
        request: SubmitDossier,
        body: dict[str, Any],
        key: str | None,
        login: Party | None = None,
    ) -> Dossier:
        """The dossier that this request stands for: made now, or at the first time it was sent.

        With a draft it may be of a version in its days of grace, and the draft is emptied in the same transaction.
        `login` is the citizen as the token names it.
        Raises `NotAllowed`, `IdempotencyKeyRequired`, `IdempotencyKeyReused`, `FormNotCurrent`, `InvalidRequest`.
        """
        refuse_broken_text(body)
        request = SubmitDossier.model_validate(normalised(request.model_dump(mode="json")))
        is_requester = caller.party_key == self.keys.of(request.requester)
        self.authorisation.submit(caller, is_requester)
        once = Once(caller, key, "POST /v1/dossiers", body)
        if target := once.earlier(self.store):
            return self.store.load(target)
        change = self._filed(caller, request, once, login)
        try:
            self.store.commit(change)
        except ConcurrentChange:
            # Another thread was first with the same key; its dossier is the answer.
            if target := once.earlier(self.store):
                return self.store.load(target)
            raise
        return change.after

    def _filed(self, caller: Caller, request: SubmitDossier, once: Once, login: Party | None) -> Change:
        draft = self._draft(caller, request)
        form = Admission(self.forms, self.clock).admit(request.form, request.procedure, draft)
        answers = accepted_answers(form, request.answers, local_day(self.clock.now()))
        self._printable(request, form)
        self._own(caller, request, form, answers, login)
        agency = self._agencies(request, form)
        origins = self.prefilled.origins(request.prefill, form, self._party_keys(request), answers)
        dossier = self._dossier(caller, request, form, answers, agency, origins)
        title = form.head.title["vi"]
        cause = "submission"
        document = document_id(dossier.id, DocumentKind.APPLICATION, 1, cause)
        kind = DocumentKind.APPLICATION
        application = Document(id=document, kind=kind, agency=dossier.issuer(kind), ordinal=1, cause=cause, title=title)
        after = dossier.with_document(application)
        links = tuple(PartyLink(key, f"D#{after.id}", after.id) for key in after.filing.party_keys)
        messages = (self.events.submitted(after), self.orders.render(after.id, document))
        return Change(None, after, messages, links, once.record(after.id, self.clock), draft=draft)

    def _dossier(
        self,
        caller: Caller,
        request: SubmitDossier,
        form: FormDefinition,
        answers: dict[str, Any],
        agency: Agency,
        origins: Mapping[str, str],
    ) -> Dossier:
        now, day = self.clock.now(), local_day(self.clock.now())
        procedure = form.procedure(request.procedure, day)
        filing = Filing(
            id=self.ids.new(),
            code=dossier_code(agency.identifier, day, self.store.next_code(agency.id, day)),
            former_code=request.former_code,
            procedure=request.procedure,
            procedure_name=procedure.name if procedure else form.head.title["vi"],
            form=request.form,
            agencies=Agencies(
                competent=request.agency,
                receiving=request.receiving_agency or request.agency,
                supporting=request.supporting_agency or request.receiving_agency or request.agency,
            ),
            channel=request.channel,
            contact=request.contact,
            requester=request.requester,
            owner=request.owner or request.requester,
            representative=request.representative,
            asserted=Assertion(client=caller.client, assurance=_assurance(caller, request)),
            answers=answers,
            party_keys=self._party_keys(request),
            submitted_at=now,
        )
        # Which answers are the register's own, and by which inquiry: the desk need not check them again.
        told = {"from_registry": dict(origins)} if origins else {}
        return Dossier(filing=filing, facts=()).with_fact(FactType.SUBMITTED, now, caller.actor(), **told)

    def _own(
        self,
        caller: Caller,
        request: SubmitDossier,
        form: FormDefinition,
        answers: dict[str, Any],
        login: Party | None,
    ) -> None:
        """Raises `InvalidRequest` where a citizen who files is named otherwise than by the login, or not by the answers."""
        if caller.party_key != self.keys.of(request.requester):
            return
        people = Applying(request.requester, request.owner, request.representative)
        if faults := own_faults(form, answers, people, login):
            raise InvalidRequest(faults)

    @staticmethod
    def _printable(request: SubmitDossier, form: FormDefinition) -> None:
        """Raises `InvalidRequest` where the receipt could not be printed for these people."""
        people = request.model_dump(mode="json", include={"requester", "owner", "representative", "contact"})
        refuse_forbidden_text(people)
        refuse_unprintable_text(people, "#", form)

    def _draft(self, caller: Caller, request: SubmitDossier) -> Draft | None:
        """The caller's own draft that the request names."""
        if request.draft is None:
            return None
        draft = self.drafts.load(request.draft, owner_of(caller))
        if draft is None:
            raise InvalidRequest([unknown("#/draft", "unknown-draft")])
        return draft

    def _agencies(self, request: SubmitDossier, form: FormDefinition) -> Agency:
        """The competent agency; all three must exist today."""
        now = self.clock.now()
        named = {
            "#/agency": request.agency,
            "#/receiving_agency": request.receiving_agency,
            "#/supporting_agency": request.supporting_agency,
        }
        found = {pointer: self.catalogue.agency(name) for pointer, name in named.items() if name}
        faults = [pointer for pointer, agency in found.items() if agency is None or not agency.valid_at(now)]
        competent = found["#/agency"]
        if not faults and competent and competent.competent_level != form.head.competent_level:
            faults = ["#/agency"]
        if faults or competent is None:
            raise InvalidRequest([unknown(pointer, "unknown-agency") for pointer in faults])
        return competent

    def _party_keys(self, request: SubmitDossier) -> tuple[str, ...]:
        """The access keys of the dossier's parties, each once."""
        parties = (request.requester, request.owner, request.representative)
        return tuple(dict.fromkeys(self.keys.of(party) for party in parties if party))


def _assurance(caller: Caller, request: SubmitDossier) -> str | None:
    """How surely the requester is known: as the client asserts that may, else as the caller's own login says."""
    return request.assurance if SUBMIT_FOR in caller.scopes else caller.acr
