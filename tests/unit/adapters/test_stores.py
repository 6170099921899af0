"""What the stores promise, asked of the table and of the fake that stands in for it elsewhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from chauban.dossiers.changes import Change, IdempotencyRecord
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.number_books import NumberEntry
from chauban.dossiers.numbering import IssuedNumber
from chauban.dossiers.parties import Scheme
from chauban.errors import ConcurrentChange, InvalidRequest, NotFound, TaskTaken, WrongState
from chauban.signing.sessions.model import ItemStatus

from tests.unit.fakes.amendments import amended, first_result, newest
from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.copies import copied
from tests.unit.fakes.people import AN, KEYS, answers, citizen, clerk, official
from tests.unit.fakes.world import World, result_of, signatures_for


def another_fact(world: World, dossier: Dossier) -> Change:
    after = dossier.with_fact(FactType.DOCUMENT_RENDERED, world.clock.now(), SERVICE, document="x", kind="receipt")
    return Change(dossier, after)


def test_what_is_loaded_is_what_was_committed(either: World) -> None:
    dossier = either.submitted(answers={**answers(), "purpose": "đăng ký kết hôn với người Nhật Bản"})
    assert either.store.load(dossier.id) == dossier


def test_a_whole_path_is_kept_to_the_last_detail(either: World) -> None:
    issued = either.issued()
    assert issued.status == "processed"
    assert [fact.seq for fact in issued.facts] == list(range(1, len(issued.facts) + 1))
    assert [s.field for s in result_of(issued).signatures] == ["official", "seal"]


def test_a_document_is_found_by_its_id_alone(either: World) -> None:
    first, other = amended(either, either.issued(), "correction"), either.submitted()
    for dossier in (first, other):
        for document in dossier.documents:
            assert either.store.dossier_of(document.id) == dossier.id
    with pytest.raises(NotFound):
        either.store.dossier_of("NO-SUCH-DOCUMENT")


def test_amendments_and_copies_are_kept_to_the_last_detail(either: World) -> None:
    dossier = amended(either, either.issued(), "correction")
    sao_y = copied(either, dossier, "sao_y")
    sao_luc = copied(either, dossier, "sao_luc")
    kept = either.store.load(dossier.id)
    assert kept.document(sao_y.id) == sao_y
    assert kept.document(sao_luc.id).copy_of == sao_y.id
    assert kept.document(first_result(kept)).corrected_by == (newest(kept, "correction"),)
    replaced = amended(either, kept, "replacement")
    listed = either.store.results_of_party(KEYS.key(Scheme.PERSONAL_NUMBER, AN), 20, None).items
    by_id = {one.document.id: one.document for one in listed}
    assert by_id[first_result(replaced)].replaced_by == newest(replaced, "replacement")


def test_numbers_and_texts_survive_a_round_trip(either: World) -> None:
    dossier = either.submitted()
    strange = {"half": 0.1, "big": 2**53, "small": -1e-7, "none": None, "empty": "", "list": [[], {}], "họ": "Ưng Ờ"}
    filing = dossier.filing.model_copy(update={"id": either.ids.new(), "answers": strange})
    kept = Dossier(filing=filing, facts=dossier.facts)
    either.store.commit(Change(None, kept))
    assert either.store.load(filing.id).filing.answers == strange


def test_an_unknown_dossier_task_or_session_is_not_found(either: World) -> None:
    for ask in (either.store.load, either.signing.task, either.signing.session):
        with pytest.raises(NotFound):
            ask("01KARX5T9V6T2J4Q8M3W7E1N5C")


def test_a_change_decided_on_an_older_state_is_refused_whole(either: World) -> None:
    dossier = either.submitted()
    either.store.commit(another_fact(either, dossier))
    late = dossier.with_fact(FactType.RECEIVED, either.clock.now(), SERVICE, due_at=either.clock.now().isoformat())
    with pytest.raises(ConcurrentChange):
        either.store.commit(Change(dossier, late))
    assert either.store.load(dossier.id).status == "submitted"
    assert either.store.load(dossier.id).version == 2


def test_a_dossier_is_created_once(either: World) -> None:
    dossier = either.submitted()
    with pytest.raises(ConcurrentChange):
        either.store.commit(Change(None, dossier))


def test_a_key_in_use_refuses_the_transaction(either: World) -> None:
    dossier, other = either.submitted(), either.submitted()
    record = IdempotencyRecord("portal", "k", "00", dossier.id, either.clock.now() + timedelta(days=7))
    either.store.commit(replace(another_fact(either, dossier), idempotency=record))
    with pytest.raises(ConcurrentChange):
        either.store.commit(replace(another_fact(either, other), idempotency=record))
    found = either.store.idempotent("portal", "k")
    assert found is not None
    assert (found.body_sha256, found.target) == ("00", dossier.id)
    assert either.store.idempotent("portal-2", "k") is None
    either.clock.forward(days=7)
    assert either.store.idempotent("portal", "k") is None
    either.store.commit(replace(another_fact(either, either.store.load(other.id)), idempotency=record))


def test_codes_count_per_agency_and_day(either: World) -> None:
    day, next_day = date(2026, 11, 23), date(2026, 11, 24)
    places = [(THUAN_HOA, day), (THUAN_HOA, day), (PHU_XUAN, day), (THUAN_HOA, next_day)]
    assert [either.store.next_code(*place) for place in places] == [1, 2, 1, 1]


def test_codes_of_many_threads_differ(either: World) -> None:
    day = date(2026, 11, 23)
    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(lambda _: either.store.next_code(THUAN_HOA, day), range(40)))
    assert sorted(counts) == list(range(1, 41))


def test_a_number_must_follow_the_last_one(either: World) -> None:
    dossier = either.submitted()

    def take(number: int) -> None:
        issued = IssuedNumber(book="b", symbol="S", year=2026, number=number, day=date(2026, 11, 23))
        change = another_fact(either, either.store.load(dossier.id))
        entry = NumberEntry(
            agency=THUAN_HOA,
            issued=issued,
            dossier=dossier.id,
            code=dossier.filing.code,
            document="x",
            kind=DocumentKind.RESULT,
            title="Giấy xác nhận",
            taken_at=either.clock.now(),
        )
        either.store.commit(replace(change, number=entry))

    for refused in (0, 2):
        with pytest.raises(ConcurrentChange):
            take(refused)
    take(1)
    for refused in (1, 3):
        with pytest.raises(ConcurrentChange):
            take(refused)
    take(2)
    assert either.store.last_number(THUAN_HOA, "b", 2026) == 2
    assert either.store.last_number(THUAN_HOA, "b", 2027) == 0
    assert either.store.last_number(PHU_XUAN, "b", 2026) == 0


def test_twenty_threads_with_one_key_file_one_dossier(either: World) -> None:
    with ThreadPoolExecutor(20) as threads:
        made = list(threads.map(lambda _: either.submitted(key="k1"), range(20)))
    assert len({dossier.id for dossier in made}) == 1
    listed = either.reading.dossiers(citizen(AN), None, None, 20, None)
    assert [line.id for line in listed.items] == [made[0].id]


def test_racing_dossiers_get_consecutive_numbers(either: World) -> None:
    waiting = [either.awaiting_seal() for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda d: either.sealing.seal(d.id, result_of(d).id), waiting))
    numbers = [result_of(either.store.load(d.id)).number for d in waiting]
    assert sorted(n.number for n in numbers if n) == [1, 2, 3, 4]


def test_lists_are_paged_newest_first(either: World) -> None:
    made = [either.submitted().id for _ in range(5)]
    day = date(2026, 11, 23)
    for read in (
        lambda cursor: either.store.of_agency(THUAN_HOA, day, 2, cursor),
        lambda cursor: either.store.of_party(citizen(AN).party_key or "", 2, cursor),
    ):
        seen, cursor = [], None
        while True:
            page = read(cursor)
            seen += [line.id for line in page.items]
            if (cursor := page.cursor) is None:
                break
        assert seen == list(reversed(made))


def test_a_dossier_handed_in_at_another_desk_is_in_both_lists(either: World) -> None:
    dossier = either.submitted(receiving_agency=PHU_XUAN)
    for agency in (THUAN_HOA, PHU_XUAN):
        (line,) = either.store.of_agency(agency, date(2026, 11, 23), 20, None).items
        assert (line.id, line.agency) == (dossier.id, THUAN_HOA)


def test_a_line_follows_the_dossier(either: World) -> None:
    received = either.received()
    (line,) = either.reading.dossiers(clerk(), THUAN_HOA, None, 20, None).items
    assert line == received.line
    assert (line.status, line.due_at) == ("received", received.due_at)


def test_results_are_listed_with_their_dossier(either: World) -> None:
    first = either.issued()
    either.clock.forward(minutes=1)
    second = either.issued()
    page = either.store.results_of_party(citizen(AN).party_key or "", 1, None)
    rest = either.store.results_of_party(citizen(AN).party_key or "", 1, page.cursor)
    assert [r.dossier.id for r in (*page.items, *rest.items)] == [second.id, first.id]
    assert page.items[0].document == result_of(second)
    assert either.store.results_of_party(KEYS.key(Scheme.PASSPORT, "C1"), 20, None).items == ()


def test_a_session_locks_its_tasks_or_nothing(either: World) -> None:
    first, second = either.awaiting_signature(), either.awaiting_signature()
    session = either.opened(first)
    assert either.signing.session(session.id) == session
    with pytest.raises(TaskTaken):
        either.opened(second, first)
    assert either.signing.task(result_of(second).id).session is None
    assert either.signing.task(result_of(first).id).session == session.id


def test_a_lock_ends_with_its_session_and_not_a_moment_sooner(either: World) -> None:
    """Seconds are what the table compares; the session lives for milliseconds more."""
    either.clock.forward(milliseconds=900)
    dossier = either.awaiting_signature()
    session = either.opened(dossier)
    either.clock.moment = session.expires_at - timedelta(milliseconds=300)
    with pytest.raises(TaskTaken):
        either.opened(dossier)
    either.clock.moment = session.expires_at + timedelta(seconds=1)
    assert either.opened(dossier).id != session.id


def test_a_failed_item_frees_its_task_and_a_signed_one_does_not(either: World) -> None:
    first, second = either.awaiting_signature(), either.awaiting_signature()
    session = either.opened(first, second)
    either.signing.settle_item(session, 1, ItemStatus.FAILED, "certificate-revoked")
    either.signing.settle_item(either.signing.session(session.id), 2, ItemStatus.SIGNED, None)
    items = either.signing.session(session.id).items
    assert [(i.status, i.reason) for i in items] == [("failed", "certificate-revoked"), ("signed", None)]
    assert either.signing.task(result_of(first).id).session is None
    assert either.signing.task(result_of(second).id).session == session.id


def test_an_item_that_somebody_else_settled_stays_as_it_is(either: World) -> None:
    """A second worker with an old order used to turn a signed item into a failed one."""
    first = either.awaiting_signature()
    seen = either.opened(first)
    either.signing.settle_item(seen, 1, ItemStatus.SIGNED, None)
    either.signing.settle_item(seen, 1, ItemStatus.FAILED, "already-signed")
    assert either.signing.session(seen.id).items[0].status is ItemStatus.SIGNED
    assert either.signing.task(result_of(first).id).session == seen.id
    with pytest.raises(NotFound):
        either.signing.settle_item(seen, 2, ItemStatus.FAILED, None)


def test_a_signed_task_leaves_the_list_for_good(either: World) -> None:
    dossier = either.awaiting_signature()
    session = either.accepted(dossier)
    stale = either.signing.session(session.id)
    either.official.embed(session.id, 1)
    assert either.signing.tasks_of_agency(THUAN_HOA, 20, None).items == ()
    # A cancellation that had read the session before the signature came in.
    unaware = stale.model_copy(update={"items": (stale.items[0].model_copy(update={"accepted_at": None}),)})
    either.signing.cancel_session(unaware, either.clock.now())
    assert either.signing.tasks_of_agency(THUAN_HOA, 20, None).items == ()
    with pytest.raises(WrongState, match="closed"):
        either.opened(dossier)


def test_a_cancelled_session_keeps_its_items(either: World) -> None:
    session = either.ready(either.awaiting_signature())
    cancelled = either.sessions.cancel(official(), session.id)
    assert cancelled.cancelled_at == either.clock.now()
    assert cancelled.items == session.items


def test_accepted_signatures_of_one_session_do_not_undo_each_other(either: World) -> None:
    session = either.ready(*(either.awaiting_signature() for _ in range(3)))
    accepted = either.desk.accept(official(), session.id, signatures_for(session))
    assert all(item.accepted_at for item in accepted.items)


def test_a_task_that_is_freed_while_it_is_being_signed_stays_signed(
    stored: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cancellation had read the task before it was closed; it used to bring it back into the list."""
    dossier = stored.awaiting_signature()
    session = stored.accepted(dossier)
    before = stored.signing.task(result_of(dossier).id)
    stored.official.embed(session.id, 1)
    monkeypatch.setattr(stored.signing, "task", lambda _task: before)
    unaware = session.model_copy(update={"items": (session.items[0].model_copy(update={"accepted_at": None}),)})
    stored.signing.cancel_session(unaware, stored.clock.now())
    assert stored.signing.tasks_of_agency(THUAN_HOA, 20, None).items == ()


def test_a_cursor_of_one_list_does_not_serve_another(stored: World) -> None:
    """AWS refuses a start outside the range that is asked for; that used to be a fault of the service."""
    for _ in range(2):
        stored.issued()
    key = citizen(AN).party_key or ""
    cursor = stored.store.results_of_party(key, 1, None).cursor
    assert cursor is not None
    with pytest.raises(InvalidRequest):
        stored.store.of_party(key, 1, cursor)


@pytest.mark.parametrize(
    "cursor", ["x", "####", "bm90IGpzb24", "W10", "WzEsMl0", "eyJhIjoxLCJiIjoyLCJjIjozfQ", "WyIiLCIiLCIiXQ"]
)
def test_a_forged_cursor_is_refused(stored: World, cursor: str) -> None:
    stored.submitted()
    with pytest.raises(InvalidRequest) as error:
        stored.store.of_party(citizen(AN).party_key or "", 1, cursor)
    assert [f.pointer for f in error.value.errors] == ["#/cursor"]


def test_who_read_an_item_before_its_value_was_accepted_settles_nothing(either: World) -> None:
    session = either.ready(either.awaiting_signature())
    either.desk.accept(official(), session.id, signatures_for(session))
    either.signing.settle_item(session, 1, ItemStatus.FAILED, "cancelled")
    (entry,) = either.signing.session(session.id).items
    assert (entry.status, entry.reason) == (ItemStatus.READY, None)
    assert entry.accepted_at is not None
