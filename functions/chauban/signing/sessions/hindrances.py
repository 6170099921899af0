"""What the officials of a session are told when a worker's order fails, and when nobody tries any longer.

Until then an item shows why it waits. Then a preparation fails, and its task is free for another session; values that were not
asked for, or not accepted, are to be authorised again. A value that was accepted is given up after the last attempt of its order.
"""

from collections.abc import Collection
from dataclasses import dataclass

from chauban.errors import CertificateNotUsable, TimestampUnavailable
from chauban.ports import Clock, SigningStore
from chauban.signing.losses import ASK_AGAIN
from chauban.signing.sessions.authorisations import AuthorisationStore
from chauban.signing.sessions.model import ItemStatus
from chauban.signing.sessions.preparing import entry_of

NO_STATUS = f"certificate-{ASK_AGAIN}"
NO_TIMESTAMP = TimestampUnavailable.code
# Anything else: the official can do nothing about it but try again, an administrator finds it in the log.
INTERNAL = "internal"


def reason_for(fault: Exception | None) -> str:
    """The reason of an item whose order failed so; with None, whose workers were killed."""
    if isinstance(fault, CertificateNotUsable) and fault.values.get("reason") == ASK_AGAIN:
        return NO_STATUS
    return NO_TIMESTAMP if isinstance(fault, TimestampUnavailable) else INTERNAL


@dataclass(frozen=True)
class Hindrances:
    """Writes down what became of orders; each may be told twice, or late."""

    signing: SigningStore
    authorisations: AuthorisationStore
    clock: Clock

    def preparation(self, session: str, item: int, reason: str, *, given_up: bool) -> None:
        """An item could not be prepared, for now or at all."""
        found, entry = entry_of(self.signing, session, item)
        if entry.status is not ItemStatus.PREPARING:
            return
        if given_up:
            self.signing.settle_item(found, item, ItemStatus.FAILED, reason)
        else:
            self.signing.note(found, item, reason)

    def embedding(self, session: str, item: int, reason: str | None) -> None:
        """An accepted value waits to be embedded; without a reason, the workers were killed, and what was told before stays."""
        found, entry = entry_of(self.signing, session, item)
        if entry.status is ItemStatus.READY and entry.accepted_at:
            self.signing.note(found, item, reason or entry.reason or INTERNAL)

    def turn(self, session: str, authorisation: str, turn: int, reason: str) -> None:
        """Nobody could ask for values: the authorisation ends, if it is still at that turn."""
        given = self.signing.session(session).authorisation
        present = self.authorisations.turn(session, authorisation)
        if given is not None and given.id == authorisation and present.number == turn:
            self.authorisations.fail(session, given.ended(reason), present)

    def values(self, session: str, authorisation: str, items: Collection[int], reason: str) -> None:
        """Values that came could not be accepted: those that were not are to be authorised again."""
        found = self.signing.session(session)
        if found.authorisation is None or found.authorisation.id != authorisation:
            return
        for item in found.brought(self.clock.now()):
            if item.item in items:
                self.authorisations.release(session, item, authorisation, reason)
