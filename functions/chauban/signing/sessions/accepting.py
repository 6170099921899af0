"""Keeps a signature value that was checked: once for a document's fixed signed attributes, with the order to embed it."""

from dataclasses import dataclass
from datetime import datetime

from chauban.dossiers.changes import Change, SessionStep
from chauban.dossiers.changing import changing
from chauban.dossiers.facts import Actor, FactType
from chauban.dossiers.model import Dossier
from chauban.errors import SignerNotEntitled, WrongState
from chauban.events.orders import OrderMaker
from chauban.ports import Clock, DossierStore, SigningStore
from chauban.signing.policy import SigningPolicy
from chauban.signing.sessions.closing import gone
from chauban.signing.sessions.model import FOR_GOOD, ItemStatus, SessionItem, SessionStatus, SigningSession, SigningTask

# What was fixed for the item is not what is fixed for its document any more.
STALE = "stale"
DOCUMENT_CHANGED = "document-changed"


class NothingToSign(Exception):
    """The item ends without a value: its task is not the session's to sign any more."""

    def __init__(self, status: ItemStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Acceptance:
    """Writes down that a value was accepted, whichever way it came."""

    store: DossierStore
    signing: SigningStore
    orders: OrderMaker
    clock: Clock
    policy: SigningPolicy

    def take(self, session: SigningSession, item: SessionItem, value: str, by: Actor) -> SessionStatus | None:
        """Keeps the value (base64) for the item, or fails the item with its reason; the session's status, where it is over."""
        try:
            self.keep(session, item, value, by)
        except SignerNotEntitled as refusal:
            self.signing.settle_item(session, item.item, ItemStatus.FAILED, refusal.reason)
        except NothingToSign as end:
            self.signing.settle_item(session, item.item, end.status, end.reason)
        except WrongState as moved:
            if moved.values["state"] != STALE:
                return SessionStatus(str(moved.values["state"]))
            self.signing.settle_item(session, item.item, ItemStatus.FAILED, DOCUMENT_CHANGED)
        return None

    def keep(self, session: SigningSession, item: SessionItem, value: str, by: Actor) -> None:
        """Keeps the value (base64) for the item, unless one was accepted before; raises `WrongState`, `SignerNotEntitled`,
        `NothingToSign`.
        """

        def decide(before: Dossier) -> Change | None:
            document = before.document(item.document)
            held, present = self.signing.task(item.task), self.signing.session(session.id, (item.item,))
            entry = present.item(item.item)
            if entry and entry.accepted_at:
                return None
            _require_standing(present, held, self.clock.now())
            prepared = document.preparation
            if prepared is None or prepared.signed_attributes != item.signed_attributes:
                raise WrongState(state=STALE)
            # The value that was accepted first stays: asking again for the same attributes changes nothing in the file.
            kept = prepared.signature or value
            now = self.clock.now()
            accepted = document.model_copy(update={"preparation": prepared.model_copy(update={"signature": kept})})
            after = before.with_document(accepted).with_fact(
                FactType.SIGNATURE_ACCEPTED,
                now,
                by.model_copy(update={"appointment": item.appointment}),
                document=document.id,
                field=prepared.field,
                credential=prepared.credential,
                session=session.id,
                signs_as=self.policy.signs_as(held, now),
            )
            step = SessionStep(
                session.id,
                item.model_copy(update={"accepted_at": now, "reason": None}),
                was=ItemStatus.READY,
                task=held.model_copy(update={"session_until": FOR_GOOD}),
                accepting=True,
            )
            return Change(before, after, (self.orders.embed(session.id, item.item),), step=step)

        changing(self.store, item.dossier, decide)


def _require_standing(session: SigningSession, task: SigningTask, now: datetime) -> None:
    """Raises `WrongState` for a session that is over, `NothingToSign` where the task is not its own to sign any more."""
    if session.cancelled_at:
        raise WrongState(state=SessionStatus.CANCELLED.value)
    # Before the clock, since that of another machine differs: another session may have the task before this one ends here.
    if end := gone(task, session.id):
        raise NothingToSign(*end)
    if now >= session.expires_at:
        raise WrongState(state=SessionStatus.EXPIRED.value)
