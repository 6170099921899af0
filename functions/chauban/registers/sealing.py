"""Sealing a register with the agency's key; each step is kept before the next begins, as for the documents of dossiers."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chauban.dossiers.documents import Document, DocumentStatus, Finished, Preparation, Revision
from chauban.errors import ConcurrentChange, NotConfigured, SigningError
from chauban.ports import Catalogue, Clock, Files
from chauban.registers.model import Register
from chauban.registers.ports import RegisterStore
from chauban.signing.accountable import accountable
from chauban.signing.credentials import Credential
from chauban.signing.ports import KeyHolder, SignatureEngine
from chauban.signing.preparation import applied, fresh_preparation, preparation_of

FIELD = "seal"


@dataclass(frozen=True)
class RegisterSealing:
    """Seals registers with the agency's key and issues them into the archive."""

    store: RegisterStore
    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
    keys: KeyHolder
    clock: Clock

    def seal(self, register: str) -> None:
        """Issues the register, from wherever an earlier attempt stopped; raises `SigningError`, and the order is tried again."""
        for step in (self._prepare, self._sign, self._finish, self._issue):
            found = self.store.load(register)
            if found.document.status is DocumentStatus.ISSUED:
                return
            if found.document.status is not DocumentStatus.AWAITING_SEAL or found.document.current is None:
                raise SigningError(reason=f"a register that is {found.document.status.value} cannot be sealed")
            self._keep(found, step)

    def _keep(self, found: Register, step: Callable[[Document, Register], Document]) -> None:
        try:
            changed = step(found.document, found)
            if changed != found.document:
                self.store.replace(found, self._after(found, changed), None)
        except ConcurrentChange as lost:
            # Another worker goes on with it; the order comes again and finds what that one did.
            raise SigningError(reason="another worker seals this register") from lost

    def _after(self, found: Register, document: Document) -> Register:
        after, fixed = found.with_document(document), document.preparation
        if fixed is None or fixed.signature is None or fixed.finished is not None:
            return after
        answers = accountable(self.catalogue, found.agency, self.clock.now())
        return after.model_copy(update={"accountable": answers.id})

    def _prepare(self, document: Document, register: Register) -> Document:
        now = self.clock.now()
        if document.current is None or fresh_preparation(document, now):
            return document
        # No seal without somebody who answers for it.
        accountable(self.catalogue, register.agency, now)
        credential = self._seal_of(register.agency)
        prepared = self.engine.prepare(
            self.files.read(document.current),
            field=FIELD,
            credential=credential,
            image=self.files.appearance(credential.appearance),
            at=now,
            fill=None,
        )
        fixed = preparation_of(
            prepared,
            self.files.put_draft("prepared", prepared.pdf),
            field=FIELD,
            credential=credential,
            base=document.current,
            at=now,
        )
        return document.model_copy(update={"preparation": fixed})

    def _sign(self, document: Document, register: Register) -> Document:
        fixed = self._need(document)
        if fixed.signature is not None:
            return document
        value = self.keys.sign(self._named(fixed.credential), b64decode(fixed.digest))
        return document.model_copy(
            update={"preparation": fixed.model_copy(update={"signature": b64encode(value).decode()})}
        )

    def _finish(self, document: Document, register: Register) -> Document:
        """Completes the file and keeps which one is to be issued: every attempt would bring another timestamp."""
        fixed = self._need(document)
        if fixed.finished is not None:
            return document
        completed = self.engine.complete(
            self.files.read(fixed.file),
            field=FIELD,
            credential=self._named(fixed.credential),
            signed_attributes=b64decode(fixed.signed_attributes),
            signature=b64decode(fixed.signature or ""),
        )
        level = self.engine.verify(completed.pdf, [FIELD])
        stored = self.files.put_draft("drafts", completed.pdf)
        finished = Finished(file=stored, timestamped_at=completed.timestamped_at, level=level)
        return document.model_copy(update={"preparation": fixed.model_copy(update={"finished": finished})})

    def _issue(self, document: Document, register: Register) -> Document:
        fixed = self._need(document)
        if fixed.finished is None:
            raise SigningError(reason="no file has been finished")
        finished = fixed.finished
        stored = self.files.archive(self.files.read(finished.file))
        revision = Revision(revision=1, file=stored, level=finished.level, made_at=self.clock.now())
        update: dict[str, Any] = {"status": DocumentStatus.ISSUED, "current": stored, "preparation": None}
        signed = {"signatures": (applied(fixed, finished.timestamped_at, stored),), "revisions": (revision,)}
        return document.model_copy(update={**update, **signed})

    def _need(self, document: Document) -> Preparation:
        fixed = fresh_preparation(document, self.clock.now())
        if fixed is None:
            raise SigningError(reason="nothing has been fixed for the seal to sign")
        return fixed

    def _seal_of(self, agency: str) -> Credential:
        now = self.clock.now()
        valid = [seal for seal in self.catalogue.seals_of_agency(agency) if seal.valid_at(now)]
        if not valid:
            raise NotConfigured(what="a valid seal of the agency")
        return max(valid, key=lambda seal: seal.valid_from)

    def _named(self, credential: str) -> Credential:
        found = self.catalogue.credential(credential)
        if found is None:
            raise NotConfigured(what="credential of the seal")
        return found
