"""A `SigningStore` in memory."""

from collections.abc import Collection, Sequence
from datetime import datetime

from chauban.dossiers.changes import SessionOpened
from chauban.errors import NotFound, TaskTaken
from chauban.ports import Page
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.sessions.model import FINAL_ITEMS, ItemStatus, SessionItem, SigningSession, SigningTask

from tests.unit.fakes.dossiers import page
from tests.unit.fakes.tables import Tables


class MemorySigning:
    """See `SigningStore`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def task(self, task: str) -> SigningTask:
        if task not in self._tables.tasks:
            raise NotFound
        return self._tables.tasks[task]

    def tasks_of_agency(self, agency: str, limit: int, cursor: str | None) -> Page[SigningTask]:
        found = [task for task in self._tables.tasks.values() if task.agency == agency and task.open]
        return page(sorted(found, key=lambda task: (task.since, task.id)), limit, cursor)

    def sealing_task(self, task: str) -> SealingTask:
        if task not in self._tables.sealing_tasks:
            raise NotFound
        return self._tables.sealing_tasks[task]

    def sealing_tasks_of_agency(self, agency: str, limit: int, cursor: str | None) -> Page[SealingTask]:
        found = [task for task in self._tables.sealing_tasks.values() if task.agency == agency and task.open]
        return page(sorted(found, key=lambda task: (task.since, task.id)), limit, cursor)

    def tasks(self, tasks: Sequence[str]) -> tuple[SigningTask, ...]:
        return tuple(self.task(task) for task in tasks)

    def session(self, session: str, wanted: Collection[int] | None = None) -> SigningSession:
        if session not in self._tables.sessions:
            raise NotFound
        found = self._tables.sessions[session]
        kept = tuple(entry for entry in found.items if wanted is None or entry.item in wanted)
        return found.model_copy(update={"items": kept})

    def give_up_opening(self, session: SigningSession, now: datetime) -> None:
        raise AssertionError("sessions are opened at once here")

    def open_session(self, opened: SessionOpened, now: datetime) -> None:
        with self._tables.lock:
            present = [self._tables.tasks[task.id] for task in opened.tasks]
            if self._tables.key_in_use(opened.idempotency, now) or not all(_free(task, now) for task in present):
                raise TaskTaken
            session, record = opened.session, opened.idempotency
            held = {"session": session.id, "session_until": session.expires_at}
            self._tables.tasks.update({task.id: task.model_copy(update=held) for task in present})
            self._tables.sessions[session.id] = session
            self._tables.idempotency[record.client, record.key] = record
            self._tables.messages += opened.messages

    def cancel_session(self, session: SigningSession, now: datetime) -> None:
        with self._tables.lock:
            present = self.session(session.id).model_copy(update={"cancelled_at": now})
            self._tables.sessions[session.id] = present
            for entry in present.items:
                if entry.accepted_at is None and entry.status not in FINAL_ITEMS:
                    self._release(session.id, entry.task)

    def settle_item(self, session: SigningSession, item: int, status: ItemStatus, reason: str | None) -> None:
        with self._tables.lock:
            seen = session.item(item)
            if seen is None:
                raise NotFound
            if self._rewrite(session.id, seen, status=status, reason=reason) and status is not ItemStatus.SIGNED:
                self._release(session.id, seen.task)

    def note(self, session: SigningSession, item: int, reason: str) -> None:
        with self._tables.lock:
            if seen := session.item(item):
                self._rewrite(session.id, seen, reason=reason)

    def _rewrite(self, session: str, seen: SessionItem, **changes: object) -> bool:
        present = self.session(session)
        entry = present.item(seen.item)
        if entry is None or entry.status is not seen.status or bool(entry.accepted_at) != bool(seen.accepted_at):
            return False
        items = tuple(old.model_copy(update=changes) if old.item == seen.item else old for old in present.items)
        self._tables.sessions[session] = present.model_copy(update={"items": items})
        return True

    def _release(self, session: str, task: str) -> None:
        held = self.task(task)
        if held.session == session and held.open:
            self._tables.tasks[task] = held.model_copy(update={"session": None, "session_until": None})


def _free(task: SigningTask, now: datetime) -> bool:
    return task.open and (task.session_until is None or task.session_until <= now)
