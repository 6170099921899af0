"""What was issued before there were entries gets them, once each, however often the run is killed; nothing else changes."""

import json
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from chauban.adapters.dynamodb import backfill, items
from chauban.adapters.dynamodb.backfill import DynamoBackfill
from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.preservation import DynamoPreservation, preservation_item
from chauban.adapters.dynamodb.table import Table, attributes, item_from
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.model import Dossier
from chauban.errors import NotFound
from chauban.registers.model import Register
from chauban.signing.preservation.backfilling import Backfilling, FoundDocument, Progress
from chauban.signing.preservation.entries import PreservationEntry

from tests.unit.adapters.conftest import aws, stored, table
from tests.unit.fakes.copies import copied
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.notices import extended
from tests.unit.fakes.time_and_ids import SettableClock
from tests.unit.fakes.world import World, document_of, result_of
from tests.unit.registers.test_registers_last import sealed

__all__ = ["aws", "stored", "table"]
DAYS = 7
# What a version before this one did not write.
NEWER = ("replaces", "corrects", "revokes", "copy_of", "replaced_by", "corrected_by", "revoked_by")


@dataclass
class Old:
    """An installation as a version without entries left it."""

    results: list[Dossier]
    register: Register
    table: Table
    clock: SettableClock

    @property
    def kept(self) -> set[str]:
        return {*(result_of(each).id for each in self.results), self.register.document.id}

    @property
    def due(self) -> DynamoPreservation:
        return DynamoPreservation(self.table)

    @property
    def entries(self) -> set[str]:
        return {item["pk"].removeprefix("L#") for item in items_of(self.table) if item["pk"].startswith("L#")}

    def place_of(self, document: str) -> str:
        return DynamoDossiers(self.table, self.clock).dossier_of(document)

    def run(self, page: int = 10) -> Progress:
        return [*self.backfilling(page).run()][-1]

    def backfilling(self, page: int = 10) -> Backfilling:
        return Backfilling(DynamoBackfill(self.table, page), self.clock, DAYS)


def items_of(table: Table) -> list[dict[str, Any]]:
    pages = table.client.get_paginator("scan").paginate(TableName=table.name)
    return sorted((item_from(w) for page in pages for w in page["Items"]), key=lambda item: (item["pk"], item["sk"]))


def as_before(item: dict[str, Any]) -> dict[str, Any]:
    """A document's item as a version before this one wrote it."""
    value = json.loads(item["value"])
    older = {name: held for name, held in value.items() if name not in NEWER}
    older["revisions"] = [{k: v for k, v in one.items() if k != "timestamp"} for one in value["revisions"]]
    return {**item, "value": json.dumps(older)}


def write(table: Table, *new: dict[str, Any]) -> None:
    for item in new:
        table.client.put_item(TableName=table.name, Item=attributes(item))


def lay_down(table: Table, dossier: Dossier) -> None:
    write(table, items.filing_item(dossier.filing), items.head_item(dossier))
    write(table, *(items.fact_item(dossier.id, fact) for fact in dossier.facts))
    write(table, *(as_before(items.document_item(dossier.id, document)) for document in dossier.documents))


@pytest.fixture
def old(world: World, table: Table) -> Old:
    made = Old([world.issued() for _ in range(5)], sealed(world), table, world.clock)
    for dossier in [*made.results, world.received()]:
        lay_down(table, dossier)
    write(table, {"pk": f"G#{made.register.id}", "sk": "REGISTER", "value": made.register.model_dump_json()})
    return made


def test_what_is_kept_for_good_gets_an_entry_and_every_document_is_found(old: Old) -> None:
    with pytest.raises(NotFound):
        old.place_of(result_of(old.results[0]).id)
    progress = old.run()
    assert old.entries == old.kept
    documents = [document for dossier in old.results for document in dossier.documents]
    for dossier in old.results:
        assert all(old.place_of(one.id) == dossier.id for one in dossier.documents)
    assert (progress.kept, progress.entries, progress.cursor) == (6, 6, None)
    # The dossier that was only received has documents, too; a register has no dossier.
    assert progress.found > len(documents)
    assert progress.seen == progress.found + 1
    entry = old.due.entry(old.register.document.id)
    assert entry
    assert (entry.agency_register, entry.dossier, entry.revision) == (old.register.id, None, 1)


def test_files_come_due_spread_over_the_days(old: Old) -> None:
    old.run()
    start = old.clock.now()
    dues = sorted(entry.due_at for name in old.kept if (entry := old.due.entry(name)))
    assert start <= dues[0]
    assert dues[-1] < start + timedelta(days=DAYS)
    assert len(set(dues)) == len(dues)
    old.clock.forward(days=DAYS)
    assert [entry.due_at for entry in old.due.due(old.clock.now(), 100)] == dues


def test_they_are_then_raised_like_any(stored: World, table: Table) -> None:
    dossier, register = stored.issued(), sealed(stored)
    for item in items_of(table):
        if item["pk"].startswith("L#"):
            table.client.delete_item(TableName=table.name, Key=attributes({"pk": item["pk"], "sk": item["sk"]}))
    stored.clock.forward(days=1)
    assert stored.renewing.run(60, 100).done == 0
    list(Backfilling(DynamoBackfill(table), stored.clock, DAYS).run())
    stored.clock.forward(days=DAYS)
    assert stored.renewing.run(60, 100).done == 2
    assert len(result_of(stored.store.load(dossier.id)).revisions) == 2
    assert len(stored.registers.load(register.id).document.revisions) == 2


def test_again_nothing_is_added_and_nothing_is_changed(old: Old) -> None:
    old.run()
    old.clock.forward(days=DAYS)
    before = [item for item in items_of(old.table) if item["pk"] != "BACKFILL"]
    progress = old.run()
    assert (progress.kept, progress.entries, progress.found) == (6, 0, 0)
    assert [item for item in items_of(old.table) if item["pk"] != "BACKFILL"] == before


def test_what_has_an_entry_keeps_it(old: Old) -> None:
    first = old.results[0]
    own = PreservationEntry.raised_soon(first.id, result_of(first), old.clock.now())
    write(old.table, preservation_item(own))
    progress = old.run()
    assert (progress.kept, progress.entries) == (6, 5)
    assert old.due.entry(own.document) == own


def test_copies_and_notices_with_a_number_are_kept_and_receipts_are_not(world: World, table: Table) -> None:
    dossier = extended(world, world.received())
    issued = world.issued()
    copy = copied(world, issued, "sao_y")
    for each in (dossier.id, issued.id):
        lay_down(table, world.store.load(each))
    made = Old([issued], sealed(world), table, world.clock)
    made.run()
    notice = document_of(dossier, DocumentKind.EXTENSION)
    assert made.entries == {notice.id, copy.id, result_of(issued).id}


def test_counting_writes_nothing(old: Old) -> None:
    before = items_of(old.table)
    counted = [*old.backfilling().counted()][-1]
    assert items_of(old.table) == before
    assert counted == old.run()


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6, 8, 9, 12, 13, 14])
def test_killed_after_any_step_it_goes_on_where_it_stopped(old: Old, at: int) -> None:
    first, again, whole = Steps(at, kill), Steps(0, kill), Steps(0, kill)
    with pytest.raises(Killed):
        list(watched(old.backfilling(30), first, "store").run())
    progress = list(watched(old.backfilling(30), again, "store").run())[-1]
    assert old.entries == old.kept
    assert progress.seen == sum(is_document(item) for item in items_of(old.table))
    # What was settled before is not looked through again.
    settled = first.taken.count("store.keep")
    list(watched(old.backfilling(30), whole, "store").counted())
    pages, after = (steps.taken.count("store.documents") for steps in (whole, again))
    assert pages > 3
    # The scan passes new items, too: a page of them at the most.
    assert after <= pages - settled + 1


def is_document(item: dict[str, Any]) -> bool:
    return item["sk"].startswith("DOC#") or item["sk"] == "REGISTER"


def test_an_entry_that_somebody_writes_meanwhile_stays_and_the_others_go_in(old: Old) -> None:
    """Between looking and writing."""
    first = old.results[0]
    own = PreservationEntry.raised_soon(first.id, result_of(first), old.clock.now())

    class Meanwhile(DynamoBackfill):
        def add(self, entries: Sequence[PreservationEntry], places: Sequence[FoundDocument]) -> None:
            if own.document in {entry.document for entry in entries}:
                super().add([own], [])
            super().add(entries, places)

    list(Backfilling(Meanwhile(old.table), old.clock, DAYS).run())
    assert old.entries == old.kept
    assert old.due.entry(own.document) == own


def test_more_than_one_call_takes_are_read_and_written_in_parts(old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "MOST", 2)
    old.run(1000)
    assert old.entries == old.kept


class Endless:
    """A store of many documents, made as they are asked for."""

    def __init__(self, pattern: FoundDocument, pages: int) -> None:
        self._pattern, self._pages = pattern, pages

    def documents(self, cursor: str | None) -> tuple[Sequence[FoundDocument], str | None]:
        page = int(cursor or 0)
        found = [
            FoundDocument(self._pattern.document.model_copy(update={"id": f"{page:013d}{place:013d}"}), "D")
            for place in range(100)
        ]
        return found, str(page + 1) if page + 1 < self._pages else None

    def lacking(self, entries: Any, places: Any) -> Any:
        return entries, places

    def add(self, entries: Any, places: Any) -> None: ...

    def progress(self) -> Progress | None:
        return None

    def keep(self, progress: Progress) -> None: ...


def peak(store: Endless) -> int:
    tracemalloc.start()
    try:
        for _ in Backfilling(store, SettableClock(), DAYS).run():
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_documents(world: World) -> None:
    pattern = FoundDocument(result_of(world.issued()), "D")
    peak(Endless(pattern, 1))
    few, many = (peak(Endless(pattern, pages)) for pages in (3, 60))
    assert many < 1.5 * few
