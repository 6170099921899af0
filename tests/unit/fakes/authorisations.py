"""An `AuthorisationStore`, a box for secrets and a remote provider, in memory."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chauban.dossiers.changes import OutboxMessage
from chauban.errors import ConcurrentChange, ProviderError, SigningError
from chauban.ports import Clock
from chauban.signing.credentials import Credential
from chauban.signing.sessions.authorisations import Awaited, SealedLogin, Turn
from chauban.signing.sessions.model import SessionAuthorisation, SessionItem
from chauban.signing.signers.remote import Given, Grant, LoginPage, Pending, Signed, ToSign

from tests.unit.fakes.engine import raw_signature
from tests.unit.fakes.tables import Tables


class MemoryAuthorisations:
    """See `AuthorisationStore`; `secrets` holds everything that is kept sealed."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.secrets: dict[str, str] = {}
        self.keys: dict[tuple[str, str], str] = {}
        self.turns: dict[str, Turn] = {}
        self.brought: dict[tuple[str, str, int], dict[int, str]] = {}
        self.logins: dict[str, SealedLogin] = {}
        self.callbacks: dict[str, Awaited] = {}
        self.claims: dict[tuple[str, int], datetime] = {}
        self.hastened: set[tuple[str, int]] = set()

    def begin(self, session: str, new: SessionAuthorisation, previous: str | None) -> None:
        with self._tables.lock:
            present = self._tables.sessions[session]
            if present.cancelled_at or (present.authorisation.id if present.authorisation else None) != previous:
                raise ConcurrentChange
            if (session, new.key) in self.keys:
                raise ConcurrentChange
            self.keys[session, new.key] = new.id
            self._become(session, new)

    def began(self, session: str, key: str) -> str | None:
        return self.keys.get((session, key))

    def grant(self, session: str, granted: SessionAuthorisation, sealed: str, messages: Sequence) -> None:
        with self._tables.lock:
            if self._tables.sessions[session].cancelled_at or not self._is_present(session, granted.id):
                raise ConcurrentChange
            self._become(session, granted)
            self.secrets[granted.id] = sealed
            self._tables.messages += messages

    def fail(self, session: str, failed: SessionAuthorisation, turn: Turn | None = None) -> None:
        with self._tables.lock:
            at_turn = turn is None or self.turn(session, failed.id).number == turn.number
            if self._is_present(session, failed.id) and at_turn:
                self._become(session, failed)
                if turn:
                    self.turns[failed.id] = replace(turn, number=turn.number + 1, sealed=None)
                self.forget(session, failed.id)

    def forget(self, session: str, authorisation: str) -> None:
        self.secrets.pop(authorisation, None)
        if authorisation in self.turns:
            self.turns[authorisation] = replace(self.turns[authorisation], sealed=None)

    def granted(self, session: str, authorisation: str) -> str | None:
        return self.secrets.get(authorisation)

    def turn(self, session: str, authorisation: str) -> Turn:
        return self.turns.get(authorisation, Turn())

    def claim(self, session: str, authorisation: str, turn: int, now: datetime, until: datetime) -> datetime | None:
        with self._tables.lock:
            known = self.claims.get((authorisation, turn))
            if known and known > now:
                return known
            self.claims[authorisation, turn] = until
            return None

    def unclaim(self, session: str, authorisation: str, turn: int, until: datetime) -> None:
        with self._tables.lock:
            if self.claims.get((authorisation, turn)) == until:
                del self.claims[authorisation, turn]

    def again(self, message: OutboxMessage) -> None:
        self._tables.messages.append(message)

    def next_turn(
        self,
        session: str,
        authorisation: SessionAuthorisation,
        turn: Turn,
        messages: Sequence,
        *,
        values: Mapping[int, str] | None = None,
        values_until: datetime | None = None,
        callback: str | None = None,
        last: bool = False,
    ) -> bool:
        with self._tables.lock:
            if self.turn(session, authorisation.id).number != turn.number - 1:
                return False
            if not self._is_present(session, authorisation.id):
                return False
            self._become(session, authorisation)
            self.turns[authorisation.id] = turn
            self._tables.messages += messages
            if values:
                self.brought[session, authorisation.id, turn.number] = dict(values)
            if callback:
                self.callbacks[callback] = Awaited(session, authorisation.id)
            if last:
                self.forget(session, authorisation.id)
            return True

    def values(self, session: str, authorisation: str, turn: int) -> Mapping[int, str]:
        return self.brought.get((session, authorisation, turn), {})

    def forget_values(self, session: str, authorisation: str, turn: int) -> None:
        self.brought.pop((session, authorisation, turn), None)

    def release(self, session: str, item: SessionItem, authorisation: str, reason: str) -> None:
        with self._tables.lock:
            present = self._tables.sessions[session]
            entry = present.item(item.item)
            if entry is None or entry.status is not item.status or entry.accepted_at:
                return
            released = item.model_copy(update={"released": authorisation, "reason": reason})
            items = tuple(released if old.item == item.item else old for old in present.items)
            self._tables.sessions[session] = present.model_copy(update={"items": items})

    def keep_login(self, session: str, login: SealedLogin) -> None:
        self.logins[session] = login

    def login(self, session: str) -> SealedLogin | None:
        return self.logins.get(session)

    def forget_login(self, session: str) -> None:
        self.logins.pop(session, None)

    def awaited(self, callback: str) -> Awaited | None:
        return self.callbacks.get(callback)

    def hasten(self, session: str, authorisation: str, turn: Turn, message: object) -> None:
        with self._tables.lock:
            known = self.turn(session, authorisation)
            if known.number == turn.number and (authorisation, turn.number) not in self.hastened:
                self.hastened.add((authorisation, turn.number))
                self._tables.messages.append(message)  # type: ignore[arg-type]

    def _is_present(self, session: str, authorisation: str) -> bool:
        present = self._tables.sessions[session].authorisation
        return present is not None and present.id == authorisation

    def _become(self, session: str, authorisation: SessionAuthorisation) -> None:
        present = self._tables.sessions[session]
        self._tables.sessions[session] = present.model_copy(update={"authorisation": authorisation})


class FakeBox:
    """A `SecretBox` whose texts can be read by nobody who looks for what went in."""

    def seal(self, text: str, context: Mapping[str, str]) -> str:
        return f"{text.encode().hex()}|{_bound(context)}"

    def open(self, sealed: str, context: Mapping[str, str]) -> str:
        content, bound = sealed.split("|")
        if bound != _bound(context):
            raise SigningError(reason="sealed for something else")
        return bytes.fromhex(content).decode()


def _bound(context: Mapping[str, str]) -> str:
    return hashlib.sha256(repr(sorted(context.items())).encode()).hexdigest()


class FakeProvider:
    """A `RemoteSigner` that grants and signs; what is in `trouble` comes first, `asks_the_phone` makes it wait for its holder."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.parts: frozenset[str] = frozenset({"pin"})
        self.limit = 500
        self.phone = False
        self.confirmed = False
        self.trouble: list[ProviderError] = []
        self.wrong: set[int] = set()
        self.missing: set[int] = set()
        self.given: list[Given] = []
        self.asked: list[list[int]] = []
        self.secret = "a very secret grant"
        self.labels: list[str] = []
        self.open_until: datetime | None = None
        self.lasts = timedelta(minutes=5)

    def most(self, _credential: Credential) -> int:
        return self.limit

    def needs(self, _credential: Credential) -> frozenset[str]:
        return self.parts

    def login_page(self, _credential: Credential, documents: Sequence[ToSign], state: str) -> LoginPage:
        return LoginPage(
            f"https://csc.example/authorize?n={len(documents)}&state={state}",
            state,
            f"verifier of {state}",
            self.open_until,
        )

    def authorise(self, _credential: Credential, documents: Sequence[ToSign], given: Given) -> Grant:
        self._raise()
        self.given.append(given)
        self.labels += [document.label for document in documents]
        return Grant(self.secret, self._clock.now() + self.lasts)

    def sign(self, credential: Credential, documents: Sequence[ToSign], grant: Grant) -> Signed | Pending:
        self._raise()
        assert grant.secret == self.secret
        self.asked.append([document.item for document in documents])
        if self.phone:
            return Pending("a secret transaction", self._clock.now() + timedelta(minutes=5), 3, "tran-1")
        return self._signed(credential, documents)

    def collect(self, credential: Credential, documents: Sequence[ToSign], pending: Pending) -> Signed | Pending:
        self._raise()
        assert pending.transaction == "a secret transaction"
        if not self.confirmed:
            return Pending("a secret transaction", self._clock.now() + timedelta(minutes=5), 3, "tran-1")
        return self._signed(credential, documents)

    def _signed(self, credential: Credential, documents: Sequence[ToSign]) -> Signed:
        values = {
            document.item: b"junk" if document.item in self.wrong else raw_signature(credential.id, document.digest)
            for document in documents
            if document.item not in self.missing
        }
        return Signed(values)

    def _raise(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
