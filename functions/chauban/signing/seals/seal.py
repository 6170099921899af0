"""What an organisation's seal does to a file, step by step, for the documents of dossiers and of agencies alike.

Each step takes the document as it is kept and gives what is to be kept before the next begins, so that whoever is killed
anywhere goes on where it stopped: one set of signed attributes, one value, one file.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chauban.dossiers.documents import Document, Finished, Preparation, StoredFile
from chauban.errors import NotConfigured, SigningError
from chauban.ports import Catalogue, Clock, Files
from chauban.signing.certificate_time import ends
from chauban.signing.credentials import Credential
from chauban.signing.ports import KeyHolder, NewField, RawVerifier, SignatureEngine
from chauban.signing.preparation import fresh_preparation, preparation_of
from chauban.signing.seals.accountable import accountable

FIELD = "seal"


@dataclass(frozen=True)
class Seal:
    """The seals of agencies."""

    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
    keys: KeyHolder
    verify: RawVerifier
    clock: Clock

    def answering(self, agency: str) -> str:
        """The appointment that answers for a seal of the agency now; raises `NotConfigured` where there is none."""
        return accountable(self.catalogue, agency, self.clock.now()).id

    def prepare(
        self,
        document: Document,
        current: StoredFile,
        fill: Mapping[str, str] | None,
        *,
        field: str = FIELD,
        words: Callable[[datetime], Sequence[str]] | None = None,
        new_field: NewField | None = None,
    ) -> Preparation:
        """Fixes what the seal signs, with the form fields of `fill` filled in; in another field than its own it shows `words`,
        which are told the time of signing, and no picture; `new_field` is where a file of others gets that field.

        Raises `UnsafeToSign`, `NotConfigured` without a valid seal, and other `SigningError`s.
        """
        now, credential = self.clock.now(), self._of_agency(document.agency)
        prepared = self.engine.prepare(
            self.files.read(current),
            field=field,
            credential=credential,
            image=None if words else self.files.appearance(credential.appearance),
            at=now,
            fill=fill,
            words=words(now) if words else (),
            new_field=new_field,
        )
        stored = self.files.put_draft("prepared", prepared.pdf)
        return preparation_of(prepared, stored, field=field, credential=credential, base=current, at=now)

    def sign(self, fixed: Preparation) -> Preparation:
        """With the value of the seal's key; raises `SignatureMismatch` for one that is not its certificate's."""
        credential = self._named(fixed.credential)
        value = self.keys.sign(credential, b64decode(fixed.digest))
        self.verify(credential, b64decode(fixed.signed_attributes), value)
        return fixed.model_copy(update={"signature": b64encode(value).decode()})

    def finish(self, document: Document, fixed: Preparation, before: Sequence[str] = ()) -> Preparation:
        """With the one file that is to be issued: every attempt would bring another timestamp. `before` are the fields that others
        had signed when the file came."""
        completed = self.engine.complete(
            self.files.read(fixed.file),
            field=fixed.field,
            credential=self._named(fixed.credential),
            signed_attributes=b64decode(fixed.signed_attributes),
            signature=b64decode(fixed.signature or ""),
        )
        # Nothing is issued that a reader without a network could not verify.
        level = self.engine.verify(completed.pdf, [*before, *(one.field for one in document.signatures), fixed.field])
        stored = self.files.put_draft("drafts", completed.pdf)
        finished = Finished(file=stored, timestamped_at=completed.timestamped_at, level=level)
        return fixed.model_copy(update={"finished": finished})

    def standing(self, document: Document) -> Preparation | None:
        """What was fixed for the file as it is now, and goes on: a value that was given stays, and without one the credential is
        still the one that would be chosen. Raises `NotConfigured` without a valid seal."""
        found = fresh_preparation(document, self.clock.now())
        if found is None or found.signature is not None:
            return found
        return found if found.credential == self._of_agency(document.agency).id else None

    def fixed(self, document: Document) -> Preparation:
        """What was fixed and stands; raises `SigningError` where nothing does, and the order is tried again."""
        found = self.standing(document)
        if found is None:
            raise SigningError(reason="nothing has been fixed for the seal to sign")
        return found

    def _of_agency(self, agency: str) -> Credential:
        now = self.clock.now()
        held = [seal for seal in self.catalogue.seals_of_agency(agency) if seal.serves and seal.valid_at(now)]
        valid = [seal for seal in held if now < ends(seal)]
        if not valid:
            raise NotConfigured(what="a valid seal of the agency")
        return max(valid, key=lambda seal: seal.valid_from)

    def _named(self, credential: str) -> Credential:
        found = self.catalogue.credential(credential)
        if found is None:
            raise NotConfigured(what="credential of the seal")
        return found
