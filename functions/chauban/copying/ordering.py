"""The records office has a certified copy made of a document that was issued."""

from dataclasses import dataclass
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.copying.requests import OrderCopy
from chauban.copying.sources import source_for
from chauban.copying.wording import FORMS
from chauban.dossiers.acting import Guard
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, document_id
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.print_files import newest_print_files
from chauban.dossiers.wording import printable
from chauban.errors import FieldError, InvalidRequest
from chauban.events.orders import OrderMaker
from chauban.ports import Clock, DossierStore, Files, FormLibrary
from chauban.signing.linting.words import says


@dataclass(frozen=True)
class CopyDesk:
    """Orders copies."""

    store: DossierStore
    forms: FormLibrary
    files: Files
    authorisation: Authorisation
    orders: OrderMaker
    clock: Clock

    def order(self, caller: Caller, document: str, request: OrderCopy, guard: Guard) -> tuple[Dossier, Document]:
        """The dossier with the new copy, and that copy; workers print it where it has a page of its own, certify and issue it.

        Raises `NotFound`, `NotAllowed`, `StrongLoginRequired`, `WrongState`, `NotInForce`, `CopyOfCopy`, `SaoYNeeded`,
        `NotCopyable`, `InvalidRequest` (no passages, or some that the document does not have), `PreconditionFailed`.
        """
        made = ""

        def decide(present: Dossier) -> Change | None:
            nonlocal made
            asked = present.document(document)
            office = self.authorisation.order_copy(caller, present, asked)
            if earlier := guard.earlier(self.store):
                made = earlier
                return None
            guard.expect(present, set(DossierStatus))
            source = source_for(present, asked, request.kind)
            self._check_excerpt(source, request)
            change, made = self._ordered(caller, office, present, source, request, guard)
            return change

        after = changing(self.store, self.store.dossier_of(document), decide)
        return after, after.document(made)

    def _check_excerpt(self, source: Document, request: OrderCopy) -> None:
        """Nothing is certified that does not stand in the document: passages are looked for in the words of its pages."""
        if (request.kind is DocumentKind.TRICH_SAO) != bool(request.excerpt):
            raise InvalidRequest([_fault("#/excerpt", "excerpt-of-trich-sao")])
        if not request.excerpt:
            return
        found = says(self.files.read(source.revisions[-1].file), request.excerpt)
        if faults := [
            _fault(f"#/excerpt/{place}", "excerpt-not-found") for place, is_there in enumerate(found) if not is_there
        ]:
            raise InvalidRequest(faults)

    def _ordered(
        self, caller: Caller, office: Appointment, before: Dossier, source: Document, request: OrderCopy, guard: Guard
    ) -> tuple[Change, str]:
        now, form = self.clock.now(), self.forms.version(before.filing.form.slug, before.filing.form.version)
        words = printable(form, request)
        cause = f"{request.kind.value}-{before.version + 1}"
        copy = Document(
            id=document_id(before.id, request.kind, 1, cause),
            kind=request.kind,
            agency=office.agency,
            ordinal=1,
            cause=cause,
            title=f"{FORMS[request.kind].capitalize()}: {source.title.partition(': ')[2] or source.title}",
            copy_of=source.id,
        )
        said: dict[str, Any] = {"purpose": words["purpose"]}
        if request.kind is DocumentKind.SAO_Y:
            # The very bytes that were issued, with the signatures that are in them.
            ready = {"status": DocumentStatus.AWAITING_SEAL, "current": source.revisions[-1].file}
            copy = copy.model_copy(update={**ready, "signatures": source.signatures})
        else:
            said |= {"excerpt": words["excerpt"], "printed_with": newest_print_files(self.forms, now).model_dump()}
        step = "seal" if request.kind is DocumentKind.SAO_Y else "render"
        by = caller.actor(office.id)
        after = before.with_fact(
            FactType.COPY_ORDERED, now, by, document=copy.id, original=source.id, accountable=office.id, **said
        ).with_document(copy)
        messages = (self.orders.copy(step, after.id, copy.id),)
        return Change(before, after, messages, idempotency=guard.record(copy.id, self.clock)), copy.id


_FAULTS = {
    "excerpt-of-trich-sao": (
        "Hãy nêu ít nhất một đoạn trong excerpt khi trích sao, và để trống khi sao y hoặc sao lục.",
        "Give at least one passage in excerpt for a trich_sao, and none for a sao_y or sao_luc.",
    ),
    "excerpt-not-found": (
        "Đoạn này không có trong văn bản. Hãy chép đúng từng chữ từ văn bản được trích sao.",
        "The document does not have this passage. Copy it word for word from the document.",
    ),
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
