"""What one transaction writes: the dossier's new facts with everything that must be true together with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.dossiers.drafts import Draft
from chauban.dossiers.model import Dossier
from chauban.dossiers.number_books import NumberEntry
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.sessions.model import ItemStatus, SessionItem, SigningSession, SigningTask


@dataclass(frozen=True)
class OutboxMessage:
    """Something to be told after the transaction: an event (`channel` "bus") or work ("render", "sign", "seal", "extend").

    `owner` is the partition it is stored in: a dossier's or a session's id.
    """

    id: str
    channel: str
    owner: str
    body: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class IdempotencyRecord:
    """That a client's key stands for one body (SHA-256 of its JCS form) and led to `target`; kept for 7 days."""

    client: str
    key: str
    body_sha256: str
    target: str
    expires_at: datetime


@dataclass(frozen=True)
class PartyLink:
    """Under a party's access key: the dossier, or an issued result of it. Lists are read newest first by `sort`."""

    party_key: str
    sort: str
    dossier: str
    document: str | None = None


@dataclass(frozen=True)
class SessionStep:
    """What becomes of one item of a session in the same transaction. It happens only if the item is still what it `was`.

    `task` is the task afterwards, and must be the session's until then; `accepting` also asks that the session was not
    cancelled meanwhile.
    """

    session: str
    entry: SessionItem
    was: ItemStatus
    task: SigningTask | None = None
    accepting: bool = False


@dataclass(frozen=True)
class ClosedTask:
    """A task that nobody is to sign any more. `held_by` is the session that held it until now: the task is closed only if it still
    does, and is open. `step` is what becomes of that session's item at the same time, where the session still waits for it.
    """

    task: SigningTask
    held_by: str | None = None
    step: SessionStep | None = None


@dataclass(frozen=True)
class Change:
    """One transaction on a dossier: `before` (None for a new one) guards it, `after` is what it becomes."""

    before: Dossier | None
    after: Dossier
    messages: tuple[OutboxMessage, ...] = ()
    links: tuple[PartyLink, ...] = ()
    idempotency: IdempotencyRecord | None = None
    number: NumberEntry | None = None
    """A number that is taken: it must be the successor of its book's last one."""
    voided: NumberEntry | None = None
    """A number that is void from now on: it must not have been until then."""
    sealing_task: SealingTask | None = None
    """What waits for the records office from now on, or, not open any more, no longer does."""
    new_task: SigningTask | None = None
    closed_tasks: tuple[ClosedTask, ...] = ()
    step: SessionStep | None = None
    preservations: tuple[PreservationEntry, ...] = ()
    """When documents are extended next."""
    draft: Draft | None = None
    """The draft that becomes this dossier: it must be unchanged, and is emptied."""


@dataclass(frozen=True)
class SessionOpened:
    """A new session: its tasks are locked for it in the same transaction, or nothing happens."""

    session: SigningSession
    tasks: tuple[SigningTask, ...]
    messages: tuple[OutboxMessage, ...]
    idempotency: IdempotencyRecord
