"""A notice that an official signs takes effect when it is issued, and until then nothing has happened to the dossier."""

import json
from datetime import datetime, timedelta

import pytest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import RequestSupplement, ReturnDraft
from chauban.dossiers.requests import DraftDecision, ReceiveDossier
from chauban.errors import NoticeLimit, NoticeOpen
from chauban.registers.number_books import Book, VoidNumber

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.notices import (
    MISSING,
    answered,
    asked,
    extended,
    extension_drafted,
    issued,
    refused,
    sealed,
    signed,
    stop_drafted,
    waiting,
    with_policy,
)
from tests.unit.fakes.people import clerk, decision_data, records
from tests.unit.fakes.world import World, document_of, result_of

EXTENSION, STOP, ASKED, REFUSAL = (
    DocumentKind.EXTENSION,
    DocumentKind.STOP_NOTICE,
    DocumentKind.SUPPLEMENT_REQUEST,
    DocumentKind.REFUSAL,
)
BY_OFFICIAL = {"signed_by": "official"}


def decided(world: World, dossier: Dossier) -> Dossier:
    """The dossier with a decision drafted."""
    return world.handling.draft(clerk(), dossier.id, DraftDecision(data=decision_data()), world.guard(clerk()))


@pytest.mark.parametrize(
    ("draft", "kind", "status", "event"),
    [
        (extension_drafted, EXTENSION, "received", "dossier.extended.v1"),
        (stop_drafted, STOP, "stopped", "dossier.stopped.v1"),
    ],
)
def test_nothing_happens_until_the_notice_is_issued(
    world: World, draft: object, kind: DocumentKind, status: str, event: str
) -> None:
    before = world.received()
    dossier = draft(world, before)  # type: ignore[operator]
    for step in (None, waiting, signed):
        dossier = step(world, dossier, kind) if step else dossier
        assert (dossier.status, dossier.due_at) == ("received", before.due_at)
        assert event not in world.events_of(dossier.id)
    after = sealed(world, dossier, kind)
    assert after.status == status
    assert after.due_at == (None if kind is STOP else before.due_at + timedelta(days=1))  # type: ignore[operator]
    told = [m.body for m in world.messages("bus", before.id) if m.body["type"] == event]
    check_events(told)
    assert [body["data"]["document"] for body in told] == [document_of(after, kind).id]


def test_issue_effect_and_event_are_one_transaction(world: World) -> None:
    """Killed between any two steps and tried again, the dossier is stopped once, with its notice, or not yet."""
    for at in range(1, 40):
        dossier = signed(world, stop_drafted(world, world.received()), STOP)
        notice, steps = document_of(dossier, STOP).id, Steps(at, kill)
        try:
            watched(world.sealing, steps, "store", "files", "engine", "keys").seal(dossier.id, notice)
        except Killed:
            present = world.store.load(dossier.id)
            is_issued = present.document(notice).status is DocumentStatus.ISSUED
            assert is_issued == (present.status == "stopped") == ("dossier.stopped.v1" in world.events_of(dossier.id))
        world.sealing.seal(dossier.id, notice)
        after = world.store.load(dossier.id)
        assert [f.type for f in after.facts].count(FactType.STOPPED) == 1
        assert world.events_of(dossier.id).count("dossier.stopped.v1") == 1
        if not steps.reached:
            return
    raise AssertionError("more steps than expected")


def test_while_one_waits_the_desk_begins_no_other(world: World) -> None:
    dossier = extension_drafted(world, world.received())
    for act in (extension_drafted, stop_drafted, asked):
        with pytest.raises(NoticeOpen, match="form 04") as error:
            act(world, dossier)
        for language in ("vi", "en"):
            assert "“Phiếu xin lỗi và hẹn lại ngày trả kết quả”" in error.value.detail(language)
    assert world.store.load(dossier.id) == dossier


def test_a_dossier_is_not_decided_while_it_is_to_be_stopped_but_may_be_while_it_is_late(world: World) -> None:
    with pytest.raises(NoticeOpen, match="form 05"):
        decided(world, stop_drafted(world, world.received()))
    assert decided(world, extension_drafted(world, world.received())).status == "processing"


def test_a_dossier_is_not_received_while_it_is_to_be_refused(world: World) -> None:
    with_policy(world, refusal=BY_OFFICIAL)
    dossier = refused(world, world.submitted())
    assert dossier.status == "submitted"
    with pytest.raises(NoticeOpen, match="form 03"):
        world.handling.receive(clerk(), dossier.id, ReceiveDossier(), world.guard(clerk()))
    assert issued(world, dossier, REFUSAL).status == "refused"


def test_after_it_took_effect_the_limit_counts(world: World) -> None:
    dossier = extended(world, world.received())
    with pytest.raises(NoticeLimit):
        extension_drafted(world, dossier)


def test_a_signed_request_stops_the_clock_when_it_is_issued(world: World) -> None:
    with_policy(world, supplement_request={**BY_OFFICIAL, "numbering": {"book": "mot-cua", "symbol": "HDHS"}})
    dossier = world.received()
    world.clock.forward(hours=1)
    drafted = asked(world, dossier)
    assert (drafted.status, drafted.due_at) == ("received", dossier.due_at)
    world.clock.forward(hours=2)
    open_one = issued(world, drafted, ASKED)
    assert (open_one.status, open_one.due_at) == ("supplement_requested", None)
    world.clock.forward(days=2)
    # 21 of 24 working hours were left at noon on Monday, 23 when it was drafted; they go on from noon on Wednesday.
    assert answered(world, open_one).due_at == datetime.fromisoformat("2026-11-30T09:00:00+07:00")


def test_the_embedded_data_of_a_drafted_notice_is_what_the_clerk_said(world: World) -> None:
    dossier = waiting(world, extension_drafted(world, world.received()), EXTENSION)
    data = json.loads(world.renderer.requests[-1].data)["notice"]
    assert set(data) == {"form", "at", "reason", "due_at", "due_before", "ordinal"}
    assert data["due_before"] == dossier.due_at.isoformat()  # type: ignore[union-attr]


def test_an_apology_is_cancelled_by_the_result(world: World) -> None:
    dossier = waiting(world, extension_drafted(world, world.awaiting_seal()), EXTENSION)
    world.sealing.seal(dossier.id, result_of(dossier).id)
    after = world.store.load(dossier.id)
    assert (after.status, document_of(after, EXTENSION).status) == ("processed", DocumentStatus.CANCELLED)
    assert world.signing.tasks_of_agency("ubnd-phuong-thuan-hoa", 10, None).items == ()
    assert after.facts[-1].type is FactType.DOCUMENT_CANCELLED


def test_a_signed_apology_that_comes_after_the_result_is_not_numbered(world: World) -> None:
    dossier = signed(world, extension_drafted(world, world.awaiting_seal()), EXTENSION)
    world.sealing.seal(dossier.id, result_of(dossier).id)
    for _ in range(2):
        after = sealed(world, dossier, EXTENSION)
    assert document_of(after, EXTENSION).status is DocumentStatus.CANCELLED
    assert (after.status, world.store.last_number("ubnd-phuong-thuan-hoa", "mot-cua", 2026)) == ("processed", 0)
    assert "dossier.extended.v1" not in world.events_of(dossier.id)


@pytest.mark.parametrize("decides", ["void", "release", "return"])
def test_one_that_got_its_number_before_the_result_waits_for_the_records_office(world: World, decides: str) -> None:
    dossier = signed(world, extension_drafted(world, world.awaiting_seal()), EXTENSION)
    # The first commit takes the number.
    steps = Steps(1, kill)
    with pytest.raises(Killed):
        watched(world.sealing, steps, "keys").seal(dossier.id, document_of(dossier, EXTENSION).id)
    world.sealing.seal(dossier.id, result_of(dossier).id)
    after = sealed(world, sealed(world, dossier, EXTENSION), EXTENSION)
    assert (after.status, after.due_at) == ("processed", dossier.due_at)
    notice = document_of(after, EXTENSION)
    assert (notice.status, notice.hindrance) == (DocumentStatus.AWAITING_RELEASE, "notice-void")
    (task,) = world.releasing.tasks(records(), None, 10, None).items
    assert (task.document, task.reason) == (notice.id, "notice-void")
    again = lambda: world.releasing.release(records(), notice.id, world.guard(records()))  # noqa: E731
    if decides == "release":
        # With its number it only comes back.
        again()
        assert document_of(sealed(world, after, EXTENSION), EXTENSION).status is DocumentStatus.AWAITING_RELEASE
        return
    book, reason = Book("ubnd-phuong-thuan-hoa", "mot-cua", 2026), "Thông báo không còn tác dụng"
    world.number_books.void(records(), book, 1, VoidNumber(reason=reason), world.guard(records()))
    if decides == "void":
        again()
        gone = document_of(sealed(world, after, EXTENSION), EXTENSION)
        assert (gone.status, gone.number) == (DocumentStatus.CANCELLED, None)
    else:
        world.releasing.send_back(records(), notice.id, ReturnDraft(reason=reason), world.guard(records()))
        gone = document_of(world.store.load(dossier.id), EXTENSION)
        assert (gone.status, gone.number) == (DocumentStatus.RETURNED, None)
    assert world.store.last_number("ubnd-phuong-thuan-hoa", "mot-cua", 2026) == 1
    assert not {"dossier.extended.v1"} & set(world.events_of(dossier.id))


def test_the_same_key_answers_with_the_request_that_it_made(world: World) -> None:
    dossier, request, who = world.received(), RequestSupplement.model_validate(MISSING), clerk()
    _, first = world.notices.request_supplement(who, dossier.id, request, world.guard(who, key="first"))
    answered(world, world.store.load(dossier.id))
    _, second = world.notices.request_supplement(who, dossier.id, request, world.guard(who, key="second"))
    assert first != second
    again = world.notices.request_supplement(who, dossier.id, request, world.guard(who, key="first"))
    assert again == (world.store.load(dossier.id), first)
