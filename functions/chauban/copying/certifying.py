"""Certifying copies: the copying organisation signs in the field `copy`, and the file is issued into the archive.

Runs in the seal worker. Each step is kept before the next begins, as with the seal: one set of signed attributes, one value, one
file. A SAO Y is the bytes of its source with this one revision behind them; of a source with which anything is wrong, no copy is
certified.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from chauban.copying.sources import copied_revision, require_both_in_force
from chauban.copying.wording import copy_words
from chauban.documents.font_files import WRITTEN_WITH
from chauban.dossiers.amendments import original_of
from chauban.dossiers.attachments import SourceKind
from chauban.dossiers.changes import Change, OutboxMessage
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, Revision, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.errors import NotConfigured, NotInForce, SigningError, UnsafeToSign, VerificationFailed
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Files, FormLibrary
from chauban.signing.foreign_files import ForeignFiles
from chauban.signing.losses import is_lost, word_of
from chauban.signing.ports import KeyHolder, NewField, RawVerifier, SignatureEngine
from chauban.signing.preparation import applied
from chauban.signing.preservation.beginning import preserved
from chauban.signing.seals.seal import Seal

FIELD = "copy"
# What no later attempt changes: the copying organisation's name is too long for the field, or has letters that its font lacks.
_NEVER_SAID = frozenset({"words-do-not-fit", "no-font-for-words"})
_SETTLED = frozenset({DocumentStatus.ISSUED, DocumentStatus.CANCELLED})


@dataclass(frozen=True)
class Certifying:
    """Certifies and issues copies."""

    store: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
    foreign: ForeignFiles
    keys: KeyHolder
    verify: RawVerifier
    events: EventMaker
    orders: OrderMaker
    clock: Clock

    @property
    def _seal(self) -> Seal:
        return Seal(self.catalogue, self.files, self.engine, self.keys, self.verify, self.clock)

    def certify(self, dossier: str, document: str) -> str | None:
        """Issues the copy, from wherever an earlier attempt stopped; the reason, in a word, why it never will be.

        Raises `SigningError` and `NotConfigured`, and the order is tried again; what can never be finished is given up before.
        """
        for step in (self._examine, self._prepare, self._sign, self._finish, self._issue):
            present = self.store.load(dossier)
            copy = present.document(document)
            if copy.status in _SETTLED:
                return copy.hindrance
            if copy.status is not DocumentStatus.AWAITING_SEAL or copy.current is None:
                raise SigningError(reason=f"a copy that is {copy.status.value} cannot be certified")
            try:
                _require_source_in_force(present, copy)
                step(present, copy)
            except NotInForce as found:
                self._refuse(present, copy, found.code)
            except UnsafeToSign as found:
                self._refuse(present, copy, str(found.values["reason"]))
            except SigningError as fault:
                if (word := word_of(fault)) in _NEVER_SAID:
                    self._refuse(present, copy, word)
                    return word
                if copy.preparation and is_lost(fault):
                    self._keep(present, copy, FactType.SIGNATURE_GIVEN_UP, lost=fault, preparation=None)
                raise
        return None

    def _examine(self, dossier: Dossier, copy: Document) -> None:
        """The source is still in force, is what was stored, hides nothing, and its signatures verify; or there is no copy."""
        if copy.preparation is not None:
            return
        try:
            source = original_of(dossier, copy)
            if source:
                self._judge(dossier, source, self.files.read(_copied(dossier, copy)))
            elif copy.made_from and (file := dossier.attachment(copy.made_from).file):
                content = self.files.read(file)
                if _signed_elsewhere(dossier, copy.made_from):
                    self._require_sound(content)
        except VerificationFailed:
            self._refuse(dossier, copy, "source-altered")

    def _judge(self, dossier: Dossier, source: Document, content: bytes) -> None:
        """Raises `UnsafeToSign` or `VerificationFailed` for the file of an issued document with which anything is wrong."""
        before = _fields_before(dossier, source)
        if before:
            self._require_sound(content)
        else:
            self.engine.require_safe(content)
        self.engine.verify(content, [*before, *(one.field for one in source.signatures)])

    def _require_sound(self, content: bytes) -> None:
        if fault := self.foreign.judge(content).fault:
            raise VerificationFailed(reason=fault)

    def _prepare(self, dossier: Dossier, copy: Document) -> None:
        if copy.current is None or self._seal.standing(copy):
            return
        agency = self.catalogue.agency(copy.agency)
        if agency is None:
            raise NotConfigured(what="agency of the copy")
        words, place = partial(copy_words, copy.kind, agency.name), self._new_field(dossier, copy)
        fixed = self._seal.prepare(copy, copy.current, None, field=FIELD, words=words, new_field=place)
        self._keep(dossier, copy, FactType.SIGNATURE_PREPARED, preparation=fixed)

    def _new_field(self, dossier: Dossier, copy: Document) -> NewField | None:
        """Where a signed file of others gets the field that it has not; None for every other copy."""
        if copy.kind is not DocumentKind.SAO_Y or not _signed_elsewhere(dossier, copy.made_from):
            return None
        source, cause = dossier.attachment(copy.made_from or "").source, dossier.cause_of(copy)
        if source is None or source.has_place or source.place is None or cause is None:
            return None
        files = cause.data["printed_with"]
        font = self.forms.print_files(files["slug"], files["version"])[WRITTEN_WITH]
        return NewField(source.place, source.turned, font)

    def _sign(self, dossier: Dossier, copy: Document) -> None:
        fixed = self._seal.fixed(copy)
        if fixed.signature is None:
            self._keep(dossier, copy, FactType.SIGNATURE_ACCEPTED, preparation=self._seal.sign(fixed))

    def _finish(self, dossier: Dossier, copy: Document) -> None:
        fixed = self._seal.fixed(copy)
        if fixed.finished is None:
            self._keep(
                dossier,
                copy,
                FactType.FILE_FINISHED,
                preparation=self._seal.finish(copy, fixed, _fields_before(dossier, copy)),
            )

    def _issue(self, dossier: Dossier, copy: Document) -> None:
        fixed = self._seal.fixed(copy)
        if fixed.finished is None:
            raise SigningError(reason="no file has been finished")
        finished, now = fixed.finished, self.clock.now()
        stored = self.files.archive(self.files.read(finished.file))
        signature = applied(fixed, finished.timestamped_at, stored)
        self._keep(
            dossier,
            copy,
            FactType.DOCUMENT_ISSUED,
            lambda after: (self.events.signed(after, after.document(copy.id), signature),),
            status=DocumentStatus.ISSUED,
            current=stored,
            preparation=None,
            signatures=(*copy.signatures, signature),
            revisions=(Revision(revision=1, file=stored, level=finished.level, made_at=now),),
        )

    def _refuse(self, dossier: Dossier, copy: Document, reason: str) -> None:
        self._keep(
            dossier, copy, FactType.COPY_REFUSED, status=DocumentStatus.CANCELLED, hindrance=reason, preparation=None
        )

    def _keep(
        self,
        dossier: Dossier,
        copy: Document,
        kind: FactType,
        told: Callable[[Dossier], tuple[OutboxMessage, ...]] = lambda _after: (),
        lost: SigningError | None = None,
        **update: Any,
    ) -> None:
        """Writes the next state of the copy, unless another worker was faster: what that one kept stands."""
        kept = copy.model_copy(update=update)

        def decide(before: Dossier) -> Change | None:
            if before.document(copy.id) != copy:
                return None
            if kind is not FactType.COPY_REFUSED:
                # In the transaction that writes: whatever takes the source's force, takes it before or after.
                _require_source_in_force(before, copy)
            said: dict[str, Any] = {"document": copy.id, "kind": copy.kind.value}
            if fixed := copy.preparation if lost else kept.preparation:
                said |= {"field": FIELD, "credential": fixed.credential, "digest": fixed.digest}
            if lost:
                said["reason"] = word_of(lost)
            if kept.preparation and kind is FactType.SIGNATURE_PREPARED:
                said["certificate_check"] = kept.preparation.certificate_check
            if kept.hindrance:
                said["reason"] = kept.hindrance
            if kind is FactType.DOCUMENT_ISSUED and kept.current:
                said["sha256"] = kept.current.sha256
            after = before.with_document(kept).with_fact(kind, self.clock.now(), SERVICE, **said)
            return preserved(Change(before, after, told(after)), kept, self.orders, self.clock.now())

        changing(self.store, dossier.id, decide)


def _require_source_in_force(dossier: Dossier, copy: Document) -> None:
    """Raises `NotInForce` where what is copied was replaced or revoked since it was ordered."""
    if source := original_of(dossier, copy):
        require_both_in_force(dossier, source)


def _copied(dossier: Dossier, copy: Document) -> StoredFile:
    """The file that is examined: the very bytes that a SAO Y begins with or another copy embeds, though the source may have later
    revisions."""
    begun = copy.current if copy.kind is DocumentKind.SAO_Y else None
    return begun or copied_revision(dossier, copy).file


def _signed_elsewhere(dossier: Dossier, source: str | None) -> bool:
    found = dossier.attachment(source).source if source else None
    return found is not None and found.kind is SourceKind.SIGNED_FILE


def _fields_before(dossier: Dossier, document: Document) -> list[str]:
    """The fields that others had signed in the file that a SAO Y begins with."""
    if document.kind is not DocumentKind.SAO_Y or not _signed_elsewhere(dossier, document.made_from):
        return []
    source = dossier.attachment(document.made_from or "").source
    return [one.field for one in source.signatures] if source else []
