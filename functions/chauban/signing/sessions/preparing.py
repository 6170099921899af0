"""Fixes what an official is to sign: one set of signed attributes for a document as it is, used again while it is fresh.

What was fixed and never signed is fixed anew once it is older than a seal's would be, or for another key. Only the session that
holds the task prepares it, so no authorisation of an earlier one can still bring a value for what is replaced.
"""

from dataclasses import dataclass

from chauban.dossiers.changes import Change, SessionStep
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentStatus, Preparation, StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_effects import VOID, is_void
from chauban.errors import (
    CertificateNotUsable,
    ConcurrentChange,
    CredentialNotFit,
    NotConfigured,
    SignerNotEntitled,
    SigningError,
    UnsafeToSign,
)
from chauban.ports import Catalogue, Clock, DossierStore, Files, SigningStore
from chauban.signing.credentials import Credential
from chauban.signing.losses import ASK_AGAIN
from chauban.signing.policy import SigningPolicy
from chauban.signing.ports import SignatureEngine
from chauban.signing.preparation import fresh_preparation, preparation_of
from chauban.signing.sessions.closing import ALREADY_SIGNED, CANCELLED, ELSEWHERE, RETURNED
from chauban.signing.sessions.model import LIVE_SESSIONS, ItemStatus, SessionItem, SigningSession, SigningTask
from chauban.signing.terms import SigningTerms

# Why there is nothing to sign in a document that did not get as far.
_GONE = {DocumentStatus.CANCELLED: CANCELLED, DocumentStatus.RETURNED: RETURNED}

# So often a document may go on while it is being prepared; then the order is tried again.
ATTEMPTS = 5


@dataclass(frozen=True)
class Preparing:
    """Prepares the items of sessions."""

    store: DossierStore
    signing: SigningStore
    catalogue: Catalogue
    files: Files
    engine: SignatureEngine
    clock: Clock
    policy: SigningPolicy

    def prepare(self, session: str, item: int) -> None:
        """Fixes the signed attributes of a session's item, or fails the item with its reason; raises `SigningError`."""
        for _ in range(ATTEMPTS):
            found, entry = entry_of(self.signing, session, item)
            if entry.status is not ItemStatus.PREPARING or found.status(self.clock.now()) not in LIVE_SESSIONS:
                return
            # Before the dossier: what closes a task changes the dossier with it.
            task = self.signing.task(entry.task)
            dossier = self.store.load(entry.dossier)
            if hindrance := self._hindrance(dossier, entry, task, session):
                self.signing.settle_item(found, item, ItemStatus.FAILED, hindrance)
            elif prepared := self._fixed(found, entry, task, dossier.document(entry.document)):
                self._keep(found, entry, prepared)
        raise ConcurrentChange

    def _hindrance(self, dossier: Dossier, entry: SessionItem, task: SigningTask, session: str) -> str | None:
        """Why there is nothing to prepare."""
        document = dossier.document(entry.document)
        if document.status is not DocumentStatus.AWAITING_SIGNATURE or document.current is None:
            return _GONE.get(document.status, ALREADY_SIGNED)
        if is_void(dossier, document, self.clock.now()):
            return VOID
        return None if task.session == session else ELSEWHERE

    def _fixed(
        self, session: SigningSession, entry: SessionItem, task: SigningTask, document: Document
    ) -> Preparation | None:
        """What is to be signed; None where the item failed, with its reason."""
        credential = credential_of(self.catalogue, session)
        try:
            self.policy.require(credential, task, self.clock.now())
            prepared = self._used_again(document, credential) or self._prepared(document, credential, task.terms)
        except (SignerNotEntitled, CredentialNotFit) as refusal:
            reason = refusal.reason
        except UnsafeToSign as refusal:
            reason = refusal.code
        except CertificateNotUsable as refusal:
            if refusal.values["reason"] == ASK_AGAIN:
                raise
            reason = f"certificate-{refusal.values['reason']}"
        else:
            if (prepared.credential, prepared.field) == (credential.id, task.terms.field):
                return prepared
            reason = "signature-of-another-pending"
        self.signing.settle_item(session, entry.item, ItemStatus.FAILED, reason)
        return None

    def _used_again(self, document: Document, credential: Credential) -> Preparation | None:
        """What was fixed before and still serves; the certificate is asked about again, as for everything that is prepared."""
        now, fixed = self.clock.now(), fixed_for(document)
        if fixed is None or fixed.signature is not None:
            return fixed
        if fixed.credential != credential.id or fresh_preparation(document, now) is None:
            return None
        self.engine.require_usable(credential, now)
        return fixed

    def _prepared(self, document: Document, credential: Credential, terms: SigningTerms) -> Preparation:
        now, current = self.clock.now(), _current(document)
        prepared = self.engine.prepare(
            self.files.read(current),
            field=terms.field,
            credential=credential,
            image=self.files.appearance(credential.appearance),
            at=now,
            fill=None,
            policy=terms.policy,
        )
        return preparation_of(
            prepared,
            self.files.put_draft("prepared", prepared.pdf),
            field=terms.field,
            credential=credential,
            base=current,
            at=now,
        )

    def _keep(self, session: SigningSession, entry: SessionItem, prepared: Preparation) -> None:
        def decide(before: Dossier) -> Change | None:
            document = before.document(entry.document)
            waiting = self.signing.session(session.id, (entry.item,)).item(entry.item)
            # Another worker may have been faster, the document may have gone on, another session may have the task by now.
            held = self.signing.task(entry.task).session == session.id
            if waiting is None or waiting.status is not ItemStatus.PREPARING or not held:
                return None
            if document.status is not DocumentStatus.AWAITING_SIGNATURE or not _goes_with(document, prepared):
                return None
            after = before.with_document(document.model_copy(update={"preparation": prepared})).with_fact(
                FactType.SIGNATURE_PREPARED,
                self.clock.now(),
                SERVICE,
                document=document.id,
                field=prepared.field,
                credential=prepared.credential,
                digest=prepared.digest,
                certificate_check=prepared.certificate_check,
                session=session.id,
            )
            ready = {
                "status": ItemStatus.READY,
                "document_sha256": prepared.file.sha256,
                "signed_attributes": prepared.signed_attributes,
                "digest": prepared.digest,
                "reason": None,
            }
            step = SessionStep(session.id, waiting.model_copy(update=ready), was=waiting.status)
            return Change(before, after, step=step)

        changing(self.store, entry.dossier, decide)


def entry_of(signing: SigningStore, session: str, item: int) -> tuple[SigningSession, SessionItem]:
    """A session with one of its items; raises `NotFound`, `SigningError`."""
    found = signing.session(session, (item,))
    entry = found.item(item)
    if entry is None:
        raise SigningError(reason="the session has no such item")
    return found, entry


def credential_of(catalogue: Catalogue, session: SigningSession) -> Credential:
    """The credential that a session signs with; raises `NotConfigured`."""
    credential = catalogue.credential(session.credential)
    if credential is None:
        raise NotConfigured(what="credential of the session")
    return credential


def fixed_for(document: Document) -> Preparation | None:
    """What was fixed for a signature of the document's file as it is now."""
    fixed, current = document.preparation, document.current
    return fixed if fixed and current and fixed.base_sha256 == current.sha256 else None


def _goes_with(document: Document, prepared: Preparation) -> bool:
    """Whether a set of attributes is for the document's file, and no value was accepted for another one."""
    present = fixed_for(document)
    pending = present is not None and present.signature is not None and present != prepared
    return _current(document).sha256 == prepared.base_sha256 and not pending


def _current(document: Document) -> StoredFile:
    if document.current is None:
        raise SigningError(reason="the document has no file")
    return document.current
