"""What the API answers about signing."""

from collections import Counter
from datetime import datetime

from pydantic import BaseModel

from chauban.http.views import DossierRef
from chauban.signing.credentials import Credential
from chauban.signing.sessions.authorising import Terms
from chauban.signing.sessions.model import FINAL_ITEMS, SessionItem, SessionStatus, SigningSession, SigningTask
from chauban.signing.sessions.reasons import explanation_of


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


class LoginView(BaseModel):
    """A provider's page; it sends the browser on with `code` and `state`."""

    url: str
    expires_at: datetime


class SessionItemDocument(BaseModel):
    id: str
    title: str


class Explanation(BaseModel):
    """What a reason means and what to do, in Vietnamese and English."""

    vi: str
    en: str


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
    explanation: Explanation | None


class Progress(BaseModel):
    """How many documents of a session stand where; `accepted` ones are signed and wait for their timestamp."""

    preparing: int = 0
    ready: int = 0
    accepted: int = 0
    signed: int = 0
    refused: int = 0
    failed: int = 0


class AuthorisationView(BaseModel):
    """What the next authorisation of a session takes: `needs` names the members of the request (of pin, otp, code), none where
    the holder's phone asks. `items` would be authorised with it, at most `most` at once. `login` is the provider's own page.
    """

    needs: list[str]
    items: list[int]
    most: int
    login: LoginView | None


class SessionView(BaseModel):
    """A signing session."""

    id: str
    status: str
    created_at: datetime
    expires_at: datetime
    credential: str
    progress: Progress
    items: list[SessionItemView]


def authorisation_view(terms: Terms) -> AuthorisationView:
    """What an authorisation takes."""
    url, until = terms.login_url, terms.login_until
    return AuthorisationView(
        needs=list(terms.needs),
        items=list(terms.items),
        most=terms.most,
        login=LoginView(url=url, expires_at=until) if url and until else None,
    )


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
        progress=_progress(session),
        items=[_item(session, entry, algorithm, now) for entry in session.items],
    )


def retry_after(session: SessionView) -> int | None:
    """In how many seconds to look again, while work is going on; later where there is much to look at."""
    return 1 + len(session.items) // 100 if session.status in _GOING_ON else None


_GOING_ON = {status.value for status in (SessionStatus.PREPARING, SessionStatus.AUTHORISING, SessionStatus.SIGNING)}


def _progress(session: SigningSession) -> Progress:
    counted = Counter("accepted" if entry.accepted_at else entry.status.value for entry in _unfinished(session))
    finished = Counter(entry.status.value for entry in session.items if entry.status in FINAL_ITEMS)
    return Progress(**(counted + finished))


def _unfinished(session: SigningSession) -> list[SessionItem]:
    return [entry for entry in session.items if entry.status not in FINAL_ITEMS]


def _item(session: SigningSession, entry: SessionItem, algorithm: str, now: datetime) -> SessionItemView:
    reason = session.reason(entry, now)
    known = explanation_of(reason, waiting=entry.in_work)
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
        reason=reason,
        explanation=Explanation(**known) if known else None,
    )
