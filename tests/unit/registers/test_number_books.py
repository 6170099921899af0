"""Number books: every number is in them for good, void ones with their reason, and what is printed is what was true."""

import json
from datetime import timedelta

import pytest
from chauban.access.catalogue import Role
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.changes import Change
from chauban.dossiers.documents import DocumentKind, DocumentStatus, StoredFile
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.number_books import NumberEntry
from chauban.errors import (
    IdempotencyKeyReused,
    InvalidRequest,
    NotAllowed,
    NotConfigured,
    NotFound,
    StrongLoginRequired,
    TimestampUnavailable,
    WrongState,
)
from chauban.registers.model import Register
from chauban.registers.number_books import Book, PrintNumberBook, VoidNumber

from tests.unit.fakes.catalogue import THUAN_HOA
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.people import AN, citizen, clerk, official, records, staff
from tests.unit.fakes.world import World, result_of

BOOK = Book(THUAN_HOA, "xac-nhan-tinh-trang-hon-nhan", 2026)
REASON = "Máy chủ dấu thời gian không hoạt động, văn bản phải lập lại"


def numbered(world: World) -> Dossier:
    """A result that has its number and could not be sealed."""
    dossier = world.awaiting_seal()
    world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        world.sealing.seal(dossier.id, result_of(dossier).id)
    world.engine.timestamps_fail = False
    return world.store.load(dossier.id)


def void(world: World, number: int = 1, who: Caller | None = None, guard: Guard | None = None) -> NumberEntry:
    who = who or records()
    return world.number_books.void(who, BOOK, number, VoidNumber(reason=REASON), guard or world.guard(who))


def listed(world: World, who: Caller | None = None) -> list[NumberEntry]:
    return list(world.number_books.listed(who or records(), BOOK, 100, None).items)


def ask(world: World, who: Caller | None = None, key: str | None = None, **body: int) -> Register:
    request = PrintNumberBook.model_validate(body)
    return world.number_books.print(who or records(), BOOK, request, body, key or world.ids.new())


def printed(world: World, register: Register) -> list[dict]:
    world.register_printing.make(register.id)
    assert world.renderer.requests[-1].template == "_shared/notices/number_book.html"
    rows: list[dict] = json.loads(world.renderer.requests[-1].data)["rows"]
    return rows


def test_each_number_leaves_an_entry(world: World) -> None:
    dossiers = [world.issued() for _ in range(3)]
    entries = listed(world)
    assert [entry.issued.number for entry in entries] == [1, 2, 3]
    assert [(e.dossier, e.document, e.code) for e in entries] == [
        (d.id, result_of(d).id, d.filing.code) for d in dossiers
    ]
    assert {(e.kind, e.taken_at, e.void) for e in entries} == {(DocumentKind.RESULT, world.clock.now(), None)}


def test_pages_follow_the_numbers(world: World) -> None:
    for _ in range(5):
        world.issued()
    found, cursor = [], None
    while True:
        page = world.number_books.listed(records(), BOOK, 2, cursor)
        found += [entry.issued.number for entry in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == [1, 2, 3, 4, 5]
    assert world.number_books.listed(records(), Book(THUAN_HOA, "none", 2026), 2, None).items == ()
    for wrong in ("x", "-1", "1" * 20, "²"):
        with pytest.raises(InvalidRequest):
            world.number_books.listed(records(), BOOK, 2, wrong)


def test_a_void_number_stays_in_the_book_and_its_document_takes_the_next_one(world: World) -> None:
    dossier = numbered(world)
    entry = void(world)
    assert entry.void is not None
    assert (entry.void.reason, entry.void.by.appointment) == (REASON, "records-thuan-hoa-1")
    waiting = result_of(world.store.load(dossier.id))
    assert (waiting.status, waiting.number, waiting.preparation) == (DocumentStatus.AWAITING_RELEASE, None, None)
    # An order from before finds nothing to do.
    world.sealing.seal(dossier.id, waiting.id)
    assert world.store.last_number(BOOK.agency, BOOK.name, BOOK.year) == 1
    world.releasing.release(records(), waiting.id, world.guard(records()))
    world.sealing.seal(dossier.id, waiting.id)
    after = world.store.load(dossier.id)
    result = result_of(after)
    assert (after.status, result.number.number if result.number else None) == ("processed", 2)
    assert b"number: 02/UBND-XNTTHN" in world.files.read(result.revisions[0].file)
    assert [(e.issued.number, e.void is None, e.document) for e in listed(world)] == [
        (1, False, result.id),
        (2, True, result.id),
    ]
    kinds = [fact.type for fact in after.facts]
    assert kinds.count(FactType.NUMBER_ISSUED) == 2
    assert kinds.count(FactType.NUMBER_VOIDED) == 1


def archived_results(world: World, dossier: Dossier) -> list[str]:
    signed_off = {made.file.sha256 for one in dossier.documents for made in one.revisions}
    return [sha256 for sha256 in world.files.archived if sha256 not in signed_off]


def test_a_number_that_became_void_while_its_file_was_finished_leaves_nothing_in_the_archive(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, commit = world.awaiting_seal(), world.store.commit

    def committed(change: Change) -> None:
        commit(change)
        if change.after.facts[-1].type is FactType.FILE_FINISHED:
            void(world)

    monkeypatch.setattr(world.store, "commit", committed)
    world.sealing.seal(dossier.id, result_of(dossier).id)
    after = world.store.load(dossier.id)
    assert result_of(after).status is DocumentStatus.AWAITING_RELEASE
    assert archived_results(world, after) == []


def test_a_file_that_was_archived_in_the_moment_its_number_became_void_is_named_by_the_fact(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, archive = world.awaiting_seal(), world.files.archive

    def archived(content: bytes) -> StoredFile:
        void(world)
        return archive(content)

    monkeypatch.setattr(world.files, "archive", archived)
    world.sealing.seal(dossier.id, result_of(dossier).id)
    after = world.store.load(dossier.id)
    assert result_of(after).status is DocumentStatus.AWAITING_RELEASE
    (fact,) = [one for one in after.facts if one.type is FactType.NUMBER_VOIDED]
    assert archived_results(world, after) == [fact.data["unissued_sha256"]]


def test_or_it_goes_back_to_the_desk_and_takes_none(world: World) -> None:
    dossier = numbered(world)
    task, back = result_of(dossier).id, ReturnDraft(reason="Lập lại văn bản")
    void(world)
    world.releasing.send_back(records(), task, back, world.guard(records()))
    assert world.store.load(dossier.id).status == "received"
    assert world.store.last_number(BOOK.agency, BOOK.name, BOOK.year) == 1


def test_the_number_of_an_issued_document_and_a_void_one_stay_as_they_are(world: World) -> None:
    world.issued()
    numbered(world)
    with pytest.raises(WrongState, match="issued"):
        void(world, 1)
    void(world, 2)
    before = listed(world)
    with pytest.raises(WrongState, match="void"):
        void(world, 2)
    with pytest.raises(NotFound):
        void(world, 3)
    assert listed(world) == before


def test_one_key_makes_it_void_once(world: World) -> None:
    numbered(world)
    first = void(world, guard=world.guard(records(), key="k"))
    assert void(world, guard=world.guard(records(), key="k")) == first


@pytest.mark.parametrize("released", [False, True])
@pytest.mark.parametrize("at", range(1, 20))
def test_made_void_at_any_moment_of_the_sealing_no_file_bears_a_void_number(
    world: World, at: int, released: bool
) -> None:
    """Between any two steps of the worker; perhaps the document was released again meanwhile."""
    dossier = numbered(world)
    world.clock.forward(hours=7)
    result = result_of(dossier).id

    def meanwhile() -> None:
        world.clock.forward(seconds=1)
        office = records(auth_time=world.clock.now())
        try:
            void(world, who=office)
        except WrongState:
            return
        if released:
            world.releasing.release(office, result, world.guard(office))

    steps = Steps(at, meanwhile)
    for attempt in range(3):
        service = watched(world.sealing, steps, "store", "files", "engine", "keys") if attempt == 0 else world.sealing
        try:
            service.seal(dossier.id, result)
        except Exception as fault:  # noqa: BLE001 - the worker's order is tried again after whatever fault
            assert type(fault).__name__ == "SigningError"  # noqa: PT017
    present = result_of(world.store.load(dossier.id))
    entries = {entry.issued.number: entry for entry in listed(world, records(auth_time=world.clock.now()))}
    if present.status is DocumentStatus.ISSUED:
        assert present.number is not None
        assert entries[present.number.number].void is None
        content = world.files.read(present.revisions[0].file)
        assert f"number: {present.number.display}".encode() in content
        assert content.count(b"number: ") == 1
    else:
        assert (present.status, present.number) == (DocumentStatus.AWAITING_RELEASE, None)
        assert not released
    assert all(entry.void or entry.issued == present.number for entry in entries.values())


def test_who_reads_prints_and_makes_void(world: World) -> None:
    numbered(world)
    held = world.catalogue.appointments["clerk-thuan-hoa-1"]
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        appointment = held.model_copy(update={"id": role.value, "person": role.value, "role": role})
        world.catalogue.put_appointment(appointment)
    readers = [clerk(), records(), *(staff(role, "dossiers:read") for role in ("auditor", "administrator"))]
    strangers = [official(), clerk("phu-xuan"), records("phu-xuan"), citizen(AN), staff("clerk-thuan-hoa", "signing")]
    for who in readers:
        assert len(listed(world, who)) == 1
    for who in strangers:
        for act in (listed, void, ask):
            with pytest.raises(NotFound):
                act(world, who=who)  # type: ignore[operator]
    for who in (readers[0], *readers[2:]):
        with pytest.raises(NotAllowed):
            void(world, who=who)
    with pytest.raises(StrongLoginRequired):
        void(world, who=records(auth_time=world.clock.now() - timedelta(hours=2)))
    for who in readers[2:]:
        with pytest.raises(NotAllowed):
            ask(world, who)
    assert ask(world, clerk()).numbers == ask(world, records()).numbers


def test_the_printed_book_holds_what_was_true_when_it_was_asked_for(world: World) -> None:
    first = numbered(world)
    before = ask(world)
    world.clock.forward(minutes=1)
    void(world)
    world.issued()
    after = ask(world)
    assert [(row["number"], row["void"]) for row in printed(world, before)] == [("01/UBND-XNTTHN", None)]
    rows = printed(world, after)
    assert [row["number"] for row in rows] == ["01/UBND-XNTTHN", "02/UBND-XNTTHN"]
    assert (rows[0]["void"]["reason"], rows[0]["void"]["by"]) == (REASON, "Đặng Thị Hạnh")
    assert (rows[0]["code"], rows[0]["day"]) == (first.filing.code, "2026-11-23")
    assert AN not in world.renderer.requests[-1].data.decode()


def test_a_printed_book_is_sealed_and_handed_out_with_who_answers_for_it(world: World) -> None:
    world.issued()
    register = ask(world)
    world.register_printing.make(register.id)
    office = world.catalogue.appointments.pop("records-thuan-hoa-1")
    with pytest.raises(NotConfigured, match="records office"):
        world.register_sealing.seal(register.id)
    world.catalogue.put_appointment(office)
    world.register_sealing.seal(register.id)
    found, link = world.register_desk.see(clerk(), THUAN_HOA, register.id)
    assert (found.document.status, found.accountable) == (DocumentStatus.ISSUED, "records-thuan-hoa-1")
    assert link is not None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"from": 2}, "numbers-not-taken"),
        ({"from": 1, "to": 2}, "numbers-not-taken"),
        ({"from": 2, "to": 1}, "numbers-not-taken"),
    ],
)
def test_only_numbers_that_were_taken_are_printed(world: World, body: dict, code: str) -> None:
    world.issued()
    with pytest.raises(InvalidRequest) as error:
        ask(world, **body)
    assert [fault.code for fault in error.value.errors] == [code]


def test_a_long_book_is_printed_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chauban.registers.number_books.MAX_NUMBERS", 2)
    for _ in range(3):
        world.issued()
    with pytest.raises(InvalidRequest) as error:
        ask(world)
    assert error.value.errors[0].code == "too-many-numbers"
    assert [row["number"] for row in printed(world, ask(world, **{"from": 2}))] == ["02/UBND-XNTTHN", "03/UBND-XNTTHN"]


def test_one_key_stands_for_one_printed_book(world: World) -> None:
    world.issued()
    assert ask(world, key="k") == ask(world, key="k")
    with pytest.raises(IdempotencyKeyReused):
        ask(world, key="k", **{"from": 1, "to": 1})
