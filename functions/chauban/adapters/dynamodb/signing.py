"""Signing tasks and sessions in the table."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.session_opening import SessionOpening, free_each, freeing
from chauban.adapters.dynamodb.table import Table, put
from chauban.dossiers.changes import SessionOpened
from chauban.errors import ConcurrentChange, NotFound
from chauban.ports import Page
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.sessions.model import FINAL_ITEMS, ItemStatus, SessionItem, SigningSession, SigningTask

# So few items are read one by one, more with the whole partition.
FEW = 5
MOST_AT_ONCE = 100


class DynamoSigning:
    """A `SigningStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def task(self, task: str) -> SigningTask:
        """See `SigningStore.task`."""
        return self.tasks([task])[0]

    def tasks(self, tasks: Sequence[str]) -> tuple[SigningTask, ...]:
        """See `SigningStore.tasks`."""
        places = [items.key(f"T#{task}", "TASK") for task in tasks]
        found: list[items.Item | None] = [self._table.get(place) for place in places[:1]]
        try:
            for at in range(1, len(places), MOST_AT_ONCE):
                found += self._table.batch_get(places[at : at + MOST_AT_ONCE])
        except KeyError as missing:
            raise NotFound from missing
        if None in found:
            raise NotFound
        return tuple(items.value_of(SigningTask, item) for item in found if item)

    def tasks_of_agency(self, agency: str, limit: int, cursor: str | None) -> Page[SigningTask]:
        """See `SigningStore.tasks_of_agency`."""
        found, more = self._table.page("work", f"T#{agency}", limit=limit, cursor=cursor, newest_first=False)
        return Page(tuple(items.value_of(SigningTask, item) for item in found), more)

    def sealing_task(self, task: str) -> SealingTask:
        """See `SigningStore.sealing_task`."""
        item = self._table.get(items.sealing_task_key(task))
        if item is None:
            raise NotFound
        return items.value_of(SealingTask, item)

    def sealing_tasks_of_agency(self, agency: str, limit: int, cursor: str | None) -> Page[SealingTask]:
        """See `SigningStore.sealing_tasks_of_agency`."""
        found, more = self._table.page("work", f"SEALING#{agency}", limit=limit, cursor=cursor, newest_first=False)
        return Page(tuple(items.value_of(SealingTask, item) for item in found), more)

    def session(self, session: str, wanted: Collection[int] | None = None) -> SigningSession:
        """See `SigningStore.session`."""
        if wanted is not None and len(wanted) <= FEW:
            places = [items.session_key(session), items.authorisation_key(session)]
            places += [items.session_entry_key(session, number) for number in wanted]
            read = [item for item in map(self._table.get, places) if item]
        else:
            read = self._table.partition(f"S#{session}")
        found = items.session_from(read)
        if found is None:
            raise NotFound
        if wanted is None:
            return found
        return found.model_copy(update={"items": tuple(item for item in found.items if item.item in wanted)})

    def open_session(self, opened: SessionOpened, now: datetime) -> None:
        """See `SigningStore.open_session`."""
        SessionOpening(self._table, self.session, now).carry_out(opened)

    def give_up_opening(self, session: SigningSession, now: datetime) -> None:
        """See `SigningStore.give_up_opening`."""
        SessionOpening(self._table, self.session, now).give_up(session.id)

    def cancel_session(self, session: SigningSession, now: datetime) -> None:
        """See `SigningStore.cancel_session`."""
        head = items.session_key(session.id)
        if session.cancelled_at is None:
            cancelled = session.model_copy(update={"cancelled_at": now, "opening": False})
            write = put(items.session_item(cancelled), "attribute_exists(pk) AND attribute_not_exists(cancelled)")
            with suppress(ConcurrentChange):
                self._table.transact_while(
                    [write], lambda: "cancelled" not in (self._table.get(head) or {"cancelled": 1})
                )
        # From here on nothing more is accepted; what was accepted until now stays with the session.
        entries = [
            one for one in self.session(session.id).items if not one.accepted_at and one.status not in FINAL_ITEMS
        ]
        free_each(self._table, session.id, [entry.task for entry in entries])

    def settle_item(self, session: SigningSession, item: int, status: ItemStatus, reason: str | None) -> None:
        """See `SigningStore.settle_item`."""
        entry = session.item(item)
        if entry is None:
            raise NotFound
        settled: SessionItem = entry.model_copy(update={"status": status, "reason": reason})
        # Both at once: an item that is over must not keep its task from other sessions, whoever is killed in between.
        self._rewrite(session.id, entry, settled, None if status is ItemStatus.SIGNED else entry.task)

    def note(self, session: SigningSession, item: int, reason: str) -> None:
        """See `SigningStore.note`."""
        entry = session.item(item)
        if entry is not None and entry.reason != reason:
            self._rewrite(session.id, entry, entry.model_copy(update={"reason": reason}))

    def _rewrite(self, session: str, before: SessionItem, after: SessionItem, task: str | None = None) -> None:
        """Writes an item whose status and acceptance are still those of `before`, and frees the `task` with it where the session
        still holds it; nothing where another worker was first. Raises `ConcurrentChange` where others were in the way all the time.
        """
        accepted = "attribute_exists(accepted)" if before.accepted_at else "attribute_not_exists(accepted)"
        condition = f"item_status = :before AND {accepted}"
        write = put(items.session_entry_item(session, after), condition, before=before.status.value)
        free = freeing(self._table, session, task) if task else None

        def held() -> bool:
            return task is None or free is None or freeing(self._table, session, task) is not None

        try:
            writes = [write, free] if free else [write]
            self._table.transact_while(writes, lambda: self._stands(session, before) and held())
        except ConcurrentChange:
            if not self._stands(session, before):
                return
            if held():
                raise
            self._rewrite(session, before, after)

    def _stands(self, session: str, before: SessionItem) -> bool:
        found = self._table.get(items.session_entry_key(session, before.item)) or {}
        return found.get("item_status") == before.status.value and ("accepted" in found) == bool(before.accepted_at)
