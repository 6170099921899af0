"""The steps of a seal on one file of a dossier: a document that is sealed, or an annex of it, in the field that it has for that.

What each step makes is kept before the next begins, so that a worker killed anywhere goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chauban.documents.vietnamese import ngay_thang_nam
from chauban.dossiers.annexes import main_of
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentStatus, Preparation
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.numbering import VIETNAM, IssuedNumber
from chauban.errors import SigningError
from chauban.ports import Clock, DossierStore
from chauban.signing.losses import is_lost, word_of
from chauban.signing.preparation import goes_on
from chauban.signing.seals.seal import FIELD, Seal

ANNEX_FIELD = "annex"


@dataclass(frozen=True)
class SealSteps:
    """Fixes what the seal signs, has it signed, and finishes the file, for documents that are `awaiting_seal` and their annexes."""

    store: DossierStore
    seal: Seal
    clock: Clock

    def answering(self, document: Document) -> str:
        """The appointment that answers for the seal: the one that released the document, or that of the records office."""
        return document.released_by or self.seal.answering(document.agency)

    def prepare(self, dossier: Dossier, document: str) -> Dossier:
        """Fixes what the seal signs, with number and date filled in, unless that was done for this very file."""
        wanted = dossier.document(document)
        current = wanted.current
        if not _waits(dossier, wanted) or current is None or self._standing(wanted):
            return dossier
        number = main_of(dossier, wanted).number
        fixed = self.seal.prepare(wanted, current, _filled(number), field=_field(wanted), words=_words(wanted, number))
        check = fixed.certificate_check
        return self._keep(dossier, document, fixed, FactType.SIGNATURE_PREPARED, certificate_check=check)

    def finish(self, dossier: Dossier, document: str) -> Dossier:
        """Has the seal's key sign what was fixed, and completes the file; what can never be finished is given up, and raises."""
        try:
            dossier = self._sign(dossier, document)
            return self._finish(dossier, document)
        except SigningError as fault:
            if is_lost(fault):
                self._give_up(dossier, document, fault)
            raise

    def _sign(self, dossier: Dossier, document: str) -> Dossier:
        """Has the seal's key sign what was fixed, unless a value is kept already."""
        wanted = dossier.document(document)
        # Another worker may have finished meanwhile.
        if not _waits(dossier, wanted):
            return dossier
        fixed = self._fixed(wanted)
        if fixed.signature is not None:
            return dossier
        answers = self.answering(main_of(dossier, wanted))
        return self._keep(dossier, document, self.seal.sign(fixed), FactType.SIGNATURE_ACCEPTED, accountable=answers)

    def _finish(self, dossier: Dossier, document: str) -> Dossier:
        """Completes the file and keeps which one is to be issued: every attempt would bring another timestamp."""
        wanted = dossier.document(document)
        if not _waits(dossier, wanted):
            return dossier
        fixed = self._fixed(wanted)
        if fixed.finished is not None:
            return dossier
        return self._keep(dossier, document, self.seal.finish(wanted, fixed), FactType.FILE_FINISHED)

    def _standing(self, document: Document) -> Preparation | None:
        """As `Seal.standing`; the finished file of an annex waits for its document for as long as that takes."""
        kept, current = document.preparation, document.current
        done = document.annex_of and kept and kept.finished and current and kept.base_sha256 == current.sha256
        return kept if done else self.seal.standing(document)

    def _fixed(self, document: Document) -> Preparation:
        return self._standing(document) or self.seal.fixed(document)

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
                field=fixed.field,
                credential=fixed.credential,
                digest=fixed.digest,
                reason=word_of(fault),
            )
            return Change(before, after)

        changing(self.store, dossier.id, decide)

    def _keep(self, dossier: Dossier, document: str, fixed: Preparation, kind: FactType, **said: Any) -> Dossier:
        def decide(before: Dossier) -> Change | None:
            wanted, now = before.document(document), self.clock.now()
            # Another worker was faster: its attributes, its value, its file are the ones that stand.
            if not _waits(before, wanted) or not self._follows(wanted, fixed):
                return None
            # The number was made void meanwhile: what is fixed here bears it.
            if main_of(before, wanted).number != main_of(dossier, dossier.document(document)).number:
                return None
            named = {
                "document": document,
                "field": fixed.field,
                "credential": fixed.credential,
                "digest": fixed.digest,
            }
            kept = wanted.model_copy(update={"preparation": fixed, "hindrance": None})
            return Change(before, before.with_document(kept).with_fact(kind, now, SERVICE, **named, **said))

        return changing(self.store, dossier.id, decide)

    def _follows(self, document: Document, fixed: Preparation) -> bool:
        """Whether `fixed` may be kept: new attributes where none stand, else one thing more of what is kept."""
        if fixed.signature is None:
            return self._standing(document) is None
        return document.preparation is not None and goes_on(document.preparation, fixed)


def annex_words(number: IssuedNumber, at: datetime) -> tuple[str, str]:
    """What stands at the top right of page 1 of an annex: number and symbol of its document, and the time of signing, which is that
    of Vietnam with seconds and zone (ISO 8601)."""
    return number.display, at.astimezone(VIETNAM).isoformat(timespec="seconds")


def _waits(dossier: Dossier, document: Document) -> bool:
    """Whether a document, or the one that an annex belongs to, is still to be sealed."""
    return main_of(dossier, document).status is DocumentStatus.AWAITING_SEAL


def _field(document: Document) -> str:
    return ANNEX_FIELD if document.annex_of else FIELD


def _words(document: Document, number: IssuedNumber | None) -> Callable[[datetime], Sequence[str]] | None:
    if not document.annex_of:
        return None
    if number is None:
        raise SigningError(reason="an annex is signed with the number of its document")
    return partial(annex_words, number)


def _filled(number: IssuedNumber | None) -> dict[str, str] | None:
    """The values of the text fields, for a document that has a number."""
    if number is None:
        return None
    return {"number": number.display, "date": ngay_thang_nam(number.day.isoformat())}
