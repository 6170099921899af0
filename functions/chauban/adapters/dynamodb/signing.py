"""Signing tasks and sessions in the table."""

from datetime import datetime

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.dossiers import idempotency_write
from chauban.adapters.dynamodb.table import Table, put
from chauban.dossiers.changes import SessionOpened
from chauban.errors import ConcurrentChange, NotFound, TaskTaken
from chauban.ports import Page
from chauban.signing.sessions import FINAL_ITEMS, ItemStatus, SessionItem, SigningSession, SigningTask

_FREE = "attribute_exists(pk) AND task_open = :true AND (attribute_not_exists(held_by) OR held_until <= :now)"


class DynamoSigning:
    """A `SigningStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def task(self, task: str) -> SigningTask:
        """See `SigningStore.task`."""
        item = self._table.get(items.key(f"T#{task}", "TASK"))
        if item is None:
            raise NotFound
        return items.value_of(SigningTask, item)

    def tasks_of_agency(self, agency: str, limit: int, cursor: str | None) -> Page[SigningTask]:
        """See `SigningStore.tasks_of_agency`."""
        found, more = self._table.page("work", f"T#{agency}", limit=limit, cursor=cursor, newest_first=False)
        return Page(tuple(items.value_of(SigningTask, item) for item in found), more)

    def session(self, session: str) -> SigningSession:
        """See `SigningStore.session`."""
        found = items.session_from(self._table.partition(f"S#{session}"))
        if found is None:
            raise NotFound
        return found

    def open_session(self, opened: SessionOpened, now: datetime) -> None:
        """See `SigningStore.open_session`."""
        session = opened.session
        writes = [
            put(items.session_item(session), "attribute_not_exists(pk)"),
            idempotency_write(opened.idempotency, now),
        ]
        writes += [put(items.session_entry_item(session.id, entry)) for entry in session.items]
        writes += [put(items.outbox_item(message)) for message in opened.messages]
        for task in opened.tasks:
            held = task.model_copy(update={"session": session.id, "session_until": session.expires_at})
            writes.append(put(items.task_item(held), _FREE, true=True, now=items.epoch(now)))
        try:
            self._table.transact(writes)
        except ConcurrentChange as lost:
            raise TaskTaken from lost

    def cancel_session(self, session: SigningSession, now: datetime) -> None:
        """See `SigningStore.cancel_session`."""
        cancelled = session.model_copy(update={"cancelled_at": now})
        self._table.transact([put(items.session_item(cancelled), "attribute_exists(pk)")])
        # From here on nothing more is accepted; what was accepted until now stays with the session.
        for entry in self.session(session.id).items:
            if entry.accepted_at is None and entry.status not in FINAL_ITEMS:
                self._free(session.id, entry.task)

    def settle_item(self, session: SigningSession, item: int, status: ItemStatus, reason: str | None) -> None:
        """See `SigningStore.settle_item`."""
        entry = session.item(item)
        if entry is None:
            raise NotFound
        settled: SessionItem = entry.model_copy(update={"status": status, "reason": reason})
        write = put(items.session_entry_item(session.id, settled), "item_status = :before", before=entry.status.value)
        try:
            self._table.transact([write])
        except ConcurrentChange:
            return
        if status is not ItemStatus.SIGNED:
            self._free(session.id, entry.task)

    def _free(self, session: str, task: str) -> None:
        """Gives a task back to the list, if the session still holds it."""
        free = self.task(task).model_copy(update={"session": None, "session_until": None})
        try:
            self._table.transact(
                [put(items.task_item(free), "held_by = :mine AND task_open = :true", mine=session, true=True)]
            )
        except ConcurrentChange:
            return
