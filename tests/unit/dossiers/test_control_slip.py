"""The process control slip: who had the dossier when, and whether each step was early, on time or late."""

from datetime import timedelta

import pytest
from chauban.dossiers.control_slip import APPLICANT, DESK, RECORDS, StepResult, judged, slip_rows
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import FactType
from chauban.dossiers.notice_requests import HandOver, ReturnDraft, WithdrawDossier
from chauban.dossiers.requests import DraftDecision
from chauban.errors import NotAllowed, NotFound, WrongState

from tests.unit.dossiers.test_deadlines import local
from tests.unit.fakes.notices import answered, asked, handed_over, refused, stopped, with_notice
from tests.unit.fakes.people import AN, citizen, clerk, decision_data, official, portal, staff
from tests.unit.fakes.world import World, document_of


@pytest.mark.parametrize(
    ("due", "done", "result"),
    [
        ("2026-11-26T09:00", "2026-11-25T17:30", StepResult.EARLY),
        ("2026-11-26T09:00", "2026-11-26T08:00", StepResult.ON_TIME),
        ("2026-11-26T09:00", "2026-11-26T09:00", StepResult.ON_TIME),
        ("2026-11-26T09:00", "2026-11-26T09:01", StepResult.LATE),
        # The day is Vietnam's: 23:30 and 00:30 in Huế are two days, though one in UTC.
        ("2026-11-26T00:30", "2026-11-25T23:30", StepResult.EARLY),
        ("2026-11-26T09:00", None, StepResult.RUNNING),
        (None, "2026-11-26T09:00", StepResult.UNTIMED),
        (None, None, StepResult.UNTIMED),
    ],
)
def test_a_step_is_judged_by_its_own_due_time(due: str | None, done: str | None, result: StepResult) -> None:
    assert judged(local(due) if due else None, local(done) if done else None) is result


def test_there_is_nothing_to_control_before_reception(world: World) -> None:
    dossier = world.submitted()
    assert slip_rows(dossier) == ()
    with pytest.raises(WrongState):
        world.handing_over.print_slip(clerk(), dossier.id, world.guard(clerk()))


def test_the_way_of_a_dossier_from_the_citizen_to_the_desk(world: World) -> None:
    dossier = world.issued()
    rows = slip_rows(dossier)
    assert [(row.giver, row.taker) for row in rows] == [
        (APPLICANT, f"Lê Thị Mai ({DESK})"),
        (f"Lê Thị Mai ({DESK})", "Hoàng Minh Đức (người ký)"),
        ("Hoàng Minh Đức (người ký)", RECORDS),
        (RECORDS, DESK),
    ]
    assert {row.result for row in rows} == {StepResult.EARLY}
    assert all(row.done_at for row in rows)


def test_a_step_with_a_due_time_of_its_own_is_late_while_the_dossier_is_not(world: World) -> None:
    dossier = handed_over(world, world.received(), "Địa chính", world.clock.now() + timedelta(hours=1))
    world.clock.forward(hours=2)
    dossier = handed_over(world, dossier, "Tư pháp - hộ tịch")
    results = [row.result for row in slip_rows(dossier)]
    assert results == [StepResult.EARLY, StepResult.LATE, StepResult.RUNNING]
    assert slip_rows(dossier)[-1].due_at == dossier.due_at


def test_while_the_citizen_has_it_no_time_counts(world: World) -> None:
    dossier = asked(world, world.received())
    world.clock.forward(days=9)
    dossier = answered(world, dossier)
    rows = slip_rows(dossier)
    assert [(row.taker, row.result) for row in rows[1:]] == [
        (APPLICANT, StepResult.UNTIMED),
        (DESK, StepResult.RUNNING),
    ]
    assert rows[-1].due_at == dossier.due_at


def test_a_dossier_that_ends_late_is_late(world: World) -> None:
    dossier = world.awaiting_seal()
    world.clock.forward(days=30)
    world.sealing.seal(dossier.id, document_of(dossier, DocumentKind.RESULT).id)
    assert slip_rows(world.store.load(dossier.id))[-1].result is StepResult.LATE


def test_a_stopped_dossier_ends_at_the_desk(world: World) -> None:
    assert slip_rows(stopped(world, world.received()))[-1].taker == DESK


def test_a_withdrawn_dossier_is_nobodys_any_more(world: World) -> None:
    dossier, who = world.drafted(), citizen(AN)
    world.clock.forward(days=30)
    dossier = world.withdrawing.withdraw(who, dossier.id, WithdrawDossier(), world.guard(who))
    rows = slip_rows(dossier)
    assert [row.result for row in rows] == [StepResult.EARLY, StepResult.LATE, StepResult.UNTIMED]
    assert (rows[-1].taker, rows[-1].done_at) == (APPLICANT, dossier.fact(FactType.WITHDRAWN).at)  # type: ignore[union-attr]


def test_a_dossier_that_was_refused_or_withdrawn_before_reception_was_never_on_its_way(world: World) -> None:
    waiting, who = asked(world, world.submitted()), citizen(AN)
    assert slip_rows(refused(world, waiting)) == ()
    waiting = asked(world, world.submitted())
    assert slip_rows(world.withdrawing.withdraw(who, waiting.id, WithdrawDossier(), world.guard(who))) == ()


def test_a_returned_draft_goes_back_to_where_it_came_from(world: World) -> None:
    dossier = handed_over(world, world.received(), "Tư pháp - hộ tịch")
    request = DraftDecision(data=decision_data())
    dossier = world.handling.draft(clerk(), dossier.id, request, world.guard(clerk()))
    task = document_of(dossier, DocumentKind.RESULT).id
    world.making.make(dossier.id, task)
    dossier = world.returning.send_back(official(), task, ReturnDraft(reason="Sai tên"), world.guard(official()))
    assert [(row.taker, row.result) for row in slip_rows(dossier)][1:] == [
        ("Tư pháp - hộ tịch", StepResult.EARLY),
        ("Hoàng Minh Đức (người ký)", StepResult.EARLY),
        ("Tư pháp - hộ tịch", StepResult.RUNNING),
    ]


def test_each_printed_slip_is_another_document_with_the_rows_of_its_moment(world: World) -> None:
    dossier = world.received()
    for to in ("Địa chính", "Tư pháp - hộ tịch"):
        dossier = handed_over(world, dossier, to)
        dossier = world.handing_over.print_slip(clerk(), dossier.id, world.guard(clerk()))
    slips = [d for d in dossier.documents if d.kind is DocumentKind.CONTROL_SLIP]
    for slip in slips:
        world.making.make(dossier.id, slip.id)
    shown = [request.context["notice"]["rows"] for request in world.renderer.requests]  # type: ignore[index]
    assert [len(rows) for rows in shown] == [2, 3]
    assert [slip.ordinal for slip in slips] == [1, 2]


def test_the_slip_stays_inside_the_administration(world: World) -> None:
    dossier = with_notice(world, DocumentKind.CONTROL_SLIP)
    slip = document_of(dossier, DocumentKind.CONTROL_SLIP).id
    world.making.make(dossier.id, slip)
    world.sealing.seal(dossier.id, slip)
    for who in (citizen(AN), portal()):
        with pytest.raises(NotAllowed):
            world.handing_over.slip(who, dossier.id)
        with pytest.raises(NotFound):
            world.reading.document(who, dossier.id, slip, None)
    for who in (clerk(), official(), staff("records-thuan-hoa", "dossiers:read")):
        assert world.handing_over.slip(who, dossier.id)[1]
        assert world.reading.document(who, dossier.id, slip, None).file.revision == 1


def test_only_a_clerk_hands_over_what_is_being_settled(world: World) -> None:
    dossier, step = world.received(), HandOver(to="Địa chính")
    with pytest.raises(NotAllowed):
        world.handing_over.hand_over(official(), dossier.id, step, world.guard(official()))
    with pytest.raises(WrongState):
        world.handing_over.hand_over(clerk(), world.submitted().id, step, world.guard(clerk()))
