"""Certifying copies: the copying organisation signs in the field `copy`, and the file is issued into the archive.

Runs in the seal worker. Each step is kept before the next begins, as with the seal: one set of signed attributes, one value, one
file. A SAO Y is the bytes of its source with this one revision behind them; of a source with which anything is wrong, no copy is
certified.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from chauban.copying.sources import require_both_in_force
from chauban.copying.wording import copy_words
from chauban.dossiers.amendments import original_of
from chauban.dossiers.changes import Change, OutboxMessage
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, Revision, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.errors import NotConfigured, NotInForce, SigningError, UnsafeToSign, VerificationFailed
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Files
from chauban.signing.losses import is_lost
from chauban.signing.ports import KeyHolder, RawVerifier, SignatureEngine
from chauban.signing.preparation import applied
from chauban.signing.preservation.beginning import preserved
from chauban.signing.seals.seal import Seal

FIELD = "copy"
_SETTLED = frozenset({DocumentStatus.ISSUED, DocumentStatus.CANCELLED})


@dataclass(frozen=True)
class Certifying:
    """Certifies and issues copies."""

    store: DossierStore
    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
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
                step(present, copy)
            except UnsafeToSign as found:
                self._refuse(present, copy, str(found.values["reason"]))
            except SigningError as fault:
                if copy.preparation and is_lost(fault):
                    self._keep(present, copy, FactType.SIGNATURE_GIVEN_UP, preparation=None)
                raise
        return None

    def _examine(self, dossier: Dossier, copy: Document) -> None:
        """The source is still in force, is what was stored, hides nothing, and its signatures verify; or there is no copy."""
        source = original_of(dossier, copy)
        if source is None or copy.preparation is not None:
            return
        try:
            require_both_in_force(dossier, source)
            content = self.files.read(_copied(copy, source))
            self.engine.require_safe(content)
            self.engine.verify(content, [one.field for one in source.signatures])
        except NotInForce as found:
            self._refuse(dossier, copy, found.code)
        except VerificationFailed:
            self._refuse(dossier, copy, "source-altered")

    def _prepare(self, dossier: Dossier, copy: Document) -> None:
        if copy.current is None or self._seal.standing(copy):
            return
        agency = self.catalogue.agency(copy.agency)
        if agency is None:
            raise NotConfigured(what="agency of the copy")
        words = partial(copy_words, copy.kind, agency.name)
        fixed = self._seal.prepare(copy, copy.current, None, field=FIELD, words=words)
        self._keep(dossier, copy, FactType.SIGNATURE_PREPARED, preparation=fixed)

    def _sign(self, dossier: Dossier, copy: Document) -> None:
        fixed = self._seal.fixed(copy)
        if fixed.signature is None:
            self._keep(dossier, copy, FactType.SIGNATURE_ACCEPTED, preparation=self._seal.sign(fixed))

    def _finish(self, dossier: Dossier, copy: Document) -> None:
        fixed = self._seal.fixed(copy)
        if fixed.finished is None:
            self._keep(dossier, copy, FactType.FILE_FINISHED, preparation=self._seal.finish(copy, fixed))

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
        **update: Any,
    ) -> None:
        """Writes the next state of the copy, unless another worker was faster: what that one kept stands."""
        kept = copy.model_copy(update=update)

        def decide(before: Dossier) -> Change | None:
            if before.document(copy.id) != copy:
                return None
            said: dict[str, Any] = {"document": copy.id, "kind": copy.kind.value}
            if kept.preparation:
                said |= {"field": FIELD, "credential": kept.preparation.credential, "digest": kept.preparation.digest}
            if kept.preparation and kind is FactType.SIGNATURE_PREPARED:
                said["certificate_check"] = kept.preparation.certificate_check
            if kept.hindrance:
                said["reason"] = kept.hindrance
            if kind is FactType.DOCUMENT_ISSUED and kept.current:
                said["sha256"] = kept.current.sha256
            after = before.with_document(kept).with_fact(kind, self.clock.now(), SERVICE, **said)
            return preserved(Change(before, after, told(after)), kept, self.orders, self.clock.now())

        changing(self.store, dossier.id, decide)


def _copied(copy: Document, source: Document) -> StoredFile:
    """The file that is examined: of a SAO Y the very revision that the copy begins with, though the source may have later ones."""
    return copy.current if copy.kind is DocumentKind.SAO_Y and copy.current else source.revisions[-1].file
