"""The records office has a certified copy made of a document that was issued."""

from dataclasses import dataclass
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.copying.requests import OrderCopy, OrderSourceCopy
from chauban.copying.sources import ready_source, source_for
from chauban.copying.wording import FORMS
from chauban.dossiers.acting import Guard
from chauban.dossiers.attachments import Attachment, SourceKind
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, StoredFile, document_id
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.print_files import newest_print_files
from chauban.dossiers.wording import printable
from chauban.errors import FieldError, InvalidRequest
from chauban.events.orders import OrderMaker
from chauban.ports import Clock, DossierStore, Files, FormLibrary
from chauban.signing.linting.words import says, stands_in


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

    def order_from(
        self, caller: Caller, dossier: str, source: str, request: OrderSourceCopy, guard: Guard
    ) -> tuple[Dossier, Document]:
        """The same of a file that others issued; a SAO LỤC is one of the newest SAO Y made of it.

        Raises `NotFound`, `NotAllowed`, `StrongLoginRequired`, `SourceNotReady`, `SourceRefused`, `NoSaoY`, `SaoYNeeded`,
        `InvalidRequest` (passages, or the statement about the paper is missing), `PreconditionFailed`.
        """
        made = ""

        def decide(present: Dossier) -> Change | None:
            nonlocal made
            office = self.authorisation.order_copy(caller, present, None)
            if earlier := guard.earlier(self.store):
                made = earlier
                return None
            guard.expect(present, set(DossierStatus))
            found = ready_source(present, source, request.kind)
            self._check_statement(found, request)
            change, made = self._ordered(caller, office, present, found, request, guard)
            return change

        after = changing(self.store, dossier, decide)
        return after, after.document(made)

    def _check_statement(self, source: Document | Attachment, request: OrderSourceCopy) -> None:
        if isinstance(source, Document):
            return self._check_excerpt(source, request)
        scanned = source.source is not None and source.source.kind is SourceKind.PAPER_SCAN
        if scanned and not request.compared_with_paper:
            raise InvalidRequest([_fault("#/compared_with_paper", "not-compared")])
        return self._check_excerpt(source, request)

    def _check_excerpt(self, source: Document | Attachment, request: OrderCopy) -> None:
        """Nothing is certified that does not stand in the document: passages are looked for in the words of its pages. A scan has
        none; whoever orders has compared them with the paper."""
        if (request.kind is DocumentKind.TRICH_SAO) != bool(request.excerpt):
            raise InvalidRequest([_fault("#/excerpt", "excerpt-of-trich-sao")])
        if not request.excerpt:
            return
        if isinstance(source, Document):
            found = says(self.files.read(source.revisions[-1].file), request.excerpt)
        elif source.source and source.source.kind is SourceKind.SIGNED_FILE:
            words = self.files.read(source.source.words).decode() if source.source.words else ""
            found = stands_in(words, request.excerpt)
        else:
            return
        if faults := [
            _fault(f"#/excerpt/{place}", "excerpt-not-found") for place, is_there in enumerate(found) if not is_there
        ]:
            raise InvalidRequest(faults)

    def _ordered(
        self,
        caller: Caller,
        office: Appointment,
        before: Dossier,
        source: Document | Attachment,
        request: OrderCopy,
        guard: Guard,
    ) -> tuple[Change, str]:
        now, form = self.clock.now(), self.forms.version(before.filing.form.slug, before.filing.form.version)
        words = printable(form, request)
        copy = _new_copy(before, office, source, request.kind)
        said: dict[str, Any] = {"purpose": words["purpose"]}
        step = "seal" if copy.status is DocumentStatus.AWAITING_SEAL else "render"
        if step == "render":
            # Letter by letter the passages are the document's; so is the space between words, as it prints it.
            said["excerpt"] = [" ".join(passage.split()) for passage in words["excerpt"]]
        if step == "render" or copy.made_from:
            said["printed_with"] = newest_print_files(self.forms, now).model_dump()
        if isinstance(source, Document):
            newest = source.revisions[-1]
            said |= {"revision": newest.revision, "sha256": newest.file.sha256}
        if isinstance(request, OrderSourceCopy) and request.compared_with_paper:
            said["compared_with_paper"] = True
        by = caller.actor(office.id)
        after = before.with_fact(
            FactType.COPY_ORDERED, now, by, document=copy.id, original=source.id, accountable=office.id, **said
        ).with_document(copy)
        messages = (self.orders.copy(step, after.id, copy.id),)
        return Change(before, after, messages, idempotency=guard.record(copy.id, self.clock)), copy.id


def _new_copy(before: Dossier, office: Appointment, source: Document | Attachment, kind: DocumentKind) -> Document:
    """A copy as it begins: a SAO Y of a signed file is that file, with the signatures that are in it; all else is printed first."""
    cause = f"{kind.value}-{before.version + 1}"
    if isinstance(source, Document):
        title = source.title.partition(": ")[2] or source.title
        file: StoredFile | None = source.revisions[-1].file
        about: dict[str, Any] = {"copy_of": source.id}
        signed: dict[str, Any] = {"signatures": source.signatures}
    else:
        title, file, about, signed = source.title["vi"], source.file, {"made_from": source.id}, {}
    copy = Document(
        id=document_id(before.id, kind, 1, cause),
        kind=kind,
        agency=office.agency,
        ordinal=1,
        cause=cause,
        title=f"{FORMS[kind].capitalize()}: {title}",
    )
    scanned = isinstance(source, Attachment) and source.source and source.source.kind is SourceKind.PAPER_SCAN
    ready = kind is DocumentKind.SAO_Y and not scanned
    state = {"status": DocumentStatus.AWAITING_SEAL, "current": file, **signed} if ready else {}
    return copy.model_copy(update={**about, **state})


_FAULTS = {
    "excerpt-of-trich-sao": (
        "Hãy nêu ít nhất một đoạn trong excerpt khi trích sao, và để trống khi sao y hoặc sao lục.",
        "Give at least one passage in excerpt for a trich_sao, and none for a sao_y or sao_luc.",
    ),
    "not-compared": (
        "Hãy đối chiếu bản quét với bản giấy, rồi xác nhận bằng compared_with_paper = true.",
        "Compare the scan with the paper original, and state it with compared_with_paper = true.",
    ),
    "excerpt-not-found": (
        "Đoạn này không có trong văn bản. Hãy chép đúng từng chữ từ văn bản được trích sao.",
        "The document does not have this passage. Copy it word for word from the document.",
    ),
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
