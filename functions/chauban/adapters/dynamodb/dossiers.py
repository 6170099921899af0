"""Dossiers in the table: loading a partition, and writing a change as one transaction."""

from datetime import date, datetime
from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.attachments import attachment_writes
from chauban.adapters.dynamodb.drafts import erasure
from chauban.adapters.dynamodb.places import place_key, place_writes
from chauban.adapters.dynamodb.preservation import preservation_item
from chauban.adapters.dynamodb.table import Table, change, put
from chauban.dossiers.changes import Change, ClosedTask, IdempotencyRecord, SessionStep
from chauban.dossiers.documents import Document
from chauban.dossiers.model import Dossier, DossierLine, IssuedResult
from chauban.dossiers.number_books import NumberEntry
from chauban.errors import NotFound
from chauban.ports import Clock, Page
from chauban.signing.seals.sealing_tasks import SealingTask


class DynamoDossiers:
    """A `DossierStore`."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def load(self, dossier: str) -> Dossier:
        """See `DossierStore.load`."""
        found = items.dossier_from(self._table.partition(items.partition(dossier)))
        if found is None:
            raise NotFound
        return found.as_of(self._clock.now())

    def dossier_of(self, document: str) -> str:
        """See `DossierStore.dossier_of`."""
        found = self._table.get(place_key(document))
        if found is None:
            raise NotFound
        return str(found["dossier"])

    def commit(self, change: Change) -> None:
        """See `DossierStore.commit`."""
        self._table.transact(transaction(change))

    def idempotent(self, client: str, key: str) -> IdempotencyRecord | None:
        """See `DossierStore.idempotent`; the table may forget late, so the time is checked here."""
        item = self._table.get(items.idempotency_key(client, key))
        now = self._clock.now()
        if item is None or int(item["expires_at"]) <= items.epoch(now):
            return None
        return IdempotencyRecord(client, key, item["body_sha256"], item["target"], now)

    def next_code(self, agency: str, day: date) -> int:
        """See `DossierStore.next_code`."""
        return self._table.count_up(items.code_counter(agency, day))

    def last_number(self, agency: str, book: str, year: int) -> int:
        """See `DossierStore.last_number`."""
        item = self._table.get(items.number_counter(agency, book, year))
        return int(item["latest"]) if item else 0

    def of_agency(self, agency: str, day: date, limit: int, cursor: str | None) -> Page[DossierLine]:
        """See `DossierStore.of_agency`; those that it is to decide and those that its desk received."""
        found, more = self._table.page(
            "work", items.agency_day(agency, day), limit=limit, cursor=cursor, newest_first=True
        )
        heads = self._table.batch_get([items.head_key(item["work_sk"]) for item in found])
        return Page(tuple(items.line_from(head) for head in heads), more)

    def of_party(self, party_key: str, limit: int, cursor: str | None) -> Page[DossierLine]:
        """See `DossierStore.of_party`."""
        found, more = self._table.page("party", party_key, prefix="D#", limit=limit, cursor=cursor, newest_first=True)
        heads = self._table.batch_get([items.head_key(item["dossier"]) for item in found])
        return Page(tuple(items.line_from(head) for head in heads), more)

    def results_of_party(self, party_key: str, limit: int, cursor: str | None) -> Page[IssuedResult]:
        """See `DossierStore.results_of_party`."""
        found, more = self._table.page("party", party_key, prefix="R#", limit=limit, cursor=cursor, newest_first=True)
        heads = self._table.batch_get([items.head_key(item["dossier"]) for item in found])
        documents = self._table.batch_get([items.document_key(item["dossier"], item["document"]) for item in found])
        pairs = zip(heads, documents, strict=True)
        results = (
            IssuedResult(dossier=items.line_from(head), document=items.value_of(Document, item)) for head, item in pairs
        )
        return Page(tuple(results), more)


def transaction(wanted: Change) -> list[dict[str, Any]]:
    """All writes of a change; the head's version makes it fail if the dossier moved on."""
    after = wanted.after
    writes = [_head(wanted)]
    if wanted.before is None:
        writes.append(put(items.filing_item(after.filing), "attribute_not_exists(pk)"))
        if desk := items.desk_item(after):
            writes.append(put(desk))
    first_new = wanted.before.version if wanted.before else 0
    writes += [put(items.fact_item(after.id, fact), "attribute_not_exists(pk)") for fact in after.facts[first_new:]]
    writes += [put(items.document_item(after.id, document)) for document in _changed(wanted)]
    writes += place_writes(wanted)
    writes += attachment_writes(wanted)
    writes += [put(items.outbox_item(message)) for message in wanted.messages]
    writes += [put(items.link_item(link)) for link in wanted.links]
    if wanted.idempotency:
        writes.append(idempotency_write(wanted.idempotency, wanted.after.facts[-1].at))
    if wanted.number:
        writes += [_number(wanted.number), put(items.number_entry_item(wanted.number), "attribute_not_exists(pk)")]
    if wanted.voided:
        condition = "attribute_exists(pk) AND attribute_not_exists(voided)"
        writes.append(put(items.number_entry_item(wanted.voided), condition))
    if wanted.sealing_task:
        writes.append(_sealing_task(wanted.sealing_task))
    if wanted.new_task:
        writes.append(put(items.task_item(wanted.new_task), "attribute_not_exists(pk)"))
    for closed in wanted.closed_tasks:
        writes += _closed(closed)
    writes += [put(preservation_item(entry)) for entry in wanted.preservations]
    if wanted.draft:
        writes.append(erasure(wanted.draft, items.epoch(wanted.after.facts[-1].at)))
    if wanted.step:
        writes += _step(wanted.step)
    return writes


def _closed(closed: ClosedTask) -> list[dict[str, Any]]:
    """A task is closed that whoever held it still holds, together with the item of that session."""
    holder = {"held_by": closed.held_by} if closed.held_by else {}
    held = "held_by = :held_by" if holder else "attribute_not_exists(held_by)"
    task = put(items.task_item(closed.task), f"task_open = :open AND {held}", open=True, **holder)
    return [task, *(_step(closed.step) if closed.step else [])]


def _step(step: SessionStep) -> list[dict[str, Any]]:
    """An item of a session moves on, with its task, if both are what they were thought to be."""
    entry = items.session_entry_item(step.session, step.entry)
    writes = [put(entry, "item_status = :was", was=step.was.value)]
    if step.task:
        writes.append(put(items.task_item(step.task), "held_by = :mine", mine=step.session))
    if step.accepting:
        condition = "attribute_exists(pk) AND attribute_not_exists(cancelled)"
        writes.append(change(items.session_key(step.session), "SET touched = :item", condition, item=step.entry.item))
    return writes


def idempotency_write(record: IdempotencyRecord, now: datetime) -> dict[str, Any]:
    """The use of a key: refused where it is in use, taken over where it expired but was not yet forgotten."""
    condition = "attribute_not_exists(pk) OR expires_at <= :now"
    return put(items.idempotency_item(record), condition, now=items.epoch(now))


def _head(wanted: Change) -> dict[str, Any]:
    item = items.head_item(wanted.after)
    if wanted.before is None:
        return put(item, "attribute_not_exists(pk)")
    return change(
        items.key(item["pk"], item["sk"]),
        "SET version = :version, line = :line",
        "version = :before",
        version=wanted.after.version,
        line=item["line"],
        before=wanted.before.version,
    )


def _changed(wanted: Change) -> list[Document]:
    before = wanted.before.documents if wanted.before else ()
    return [document for document in wanted.after.documents if document not in before]


def _sealing_task(task: SealingTask) -> dict[str, Any]:
    """A document waits for the records office that did not until now, or the other way round."""
    condition = "attribute_not_exists(pk) OR task_open = :was" if task.open else "task_open = :was"
    return put(items.sealing_task_item(task), condition, was=not task.open)


def _number(taken: NumberEntry) -> dict[str, Any]:
    """Moves a book's counter on by one, from exactly the number before."""
    issued = taken.issued
    where = items.number_counter(taken.agency, issued.book, issued.year)
    first = issued.number == 1
    condition = "attribute_not_exists(pk)" if first else "latest = :before"
    values = {} if first else {"before": issued.number - 1}
    return change(where, "SET latest = :number", condition, number=issued.number, **values)
