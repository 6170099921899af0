"""Filling a form from a register: who may ask, the audit record before the call, the answer cut to what the form names."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.acting import acting_clerk
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier, FormRef
from chauban.dossiers.numbering import local_day
from chauban.dossiers.parties import Party, PartyKeys, Scheme
from chauban.dossiers.wording import printable
from chauban.errors import ChaubanError, FieldError, InvalidRequest, NotFound, WrongState
from chauban.forms.definition import FormDefinition
from chauban.ports import Clock, DossierStore, FormLibrary, Ids
from chauban.registry.inquiry import Consent, Ground, Inquiry, InquiryRecord, Outcome, Prefill, PrefillStore, Registry
from chauban.registry.requests import RequestPrefill

# A prefill outlives neither the login's usual session nor the patience of whoever fills in the form.
KEPT = timedelta(minutes=30)
SELF_SERVICE = "tu-phuc-vu"
# Nothing of these is left to settle: there is no ground any more for asking about their people.
_ENDED = {DossierStatus.PROCESSED, DossierStatus.REFUSED, DossierStatus.STOPPED, DossierStatus.WITHDRAWN}


@dataclass(frozen=True)
class _Asking:
    """Who is asked about, in whose name, on what ground."""

    person: Party
    officer: str
    consent: Consent
    dossier: str | None


@dataclass(frozen=True)
class Prefilling:
    """Fills forms."""

    store: DossierStore
    prefills: PrefillStore
    registry: Registry
    forms: FormLibrary
    authorisation: Authorisation
    keys: PartyKeys
    clock: Clock
    ids: Ids
    level: int

    def prefill(self, caller: Caller, itself: Party | None, form: FormRef, request: RequestPrefill) -> Prefill:
        """The prefilled answers, asked of the register at most once in a session.

        `itself` is the caller as the token names it. Raises `NotFound`, `NotAllowed`, `HigherLevelRequired`, `WrongState` (the
        dossier has ended), `InvalidRequest` (no consent, no purpose), `RegistryRefused`, `RegistryUnavailable`,
        `RegistryAnswerUnusable`.
        """
        found = self.forms.version(form.slug, form.version)
        if found.head.prefill is None:
            raise NotFound
        words = printable(found, request)
        asking = self._asking(caller, itself, request, form)
        record = self._record(caller, found, form, asking, words["purpose"] or found.head.title["vi"])
        session = _session(caller, record)
        if known := self.prefills.of_session(session):
            self._note(record.model_copy(update={"outcome": Outcome.REMEMBERED}))
            return known
        return self._asked(found, asking, record, session)

    def _asking(self, caller: Caller, itself: Party | None, request: RequestPrefill, form: FormRef) -> _Asking:
        now = self.clock.now()
        if request.dossier is None:
            self.authorisation.consult_registry(caller, itself is not None, self.level)
            if itself is None or request.consent is not True:
                raise InvalidRequest([_fault("#/consent", "consent-required")])
            return _Asking(itself, SELF_SERVICE, Consent(ground=Ground.CONSENT, at=now), None)
        dossier = self.store.load(request.dossier)
        clerk = acting_clerk(self.authorisation, caller, "consult-registry", dossier)
        if dossier.status in _ENDED:
            raise WrongState(state=dossier.status.value)
        faults = []
        if request.purpose is None:
            faults.append(_fault("#/purpose", "purpose-required"))
        if dossier.filing.form != form or dossier.filing.requester.scheme is not Scheme.PERSONAL_NUMBER:
            faults.append(_fault("#/dossier", "dossier-does-not-fit"))
        if faults:
            raise InvalidRequest(faults)
        return _Asking(
            dossier.filing.requester,
            clerk.id,
            Consent(ground=Ground.DOSSIER, at=dossier.filing.submitted_at),
            dossier.id,
        )

    def _record(
        self, caller: Caller, form: FormDefinition, ref: FormRef, asking: _Asking, purpose: str
    ) -> InquiryRecord:
        now = self.clock.now()
        serving = [one for one in form.head.procedures if form.procedure(one.code, local_day(now))]
        fields = form.head.prefill.fields if form.head.prefill else ()
        return InquiryRecord(
            request_id=self.ids.new(),
            at=now,
            by=caller.actor(asking.officer if asking.dossier else None),
            officer=asking.officer,
            person=self.keys.of(asking.person),
            consent=asking.consent,
            purpose=purpose,
            procedure=(serving or form.head.procedures)[0].code,
            form=ref,
            dossier=asking.dossier,
            attributes=tuple(dict.fromkeys(field.source for field in fields)),
        )

    def _asked(self, form: FormDefinition, asking: _Asking, record: InquiryRecord, session: str) -> Prefill:
        """Asks the register; that it is asked is on record before, and how it ended after."""
        self._note(record)
        try:
            known = self.registry.ask(
                Inquiry(
                    name=asking.person.name,
                    personal_number=asking.person.identifier,
                    **record.model_dump(
                        include={"request_id", "officer", "consent", "purpose", "procedure", "attributes"}
                    ),
                )
            )
        except ChaubanError as fault:
            self._note(record.model_copy(update={"outcome": Outcome.FAILED, "reason": fault.code}))
            raise
        self._note(record.model_copy(update={"outcome": Outcome.ANSWERED}))
        fields = form.head.prefill.fields if form.head.prefill else ()
        filled = [field for field in fields if field.source in known]
        now = self.clock.now()
        prefill = Prefill(
            token=self.ids.new(),
            session=session,
            person=record.person,
            form=record.form,
            dossier=record.dossier,
            request_id=record.request_id,
            values={field.to: known[field.source] for field in filled},
            locked=tuple(field.to for field in filled if field.locked),
            when={field.to: field.when for field in filled if field.when},
            made_at=now,
            expires_at=now + KEPT,
        )
        self.prefills.keep(prefill)
        return prefill

    def _note(self, record: InquiryRecord) -> None:
        """The audit record; where it concerns a dossier, its end is also a fact of the dossier."""
        self.prefills.record(record)
        if record.dossier is None or record.outcome is Outcome.ASKED:
            return

        def decide(before: Dossier) -> Change:
            after = before.with_fact(
                FactType.REGISTRY_CONSULTED,
                self.clock.now(),
                record.by,
                **record.model_dump(mode="json", include={"request_id", "purpose", "consent", "attributes", "outcome"}),
            )
            return Change(before, after)

        changing(self.store, record.dossier, decide)


def _session(caller: Caller, record: InquiryRecord) -> str:
    """One login asking about one person for one form: a name from which none of them can be read."""
    login: datetime | None = caller.auth_time
    parts = (
        caller.client,
        caller.subject,
        login.isoformat() if login else "-",
        record.person,
        record.form.slug,
        record.form.version,
        record.dossier or "-",
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_FAULTS = {
    "consent-required": (
        "Chỉ tra cứu khi bạn đồng ý cho lấy dữ liệu của chính mình. Hãy gửi consent là true, hoặc tự điền vào tờ khai.",
        "The register is asked only with your consent to use your own data. Send consent as true, or fill in the form yourself.",
    ),
    "purpose-required": (
        "Hãy nêu mục đích tra cứu: mỗi lần tra cứu đều được lưu lại cùng mục đích.",
        "State the purpose: every inquiry is kept together with it.",
    ),
    "dossier-does-not-fit": (
        "Hồ sơ này dùng mẫu đơn khác, hoặc người yêu cầu không có số định danh cá nhân.",
        "The dossier is of another form, or its requester has no personal number.",
    ),
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
