"""Signing sessions and tasks: one official, one credential, many documents, each signed or failed on its own."""

import hashlib
from base64 import b32encode
from datetime import UTC, datetime
from enum import StrEnum

from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import Actor
from chauban.signing.terms import SealMode, SigningTerms
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
LIVE_SESSIONS = frozenset(
    {SessionStatus.PREPARING, SessionStatus.READY, SessionStatus.AUTHORISING, SessionStatus.SIGNING}
)


class NextSigner(Frozen):
    """Who is to sign a document afterwards: an appointment of the same agency with the lines printed for it, and what the form
    asks of that signature."""

    official: str
    printed: tuple[str, ...]
    terms: SigningTerms


class ReturnedDraft(Frozen):
    """Why and when a draft came back to the desk; for the desk, so it is not in what the citizen sees."""

    reason: str
    at: datetime


class SigningTask(Frozen):
    """A document that waits for the `official` (an appointment in `agency`) in whose name it is drafted; `printed` are
    the lines over and under the signature, `terms` is what the form asks of it, `then` who signs after it, `seal` when the
    seal follows.

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
    printed: tuple[str, ...] = ()
    terms: SigningTerms = SigningTerms()
    then: tuple[NextSigner, ...] = ()
    seal: SealMode = SealMode.AUTOMATIC
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


def next_task(task: SigningTask, sha256: str, since: datetime) -> SigningTask | None:
    """The task of whoever signs after this one, over the file as it is then; None where nobody does."""
    if not task.then:
        return None
    following, *rest = task.then
    return task.model_copy(
        update={
            "id": later_task(task.document, following.terms.field),
            "official": following.official,
            "printed": following.printed,
            "terms": following.terms,
            "then": tuple(rest),
            "sha256": sha256,
            "since": since,
            "open": True,
            "session": None,
            "session_until": None,
        }
    )


def later_task(document: str, field: str) -> str:
    """The id of the task for a document's signature in a field that is not the first."""
    return b32encode(hashlib.sha256(f"{document}|{field}".encode()).digest()).decode()[:26]


class SessionItem(Frozen):
    """One document of a session. `document_sha256` (hex) is that of the exact bytes shown and signed; `signed_attributes` and
    `digest` (both base64) are what the key signs; `accepted_at` is set when a signature value was accepted. `released` is the
    authorisation that ended for this item without a value; it can be authorised again, and `reason` says why it must be.
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
    released: str | None = None

    @property
    def unsigned(self) -> bool:
        """Whether it can be signed now: it is prepared, and no value was accepted for it."""
        return self.status is ItemStatus.READY and self.accepted_at is None

    @property
    def in_work(self) -> bool:
        """Whether a worker has still to prepare it, or to embed a value that was accepted."""
        return self.status is ItemStatus.PREPARING or (self.status is ItemStatus.READY and self.accepted_at is not None)


class AuthorisationStep(StrEnum):
    """How far an authorisation is: the provider is being asked, its holder is, it signs, or it ended without (all) values."""

    ASKING = "asking"
    HOLDER = "holder"
    GRANTED = "granted"
    FAILED = "failed"


class SessionAuthorisation(Frozen):
    """An authorisation that the official gave at a remote provider for some of a session's items; nothing secret is in it.

    `key` is the hash of the request's idempotency key. From `expires_at` on nothing more is asked for with it, and no value that
    comes is taken; `brought` are the items whose values came before, to be checked and accepted until the session ends.
    """

    id: str
    key: str
    by: Actor
    asked_at: datetime
    expires_at: datetime
    items: tuple[int, ...]
    step: AuthorisationStep = AuthorisationStep.ASKING
    reason: str | None = None
    brought: tuple[int, ...] = ()

    def ended(self, reason: str) -> "SessionAuthorisation":
        """The authorisation when nothing more is asked for with it."""
        return self.model_copy(update={"step": AuthorisationStep.FAILED, "reason": reason})


# Why an item is to be authorised again where nothing else is known: the time ran out, or the work on it was cut off.
EXPIRED_REASON = "authorisation-expired"


class SigningSession(Frozen):
    """A session of one person with one credential. While it is `opening`, not all of its items are there yet."""

    id: str
    person: str
    client: str | None
    credential: str
    created_at: datetime
    expires_at: datetime
    items: tuple[SessionItem, ...]
    cancelled_at: datetime | None = None
    opening: bool = False
    authorisation: SessionAuthorisation | None = None

    def status(self, now: datetime) -> SessionStatus:
        """The status at `now`, which follows from the items and the clock."""
        if self.cancelled_at is not None:
            return SessionStatus.CANCELLED
        states = [item.status for item in self.items]
        if self.opening:
            return SessionStatus.EXPIRED if now >= self.expires_at else SessionStatus.PREPARING
        if all(state in FINAL_ITEMS for state in states):
            return SessionStatus.DONE
        if any(item.accepted_at and item.status is ItemStatus.READY for item in self.items):
            return SessionStatus.SIGNING
        if self.brought(now):
            return SessionStatus.SIGNING
        if self.authorisation and self.unasked(now):
            granted = self.authorisation.step is AuthorisationStep.GRANTED
            return SessionStatus.SIGNING if granted else SessionStatus.AUTHORISING
        if now >= self.expires_at:
            return SessionStatus.EXPIRED
        if ItemStatus.PREPARING in states:
            return SessionStatus.PREPARING
        return SessionStatus.READY

    def item(self, number: int) -> SessionItem | None:
        """The item with that number, counted from 1."""
        return next((item for item in self.items if item.item == number), None)

    def awaiting(self, now: datetime) -> tuple[SessionItem, ...]:
        """The items for which the authorisation has still to bring a value, or brought one that is not yet accepted."""
        return self.unasked(now) + self.brought(now)

    def unasked(self, now: datetime) -> tuple[SessionItem, ...]:
        """The items for which a value is still to come from the authorisation."""
        given = self.authorisation
        if given is None or given.step is AuthorisationStep.FAILED or now >= given.expires_at:
            return ()
        return self._covered(given, frozenset(given.items) - frozenset(given.brought))

    def brought(self, now: datetime) -> tuple[SessionItem, ...]:
        """The items whose values came in time and wait to be checked and accepted."""
        given = self.authorisation
        if given is None or self.cancelled_at is not None or now >= self.expires_at:
            return ()
        return self._covered(given, frozenset(given.brought))

    def _covered(self, given: SessionAuthorisation, numbers: frozenset[int]) -> tuple[SessionItem, ...]:
        return tuple(
            item for item in self.items if item.unsigned and item.item in numbers and item.released != given.id
        )

    def reason(self, item: SessionItem, now: datetime) -> str | None:
        """Why an item failed, waits, or must be authorised again: the last authorisation's reason replaces an earlier one."""
        given = self.authorisation
        if given is None or not item.unsigned or item.item not in given.items or item.released == given.id:
            return item.reason
        if item.item in given.brought:
            return None if now < self.expires_at else EXPIRED_REASON
        if given.step is AuthorisationStep.FAILED:
            return given.reason
        return EXPIRED_REASON if now >= given.expires_at else None
