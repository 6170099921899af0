"""What the in-memory stores share: everything that the one table would hold, changed under one lock."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from chauban.dossiers.changes import IdempotencyRecord, OutboxMessage, PartyLink
from chauban.dossiers.drafts import Draft
from chauban.dossiers.model import Dossier
from chauban.dossiers.number_books import NumberEntry
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.sessions.model import SigningSession, SigningTask

Book = tuple[str, str, int]


@dataclass
class Tables:
    """The state behind the stores."""

    dossiers: dict[str, Dossier] = field(default_factory=dict)
    idempotency: dict[tuple[str, str], IdempotencyRecord] = field(default_factory=dict)
    messages: list[OutboxMessage] = field(default_factory=list)
    links: list[PartyLink] = field(default_factory=list)
    codes: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: dict[Book, int] = field(default_factory=dict)
    entries: dict[tuple[str, str, int, int], NumberEntry] = field(default_factory=dict)
    tasks: dict[str, SigningTask] = field(default_factory=dict)
    sealing_tasks: dict[str, SealingTask] = field(default_factory=dict)
    sessions: dict[str, SigningSession] = field(default_factory=dict)
    due: dict[str, PreservationEntry] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def key_in_use(self, record: IdempotencyRecord, now: datetime) -> bool:
        """Whether an idempotency key is taken and not yet forgotten."""
        known = self.idempotency.get((record.client, record.key))
        return known is not None and known.expires_at > now
