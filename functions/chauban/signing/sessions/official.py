"""The sign worker: fixes what an official is to sign, and puts the accepted signature into the document.

Both steps can be repeated: what was fixed is used again, what was embedded is not embedded twice.
"""

from base64 import b64decode
from dataclasses import dataclass

from chauban.dossiers.changes import Change, SessionStep
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentStatus, Preparation, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.signatories import signed_as
from chauban.errors import (
    CertificateNotUsable,
    CredentialNotFit,
    SignatureLost,
    SignerNotEntitled,
    SigningError,
)
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Files, SigningStore
from chauban.signing.credentials import Credential
from chauban.signing.losses import is_lost, word_of
from chauban.signing.policy import SigningPolicy
from chauban.signing.ports import CompletedFile, SignatureEngine
from chauban.signing.preparation import applied
from chauban.signing.seals.sealing_tasks import to_release
from chauban.signing.sessions.model import (
    FINAL_ITEMS,
    ItemStatus,
    SessionItem,
    SigningSession,
    SigningTask,
    next_task,
)
from chauban.signing.sessions.preparing import Preparing, credential_of, entry_of
from chauban.signing.terms import SealMode


@dataclass(frozen=True)
class OfficialSigning:
    """Prepares and embeds officials' signatures."""

    store: DossierStore
    signing: SigningStore
    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
    events: EventMaker
    orders: OrderMaker
    clock: Clock
    policy: SigningPolicy

    def prepare(self, session: str, item: int) -> None:
        """Fixes the signed attributes of a session's item, or fails the item with its reason; raises `SigningError`."""
        parts = (self.store, self.signing, self.catalogue, self.files, self.engine, self.clock, self.policy)
        Preparing(*parts).prepare(session, item)

    def embed(self, session: str, item: int) -> None:
        """Puts the accepted signature into the document and orders its seal, or gives up a value that can never be embedded.

        Raises `TimestampUnavailable` and other `SigningError`s: the order is then tried again.
        """
        found, entry = entry_of(self.signing, session, item)
        dossier = self.store.load(entry.dossier)
        document, task = dossier.document(entry.document), self.signing.task(entry.task)
        prepared = document.preparation
        if entry.status in FINAL_ITEMS:
            return
        if any(signature.field == task.terms.field for signature in document.signatures):
            self.signing.settle_item(found, item, ItemStatus.SIGNED, None)
            return
        if prepared is None or prepared.signature is None or prepared.field != task.terms.field:
            raise SigningError(reason="no signature has been accepted for the document")
        try:
            completed = self._completed(credential_of(self.catalogue, found), dossier, entry, task, prepared)
        except (SignerNotEntitled, CredentialNotFit) as refusal:
            self._give_up(found, entry, prepared, refusal.reason, refusal.reason)
        except SigningError as fault:
            if not is_lost(fault):
                raise
            refused = isinstance(fault, CertificateNotUsable)
            shown = f"certificate-{word_of(fault)}" if refused else SignatureLost.code
            self._give_up(found, entry, prepared, shown if refused else word_of(fault), shown)
        else:
            stored = self.files.put_draft("drafts", completed.pdf)
            self._signed(found, entry, prepared, completed, stored)

    def give_up(self, session: str, item: int, reason: str) -> None:
        """Gives an accepted value up that no attempt could embed: the item fails with the reason that it waits for, or this one."""
        found, entry = entry_of(self.signing, session, item)
        if entry.status in FINAL_ITEMS or entry.accepted_at is None:
            return
        told = entry.reason or reason
        fixed = self.store.load(entry.dossier).document(entry.document).preparation
        if fixed is not None and fixed.signed_attributes == entry.signed_attributes:
            self._give_up(found, entry, fixed, told, told)
        else:
            self.signing.settle_item(found, item, ItemStatus.FAILED, told)

    def _completed(
        self, credential: Credential, dossier: Dossier, entry: SessionItem, task: SigningTask, prepared: Preparation
    ) -> CompletedFile:
        """The file with the value; raises `SignerNotEntitled`, `CredentialNotFit` and `SigningError`s."""
        # The act was done when the value was accepted; what has become known about that moment since counts.
        signed_by = signed_as(dossier, entry.document, prepared.field)
        self.policy.require_act(credential, task, entry.accepted_at or self.clock.now(), signed_by)
        return self.engine.complete(
            self.files.read(prepared.file),
            field=prepared.field,
            credential=credential,
            signed_attributes=b64decode(prepared.signed_attributes),
            signature=b64decode(prepared.signature or ""),
        )

    def _signed(
        self,
        session: SigningSession,
        entry: SessionItem,
        prepared: Preparation,
        completed: CompletedFile,
        stored: StoredFile,
    ) -> None:
        def decide(before: Dossier) -> Change | None:
            document = before.document(entry.document)
            if not _is_fixed(document, prepared):
                return None
            now, task = self.clock.now(), self.signing.task(entry.task)
            signature = applied(prepared, completed.timestamped_at, stored)
            following = next_task(task, stored.sha256, now)
            update = {"status": _status_after(task, following), "current": stored, "preparation": None}
            signed = document.model_copy(update={**update, "signatures": (*document.signatures, signature)})
            after = before.with_document(signed).with_fact(
                FactType.DOCUMENT_SIGNED,
                now,
                SERVICE,
                document=signed.id,
                field=signature.field,
                credential=signature.credential,
                of=signed.kind.value,
                awaits=signed.status.value,
                official=task.official,
                # As it stood when the value was accepted, whatever became of it since.
                signs_as=signed_as(before, signed.id, signature.field),
                sha256=stored.sha256,
            )
            step = SessionStep(
                session.id,
                entry.model_copy(update={"status": ItemStatus.SIGNED, "reason": None}),
                was=entry.status,
                task=task.model_copy(update={"open": False}),
            )
            # The seal comes after the last of the officials.
            sealed = signed.status is DocumentStatus.AWAITING_SEAL
            orders = (self.orders.seal(after.id, signed.id),) if sealed else ()
            messages = (self.events.signed(after, signed, signature), *orders)
            return Change(
                before, after, messages, step=step, new_task=following, sealing_task=to_release(after, signed, now)
            )

        changing(self.store, entry.dossier, decide)

    def _give_up(
        self, session: SigningSession, entry: SessionItem, prepared: Preparation, reason: str, shown: str
    ) -> None:
        """The accepted value goes into no file: the fact says why, the item fails as `shown`, the document waits for another."""

        def decide(before: Dossier) -> Change | None:
            document = before.document(entry.document)
            if not _is_fixed(document, prepared):
                return None
            after = before.with_document(document.model_copy(update={"preparation": None})).with_fact(
                FactType.SIGNATURE_GIVEN_UP,
                self.clock.now(),
                SERVICE,
                document=document.id,
                field=prepared.field,
                credential=prepared.credential,
                digest=prepared.digest,
                reason=reason,
            )
            step = SessionStep(
                session.id,
                entry.model_copy(update={"status": ItemStatus.FAILED, "reason": shown}),
                was=entry.status,
                task=self.signing.task(entry.task).model_copy(update={"session": None, "session_until": None}),
            )
            return Change(before, after, step=step)

        changing(self.store, entry.dossier, decide)


def _status_after(task: SigningTask, following: SigningTask | None) -> DocumentStatus:
    if following:
        return DocumentStatus.AWAITING_SIGNATURE
    return DocumentStatus.AWAITING_RELEASE if task.seal is SealMode.MANUAL else DocumentStatus.AWAITING_SEAL


def _is_fixed(document: Document, prepared: Preparation) -> bool:
    """Whether the document still waits for the signature with these very attributes."""
    fixed = document.preparation
    waits = document.status is DocumentStatus.AWAITING_SIGNATURE
    return waits and fixed is not None and fixed.signed_attributes == prepared.signed_attributes
