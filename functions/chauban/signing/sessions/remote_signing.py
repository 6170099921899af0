"""Signs with an authorised remote key, turn by turn: asks for values, checks each against the certificate, keeps the good ones.

A turn's order may come twice, late, or after its worker was killed: whoever takes a turn that is over does nothing. What an
authorisation brought no value for goes back to the list, with the reason, to be authorised again. A value counts if it was written
down before its authorisation's end, and is accepted before its session's.
"""

import binascii
import math
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chauban.dossiers.changes import OutboxMessage
from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    CredentialNotFit,
    NotConfigured,
    ProviderAnswerUnusable,
    ProviderUnavailable,
    SignatureMismatch,
    SignerNotEntitled,
)
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, SigningStore
from chauban.signing.credentials import Credential
from chauban.signing.policy import SigningPolicy
from chauban.signing.ports import RawVerifier
from chauban.signing.sessions.accepting import Acceptance
from chauban.signing.sessions.authorisations import AuthorisationStore, SecretBox, Signers, Turn
from chauban.signing.sessions.authorising import context_of, documents_of
from chauban.signing.sessions.callbacks import callback_name
from chauban.signing.sessions.hindrances import INTERNAL
from chauban.signing.sessions.model import (
    EXPIRED_REASON,
    ItemStatus,
    SessionAuthorisation,
    SessionItem,
    SigningSession,
)
from chauban.signing.signers.remote import Grant, Pending, Signed

# A provider that does not answer is asked again after so many seconds, then the items go back to the list.
PATIENCE = (2, 4, 8, 16)
# One worker at a time asks for a turn: longer than the calls to a provider take, so that only a killed worker's claim runs out.
CLAIMED = timedelta(seconds=60)
# What came is there for some time after its session, for whoever looks into what happened.
KEPT_AFTER = timedelta(hours=1)
# Values are kept by several workers at once, so many by each.
KEPT_AT_ONCE = 10


@dataclass(frozen=True)
class RemoteSigning:
    """The sign worker's part in sessions with remote keys."""

    store: DossierStore
    signing: SigningStore
    authorisations: AuthorisationStore
    catalogue: Catalogue
    signers: Signers
    secrets: SecretBox
    orders: OrderMaker
    verify: RawVerifier
    clock: Clock
    policy: SigningPolicy

    def ask(self, session: str, authorisation: str, turn: int) -> str | None:
        """Takes a turn: asks the provider for the next values, or how it stands with those it was asked for.

        Answers why the authorisation ended, where it did.
        """
        found = self.signing.session(session)
        given, now = found.authorisation, self.clock.now()
        if given is None or given.id != authorisation:
            return None
        if found.cancelled_at or not found.unasked(now):
            self.authorisations.forget(session, authorisation)
            return None
        present = self.authorisations.turn(session, authorisation)
        sealed = self.authorisations.granted(session, authorisation)
        if present.number != turn or sealed is None:
            return None
        credential = self._credential(found)
        size = self._per_call(credential)
        asked = set(given.items[present.at : present.at + size])
        items = [item for item in found.unasked(now) if item.item in asked]
        if not items:
            self._go_on(found, given, replace(present, number=turn + 1, at=present.at + size, sealed=None, faults=0))
            return None
        until = now + CLAIMED
        if others := self.authorisations.claim(session, authorisation, turn, now, until):
            self._after_another(found, given, present, others)
            return None
        try:
            return self._asked(found, given, credential, present, sealed, items)
        except Exception:
            self.authorisations.unclaim(session, authorisation, turn, until)
            raise

    def _asked(
        self,
        found: SigningSession,
        given: SessionAuthorisation,
        credential: Credential,
        present: Turn,
        sealed: str,
        items: list[SessionItem],
    ) -> str | None:
        """What became of asking the provider."""
        try:
            answer = self._answer(found, given, credential, present, sealed, items)
        except ProviderUnavailable as fault:
            return self._later(found, given, present, fault.code)
        except (AuthorisationRefused, AuthorisationSpent, ProviderAnswerUnusable) as fault:
            # Where the claim ran out, another worker may have used the authorisation meanwhile: then it has not ended.
            moved = self.authorisations.turn(found.id, given.id).number != present.number
            return None if moved else self._fail(found, given, present, fault.code)
        if isinstance(answer, Pending):
            return self._wait(found, given, present, answer)
        if self.clock.now() >= given.expires_at:
            return self._fail(found, given, present, EXPIRED_REASON)
        return self._bring(found, given, present, self._per_call(credential), items, answer)

    def _after_another(self, session: SigningSession, given: SessionAuthorisation, turn: Turn, until: datetime) -> None:
        """Another worker asks at this moment: whoever comes when its claim is over finds the turn over, or that worker killed."""
        seconds = math.ceil((until - self.clock.now()).total_seconds())
        self.authorisations.again(self.orders.ask(session.id, given.id, turn.number, max(1, seconds)))

    def keep(self, session: str, authorisation: str, turn: int, items: list[int]) -> None:
        """Checks some of the values that a turn brought, and accepts the good ones; the others are to be authorised again."""
        found = self.signing.session(session)
        given = found.authorisation
        if given is None or given.id != authorisation:
            return
        waiting = {item.item: item for item in found.brought(self.clock.now()) if item.item in items}
        values = self.authorisations.values(session, authorisation, turn)
        acceptance = Acceptance(self.store, self.signing, self.orders, self.clock, self.policy)
        credential = self._credential(found)
        for number, item in waiting.items():
            value = values.get(number)
            if value is None:
                self.authorisations.release(session, item, authorisation, INTERNAL)
                continue
            if not self._fits(credential, item, value):
                self.authorisations.release(session, item, authorisation, SignatureMismatch.code)
                continue
            try:
                self.policy.require(credential, self.signing.task(item.task), self.clock.now())
            except (SignerNotEntitled, CredentialNotFit) as refusal:
                self.signing.settle_item(found, number, ItemStatus.FAILED, refusal.reason)
                continue
            if acceptance.take(found, item, value, given.by):
                break
        left = self.signing.session(session, frozenset(values)).brought(self.clock.now())
        if values and not left:
            self.authorisations.forget_values(session, authorisation, turn)

    def _answer(
        self,
        session: SigningSession,
        given: SessionAuthorisation,
        credential: Credential,
        turn: Turn,
        granted: str,
        items: list[SessionItem],
    ) -> Signed | Pending:
        signer, documents = self.signers(credential), documents_of(items)
        context = context_of(session.id, given.id)
        if turn.sealed is None:
            return signer.sign(credential, documents, Grant(self.secrets.open(granted, context), given.expires_at))
        transaction = self.secrets.open(turn.sealed, context)
        return signer.collect(credential, documents, Pending(transaction, given.expires_at))

    def _bring(
        self,
        session: SigningSession,
        given: SessionAuthorisation,
        turn: Turn,
        size: int,
        items: list[SessionItem],
        signed: Signed,
    ) -> str | None:
        """Keeps what came before anything else is done, then has it checked and accepted."""
        wanted = {item.item for item in items}
        values = {item: b64encode(value).decode() for item, value in signed.values.items() if item in wanted}
        if not values:
            return self._fail(session, given, turn, ProviderAnswerUnusable.code)
        for item in items:
            if item.item not in values:
                self.authorisations.release(session.id, item, given.id, ProviderAnswerUnusable.code)
        numbers, after = sorted(values), replace(turn, number=turn.number + 1, at=turn.at + size)
        parts = [numbers[at : at + KEPT_AT_ONCE] for at in range(0, len(numbers), KEPT_AT_ONCE)]
        orders = [self.orders.keep(session.id, given.id, after.number, part) for part in parts]
        brought = given.model_copy(update={"brought": (*given.brought, *numbers)})
        self._go_on(session, brought, replace(after, sealed=None, faults=0), orders, values)
        return None

    def _go_on(
        self,
        session: SigningSession,
        given: SessionAuthorisation,
        after: Turn,
        orders: Sequence[OutboxMessage] = (),
        values: dict[int, str] | None = None,
    ) -> None:
        """The next turn, where there are more items; what was granted is forgotten where there are none."""
        messages = list(orders)
        over = after.at >= len(given.items)
        if not over:
            messages.append(self.orders.ask(session.id, given.id, after.number))
        until = session.expires_at + KEPT_AFTER
        self.authorisations.next_turn(session.id, given, after, messages, values=values, values_until=until, last=over)

    def _wait(self, session: SigningSession, given: SessionAuthorisation, turn: Turn, pending: Pending) -> str | None:
        """The holder is being asked: the same items again, after a while or when the provider calls."""
        if self._over(pending.expires_at, given):
            return self._fail(session, given, turn, AuthorisationSpent.code)
        sealed = self.secrets.seal(pending.transaction, context_of(session.id, given.id))
        after = replace(turn, number=turn.number + 1, sealed=sealed, faults=0)
        order = self.orders.ask(session.id, given.id, after.number, pending.again_seconds)
        callback = None
        if pending.reference:
            callback = callback_name(self._credential(session).provider or "", pending.reference)
        self.authorisations.next_turn(session.id, given, after, [order], callback=callback)
        return None

    def _later(self, session: SigningSession, given: SessionAuthorisation, turn: Turn, reason: str) -> str | None:
        if turn.faults >= len(PATIENCE):
            return self._fail(session, given, turn, reason)
        after = replace(turn, number=turn.number + 1, faults=turn.faults + 1)
        order = self.orders.ask(session.id, given.id, after.number, PATIENCE[turn.faults])
        self.authorisations.next_turn(session.id, given, after, [order])
        return None

    def _fail(self, session: SigningSession, given: SessionAuthorisation, turn: Turn, reason: str) -> str:
        self.authorisations.fail(session.id, given.ended(reason), turn)
        return reason

    def _over(self, until: datetime, given: SessionAuthorisation) -> bool:
        return self.clock.now() >= min(until, given.expires_at)

    def _fits(self, credential: Credential, item: SessionItem, value: str) -> bool:
        try:
            self.verify(credential, b64decode(item.signed_attributes or ""), b64decode(value, validate=True))
        except (SignatureMismatch, binascii.Error):
            return False
        return True

    def _credential(self, session: SigningSession) -> Credential:
        credential = self.catalogue.credential(session.credential)
        if credential is None:
            raise NotConfigured(what="credential of the session")
        return credential

    def _per_call(self, credential: Credential) -> int:
        provider = self.catalogue.provider(credential.provider or "")
        if provider is None:
            raise NotConfigured(what="provider of the credential")
        return provider.per_call
