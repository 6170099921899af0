"""What the API answers about signing."""

from datetime import datetime

from pydantic import BaseModel

from chauban.http.views import DossierRef
from chauban.signing.credentials import Credential
from chauban.signing.sessions import SessionItem, SessionStatus, SigningSession, SigningTask


class CredentialView(BaseModel):
    """A signing credential of the caller; `certificate` is its chain in PEM, leaf first."""

    id: str
    kind: str
    algorithm: str
    certificate: str
    valid_from: datetime
    valid_to: datetime


class CredentialList(BaseModel):
    items: list[CredentialView]


class TaskDocumentView(BaseModel):
    id: str
    kind: str
    title: str
    sha256: str


class ReturnedView(BaseModel):
    reason: str
    at: datetime


class TaskView(BaseModel):
    """A document that waits for an official; `session` names the live session that holds it, if one does.

    One that is not `open` waits no more: it is signed, cancelled, or `returned` with the official's reason.
    """

    id: str
    agency: str
    dossier: DossierRef
    document: TaskDocumentView
    since: datetime
    due_at: datetime | None
    open: bool
    session: str | None
    returned: ReturnedView | None


class TaskList(BaseModel):
    items: list[TaskView]
    cursor: str | None


class SessionItemDocument(BaseModel):
    id: str
    title: str


class SessionItemView(BaseModel):
    """One document of a session. `document_sha256` (hex) is that of the bytes at `.../items/{n}/document`; `signed_attributes`
    (base64 of DER) is what the key signs and `digest` (base64) its SHA-256, which the official's device shows.
    """

    item: int
    task: str
    dossier: DossierRef
    document: SessionItemDocument
    status: str
    accepted_at: datetime | None
    document_sha256: str | None
    signed_attributes: str | None
    digest: str | None
    algorithm: str
    reason: str | None


class SessionView(BaseModel):
    """A signing session."""

    id: str
    status: str
    created_at: datetime
    expires_at: datetime
    credential: str
    items: list[SessionItemView]


def credential_view(credential: Credential) -> CredentialView:
    """A credential's public side."""
    return CredentialView(
        id=credential.id,
        kind=credential.kind.value,
        algorithm=credential.algorithm.value,
        certificate=credential.chain_pem,
        valid_from=credential.valid_from,
        valid_to=credential.valid_to,
    )


def task_view(task: SigningTask, now: datetime) -> TaskView:
    """A task as it stands now."""
    held = task.session if task.session_until and now < task.session_until else None
    return TaskView(
        id=task.id,
        agency=task.agency,
        dossier=DossierRef(id=task.dossier, code=task.code),
        document=TaskDocumentView(id=task.document, kind=task.kind.value, title=task.title, sha256=task.sha256),
        since=task.since,
        due_at=task.due_at,
        open=task.open,
        session=held,
        returned=ReturnedView(**task.returned.model_dump()) if task.returned else None,
    )


def session_view(session: SigningSession, algorithm: str, now: datetime) -> SessionView:
    """A session as it stands now."""
    return SessionView(
        id=session.id,
        status=session.status(now).value,
        created_at=session.created_at,
        expires_at=session.expires_at,
        credential=session.credential,
        items=[_item(entry, algorithm) for entry in session.items],
    )


def retry_after(session: SessionView) -> int | None:
    """In how many seconds to look again, while work is going on."""
    return 1 if session.status in {SessionStatus.PREPARING.value, SessionStatus.SIGNING.value} else None


def _item(entry: SessionItem, algorithm: str) -> SessionItemView:
    return SessionItemView(
        item=entry.item,
        task=entry.task,
        dossier=DossierRef(id=entry.dossier, code=entry.code),
        document=SessionItemDocument(id=entry.document, title=entry.title),
        status=entry.status.value,
        accepted_at=entry.accepted_at,
        document_sha256=entry.document_sha256,
        signed_attributes=entry.signed_attributes,
        digest=entry.digest,
        algorithm=algorithm,
        reason=entry.reason,
    )
