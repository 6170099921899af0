"""The seal worker: number and date (for a result), then the organisation's seal, then issuing into the archive.

The order is the decree's: the official's signature, then the number, then the seal. Each step is kept before the next begins,
so that a worker killed anywhere goes on where it stopped: one number, one set of signed attributes, one seal. Annexes in files of
their own get the organisation's signature with the number before the document gets its seal, and are issued with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chauban.dossiers.amendments import LETTERS
from chauban.dossiers.annexes import annexes_of
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, Finished, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import NOTICE_FORMS
from chauban.dossiers.number_books import NumberEntry
from chauban.dossiers.numbering import IssuedNumber, local_day
from chauban.errors import SigningError, UnsafeToSign
from chauban.forms.definition import Numbering
from chauban.forms.notice_policy import NoticeNumbering
from chauban.ports import Catalogue, Clock, DossierStore, Files, FormLibrary
from chauban.signing.ports import KeyHolder, RawVerifier, SignatureEngine
from chauban.signing.preparation import applied
from chauban.signing.seals.issuing import Issuing, SealedFile
from chauban.signing.seals.seal import Seal
from chauban.signing.seals.steps import SealSteps
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

    @property
    def _steps(self) -> SealSteps:
        return SealSteps(self.store, self._seal, self.clock)

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
            self._steps.answering(wanted)
        try:
            if void or (wanted.number is None and self._numbering(present, wanted)):
                self._require_safe(present, wanted)
                present = self._number(dossier, document)
            # What the seal goes on last comes when its annexes are finished.
            for annex in present.document(document).annexes:
                present = self._steps.finish(self._steps.prepare(present, annex), annex)
            present = self._steps.prepare(present, document)
        except UnsafeToSign as found:
            self._stop(dossier, document, found)
            raise
        self._issue(self._steps.finish(present, document), document)

    def _stop(self, dossier: str, document: str, found: UnsafeToSign) -> None:
        """The document shows what the linter found, and waits for the records office to send it back, or to try again."""

        def decide(before: Dossier) -> Change | None:
            wanted = before.document(document)
            if wanted.status is not DocumentStatus.AWAITING_SEAL:
                return None
            codes = {fault.code for fault in found.faults}
            return stopped(before, wanted, self.clock.now(), str(found.values["reason"]), codes)

        changing(self.store, dossier, decide)

    def _require_safe(self, dossier: Dossier, document: Document) -> None:
        """No number is spent on a file that would not be sealed, or whose annexes are not those that its signatures cover; raises
        `UnsafeToSign`."""
        if document.current is None:
            return
        pdf, annexes = self.files.read(document.current), [one.current for one in annexes_of(dossier, document)]
        self.engine.require_safe(pdf)
        self.engine.require_annexes(pdf, [file.sha256 if file else "" for file in annexes])
        for file in annexes:
            if file:
                self.engine.require_safe(self.files.read(file))

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

    def _issue(self, dossier: Dossier, document: str) -> None:
        """Into the archive with the document and its annexes, and issued together, or not at all."""
        wanted = dossier.document(document)
        fixed = wanted.preparation
        if wanted.status is not DocumentStatus.AWAITING_SEAL:
            return
        if fixed is None or fixed.finished is None:
            raise SigningError(reason="another worker seals this document")
        files = {one.id: _finished(one) for one in (wanted, *annexes_of(dossier, wanted))}
        # What is archived stays there for good: whether it is still to be issued is looked at right before.
        if not _goes_out(self._void(dossier.id, document), document, files):
            return
        stored = {one: self.files.archive(self.files.read(finished.file)) for one, finished in files.items()}

        def decide(before: Dossier) -> Change | None:
            present = before.document(document)
            if not _goes_out(before, document, files):
                return None
            if voided := self.issuing.voided(before, present):
                return voided
            annexes = [_sealed(one, stored[one.id]) for one in annexes_of(before, present)]
            return self.issuing.issued(before, _sealed(present, stored[document]), annexes)

        changing(self.store, dossier.id, decide)


def _sealed(document: Document, stored: StoredFile) -> SealedFile:
    finished, fixed = _finished(document), document.preparation
    if fixed is None:
        raise SigningError(reason="nothing has been fixed for the seal to sign")
    return SealedFile(document, stored, finished.level, applied(fixed, finished.timestamped_at, stored))


def _finished(document: Document) -> Finished:
    fixed = document.preparation
    if fixed is None or fixed.finished is None:
        raise SigningError(reason="a file that goes with this document is not finished")
    return fixed.finished


def _goes_out(dossier: Dossier, document: str, files: Mapping[str, Finished]) -> bool:
    """Whether finished files are still those to be issued."""
    if dossier.document(document).status is not DocumentStatus.AWAITING_SEAL:
        return False
    fixed = {one: dossier.document(one).preparation for one in files}
    return all(kept is not None and kept.finished == files[one] for one, kept in fixed.items())
