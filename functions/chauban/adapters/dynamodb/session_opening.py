"""Opens a session of any size: more tasks than one transaction takes are held part by part, and all or none in the end.

A session is `opening` until its last part is written. The same request goes on where it was cut off. What nobody goes on with
is given up for the first who wants one of its tasks after a minute; a part that is late by then is refused.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.dossiers import idempotency_write
from chauban.adapters.dynamodb.table import Table, change, put
from chauban.dossiers.changes import IdempotencyRecord, OutboxMessage, SessionOpened
from chauban.errors import ConcurrentChange, NotFound, TaskTaken
from chauban.signing.sessions.model import SessionItem, SigningSession, SigningTask

# Three writes for each task, and three for the session: a transaction takes a hundred.
PART = 32
# No request runs so long: an opening that is older was cut off.
CUT_OFF = timedelta(minutes=1)
ATTEMPTS = 5
# As many as the client has connections.
AT_ONCE = 10
_FREE = "attribute_exists(pk) AND task_open = :true AND (attribute_not_exists(held_by) OR held_until <= :now)"
_OPENING = "attribute_exists(pk) AND attribute_not_exists(cancelled)"
_Part = list[tuple[SessionItem, SigningTask, OutboxMessage]]


@dataclass(frozen=True)
class SessionOpening:
    """One attempt at opening a session, at a moment."""

    table: Table
    session: Callable[[str], SigningSession]
    now: datetime

    def carry_out(self, opened: SessionOpened) -> None:
        """Writes what is not yet written of the session; raises `TaskTaken`, and then nothing is left of it.

        Where the session was cancelled meanwhile, its remaining parts are left out.
        """
        entries = list(zip(opened.session.items, opened.tasks, opened.messages, strict=True))
        parts = [entries[at : at + PART] for at in range(0, len(entries), PART)]
        present = self._begin(opened, parts)
        for part in parts[1:]:
            if present.cancelled_at:
                return
            if present.item(part[0][0].item) is None:
                present = self._hold(opened, part, present)
        if present.opening and not present.cancelled_at:
            self._finish(present)

    def give_up(self, session: str) -> None:
        """Cancels what is still opening, frees its tasks and its idempotency key."""
        found = self.session(session)
        if not found.opening:
            return
        if found.cancelled_at is None:
            cancelled = items.session_item(found.model_copy(update={"cancelled_at": self.now}))
            used = (self.table.get(items.session_key(session)) or {}).get("opened_with")
            try:
                self.table.transact([put(cancelled | {"opened_with": used}, "attribute_exists(opened_with)")])
            except ConcurrentChange:
                return
        free_each(self.table, session, [entry.task for entry in self.session(session).items])
        self._free_key(session)

    def _begin(self, opened: SessionOpened, parts: Sequence[_Part]) -> SigningSession:
        """The session with its first part; with more, where another attempt has begun it."""
        try:
            return self.session(opened.session.id)
        except NotFound:
            pass
        whole = len(parts) == 1
        session = opened.session.model_copy(update={"opening": not whole})
        head = items.session_item(session) | ({} if whole else {"opened_with": _key_of(opened.idempotency)})
        writes = [
            put(head, "attribute_not_exists(pk)"),
            idempotency_write(opened.idempotency, self.now),
            *self._writes(session, parts[0]),
        ]
        for _ in range(ATTEMPTS):
            try:
                self.table.transact(writes)
            except ConcurrentChange as lost:
                if not self._passing(session.id, parts[0], opened.idempotency):
                    raise TaskTaken from lost
            else:
                return session.model_copy(update={"items": tuple(entry for entry, _, _ in parts[0])})
        raise TaskTaken

    def _hold(self, opened: SessionOpened, part: _Part, present: SigningSession) -> SigningSession:
        session = opened.session
        head, first = items.session_key(session.id), part[0][0].item
        writes = [*self._writes(session, part), change(head, "SET touched = :item", _OPENING, item=first)]
        for _ in range(ATTEMPTS):
            try:
                self.table.transact(writes)
            except ConcurrentChange as lost:
                found = self.session(session.id)
                if found.cancelled_at or found.item(first):
                    return found
                if not self._passing(session.id, part):
                    self.give_up(session.id)
                    raise TaskTaken from lost
            else:
                return present.model_copy(update={"items": (*present.items, *(entry for entry, _, _ in part))})
        self.give_up(session.id)
        raise TaskTaken

    def _finish(self, present: SigningSession) -> None:
        head = items.session_item(present.model_copy(update={"opening": False}))
        try:
            self.table.transact([put(head, _OPENING)])
        except ConcurrentChange:
            # Cancelled at the last moment.
            return

    def _writes(self, session: SigningSession, part: _Part) -> list[dict[str, Any]]:
        writes = []
        for entry, task, message in part:
            held = task.model_copy(update={"session": session.id, "session_until": session.expires_at})
            writes += [
                put(items.session_entry_item(session.id, entry), "attribute_not_exists(pk)"),
                put(items.outbox_item(message)),
                put(items.task_item(held), _FREE, true=True, now=items.epoch(self.now)),
            ]
        return writes

    def _passing(self, session: str, part: _Part, idempotency: IdempotencyRecord | None = None) -> bool:
        """Whether what refused a part has passed: it was only a conflict, or an opening that was cut off held its tasks."""
        if idempotency and self._in_use(idempotency):
            return False
        holders = set()
        for _, task, _ in part:
            present = self.table.get(items.key(f"T#{task.id}", "TASK"))
            if present is None or not present["task_open"]:
                return False
            if "held_by" in present and int(present["held_until"]) > items.epoch(self.now):
                holders.add(str(present["held_by"]))
        return all(self._cut_off(holder) for holder in holders - {session})

    def _cut_off(self, holder: str) -> bool:
        found = self.session(holder)
        if not found.opening or (found.cancelled_at is None and self.now - found.created_at < CUT_OFF):
            return False
        self.give_up(holder)
        return True

    def _in_use(self, record: IdempotencyRecord) -> bool:
        item = self.table.get(items.idempotency_key(record.client, record.key))
        return item is not None and int(item["expires_at"]) > items.epoch(self.now)

    def _free_key(self, session: str) -> None:
        head = self.table.get(items.session_key(session)) or {}
        if used := head.get("opened_with"):
            place = items.key(used, "USE")
            self.table.update(place, "SET expires_at = :now", {":now": items.epoch(self.now), ":mine": session}, _MINE)


_MINE = "target = :mine"


def free_each(table: Table, session: str, tasks: Sequence[str]) -> None:
    """Gives tasks back to the list, several at once: hundreds must be done within one request."""
    with ThreadPoolExecutor(AT_ONCE) as hands:
        list(hands.map(lambda task: freed(table, session, task), tasks))


def freed(table: Table, session: str, task: str) -> None:
    """Gives a task back to the list, if the session still holds it."""
    write = freeing(table, session, task)
    if write is None:
        return
    place = items.key(f"T#{task}", "TASK")
    with suppress(ConcurrentChange):
        table.transact_while([write], lambda: (table.get(place) or {}).get("held_by") == session)


def freeing(table: Table, session: str, task: str) -> dict[str, Any] | None:
    """The write that gives an open task back to the list, if the session still holds it; None where it does not."""
    present = table.get(items.key(f"T#{task}", "TASK"))
    if present is None:
        raise NotFound
    if not present["task_open"] or present.get("held_by") != session:
        return None
    free = items.value_of(SigningTask, present).model_copy(update={"session": None, "session_until": None})
    return put(items.task_item(free), "held_by = :mine AND task_open = :true", mine=session, true=True)


def _key_of(record: IdempotencyRecord) -> str:
    return str(items.idempotency_key(record.client, record.key)["pk"])
