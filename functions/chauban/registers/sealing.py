"""Sealing a register with the agency's key; each step is kept before the next begins, as for the documents of dossiers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chauban.dossiers.documents import Document, DocumentStatus, Preparation, Revision
from chauban.errors import ConcurrentChange, SigningError
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, Files
from chauban.registers.model import Register
from chauban.registers.ports import RegisterStore
from chauban.signing.losses import is_lost
from chauban.signing.ports import KeyHolder, RawVerifier, SignatureEngine
from chauban.signing.preparation import applied
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.seals.seal import Seal


@dataclass(frozen=True)
class RegisterSealing:
    """Seals registers with the agency's key and issues them into the archive."""

    store: RegisterStore
    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
    keys: KeyHolder
    verify: RawVerifier
    orders: OrderMaker
    clock: Clock

    @property
    def _seal(self) -> Seal:
        return Seal(self.catalogue, self.files, self.engine, self.keys, self.verify, self.clock)

    def seal(self, register: str) -> None:
        """Issues the register, from wherever an earlier attempt stopped; raises `SigningError`, and the order is tried again.

        What can never be finished is given up, and the next attempt fixes it anew.
        """
        for step in (self._prepare, self._sign, self._finish, self._issue):
            found = self.store.load(register)
            if found.document.status is DocumentStatus.ISSUED:
                return
            if found.document.status is not DocumentStatus.AWAITING_SEAL or found.document.current is None:
                raise SigningError(reason=f"a register that is {found.document.status.value} cannot be sealed")
            try:
                self._keep(found, step)
            except SigningError as fault:
                if is_lost(fault):
                    self._keep(found, _given_up)
                raise

    def _keep(self, found: Register, step: Callable[[Document], Document]) -> None:
        try:
            changed = step(found.document)
            if changed.status is DocumentStatus.ISSUED:
                self._keep_for_good(found, changed)
            elif changed != found.document:
                self.store.replace(found, self._after(found, changed))
        except ConcurrentChange as lost:
            # Another worker goes on with it; the order comes again and finds what that one did.
            raise SigningError(reason="another worker seals this register") from lost

    def _keep_for_good(self, found: Register, issued: Document) -> None:
        """Issued, and due to be raised to the level that lasts: an order is on its way, and the entry stays."""
        entry = PreservationEntry.register_raised_soon(found.id, issued, self.clock.now())
        order = self.orders.extend_register(found.id, issued.id, entry.revision)
        self.store.replace(found, self._after(found, issued), order, entry)

    def _after(self, found: Register, document: Document) -> Register:
        after, fixed = found.with_document(document), document.preparation
        if fixed is None or fixed.signature is None or fixed.finished is not None:
            return after
        answers = self._seal.answering(found.agency)
        return after.model_copy(update={"accountable": answers})

    def _prepare(self, document: Document) -> Document:
        if document.current is None or self._seal.standing(document):
            return document
        # No seal without somebody who answers for it.
        self._seal.answering(document.agency)
        return _with(document, self._seal.prepare(document, document.current, None))

    def _sign(self, document: Document) -> Document:
        fixed = self._seal.fixed(document)
        return document if fixed.signature is not None else _with(document, self._seal.sign(fixed))

    def _finish(self, document: Document) -> Document:
        fixed = self._seal.fixed(document)
        return document if fixed.finished is not None else _with(document, self._seal.finish(document, fixed))

    def _issue(self, document: Document) -> Document:
        fixed = self._seal.fixed(document)
        if fixed.finished is None:
            raise SigningError(reason="no file has been finished")
        finished = fixed.finished
        stored = self.files.archive(self.files.read(finished.file))
        revision = Revision(revision=1, file=stored, level=finished.level, made_at=self.clock.now())
        update: dict[str, Any] = {"status": DocumentStatus.ISSUED, "current": stored, "preparation": None}
        signed = {"signatures": (applied(fixed, finished.timestamped_at, stored),), "revisions": (revision,)}
        return document.model_copy(update={**update, **signed})


def _with(document: Document, fixed: Preparation) -> Document:
    return document.model_copy(update={"preparation": fixed})


def _given_up(document: Document) -> Document:
    return document.model_copy(update={"preparation": None})
