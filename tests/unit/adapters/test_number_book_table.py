"""Number books and what waits for a records office, asked of the table and of the fakes that stand in for it elsewhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from chauban.dossiers.changes import Change
from chauban.dossiers.facts import SERVICE, FactType
from chauban.errors import ConcurrentChange, NotFound, UnsafeToSign, WrongState
from chauban.registers.number_books import Book, VoidNumber
from chauban.signing.linting import Finding
from chauban.signing.seals.sealing_tasks import sealing_task

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.people import records
from tests.unit.fakes.world import World, result_of

BOOK = Book(THUAN_HOA, "xac-nhan-tinh-trang-hon-nhan", 2026)
PLACE = (BOOK.agency, BOOK.name, BOOK.year)


def test_racing_workers_leave_one_entry_for_each_number(either: World) -> None:
    waiting = [either.awaiting_seal() for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda d: either.sealing.seal(d.id, result_of(d).id), waiting))
    entries = either.books.entries(*PLACE, 1, 100)
    assert [entry.issued.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    taken = {d.id: result_of(either.store.load(d.id)).number for d in waiting}
    assert {entry.dossier: entry.issued for entry in entries} == taken


def test_the_documents_of_entries_are_as_they_are_now(either: World) -> None:
    dossiers = [either.issued() for _ in range(3)]
    entries = either.books.entries(*PLACE, 1, 3)
    assert either.renewing.one(result_of(dossiers[1]).id, 1).value == "done"
    found = either.books.documents([*entries, entries[0]])
    now = [result_of(either.store.load(dossier.id)) for dossier in dossiers]
    assert found == (*now, now[0])
    assert [len(one.revisions) for one in found] == [1, 2, 1, 1]
    assert either.books.documents([]) == ()


def test_entries_are_those_of_one_book_from_one_number_to_another(either: World) -> None:
    for _ in range(4):
        either.issued()
    assert [entry.issued.number for entry in either.books.entries(*PLACE, 2, 3)] == [2, 3]
    for agency, book, year in ((PHU_XUAN, BOOK.name, 2026), (THUAN_HOA, "other", 2026), (THUAN_HOA, BOOK.name, 2027)):
        assert either.books.entries(agency, book, year, 1, 100) == ()
    with pytest.raises(NotFound):
        either.books.entry(*PLACE, 5)


def test_a_number_is_made_void_once_however_many_ask(either: World) -> None:
    dossier = either.awaiting_seal()
    either.engine.timestamps_fail = True
    with pytest.raises(Exception, match="timestamp"):
        either.sealing.seal(dossier.id, result_of(dossier).id)

    def void(reason: str) -> bool:
        try:
            request = VoidNumber(reason=reason)
            either.number_books.void(records(), BOOK, 1, request, either.guard(records(), key=reason))
        except WrongState:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(void, ("một", "hai", "ba", "bốn")))
    assert done.count(True) == 1
    kept = either.books.entry(*PLACE, 1)
    assert kept.void is not None
    assert kept.void.reason == ("một", "hai", "ba", "bốn")[done.index(True)]
    present = either.store.load(dossier.id)
    after = present.with_fact(FactType.NUMBER_VOIDED, either.clock.now(), SERVICE, document="x")
    with pytest.raises(ConcurrentChange):
        either.store.commit(Change(present, after, voided=kept))


def test_what_waits_is_listed_until_it_is_decided_and_can_wait_again(either: World) -> None:
    dossier = either.awaiting_seal()
    task = result_of(dossier).id
    either.engine.unsafe = [Finding("covered-content", "page 1")]
    with pytest.raises(NotFound):
        either.signing.sealing_task(task)
    for _ in range(2):
        with pytest.raises(UnsafeToSign):
            either.sealing.seal(dossier.id, task)
        assert [one.id for one in either.signing.sealing_tasks_of_agency(THUAN_HOA, 10, None).items] == [task]
        assert either.signing.sealing_tasks_of_agency(PHU_XUAN, 10, None).items == ()
        # The signing tasks are another list.
        assert either.signing.tasks_of_agency(THUAN_HOA, 10, None).items == ()
        either.releasing.release(records(), task, either.guard(records()))
        assert not either.signing.sealing_task(task).open
        assert either.signing.sealing_tasks_of_agency(THUAN_HOA, 10, None).items == ()


def test_what_waits_already_or_no_longer_refuses_the_transaction(either: World) -> None:
    dossier = either.awaiting_seal()
    waits = sealing_task(dossier, result_of(dossier), either.clock.now())

    def commit(task: object) -> None:
        present = either.store.load(dossier.id)
        after = present.with_fact(FactType.SEALING_STOPPED, either.clock.now(), SERVICE, document=waits.id)
        either.store.commit(replace(Change(present, after), sealing_task=task))

    for task, refused in ((waits.closed(), True), (waits, False), (waits, True), (waits.closed(), False)):
        if refused:
            with pytest.raises(ConcurrentChange):
                commit(task)
        else:
            commit(task)
