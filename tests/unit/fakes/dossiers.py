"""A `DossierStore` in memory, with the conditions that the table's transactions have."""

from datetime import date

from chauban.dossiers.changes import Change, ClosedTask, IdempotencyRecord, SessionStep
from chauban.dossiers.model import Dossier, DossierLine, IssuedResult
from chauban.dossiers.number_books import NumberEntry
from chauban.dossiers.numbering import local_day
from chauban.errors import ConcurrentChange, NotFound
from chauban.ports import Clock, Page

from tests.unit.fakes.tables import Tables


class MemoryDossiers:
    """See `DossierStore`. Cursors are positions."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def load(self, dossier: str) -> Dossier:
        with self._tables.lock:
            if dossier not in self._tables.dossiers:
                raise NotFound
            return self._tables.dossiers[dossier].as_of(self._clock.now())

    def dossier_of(self, document: str) -> str:
        for dossier in self._tables.dossiers.values():
            if any(one.id == document for one in dossier.documents):
                return dossier.id
        raise NotFound

    def commit(self, change: Change) -> None:
        with self._tables.lock:
            if not self._holds(change):
                raise ConcurrentChange
            self._write(change)

    def _holds(self, change: Change) -> bool:
        present = self._tables.dossiers.get(change.after.id)
        same = present is None if change.before is None else present and present.version == change.before.version
        free = not (change.idempotency and self._tables.key_in_use(change.idempotency, change.after.facts[-1].at))
        steps = all(self._is_in_place(step) for step in _steps(change))
        unchanged = change.draft is None or self._tables.drafts.get(change.draft.id) == change.draft
        waiting = all(self._is_closable(closed) for closed in change.closed_tasks)
        numbered = change.number is None or self._is_next(change.number)
        known = change.voided is None or self._tables.entries.get(_place(change.voided))
        voidable = change.voided is None or (known and known.void is None)
        attached = self._attached(change)
        return all((same, free, unchanged, steps, waiting, numbered, voidable, self._waits(change), attached))

    def _attached(self, change: Change) -> bool:
        """Whether new attachments are new, and changed ones still what they were."""
        present = self._tables.dossiers.get(change.after.id)
        known = {one.id: one.status for one in present.attachments} if present else {}
        before = {one.id: one for one in change.before.attachments} if change.before else {}
        changed = [one for one in change.after.attachments if one != before.get(one.id)]
        return all(known.get(one.id) == (before[one.id].status if one.id in before else None) for one in changed)

    def _waits(self, change: Change) -> bool:
        task = change.sealing_task
        known = task and self._tables.sealing_tasks.get(task.id)
        return task is None or (known.open != task.open if known else task.open)

    def _is_in_place(self, step: SessionStep) -> bool:
        session = self._tables.sessions[step.session]
        entry = session.item(step.entry.item)
        held = step.task is None or self._tables.tasks[step.task.id].session == step.session
        return bool(entry and entry.status is step.was and held and not (step.accepting and session.cancelled_at))

    def _is_closable(self, closed: ClosedTask) -> bool:
        present = self._tables.tasks[closed.task.id]
        return present.open and present.session == closed.held_by

    def _is_next(self, taken: NumberEntry) -> bool:
        issued = taken.issued
        return self.last_number(taken.agency, issued.book, issued.year) == issued.number - 1

    def _write(self, change: Change) -> None:
        tables = self._tables
        tables.dossiers[change.after.id] = change.after
        tables.messages += change.messages
        tables.links += change.links
        if change.idempotency:
            tables.idempotency[change.idempotency.client, change.idempotency.key] = change.idempotency
        if change.number:
            issued = change.number.issued
            tables.numbers[change.number.agency, issued.book, issued.year] = issued.number
        tables.entries |= {_place(entry): entry for entry in (change.number, change.voided) if entry}
        if change.sealing_task:
            tables.sealing_tasks[change.sealing_task.id] = change.sealing_task
        if change.new_task:
            tables.tasks[change.new_task.id] = change.new_task
        tables.tasks |= {closed.task.id: closed.task for closed in change.closed_tasks}
        for step in _steps(change):
            present = tables.sessions[step.session]
            items = tuple(step.entry if item.item == step.entry.item else item for item in present.items)
            tables.sessions[present.id] = present.model_copy(update={"items": items})
            if step.task:
                tables.tasks[step.task.id] = step.task
        for entry in change.preservations:
            tables.due[entry.document] = entry
        if change.draft:
            del self._tables.drafts[change.draft.id]

    def idempotent(self, client: str, key: str) -> IdempotencyRecord | None:
        record = self._tables.idempotency.get((client, key))
        return record if record and self._tables.key_in_use(record, self._clock.now()) else None

    def next_code(self, agency: str, day: date) -> int:
        with self._tables.lock:
            place = (agency, day.isoformat())
            self._tables.codes[place] = self._tables.codes.get(place, 0) + 1
            return self._tables.codes[place]

    def last_number(self, agency: str, book: str, year: int) -> int:
        return self._tables.numbers.get((agency, book, year), 0)

    def of_agency(self, agency: str, day: date, limit: int, cursor: str | None) -> Page[DossierLine]:
        found = [
            dossier.line
            for dossier in self._tables.dossiers.values()
            if agency in {dossier.filing.agencies.competent, dossier.filing.agencies.receiving}
            and local_day(dossier.filing.submitted_at) == day
        ]
        return page(sorted(found, key=lambda line: line.id, reverse=True), limit, cursor)

    def of_party(self, party_key: str, limit: int, cursor: str | None) -> Page[DossierLine]:
        links = self._links(party_key, "D#")
        return page([self.load(link.dossier).line for link in links], limit, cursor)

    def results_of_party(self, party_key: str, limit: int, cursor: str | None) -> Page[IssuedResult]:
        found = []
        for link in self._links(party_key, "R#"):
            dossier = self.load(link.dossier)
            found.append(IssuedResult(dossier=dossier.line, document=dossier.document(link.document or "")))
        return page(found, limit, cursor)

    def _links(self, party_key: str, prefix: str) -> list:
        found = [link for link in self._tables.links if link.party_key == party_key and link.sort.startswith(prefix)]
        return sorted(found, key=lambda link: link.sort, reverse=True)


def _steps(change: Change) -> list[SessionStep]:
    return [step for step in (change.step, *(closed.step for closed in change.closed_tasks)) if step]


def _place(entry: NumberEntry) -> tuple[str, str, int, int]:
    return entry.agency, entry.issued.book, entry.issued.year, entry.issued.number


def page(found: list, limit: int, cursor: str | None) -> Page:
    """Some of a list from the position that a cursor names."""
    start = int(cursor or 0)
    more = str(start + limit) if start + limit < len(found) else None
    return Page(tuple(found[start : start + limit]), more)
