"""The records office: what it releases is numbered and sealed in its name, what it sends back never is."""

import json
from datetime import timedelta

import pytest
from chauban.access.catalogue import Role
from chauban.dossiers.acting import Guard
from chauban.dossiers.control_slip import slip_rows
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft, WithdrawDossier
from chauban.dossiers.requests import DraftDecision
from chauban.errors import (
    InvalidRequest,
    NotAllowed,
    NotConfigured,
    NotFound,
    PreconditionFailed,
    StrongLoginRequired,
    TimestampUnavailable,
    UnsafeToSign,
    WrongState,
)
from chauban.signing.linting import Finding
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.terms import SealMode

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA, real_form
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.notices import asked
from tests.unit.fakes.people import AN, citizen, clerk, decision_data, official, records, staff
from tests.unit.fakes.world import World, document_of, result_of

BOOK = "xac-nhan-tinh-trang-hon-nhan"
REASON = "Văn bản thiếu căn cứ pháp lý"


@pytest.fixture
def manual(world: World) -> World:
    """The service with a form whose results the records office releases."""
    head = real_form().head.model_copy(update={"seal": SealMode.MANUAL})
    world.forms.versions = [real_form().model_copy(update={"head": head})]
    return world


def waiting(world: World) -> list[SealingTask]:
    return list(world.releasing.tasks(records(), None, 20, None).items)


def release(world: World, dossier: Dossier, guard: Guard | None = None) -> SealingTask:
    return world.releasing.release(records(), result_of(dossier).id, guard or world.guard(records()))


def send_back(
    world: World, dossier: Dossier, kind: DocumentKind = DocumentKind.RESULT, reason: str = REASON
) -> Dossier:
    guard = world.guard(records())
    world.releasing.send_back(records(), document_of(dossier, kind).id, ReturnDraft(reason=reason), guard)
    return world.store.load(dossier.id)


def seal(world: World, dossier: Dossier) -> Dossier:
    world.sealing.seal(dossier.id, result_of(dossier).id)
    return world.store.load(dossier.id)


def fact_of(dossier: Dossier, kind: FactType) -> dict:
    found = dossier.fact(kind)
    assert found
    return dict(found.data)


def test_after_the_last_signature_the_document_waits_and_nothing_is_ordered(manual: World) -> None:
    dossier = manual.awaiting_seal()
    result = result_of(dossier)
    assert (result.status, result.number, dossier.status) == (DocumentStatus.AWAITING_RELEASE, None, "signing")
    assert manual.messages("seal", dossier.id) == []
    (task,) = waiting(manual)
    assert (task.id, task.dossier, task.sha256, task.agency) == (result.id, dossier.id, result.sha256, THUAN_HOA)
    assert manual.releasing.file(records(), task.id) == result.current
    # An order that came anyhow does nothing.
    assert seal(manual, dossier) == dossier


def test_a_released_document_is_numbered_and_sealed_and_its_releaser_answers_for_it(manual: World) -> None:
    dossier = manual.awaiting_seal()
    assert not release(manual, dossier).open
    assert waiting(manual) == []
    (order,) = manual.messages("seal", dossier.id)
    assert order.body["document"] == result_of(dossier).id
    after = seal(manual, dossier)
    number = result_of(after).number
    assert (after.status, number.number if number else None) == ("processed", 1)
    assert fact_of(after, FactType.SIGNATURE_ACCEPTED)["accountable"] == "records-thuan-hoa-1"
    released = after.fact(FactType.DOCUMENT_RELEASED)
    assert released
    assert (released.by.appointment, released.by.id) == ("records-thuan-hoa-1", "records-thuan-hoa")


def test_what_is_sent_back_is_drafted_anew_and_no_number_was_taken(manual: World) -> None:
    dossier = manual.awaiting_seal()
    back = send_back(manual, dossier)
    assert (back.status, result_of(back).status) == ("received", DocumentStatus.RETURNED)
    assert manual.store.last_number(THUAN_HOA, BOOK, 2026) == 0
    assert waiting(manual) == []
    said = fact_of(back, FactType.DOCUMENT_RETURNED)
    assert (said["reason"], said["void"]) == (REASON, ["official"])
    assert manual.events_of(dossier.id)[-1] == "document.returned.v1"
    told = manual.messages("bus", dossier.id)[-1].body
    check_events([told])
    assert told["data"]["void_signatures"] == 1
    assert REASON not in json.dumps(told, ensure_ascii=False)
    again = manual.handling.draft(clerk(), back.id, DraftDecision(data=decision_data()), manual.guard(clerk()))
    assert result_of(again).id != result_of(dossier).id
    assert seal(manual, back).document(result_of(dossier).id).status is DocumentStatus.RETURNED


def test_once_is_enough(manual: World) -> None:
    dossier = manual.awaiting_seal()
    for _ in range(2):
        release(manual, dossier, manual.guard(records(), key="k"))
    assert len(manual.messages("seal", dossier.id)) == 1
    with pytest.raises(WrongState, match="awaiting_seal"):
        release(manual, dossier)
    with pytest.raises(WrongState, match="awaiting_seal"):
        send_back(manual, dossier)
    with pytest.raises(WrongState, match="awaiting_seal"):
        manual.releasing.file(records(), result_of(dossier).id)


@pytest.mark.parametrize("at", range(1, 5))
def test_released_and_sent_back_at_once_one_of_them_stands(manual: World, at: int) -> None:
    dossier = manual.awaiting_seal()
    steps = Steps(at, lambda: send_back(manual, dossier))
    service = watched(manual.releasing, steps, "store", "signing")
    try:
        service.release(records(), result_of(dossier).id, manual.guard(records()))
    except WrongState:
        assert steps.reached
    after = manual.store.load(dossier.id)
    ordered = len(manual.messages("seal", dossier.id))
    assert (result_of(after).status, ordered) == (DocumentStatus.RETURNED, 0)


def test_only_the_records_office_of_the_agency_decides_and_with_a_recent_strong_login(manual: World) -> None:
    dossier = manual.awaiting_seal()
    task, now = result_of(dossier).id, manual.clock.now()
    refused = {
        NotAllowed: (clerk(), official(), records("thuan-hoa", now, "loa3", "dossiers:read")),
        NotFound: (records("phu-xuan"), citizen(AN), staff("somebody", "records", "dossiers:read")),
        StrongLoginRequired: (
            records(auth_time=now - timedelta(hours=2)),
            records(auth_time=None),
            records(acr="loa2"),
        ),
    }
    for error, callers in refused.items():
        for who in callers:
            with pytest.raises(error):
                manual.releasing.release(who, task, manual.guard(who))
            with pytest.raises(error):
                manual.releasing.send_back(who, task, ReturnDraft(reason=REASON), manual.guard(who))
    assert manual.store.load(dossier.id) == dossier
    with pytest.raises(NotFound):
        manual.releasing.tasks(records("phu-xuan"), THUAN_HOA, 20, None)
    assert manual.releasing.tasks(records("phu-xuan"), PHU_XUAN, 20, None).items == ()
    assert [one.id for one in manual.releasing.tasks(clerk(), THUAN_HOA, 20, None).items] == [task]


def test_a_file_that_changed_since_it_was_read_is_not_released(manual: World) -> None:
    dossier = manual.awaiting_seal()
    with pytest.raises(PreconditionFailed):
        release(manual, dossier, manual.guard(records(), if_match=f'"{dossier.version - 1}"'))
    release(manual, dossier, manual.guard(records(), if_match=f'"{dossier.version}"'))


def test_the_control_slip_shows_it_with_the_records_office_once(manual: World) -> None:
    dossier = manual.awaiting_seal()
    takers = [row.taker for row in slip_rows(dossier)]
    assert takers[-1:] == ["Văn thư"]
    release(manual, dossier)
    after = seal(manual, dossier)
    names = [row.taker for row in slip_rows(after)]
    assert names.count("Văn thư") == 1


def test_a_reason_is_plain_text(manual: World) -> None:
    with pytest.raises(InvalidRequest):
        send_back(manual, manual.awaiting_seal(), reason="vì\u202e thế")


def test_what_officials_signed_is_not_withdrawn_before_it_was_sent_back(manual: World) -> None:
    dossier, who = manual.awaiting_seal(), citizen(AN)
    for possible in (False, True):
        try:
            manual.withdrawing.withdraw(who, dossier.id, WithdrawDossier(), manual.guard(who))
        except WrongState:
            assert not possible
            send_back(manual, dossier)
    assert manual.store.load(dossier.id).status == "withdrawn"


def test_the_list_is_paged_and_the_longest_waiting_is_first(manual: World) -> None:
    ids = []
    for _ in range(3):
        ids.append(result_of(manual.awaiting_seal()).id)
        manual.clock.forward(seconds=1)
    first = manual.releasing.tasks(records(), THUAN_HOA, 2, None)
    rest = manual.releasing.tasks(records(), THUAN_HOA, 2, first.cursor)
    assert [one.id for one in (*first.items, *rest.items)] == ids
    assert rest.cursor is None


# Automatic sealing ---------------------------------------------------------------------------------------------------


def test_an_automatic_seal_names_the_appointment_in_the_records_office_that_began_last(world: World) -> None:
    held = world.catalogue.appointments["records-thuan-hoa-1"]
    newer = held.model_copy(update={"id": "records-thuan-hoa-2", "valid_from": held.valid_from + timedelta(days=1)})
    over = newer.model_copy(update={"id": "records-thuan-hoa-9", "valid_to": world.clock.now()})
    for each in (newer, over):
        world.catalogue.put_appointment(each)
    assert fact_of(world.issued(), FactType.SIGNATURE_ACCEPTED)["accountable"] == "records-thuan-hoa-2"


def test_nothing_is_numbered_or_sealed_that_nobody_answers_for(world: World) -> None:
    dossier = world.awaiting_seal()
    office = world.catalogue.appointments.pop("records-thuan-hoa-1")
    assert office.role is Role.RECORDS_OFFICE
    with pytest.raises(NotConfigured, match="records office"):
        seal(world, dossier)
    assert world.keys.values == []
    assert world.store.last_number(THUAN_HOA, BOOK, 2026) == 0
    world.catalogue.put_appointment(office)
    assert seal(world, dossier).status == "processed"


# What the linter stops -----------------------------------------------------------------------------------------------


def test_what_is_not_safe_to_sign_waits_for_the_records_office_with_the_reason(world: World) -> None:
    dossier = world.awaiting_seal()
    world.engine.unsafe = [Finding("covered-content", "page 1"), Finding("optional-content", "catalog")]
    with pytest.raises(UnsafeToSign):
        seal(world, dossier)
    stopped = world.store.load(dossier.id)
    result = result_of(stopped)
    assert (result.status, result.hindrance) == (DocumentStatus.AWAITING_RELEASE, "covered-content")
    assert fact_of(stopped, FactType.SEALING_STOPPED)["findings"] == ["covered-content", "optional-content"]
    assert [task.reason for task in waiting(world)] == ["covered-content"]
    assert seal(world, dossier) == stopped
    world.engine.unsafe = []
    release(world, dossier)
    after = seal(world, dossier)
    assert (after.status, result_of(after).hindrance) == ("processed", None)


def test_what_was_stopped_can_be_stopped_again_and_then_be_sent_back(world: World) -> None:
    dossier = world.awaiting_seal()
    world.engine.unsafe = [Finding("covered-content", "page 1")]
    for _ in range(2):
        with pytest.raises(UnsafeToSign):
            seal(world, dossier)
        assert len(waiting(world)) == 1
        if result_of(world.store.load(dossier.id)).released_by is None:
            release(world, dossier)
    assert send_back(world, dossier).status == "received"


def stopped(world: World, dossier: Dossier, kind: DocumentKind) -> Dossier:
    """A dossier with a document that the linter stopped."""
    document = document_of(dossier, kind).id
    world.making.make(dossier.id, document)
    world.engine.unsafe = [Finding("covered-content", "page 1")]
    with pytest.raises(UnsafeToSign):
        world.sealing.seal(dossier.id, document)
    world.engine.unsafe = []
    return world.store.load(dossier.id)


def render_anew(world: World, document: str, guard: Guard | None = None) -> SealingTask:
    who = records(auth_time=world.clock.now())
    return world.releasing.render_anew(who, document, guard or world.guard(who))


def test_what_the_seal_alone_signs_took_effect_and_is_not_sent_back_but_made_anew(world: World) -> None:
    dossier = stopped(world, world.received(), DocumentKind.RECEIPT)
    before = document_of(dossier, DocumentKind.RECEIPT)
    with pytest.raises(WrongState, match="in_effect"):
        send_back(world, dossier, DocumentKind.RECEIPT)
    world.clock.forward(hours=3)
    guards = [world.guard(records(), key="k") for _ in range(2)]
    assert [render_anew(world, before.id, guard).open for guard in guards] == [False, False]
    assert waiting(world) == []
    waits = world.store.load(dossier.id)
    receipt = document_of(waits, DocumentKind.RECEIPT)
    assert (receipt.id, receipt.status, receipt.current, receipt.hindrance) == (
        before.id,
        DocumentStatus.RENDERING,
        None,
        None,
    )
    said = fact_of(waits, FactType.RENDERING_REPEATED)
    assert (said["sha256"], said["reason"], said["of"]) == (before.sha256, "covered-content", "receipt")
    assert len([order for order in world.messages("render", dossier.id) if order.body["document"] == before.id]) == 2

    world.making.make(dossier.id, before.id)
    # As of the reception, hours ago.
    first, second = [asked for asked in world.renderer.requests if asked.document_id == before.id]
    assert (second.made_at, second.context, second.data) == (first.made_at, first.context, first.data)
    world.sealing.seal(dossier.id, before.id)
    after = world.store.load(dossier.id)
    assert document_of(after, DocumentKind.RECEIPT).status is DocumentStatus.ISSUED
    assert after.status == "received"


def test_a_notice_that_is_made_anew_keeps_the_number_that_it_has(world: World) -> None:
    dossier = asked(world, world.received())
    notice = document_of(dossier, DocumentKind.SUPPLEMENT_REQUEST).id
    world.making.make(dossier.id, notice)
    world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        world.sealing.seal(dossier.id, notice)
    world.engine.timestamps_fail = False
    numbered = world.store.load(dossier.id).document(notice)
    assert numbered.number is not None
    # What was fixed is stale, and what is sealed instead would not be safe any more.
    world.clock.forward(hours=7)
    world.engine.unsafe = [Finding("covered-content", "page 1")]
    with pytest.raises(UnsafeToSign):
        world.sealing.seal(dossier.id, notice)
    world.engine.unsafe = []
    render_anew(world, notice)
    world.making.make(dossier.id, notice)
    world.sealing.seal(dossier.id, notice)
    issued = world.store.load(dossier.id).document(notice)
    assert (issued.status, issued.number) == (DocumentStatus.ISSUED, numbered.number)
    assert world.store.load(dossier.id).status == "supplement_requested"


def test_what_an_official_signed_is_not_made_anew(manual: World) -> None:
    dossier = manual.awaiting_seal()
    with pytest.raises(WrongState, match="signed"):
        render_anew(manual, result_of(dossier).id)
    assert manual.store.load(dossier.id) == dossier


def test_only_the_records_office_of_the_agency_has_a_document_made_anew(world: World) -> None:
    receipt = document_of(stopped(world, world.received(), DocumentKind.RECEIPT), DocumentKind.RECEIPT).id
    refused = {
        NotAllowed: clerk(),
        NotFound: records("phu-xuan"),
        StrongLoginRequired: records(auth_time=world.clock.now() - timedelta(hours=2)),
    }
    for error, who in refused.items():
        with pytest.raises(error):
            world.releasing.render_anew(who, receipt, world.guard(who))
    assert len(waiting(world)) == 1


@pytest.mark.parametrize("at", range(1, 5))
def test_released_and_made_anew_at_once_one_of_them_stands(world: World, at: int) -> None:
    dossier = stopped(world, world.received(), DocumentKind.RECEIPT)
    receipt = document_of(dossier, DocumentKind.RECEIPT).id
    orders = len(world.messages("seal", dossier.id))
    steps = Steps(at, lambda: render_anew(world, receipt))
    service = watched(world.releasing, steps, "store", "signing")
    try:
        service.release(records(), receipt, world.guard(records()))
    except WrongState:
        assert steps.reached
    released = len(world.messages("seal", dossier.id)) - orders
    status = world.store.load(dossier.id).document(receipt).status
    assert (status, released) == (DocumentStatus.RENDERING, 0)
