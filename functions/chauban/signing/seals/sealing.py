"""The seal worker: number and date (for a result), then the organisation's seal, then issuing into the archive.

The order is the decree's: the official's signature, then the number, then the seal. Each step is kept before the next begins,
so that a worker killed anywhere goes on where it stopped: one number, one set of signed attributes, one seal.
"""

from dataclasses import dataclass
from typing import Any

from chauban.documents.vietnamese import ngay_thang_nam
from chauban.dossiers.amendments import LETTERS
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, Finished, Preparation
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import NOTICE_FORMS
from chauban.dossiers.number_books import NumberEntry
from chauban.dossiers.numbering import IssuedNumber, local_day
from chauban.errors import SigningError, UnsafeToSign
from chauban.forms.definition import Numbering
from chauban.forms.notice_policy import NoticeNumbering
from chauban.ports import Catalogue, Clock, DossierStore, Files, FormLibrary
from chauban.signing.losses import is_lost, word_of
from chauban.signing.ports import KeyHolder, RawVerifier, SignatureEngine
from chauban.signing.preparation import applied, goes_on
from chauban.signing.seals.issuing import Issuing
from chauban.signing.seals.seal import FIELD, Seal
from chauban.signing.seals.stopping import stopped

# Nothing is left to do for a worker; the records office decides about one of them.
_SETTLED = frozenset(
    {
        DocumentStatus.ISSUED,
        DocumentStatus.CANCELLED,
        DocumentStatus.RETURNED,
        DocumentStatus.AWAITING_RELEASE,
    }
)


@dataclass(frozen=True)
class Sealing:
    """Numbers, seals and issues documents."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
    keys: KeyHolder
    verify: RawVerifier
    issuing: Issuing
    clock: Clock

    @property
    def _seal(self) -> Seal:
        return Seal(self.catalogue, self.files, self.engine, self.keys, self.verify, self.clock)

    def seal(self, dossier: str, document: str) -> None:
        """Issues the document, from wherever an earlier attempt stopped, unless it is void by now.

        Raises `SigningError` and `NotConfigured`, and the order is tried again; but after `UnsafeToSign` the document waits for the
        records office, with the reason. What can never be finished is given up, and the next attempt fixes it anew.
        """
        present = self.store.load(dossier)
        wanted = present.document(document)
        if wanted.status in _SETTLED:
            return
        if wanted.status is not DocumentStatus.AWAITING_SEAL:
            raise SigningError(reason=f"a document that is {wanted.status.value} cannot be sealed")
        void = self.issuing.voided(present, wanted) is not None
        if not void:
            # Neither a number nor a seal without somebody who answers for it.
            self._answering(wanted)
        try:
            if void or (wanted.number is None and self._numbering(present, wanted)):
                self._require_safe(wanted)
                present = self._number(dossier, document)
            present = self._prepare(present, document)
        except UnsafeToSign as found:
            self._stop(dossier, document, found)
            raise
        try:
            present = self._sign(present, document)
            present = self._finish(present, document)
        except SigningError as fault:
            if is_lost(fault):
                self._give_up(present, document, fault)
            raise
        self._issue(present, document)

    def _give_up(self, dossier: Dossier, document: str, fault: SigningError) -> None:
        """What was fixed, and a value for it, goes into no file."""
        lost = dossier.document(document).preparation

        def decide(before: Dossier) -> Change | None:
            wanted = before.document(document)
            fixed = wanted.preparation
            # Another worker went on with it.
            if fixed is None or fixed != lost:
                return None
            after = before.with_document(wanted.model_copy(update={"preparation": None})).with_fact(
                FactType.SIGNATURE_GIVEN_UP,
                self.clock.now(),
                SERVICE,
                document=document,
                field=FIELD,
                credential=fixed.credential,
                digest=fixed.digest,
                reason=word_of(fault),
            )
            return Change(before, after)

        changing(self.store, dossier.id, decide)

    def _stop(self, dossier: str, document: str, found: UnsafeToSign) -> None:
        """The document shows what the linter found, and waits for the records office to send it back, or to try again."""

        def decide(before: Dossier) -> Change | None:
            wanted = before.document(document)
            if wanted.status is not DocumentStatus.AWAITING_SEAL:
                return None
            codes = {fault.code for fault in found.faults}
            return stopped(before, wanted, self.clock.now(), str(found.values["reason"]), codes)

        changing(self.store, dossier, decide)

    def _answering(self, document: Document) -> str:
        """The appointment that answers for the seal: the one that released the document, or that of the records office."""
        return document.released_by or self._seal.answering(document.agency)

    def _require_safe(self, document: Document) -> None:
        """No number is spent on a file that would not be sealed; raises `UnsafeToSign`."""
        if document.current is not None:
            self.engine.require_safe(self.files.read(document.current))

    def _number(self, dossier: str, document: str) -> Dossier:
        """Takes the next number of the form's book: counter, number and date change in one transaction.

        A notice that is void by then gets none, and is cancelled; with a number it waits for the records office.
        """

        def decide(before: Dossier) -> Change | None:
            wanted = before.document(document)
            if voided := self.issuing.voided(before, wanted):
                return voided
            numbering = self._numbering(before, wanted)
            if wanted.number is not None or numbering is None or wanted.status is not DocumentStatus.AWAITING_SEAL:
                return None
            entry = self._next_entry(before, wanted, numbering)
            after = before.with_document(wanted.model_copy(update={"number": entry.issued})).with_fact(
                FactType.NUMBER_ISSUED,
                entry.taken_at,
                SERVICE,
                document=document,
                of=wanted.kind.value,
                **entry.issued.model_dump(mode="json"),
            )
            return Change(before, after, number=entry)

        return changing(self.store, dossier, decide)

    def _void(self, dossier: str, document: str) -> Dossier:
        """A notice that is void by now goes out of the way; the dossier as it is otherwise."""
        return changing(self.store, dossier, lambda before: self.issuing.voided(before, before.document(document)))

    def _next_entry(self, dossier: Dossier, document: Document, numbering: Numbering | NoticeNumbering) -> NumberEntry:
        agency, now = document.agency, self.clock.now()
        day = local_day(now)
        issued = IssuedNumber(
            book=numbering.book,
            symbol=numbering.symbol,
            year=day.year,
            number=self.store.last_number(agency, numbering.book, day.year) + 1,
            day=day,
        )
        return NumberEntry(
            agency=agency,
            issued=issued,
            dossier=dossier.id,
            code=dossier.filing.code,
            document=document.id,
            kind=document.kind,
            title=document.title,
            taken_at=now,
        )

    def _numbering(self, dossier: Dossier, document: Document) -> Numbering | NoticeNumbering | None:
        """From which book the form says a document takes its number; None for one without."""
        head = self.forms.version(dossier.filing.form.slug, dossier.filing.form.version).head
        if document.kind is DocumentKind.RESULT:
            return next(result.numbering for result in head.results if result.kind == document.kind.value)
        if document.kind in LETTERS:
            letter: NoticeNumbering = getattr(head.amendments, document.kind.value)
            return letter
        return head.notices.of(document.kind.value).numbering if document.kind in NOTICE_FORMS else None

    def _prepare(self, dossier: Dossier, document: str) -> Dossier:
        """Fixes what the seal signs, with number and date filled in, unless that was done for this very file."""
        wanted = dossier.document(document)
        current, waits = wanted.current, wanted.status is DocumentStatus.AWAITING_SEAL
        if not waits or current is None or self._seal.standing(wanted):
            return dossier
        fixed = self._seal.prepare(wanted, current, _filled(wanted))
        check = fixed.certificate_check
        return self._keep(dossier, document, fixed, FactType.SIGNATURE_PREPARED, certificate_check=check)

    def _sign(self, dossier: Dossier, document: str) -> Dossier:
        """Has the seal's key sign what was fixed, unless a value is kept already."""
        wanted = dossier.document(document)
        # Another worker may have finished meanwhile.
        if wanted.status is not DocumentStatus.AWAITING_SEAL:
            return dossier
        fixed = self._seal.fixed(wanted)
        if fixed.signature is not None:
            return dossier
        answers = self._answering(wanted)
        return self._keep(dossier, document, self._seal.sign(fixed), FactType.SIGNATURE_ACCEPTED, accountable=answers)

    def _keep(self, dossier: Dossier, document: str, fixed: Preparation, kind: FactType, **said: Any) -> Dossier:
        def decide(before: Dossier) -> Change | None:
            wanted, now = before.document(document), self.clock.now()
            # Another worker was faster: its attributes, its value, its file are the ones that stand.
            if wanted.status is not DocumentStatus.AWAITING_SEAL or not self._follows(wanted, fixed):
                return None
            # The number was made void meanwhile: what is fixed here bears it.
            if wanted.number != dossier.document(document).number:
                return None
            named = {"document": document, "field": FIELD, "credential": fixed.credential, "digest": fixed.digest}
            kept = wanted.model_copy(update={"preparation": fixed, "hindrance": None})
            return Change(before, before.with_document(kept).with_fact(kind, now, SERVICE, **named, **said))

        return changing(self.store, dossier.id, decide)

    def _follows(self, document: Document, fixed: Preparation) -> bool:
        """Whether `fixed` may be kept: new attributes where none stand, else one thing more of what is kept."""
        if fixed.signature is None:
            return self._seal.standing(document) is None
        return document.preparation is not None and goes_on(document.preparation, fixed)

    def _finish(self, dossier: Dossier, document: str) -> Dossier:
        """Completes the file and keeps which one is to be issued: every attempt would bring another timestamp."""
        wanted = dossier.document(document)
        if wanted.status is not DocumentStatus.AWAITING_SEAL:
            return dossier
        fixed = self._seal.fixed(wanted)
        if fixed.finished is not None:
            return dossier
        return self._keep(dossier, document, self._seal.finish(wanted, fixed), FactType.FILE_FINISHED)

    def _issue(self, dossier: Dossier, document: str) -> None:
        wanted = dossier.document(document)
        fixed = wanted.preparation
        if wanted.status is not DocumentStatus.AWAITING_SEAL:
            return
        if fixed is None or fixed.finished is None:
            raise SigningError(reason="another worker seals this document")
        finished = fixed.finished
        # What is archived stays there for good: whether it is still to be issued is looked at right before.
        if not _goes_out(self._void(dossier.id, document).document(document), finished):
            return
        stored = self.files.archive(self.files.read(finished.file))

        def decide(before: Dossier) -> Change | None:
            present = before.document(document)
            if not _goes_out(present, finished):
                return None
            if voided := self.issuing.voided(before, present):
                return voided
            signature = applied(fixed, finished.timestamped_at, stored)
            return self.issuing.issued(before, present, stored, finished.level, signature)

        changing(self.store, dossier.id, decide)


def _goes_out(document: Document, finished: Finished) -> bool:
    """Whether a finished file is still the one to be issued."""
    same = document.preparation is not None and document.preparation.finished == finished
    return document.status is DocumentStatus.AWAITING_SEAL and same


def _filled(document: Document) -> dict[str, str] | None:
    """The values of the text fields, for a document that has a number."""
    if document.number is None:
        return None
    return {"number": document.number.display, "date": ngay_thang_nam(document.number.day.isoformat())}
