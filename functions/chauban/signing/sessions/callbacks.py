"""What a provider's call back does: it hastens a question that is due anyway. Nothing that it says is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chauban.events.orders import OrderMaker
from chauban.ports import Clock, SigningStore
from chauban.signing.sessions.authorisations import AuthorisationStore

# How providers name the transaction that a call back is about.
NAMES = ("tran_code", "transaction_id", "transactionId")
MAX_REFERENCE = 200


@dataclass(frozen=True)
class CallbackDesk:
    """Takes call backs, which anybody on the network could send."""

    signing: SigningStore
    authorisations: AuthorisationStore
    orders: OrderMaker
    clock: Clock

    def called(self, provider: str, body: Mapping[str, Any]) -> None:
        """Has the provider asked now about a transaction that is known and still awaited; does nothing otherwise."""
        named = (body.get(name) for name in NAMES)
        for reference in [one for one in named if isinstance(one, str) and 0 < len(one) <= MAX_REFERENCE]:
            awaited = self.authorisations.awaited(callback_name(provider, reference))
            if awaited is None:
                continue
            session = self.signing.session(awaited.session)
            given = session.authorisation
            if given is None or given.id != awaited.authorisation or not session.awaiting(self.clock.now()):
                continue
            turn = self.authorisations.turn(session.id, given.id)
            order = self.orders.ask(session.id, given.id, turn.number)
            self.authorisations.hasten(session.id, given.id, turn, order)


def callback_name(provider: str, reference: str) -> str:
    """The name under which a transaction of a provider is known."""
    return f"{provider}|{reference}"
