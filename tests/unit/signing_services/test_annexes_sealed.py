"""Annexes in files of their own: named in what the official signs, signed with the number, issued with their document or never."""

import json
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from chauban.dossiers.annexes import annexes_of
from chauban.dossiers.documents import Document, DocumentStatus, Validity
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft, WithdrawDossier
from chauban.errors import NotFound, SignatureLost, SigningError, TimestampUnavailable, UnsafeToSign, WrongState
from chauban.forms.definition import AnnexTemplate
from chauban.registers.number_books import Book, VoidNumber
from chauban.signing.linting.findings import Finding

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.amendments import amended, amendment_drafted
from tests.unit.fakes.catalogue import THUAN_HOA, real_form
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.people import AN, citizen, clerk, official, portal, records
from tests.unit.fakes.world import World, result_of

BOOK = Book(THUAN_HOA, "xac-nhan-tinh-trang-hon-nhan", 2026)
ANNEXES = (
    AnnexTemplate(template="one.html", title="Danh sách thứ nhất"),
    AnnexTemplate(template="none.html", title="Không có", given="decision.not_there"),
    AnnexTemplate(template="two.html", title="Danh sách thứ hai", given="answers.purpose"),
)
PORTS = ("store", "files", "engine", "keys")
REASON = "Phụ lục thiếu một bản vẽ"


@pytest.fixture
def world() -> World:
    """The service with a form whose result has two annexes."""
    made, form = World(), real_form()
    (result,) = form.head.results
    head = form.head.model_copy(update={"results": (result.model_copy(update={"annexes": ANNEXES}),)})
    made.forms.versions = [form.model_copy(update={"head": head})]
    return made


def annexes(world: World, dossier: Dossier) -> tuple[Document, ...]:
    present = world.store.load(dossier.id)
    return annexes_of(present, result_of(present))


def seal(world: World, dossier: Dossier) -> Dossier:
    world.sealing.seal(dossier.id, result_of(dossier).id)
    return world.store.load(dossier.id)


def assert_issued_together(world: World, dossier: Dossier) -> None:
    """The result and both annexes once, each with its signature for the one number."""
    present = world.store.load(dossier.id)
    result, found = result_of(present), annexes(world, dossier)
    assert result.number is not None
    assert [one.status for one in (result, *found)] == [DocumentStatus.ISSUED] * 3
    for one in found:
        assert [signature.field for signature in one.signatures] == ["annex"]
        assert (one.number, len(one.revisions), one.preparation) == (result.number, 1, None)
        content = world.files.read(one.revisions[0].file)
        assert f"number: {result.number.display}".encode() in content
        assert content.count(b"annex signed with") == 1
        assert one.sha256 in world.files.archived
    kinds = [fact.data.get("kind") for fact in present.facts if fact.type is FactType.DOCUMENT_ISSUED]
    assert kinds[-3:] == ["annex", "annex", "result"]
    assert kinds.count("annex") == 2
    told = [message.body for message in world.messages("bus", dossier.id)]
    signed = [event for event in told if event["type"] == "document.signed.v1" and event["data"]["kind"] == "annex"]
    (issued,) = [event for event in told if event["type"] == "result.issued.v1"]
    assert [event["data"]["sha256"] for event in signed] == [one.sha256 for one in found]
    assert issued["data"]["annexes"] == [
        {"document": one.id, "revision": 1, "sha256": one.revisions[0].file.sha256} for one in found
    ]
    check_events(told)
    assert {one.id for one in found} <= {entry for entry in world.tables.due}


def test_a_draft_names_its_annexes_by_the_hashes_of_their_files(world: World) -> None:
    dossier = world.awaiting_signature()
    first, second = annexes(world, dossier)
    assert [(one.ordinal, one.title, one.status) for one in (first, second)] == [
        (1, "Phụ lục I: Danh sách thứ nhất", DocumentStatus.AWAITING_MAIN),
        (2, "Phụ lục II: Danh sách thứ hai", DocumentStatus.AWAITING_MAIN),
    ]
    *of_annexes, of_result = world.renderer.requests[-3:]
    assert [request.template.rpartition("/")[2] for request in of_annexes] == ["one.html", "two.html"]
    named = json.loads(of_result.data)["annexes"]
    assert of_result.context["annexes"] == named
    assert [(one["sha256"], one["size"], one["document"]) for one in named] == [
        (one.current.sha256, one.current.size, one.id) for one in (first, second) if one.current
    ]
    data = json.loads(of_annexes[1].data)
    assert data["annex"]["of"]["id"] == result_of(dossier).id
    assert data["decision"] == json.loads(of_result.data)["decision"]
    # One task, of the result alone.
    assert [task.document for task in world.signing.tasks_of_agency(THUAN_HOA, 10, None).items] == [
        result_of(dossier).id
    ]


def test_the_official_and_the_records_office_read_them_beside_the_draft(world: World) -> None:
    dossier = world.awaiting_signature()
    beside = world.attaching.papers.beside(dossier.id, result_of(dossier).id, world.files)
    assert [(one.document.id, one.file) for one in beside.annexes] == [
        (one.id, one.current) for one in annexes(world, dossier)
    ]
    assert world.attaching.papers.beside(dossier.id, annexes(world, dossier)[0].id, world.files).annexes == ()


def test_result_and_annexes_are_issued_together_with_the_number(world: World) -> None:
    dossier = world.issued()
    assert_issued_together(world, dossier)
    assert [field for field, _ in world.engine.prepared] == ["official", "annex", "annex", "seal"]
    assert world.engine.words[1] == world.engine.words[2] == ("01/UBND-XNTTHN", "2026-11-23T09:00:00+07:00")


def test_killed_at_any_step_they_are_still_issued_once_and_together(world: World) -> None:
    at = 0
    while True:
        at += 1
        dossier, steps = world.awaiting_seal(), Steps(at, kill)
        with suppress(Killed):
            watched(world.sealing, steps, *PORTS).seal(dossier.id, result_of(dossier).id)
        present = world.store.load(dossier.id)
        issued = [one.status is DocumentStatus.ISSUED for one in (result_of(present), *annexes(world, present))]
        assert len(set(issued)) == 1
        seal(world, dossier)
        assert_issued_together(world, dossier)
        if not steps.reached:
            assert at > 40
            return


def test_two_workers_at_once_issue_them_once(world: World) -> None:
    dossier, gate = world.awaiting_seal(), Barrier(2)

    def work() -> None:
        gate.wait()
        for _ in range(4):
            with suppress(SigningError):
                world.sealing.seal(dossier.id, result_of(dossier).id)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert_issued_together(world, dossier)


def test_without_a_timestamp_nothing_of_it_is_issued_and_a_finished_annex_waits(world: World) -> None:
    dossier = world.awaiting_seal()
    steps = Steps(1, lambda: setattr(world.engine, "timestamps_fail", True))
    # After the first annex is complete the authorities are down, for longer than a preparation stands.
    service = watched(world.sealing, Steps(6, steps._happen), "engine")
    with pytest.raises(TimestampUnavailable):
        service.seal(dossier.id, result_of(dossier).id)
    first, second = annexes(world, dossier)
    assert first.preparation is not None
    assert first.preparation.finished is not None
    assert second.preparation is None or second.preparation.finished is None
    assert result_of(world.store.load(dossier.id)).status is DocumentStatus.AWAITING_SEAL
    world.clock.forward(hours=7)
    world.engine.timestamps_fail = False
    seal(world, dossier)
    assert_issued_together(world, dossier)
    assert first.preparation.finished.file.sha256 == annexes(world, dossier)[0].revisions[0].file.sha256


def test_what_can_never_be_embedded_in_an_annex_is_given_up_and_made_anew(world: World) -> None:
    dossier = world.awaiting_seal()
    world.engine.never_embedded = SignatureLost(reason="signature-larger-than-its-room")
    with pytest.raises(SignatureLost):
        seal(world, dossier)
    world.engine.never_embedded = None
    given_up = world.store.load(dossier.id).fact(FactType.SIGNATURE_GIVEN_UP)
    assert given_up is not None
    assert (given_up.data["document"], given_up.data["field"]) == (annexes(world, dossier)[0].id, "annex")
    seal(world, dossier)
    assert_issued_together(world, dossier)


def test_an_annex_that_is_not_the_one_that_was_signed_for_takes_no_number(world: World) -> None:
    dossier = world.awaiting_seal()
    first = annexes(world, dossier)[0]
    other = world.files.put_draft("drafts", b"another list")
    tampered = world.store.load(dossier.id).with_document(first.model_copy(update={"current": other}))
    world.tables.dossiers[dossier.id] = tampered
    with pytest.raises(UnsafeToSign):
        seal(world, dossier)
    result = result_of(world.store.load(dossier.id))
    assert (result.status, result.hindrance, result.number) == (
        DocumentStatus.AWAITING_RELEASE,
        "annex-not-named",
        None,
    )
    assert [task.reason for task in world.releasing.tasks(records(), None, 20, None).items] == ["annex-not-named"]


def test_what_the_linter_stops_in_an_annex_stops_its_document_and_can_be_sent_back(world: World) -> None:
    dossier = world.awaiting_seal()
    world.engine.unsafe = [Finding("covered-content", "page 1")]
    with pytest.raises(UnsafeToSign):
        seal(world, dossier)
    world.engine.unsafe = []
    guard = world.guard(records())
    world.releasing.send_back(records(), result_of(dossier).id, ReturnDraft(reason=REASON), guard)
    assert [one.status for one in annexes(world, dossier)] == [DocumentStatus.RETURNED] * 2
    assert world.store.load(dossier.id).status == "received"


@pytest.mark.parametrize("who", ["official", "clerk"])
def test_returned_with_their_draft_they_are_never_issued_and_another_draft_has_others(world: World, who: str) -> None:
    dossier = world.awaiting_signature()
    result, before = result_of(dossier), annexes(world, dossier)
    request = ReturnDraft(reason=REASON)
    if who == "official":
        world.returning.send_back(official(), result.id, request, world.guard(official()))
    else:
        world.returning.take_back(clerk(), dossier.id, result.id, request, world.guard(clerk()))
    present = world.store.load(dossier.id)
    assert [present.document(one.id).status for one in before] == [DocumentStatus.RETURNED] * 2
    with pytest.raises(NotFound):
        world.reading.document(clerk(), dossier.id, before[0].id, None)


def test_an_annex_is_not_taken_back_by_itself(world: World) -> None:
    dossier = world.drafted()
    annex = annexes(world, dossier)[0]
    with pytest.raises(WrongState):
        world.returning.take_back(clerk(), dossier.id, annex.id, ReturnDraft(reason=REASON), world.guard(clerk()))
    assert annexes(world, dossier)[0] == annex


def test_withdrawn_with_their_dossier_they_are_cancelled(world: World) -> None:
    dossier = world.awaiting_signature()
    who = citizen(AN)
    world.withdrawing.withdraw(who, dossier.id, WithdrawDossier(), world.guard(who))
    assert [one.status for one in annexes(world, dossier)] == [DocumentStatus.CANCELLED] * 2


def test_of_a_number_made_void_no_annex_is_left(world: World) -> None:
    dossier = world.awaiting_seal()
    service = watched(world.sealing, Steps(9, lambda: setattr(world.engine, "timestamps_fail", True)), "engine")
    with pytest.raises(TimestampUnavailable):
        service.seal(dossier.id, result_of(dossier).id)
    world.engine.timestamps_fail = False
    finished = [one.preparation.finished.file.sha256 for one in annexes(world, dossier) if one.preparation]
    assert len(finished) == 2
    office = records()
    world.number_books.void(office, BOOK, 1, VoidNumber(reason=REASON), world.guard(office))
    present = world.store.load(dossier.id)
    voided = present.fact(FactType.NUMBER_VOIDED)
    assert voided is not None
    assert voided.data["unissued_annexes"] == finished
    assert [one.preparation for one in annexes(world, dossier)] == [None, None]
    world.releasing.release(office, result_of(dossier).id, world.guard(office))
    seal(world, dossier)
    assert_issued_together(world, dossier)
    number = result_of(world.store.load(dossier.id)).number
    assert number is not None
    assert number.number == 2


def test_a_replacement_has_annexes_of_its_own_that_nobody_sees_before(world: World) -> None:
    dossier = world.issued()
    old, before = result_of(dossier), annexes(world, dossier)
    drafted = amendment_drafted(world, dossier, "replacement")
    new = result_of(drafted)
    assert len(new.annexes) == 2
    assert not set(new.annexes) & set(old.annexes)
    with pytest.raises(NotFound):
        world.reading.one_document(citizen(AN), new.annexes[0])
    assert world.reading.one_document(clerk(), new.annexes[0])[1].annex_of == new.id
    after = amended(world, world.issued(), "replacement")
    first, *_ = (one for one in after.documents if one.replaced_by)
    for annex in first.annexes:
        seen = world.reading.one_document(citizen(AN), annex)[1]
        assert (seen.validity, seen.replaced_by) == (Validity.REPLACED, first.replaced_by)
    assert [one.status for one in annexes(world, after)] == [DocumentStatus.ISSUED] * 2
    assert [world.store.load(dossier.id).document(one.id) for one in before] == list(before)


def test_whoever_may_have_the_result_may_have_its_annexes_and_nobody_else(world: World) -> None:
    dossier = world.issued()
    for one in annexes(world, dossier):
        found = world.reading.document(citizen(AN), dossier.id, one.id, None)
        assert found.file.sha256 == one.sha256
        assert f"annex-{one.ordinal}.pdf" in found.file.url
        with pytest.raises(NotFound):
            world.reading.document(citizen("046190000000"), dossier.id, one.id, None)
    assert world.reading.dossier(portal(), dossier.id)


def test_they_are_raised_and_renewed_as_their_document_is(world: World) -> None:
    dossier = world.issued()
    orders = [message.body for message in world.messages("extend", dossier.id)]
    assert [order["document"] for order in orders] == [*result_of(dossier).annexes, result_of(dossier).id]
    for order in orders:
        assert world.extending.extend(order["dossier"], order["document"], order["revision"])
    world.clock.forward(seconds=timedelta(days=1).total_seconds())
    for one in annexes(world, dossier):
        assert [revision.revision for revision in one.revisions] == [1, 2]
    assert world.store.load(dossier.id).status == "processed"
