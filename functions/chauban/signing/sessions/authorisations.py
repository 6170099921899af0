"""What the authorisations of signing sessions need of the world: a store, a box for secrets, and the providers' signers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chauban.dossiers.changes import OutboxMessage
from chauban.signing.credentials import Credential
from chauban.signing.sessions.model import SessionAuthorisation, SessionItem
from chauban.signing.signers.remote import RemoteSigner

Signers = Callable[[Credential], RemoteSigner]


@dataclass(frozen=True)
class Turn:
    """Whose turn it is in an authorisation: turn `number` asks for the values from position `at` of its items on.

    `sealed` is what the provider gave to ask with, where its holder is being asked; `faults` counts answers that did not come.
    """

    number: int = 0
    at: int = 0
    sealed: str | None = field(default=None, repr=False)
    faults: int = 0


@dataclass(frozen=True)
class Awaited:
    """What a provider's call back is about."""

    session: str
    authorisation: str


@dataclass(frozen=True)
class SealedLogin:
    """A provider's login page that was handed out for these items, with what belongs to it, encrypted."""

    items: tuple[int, ...]
    sealed: str = field(repr=False)
    expires_at: datetime


class SecretBox(Protocol):
    """Encrypts what may lie in the table for minutes only."""

    def seal(self, text: str, context: Mapping[str, str]) -> str:
        """The text, encrypted; only the same context opens it."""
        ...

    def open(self, sealed: str, context: Mapping[str, str]) -> str:
        """The text; raises `SigningError` where it was sealed otherwise."""
        ...


class AuthorisationStore(Protocol):
    """The authorisations of sessions: one at a time for each, and what is secret only sealed, and until it expires."""

    def begin(self, session: str, new: SessionAuthorisation, previous: str | None) -> None:
        """Makes it the session's authorisation; raises `ConcurrentChange` unless that was `previous`, where the session is
        cancelled, and where its `key` began one before.
        """
        ...

    def began(self, session: str, key: str) -> str | None:
        """Which authorisation of the session began with that key, however long ago."""
        ...

    def grant(
        self, session: str, granted: SessionAuthorisation, sealed: str, messages: Sequence[OutboxMessage]
    ) -> None:
        """Keeps what was granted, with the order to sign; raises `ConcurrentChange` where another authorisation came after it, or
        the session is cancelled.
        """
        ...

    def fail(self, session: str, failed: SessionAuthorisation, turn: Turn | None = None) -> None:
        """Ends an authorisation, at this turn where it signs already, and forgets what was granted; not where another has come
        after it, or it went on to another turn.
        """
        ...

    def forget(self, session: str, authorisation: str) -> None:
        """Forgets what was granted: nothing more is to be asked for with it."""
        ...

    def granted(self, session: str, authorisation: str) -> str | None:
        """What was granted, sealed; None where it was forgotten, or is another authorisation's."""
        ...

    def turn(self, session: str, authorisation: str) -> Turn:
        """Whose turn it is."""
        ...

    def claim(self, session: str, authorisation: str, turn: int, now: datetime, until: datetime) -> datetime | None:
        """Keeps a turn for one worker until then, unless it goes on before; until when it is another's, where it is."""
        ...

    def again(self, message: OutboxMessage) -> None:
        """Orders a turn once more, for later."""
        ...

    def unclaim(self, session: str, authorisation: str, turn: int, until: datetime) -> None:
        """Gives back a turn that was kept until then: another worker may take it at once."""
        ...

    def next_turn(
        self,
        session: str,
        authorisation: SessionAuthorisation,
        turn: Turn,
        messages: Sequence[OutboxMessage],
        *,
        values: Mapping[int, str] | None = None,
        values_until: datetime | None = None,
        callback: str | None = None,
        last: bool = False,
    ) -> bool:
        """Goes from turn `turn.number - 1` to `turn`; False where that is over already, or another authorisation has come.

        Keeps the `values` (base64, by item) that the turn before brought, with the authorisation that names them, until
        `values_until` at least, and by what name the provider may call back. After the `last` turn what was granted is forgotten.
        """
        ...

    def values(self, session: str, authorisation: str, turn: int) -> Mapping[int, str]:
        """The values that a turn brought; none where they are forgotten."""
        ...

    def forget_values(self, session: str, authorisation: str, turn: int) -> None:
        """Forgets the values that a turn brought: each is accepted, or will never be."""
        ...

    def release(self, session: str, item: SessionItem, authorisation: str, reason: str) -> None:
        """Gives an item back to be authorised again, unless it was signed or settled meanwhile."""
        ...

    def keep_login(self, session: str, login: SealedLogin) -> None:
        """Keeps what belongs to a login page, in the place of an earlier one."""
        ...

    def login(self, session: str) -> SealedLogin | None:
        """What was kept last; it may have expired."""
        ...

    def forget_login(self, session: str) -> None:
        """A login page's answer is taken once."""
        ...

    def awaited(self, callback: str) -> Awaited | None:
        """Which authorisation waits for a call back of this name."""
        ...

    def hasten(self, session: str, authorisation: str, turn: Turn, message: OutboxMessage) -> None:
        """Orders a turn at once, instead of at its time; once for each turn."""
        ...
