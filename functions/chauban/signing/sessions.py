"""Signing sessions and tasks: one official, one credential, many documents, each signed or failed on its own."""

from datetime import UTC, datetime
from enum import StrEnum

from chauban.dossiers.documents import DocumentKind
from chauban.values import Frozen


class SessionStatus(StrEnum):
    """Where a session stands; `done`, `cancelled` and `expired` are final."""

    PREPARING = "preparing"
    READY = "ready"
    AUTHORISING = "authorising"
    SIGNING = "signing"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ItemStatus(StrEnum):
    """Where one document of a session stands."""

    PREPARING = "preparing"
    READY = "ready"
    SIGNED = "signed"
    REFUSED = "refused"
    FAILED = "failed"


# Until when a task stays with the session in which its signature was accepted.
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)

FINAL_ITEMS = frozenset({ItemStatus.SIGNED, ItemStatus.REFUSED, ItemStatus.FAILED})
LIVE_SESSIONS = frozenset({SessionStatus.PREPARING, SessionStatus.READY, SessionStatus.SIGNING})


class ReturnedDraft(Frozen):
    """Why and when a draft came back to the desk; for the desk, so it is not in what the citizen sees."""

    reason: str
    at: datetime


class SigningTask(Frozen):
    """A document that waits for the `official` (an appointment in `agency`) in whose name it is drafted.

    It is in one live session at most, until `session_until`. Once it is not `open` it stays closed.
    """

    id: str
    dossier: str
    code: str
    document: str
    kind: DocumentKind
    title: str
    agency: str
    official: str
    sha256: str
    since: datetime
    due_at: datetime | None
    open: bool = True
    session: str | None = None
    session_until: datetime | None = None
    returned: ReturnedDraft | None = None

    @property
    def state(self) -> str:
        """In a word: "open", "returned", or "closed" where it was signed or cancelled."""
        return "open" if self.open else "returned" if self.returned else "closed"

    def closed(self, returned: ReturnedDraft | None = None) -> "SigningTask":
        """The task of a document that nobody is to sign any more."""
        return self.model_copy(update={"open": False, "session": None, "session_until": None, "returned": returned})


class SessionItem(Frozen):
    """One document of a session. `document_sha256` (hex) is that of the exact bytes shown and signed; `signed_attributes` and
    `digest` (both base64) are what the key signs; `accepted_at` is set when a signature value was accepted.
    """

    item: int
    task: str
    dossier: str
    code: str
    document: str
    title: str
    appointment: str | None = None
    status: ItemStatus = ItemStatus.PREPARING
    document_sha256: str | None = None
    signed_attributes: str | None = None
    digest: str | None = None
    accepted_at: datetime | None = None
    reason: str | None = None


class SigningSession(Frozen):
    """A session of one person with one credential."""

    id: str
    person: str
    client: str | None
    credential: str
    created_at: datetime
    expires_at: datetime
    items: tuple[SessionItem, ...]
    cancelled_at: datetime | None = None

    def status(self, now: datetime) -> SessionStatus:
        """The status at `now`, which follows from the items and the clock."""
        if self.cancelled_at is not None:
            return SessionStatus.CANCELLED
        states = [item.status for item in self.items]
        if all(state in FINAL_ITEMS for state in states):
            return SessionStatus.DONE
        if any(item.accepted_at and item.status is ItemStatus.READY for item in self.items):
            return SessionStatus.SIGNING
        if now >= self.expires_at:
            return SessionStatus.EXPIRED
        if ItemStatus.PREPARING in states:
            return SessionStatus.PREPARING
        return SessionStatus.READY

    def item(self, number: int) -> SessionItem | None:
        """The item with that number, counted from 1."""
        return next((item for item in self.items if item.item == number), None)
