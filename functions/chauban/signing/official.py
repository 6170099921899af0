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
from chauban.dossiers.notice_effects import is_void
from chauban.errors import CertificateNotUsable, NotConfigured, SigningError
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Files, SigningStore
from chauban.signing.credentials import Credential
from chauban.signing.ports import CompletedFile, SignatureEngine
from chauban.signing.preparation import applied, preparation_of
from chauban.signing.sessions import FINAL_ITEMS, LIVE_SESSIONS, ItemStatus, SessionItem, SigningSession

FIELD = "official"

# Why there is nothing to sign in a document that did not get as far.
_GONE = {DocumentStatus.CANCELLED: "cancelled", DocumentStatus.RETURNED: "returned"}

# A notice that would have no effect: its dossier went on, or the time that it sets is over.
VOID = "notice-void"

# Nobody could say whether the certificate stands: that passes, unlike the other reasons.
ASK_AGAIN = "status_unavailable"


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

    def prepare(self, session: str, item: int) -> None:
        """Fixes the signed attributes of a session's item, or fails the item with its reason; raises `SigningError`."""
        found, entry = self._entry(session, item)
        if entry.status is not ItemStatus.PREPARING or found.status(self.clock.now()) not in LIVE_SESSIONS:
            return
        credential = self._credential(found)
        dossier = self.store.load(entry.dossier)
        document = dossier.document(entry.document)
        if document.status is not DocumentStatus.AWAITING_SIGNATURE or document.current is None:
            gone = _GONE.get(document.status, "already-signed")
            self.signing.settle_item(found, item, ItemStatus.FAILED, gone)
            return
        if is_void(dossier, document, self.clock.now()):
            self.signing.settle_item(found, item, ItemStatus.FAILED, VOID)
            return
        try:
            prepared = _reusable(document, credential) or self._prepared(document.current, credential)
        except CertificateNotUsable as refusal:
            if refusal.values["reason"] == ASK_AGAIN:
                raise
            self.signing.settle_item(found, item, ItemStatus.FAILED, f"certificate-{refusal.values['reason']}")
            return
        if prepared.credential != credential.id:
            self.signing.settle_item(found, item, ItemStatus.FAILED, "signature-of-another-pending")
            return
        self._keep(found, entry, prepared)

    def embed(self, session: str, item: int) -> None:
        """Puts the accepted signature into the document and orders its seal.

        Raises `TimestampUnavailable` and other `SigningError`s: the order is then tried again.
        """
        found, entry = self._entry(session, item)
        document = self.store.load(entry.dossier).document(entry.document)
        prepared = document.preparation
        if entry.status in FINAL_ITEMS:
            return
        if any(signature.field == FIELD for signature in document.signatures):
            self.signing.settle_item(found, item, ItemStatus.SIGNED, None)
            return
        if prepared is None or prepared.signature is None or prepared.field != FIELD:
            raise SigningError(reason="no signature has been accepted for the document")
        try:
            completed = self.engine.complete(
                self.files.read(prepared.file),
                field=FIELD,
                credential=self._credential(found),
                signed_attributes=b64decode(prepared.signed_attributes),
                signature=b64decode(prepared.signature),
            )
        except CertificateNotUsable as refusal:
            if refusal.values["reason"] == ASK_AGAIN:
                raise
            self._give_up(found, entry, f"certificate-{refusal.values['reason']}")
            return
        stored = self.files.put_draft("drafts", completed.pdf)
        self._signed(found, entry, completed, stored)

    def _entry(self, session: str, item: int) -> tuple[SigningSession, SessionItem]:
        found = self.signing.session(session)
        entry = found.item(item)
        if entry is None:
            raise SigningError(reason="the session has no such item")
        return found, entry

    def _credential(self, session: SigningSession) -> Credential:
        credential = self.catalogue.credential(session.credential)
        if credential is None:
            raise NotConfigured(what="credential of the session")
        return credential

    def _prepared(self, current: StoredFile, credential: Credential) -> Preparation:
        now = self.clock.now()
        prepared = self.engine.prepare(
            self.files.read(current),
            field=FIELD,
            credential=credential,
            image=self.files.appearance(credential.appearance),
            at=now,
            fill=None,
        )
        return preparation_of(
            prepared,
            self.files.put_draft("prepared", prepared.pdf),
            field=FIELD,
            credential=credential,
            base=current,
            at=now,
        )

    def _keep(self, session: SigningSession, entry: SessionItem, prepared: Preparation) -> None:
        def decide(before: Dossier) -> Change | None:
            document = before.document(entry.document)
            waiting = self.signing.session(session.id).item(entry.item)
            # Another worker with the same order may have been faster, and the document may have gone on since.
            if waiting is None or waiting.status is not ItemStatus.PREPARING:
                return None
            if document.status is not DocumentStatus.AWAITING_SIGNATURE:
                return None
            fixed = _reusable(document, None) or prepared
            if fixed.credential != session.credential:
                return None
            after = before.with_document(document.model_copy(update={"preparation": fixed})).with_fact(
                FactType.SIGNATURE_PREPARED,
                self.clock.now(),
                SERVICE,
                document=document.id,
                field=FIELD,
                credential=fixed.credential,
                session=session.id,
            )
            ready = {
                "status": ItemStatus.READY,
                "document_sha256": fixed.file.sha256,
                "signed_attributes": fixed.signed_attributes,
                "digest": fixed.digest,
            }
            step = SessionStep(session.id, waiting.model_copy(update=ready), was=waiting.status)
            return Change(before, after, step=step)

        changing(self.store, entry.dossier, decide)

    def _signed(
        self, session: SigningSession, entry: SessionItem, completed: CompletedFile, stored: StoredFile
    ) -> None:
        def decide(before: Dossier) -> Change | None:
            document = before.document(entry.document)
            if document.preparation is None or document.status is not DocumentStatus.AWAITING_SIGNATURE:
                return None
            now = self.clock.now()
            signature = applied(document.preparation, completed.timestamped_at, stored)
            signed = document.model_copy(
                update={
                    "status": DocumentStatus.AWAITING_SEAL,
                    "current": stored,
                    "preparation": None,
                    "signatures": (*document.signatures, signature),
                }
            )
            after = before.with_document(signed).with_fact(
                FactType.DOCUMENT_SIGNED,
                now,
                SERVICE,
                document=signed.id,
                field=FIELD,
                credential=signature.credential,
                sha256=stored.sha256,
            )
            step = SessionStep(
                session.id,
                entry.model_copy(update={"status": ItemStatus.SIGNED}),
                was=entry.status,
                task=self.signing.task(entry.task).model_copy(update={"open": False}),
            )
            messages = (self.events.signed(after, signed, signature), self.orders.seal(after.id, signed.id))
            return Change(before, after, messages, step=step)

        changing(self.store, entry.dossier, decide)

    def _give_up(self, session: SigningSession, entry: SessionItem, reason: str) -> None:
        """The accepted value can never be embedded: the item fails with the reason, and the document waits for a new one."""

        def decide(before: Dossier) -> Change | None:
            document = before.document(entry.document)
            if document.preparation is None or document.status is not DocumentStatus.AWAITING_SIGNATURE:
                return None
            after = before.with_document(document.model_copy(update={"preparation": None})).with_fact(
                FactType.SIGNATURE_GIVEN_UP,
                self.clock.now(),
                SERVICE,
                document=document.id,
                field=FIELD,
                credential=document.preparation.credential,
                digest=document.preparation.digest,
                reason=reason,
            )
            step = SessionStep(
                session.id,
                entry.model_copy(update={"status": ItemStatus.FAILED, "reason": reason}),
                was=entry.status,
                task=self.signing.task(entry.task).model_copy(update={"session": None, "session_until": None}),
            )
            return Change(before, after, step=step)

        changing(self.store, entry.dossier, decide)


def _reusable(document: Document, credential: Credential | None) -> Preparation | None:
    """The set of attributes fixed before, when it is for the same file and credential, or its signature is already in."""
    fixed = document.preparation
    if fixed is None or document.current is None or fixed.base_sha256 != document.current.sha256:
        return None
    same = credential is not None and fixed.credential == credential.id
    return fixed if same or fixed.signature is not None else None
