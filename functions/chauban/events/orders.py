"""Orders to the workers, as outbox messages: written with the change that makes the work necessary, so none is lost."""

from typing import Any

from chauban.dossiers.changes import OutboxMessage
from chauban.ports import Clock, Ids


class OrderMaker:
    """Makes orders; a worker that gets one twice finds its work done."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    def render(self, dossier: str, document: str) -> OutboxMessage:
        """Render a document."""
        return self._order("render", dossier, {"task": "render", "dossier": dossier, "document": document})

    def seal(self, dossier: str, document: str) -> OutboxMessage:
        """Number (a result) and seal a document."""
        return self._order("seal", dossier, {"task": "seal", "dossier": dossier, "document": document})

    def extend(self, dossier: str, document: str, revision: int) -> OutboxMessage:
        """Give a revision of an issued document the document timestamp that keeps it."""
        body = {"task": "extend", "dossier": dossier, "document": document, "revision": revision}
        return self._order("extend", dossier, body)

    def extend_register(self, register: str, document: str, revision: int) -> OutboxMessage:
        """The same for a revision of an agency's register."""
        body = {"task": "extend", "register": register, "document": document, "revision": revision}
        return self._order("extend", register, body)

    def copy(self, step: str, dossier: str, document: str) -> OutboxMessage:
        """Render or certify ("render", "seal") a copy."""
        return self._order(step, dossier, {"task": "copy", "dossier": dossier, "document": document})

    def check_source(self, dossier: str, attachment: str) -> OutboxMessage:
        """Judge the signatures of a file to be copied."""
        return self._order("seal", dossier, {"task": "check-source", "dossier": dossier, "attachment": attachment})

    def register(self, step: str, register: str) -> OutboxMessage:
        """Render or seal ("render", "seal") an agency's register."""
        return self._order(step, register, {"task": "register", "register": register})

    def prepare(self, session: str, item: int) -> OutboxMessage:
        """Fix what the official is to sign."""
        return self._order("sign", session, {"task": "prepare", "session": session, "item": item})

    def ask(self, session: str, authorisation: str, turn: int, delay: int = 0) -> OutboxMessage:
        """Take a turn of an authorisation, not before `delay` seconds have passed."""
        body = {"task": "ask", "session": session, "authorisation": authorisation, "turn": turn, "delay": delay}
        return self._order("sign", session, body)

    def keep(self, session: str, authorisation: str, turn: int, items: list[int]) -> OutboxMessage:
        """Check and accept values that a turn brought."""
        body = {"task": "keep", "session": session, "authorisation": authorisation, "turn": turn, "items": items}
        return self._order("sign", session, body)

    def embed(self, session: str, item: int) -> OutboxMessage:
        """Put an accepted signature value into its document."""
        return self._order("sign", session, {"task": "embed", "session": session, "item": item})

    def _order(self, channel: str, owner: str, body: dict[str, Any]) -> OutboxMessage:
        order = self._ids.new()
        return OutboxMessage(
            id=order, channel=channel, owner=owner, body={**body, "order": order}, at=self._clock.now()
        )
