"""A clerk of the agency that issued a result, or of the one in its place today, has it replaced, corrected or revoked.

The call drafts the new document. It goes the way of every document that an official signs: signature, number, seal, archive; until
it is issued, nothing has happened to the original.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard, named_signer, signing_official
from chauban.dossiers.amendment_requests import CorrectResult, ReplaceResult, RevokeResult
from chauban.dossiers.amendments import CORRECTION, REPLACEMENT, REVOCATION, Amendment, answers_of, open_amendment
from chauban.dossiers.annexes import DraftedAnnexes, with_annexes
from chauban.dossiers.applicant import other_person_faults
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, document_id
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.numbering import local_day
from chauban.dossiers.print_files import newest_print_files
from chauban.dossiers.signing_order import named_officials
from chauban.dossiers.wording import printable
from chauban.errors import AmendmentOpen, InvalidRequest, NotInForce, OnlyResults, WrongState
from chauban.events.orders import OrderMaker
from chauban.forms.definition import FormDefinition
from chauban.forms.validation import accepted_answers, accepted_decision
from chauban.ports import Catalogue, Clock, DossierStore, FormLibrary

Said = dict[str, Any]
# (the dossier before, its form, the original, the agency that amends, now) -> what the fact keeps of this kind of amendment
Particular = Callable[[Dossier, FormDefinition, Document, str, datetime], Said]


@dataclass(frozen=True)
class _Asked:
    """What a caller asks for, and what is particular to its kind."""

    amendment: Amendment
    request: ReplaceResult | CorrectResult | RevokeResult
    particular: Particular


@dataclass(frozen=True)
class Amending:
    """Drafts amendments. All raise `NotFound`, `NotAllowed`, `CompetentAgencyOnly`, `OnlyResults`, `WrongState` (not issued),
    `NotInForce`, `AmendmentOpen`, `PreconditionFailed`, `InvalidRequest`."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    authorisation: Authorisation
    orders: OrderMaker
    clock: Clock

    def replace(self, caller: Caller, document: str, request: ReplaceResult, guard: Guard) -> tuple[Dossier, Document]:
        """The dossier with a new result that will take the place of an issued one, and that result."""

        def particular(before: Dossier, form: FormDefinition, original: Document, agency: str, now: datetime) -> Said:
            template = next(result for result in form.head.results if result.kind == request.kind)
            day, terms = local_day(now), form.head.terms(request.kind)
            kept = answers_of(before, original)
            answers = kept if request.answers is None else accepted_answers(form, request.answers, day)
            if faults := other_person_faults(form, answers, kept):
                raise InvalidRequest(faults)
            data = accepted_decision(form, template, answers, request.data, day)
            corrected = {"answers": answers} if answers != before.answers else {}
            return {
                "decision": data,
                **corrected,
                **named_officials(self.catalogue, agency, request, terms, now),
            }

        return self._drafted(caller, document, guard, _Asked(REPLACEMENT, request, particular))

    def correct(self, caller: Caller, document: str, request: CorrectResult, guard: Guard) -> tuple[Dossier, Document]:
        """The dossier with a letter that will correct an issued result, and that letter."""
        return self._drafted(caller, document, guard, _Asked(CORRECTION, request, self._letter(request.official)))

    def revoke(self, caller: Caller, document: str, request: RevokeResult, guard: Guard) -> tuple[Dossier, Document]:
        """The dossier with a decision that will revoke an issued result, and that decision."""
        return self._drafted(caller, document, guard, _Asked(REVOCATION, request, self._letter(request.official)))

    def _letter(self, wanted: str | None) -> Particular:
        def particular(_before: Dossier, form: FormDefinition, _original: Document, agency: str, now: datetime) -> Said:
            (terms,) = form.head.terms(DocumentKind.CORRECTION.value)
            official = signing_official(self.catalogue, agency, wanted, now, terms)
            printed_with = newest_print_files(self.forms, now).model_dump()
            return {**named_signer(self.catalogue, official), "printed_with": printed_with}

        return particular

    def _drafted(self, caller: Caller, document: str, guard: Guard, asked: _Asked) -> tuple[Dossier, Document]:
        """Authorise, check, append the fact, order the document: once, whoever else writes meanwhile."""
        made = ""

        def decide(present: Dossier) -> Change | None:
            nonlocal made
            clerk = self.authorisation.amend(caller, present, present.document(document))
            if earlier := guard.earlier(self.store):
                made = earlier
                return None
            guard.expect(present, set(DossierStatus))
            original = _amendable(present, document)
            change, made = self._change(caller, clerk, present, original, guard, asked)
            return change

        after = changing(self.store, self.store.dossier_of(document), decide)
        return after, after.document(made)

    def _change(
        self, caller: Caller, clerk: Appointment, before: Dossier, original: Document, guard: Guard, asked: _Asked
    ) -> tuple[Change, str]:
        now, amendment = self.clock.now(), asked.amendment
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        words = printable(form, asked.request)
        said = {name: words[name] for name in ("reason", "legal_basis", "errors") if name in words}
        cause = f"{amendment.relation}-{before.version + 1}"
        new = Document(
            id=document_id(before.id, amendment.kind, 1, cause),
            kind=amendment.kind,
            agency=clerk.agency,
            ordinal=1,
            cause=cause,
            title=amendment.title or original.title,
        ).model_copy(update={amendment.relation: original.id})
        particular = asked.particular(before, form, original, clerk.agency, now)
        drafted = _with_annexes(before, form, original, new, particular)
        after = before.with_fact(
            FactType.AMENDMENT_DRAFTED,
            now,
            caller.actor(clerk.id),
            document=new.id,
            original=original.id,
            act=amendment.relation,
            clerk={"name": clerk.name, "title": clerk.title},
            issuer=self._issuer(original),
            **said,
            **particular,
            **drafted.said,
        )
        after = drafted.added(after)
        messages = (self.orders.render(after.id, new.id),)
        return Change(before, after, messages, idempotency=guard.record(new.id, self.clock)), new.id

    def _issuer(self, original: Document) -> str:
        """The name of the agency that issued the original, as it is printed; another one may amend it."""
        issuer = self.catalogue.agency(original.agency)
        return issuer.name if issuer else original.agency


def _with_annexes(
    before: Dossier, form: FormDefinition, original: Document, new: Document, said: Said
) -> DraftedAnnexes:
    """A replacing result has annexes of its own, as its form says; a letter has none."""
    template = next((result for result in form.head.results if result.kind == new.kind.value), None)
    if template is None:
        return DraftedAnnexes(new, (), {})
    return with_annexes(before.id, new, template, said.get("answers") or answers_of(before, original), said["decision"])


def _amendable(dossier: Dossier, document: str) -> Document:
    """The issued result, in force, that nobody is amending already."""
    original = dossier.document(document)
    if original.kind is not DocumentKind.RESULT:
        raise OnlyResults
    if original.status is not DocumentStatus.ISSUED:
        raise WrongState(state=original.status.value)
    require_in_force(original)
    if waiting := open_amendment(dossier, original.id):
        raise AmendmentOpen(title=waiting.title, document=waiting.id)
    return original


def require_in_force(document: Document) -> None:
    """Raises `NotInForce` for a document that was replaced or revoked."""
    if by := document.revoked_by or document.replaced_by:
        raise NotInForce(by=by)
