"""Supplement requests, refusals, extensions, stops: the fact, the clock, the document, the event, once."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import (
    ExtendDeadline,
    RefuseDossier,
    RequestSupplement,
    StopDossier,
    Supplement,
)
from chauban.dossiers.requests import OpenSession, ReceivedComponent
from chauban.errors import InvalidRequest, NotAllowed, NotFound, NoticeLimit, PreconditionFailed, WrongState
from pydantic import ValidationError

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.catalogue import PHU_XUAN
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.notices import (
    MISSING,
    NOTICES,
    REASONS,
    answered,
    asked,
    extended,
    refused,
    request_of,
    stopped,
    with_notice,
    with_policy,
)
from tests.unit.fakes.people import AN, citizen, clerk, official, portal
from tests.unit.fakes.world import World, document_of, signatures_for

ACTS: dict[str, Callable[[World, Dossier], Dossier]] = {
    "asked": asked,
    "refused": refused,
    "stopped": stopped,
    "extended": extended,
}


@pytest.mark.parametrize(
    ("kind", "status", "event"),
    [
        (DocumentKind.SUPPLEMENT_REQUEST, "supplement_requested", "dossier.supplement_requested.v1"),
        (DocumentKind.REFUSAL, "refused", "dossier.refused.v1"),
    ],
)
def test_an_act_of_the_desk_alone_changes_the_status_tells_it_and_orders_its_notice(
    world: World, kind: DocumentKind, status: str, event: str
) -> None:
    dossier = with_notice(world, kind)
    assert dossier.status == status
    told = world.messages("bus", dossier.id)[-1].body
    assert told["type"] == event
    check_events([told])
    assert world.messages("render", dossier.id)[-1].body["document"] == document_of(dossier, kind).id


def test_no_event_holds_a_reason_or_a_name(world: World) -> None:
    for kind in NOTICES:
        with_notice(world, kind)
    told = world.all_text()
    for text in (REASONS["reason"], MISSING["note"], "Lê Thị Mai", AN):
        assert text not in told


def test_a_request_stops_the_clock_and_the_supplement_starts_it(world: World) -> None:
    dossier = world.received()
    world.clock.forward(hours=1)
    waiting = asked(world, dossier)
    assert (waiting.due_at, waiting.status) == (None, "supplement_requested")
    world.clock.forward(days=2)
    after = answered(world, waiting)
    assert after.status == "received"
    # 23 hours were left on Monday at 10:00; they start again on Wednesday at 10:00.
    assert after.due_at == datetime.fromisoformat("2026-11-30T09:00:00+07:00")
    check_events([world.messages("bus", dossier.id)[-1].body])


def test_several_requests_are_counted_and_each_has_its_notice(world: World) -> None:
    dossier = world.received()
    for _ in range(3):
        dossier = answered(world, asked(world, dossier))
    requests = [d for d in dossier.documents if d.kind is DocumentKind.SUPPLEMENT_REQUEST]
    assert [d.ordinal for d in requests] == [1, 2, 3]
    assert len({d.id for d in requests}) == 3


def test_a_dossier_not_yet_received_is_asked_and_received_later(world: World) -> None:
    dossier = answered(world, asked(world, world.submitted()))
    assert (dossier.status, dossier.due_at) == ("submitted", None)


def test_other_answers_make_another_application_and_are_those_of_the_result(world: World) -> None:
    waiting = asked(world, world.received())
    answers = {**waiting.filing.answers, "purpose": "đăng ký kết hôn tại nước ngoài"}
    dossier = answered(world, waiting, answers=answers, components=[])
    assert dossier.answers["purpose"] == answers["purpose"]
    assert dossier.filing.answers["purpose"] != answers["purpose"]
    applications = [d for d in dossier.documents if d.kind is DocumentKind.APPLICATION]
    assert [d.ordinal for d in applications] == [1, 2]
    for application in applications:
        world.making.make(dossier.id, application.id)
    first, second = (json.loads(request.data) for request in world.renderer.requests[-2:])
    assert first["answers"] == dossier.filing.answers
    assert second["answers"] == answers


def test_supplements_faster_than_the_renderer_are_counted_all_the_same(world: World) -> None:
    dossier = world.received()
    for _ in range(3):
        dossier = answered(world, asked(world, dossier), answers=dossier.answers, components=[])
    applications = [d for d in world.store.load(dossier.id).documents if d.kind is DocumentKind.APPLICATION]
    assert sorted(d.ordinal for d in applications) == [1, 2, 3, 4]


def test_bad_answers_in_a_supplement_are_told_with_pointers(world: World) -> None:
    waiting = asked(world, world.received())
    answers = {**waiting.filing.answers}
    del answers["purpose"]
    with pytest.raises(InvalidRequest) as error:
        answered(world, waiting, answers=answers)
    assert [(f.pointer, f.code) for f in error.value.errors] == [("#/answers/purpose", "required")]
    assert world.store.load(waiting.id).status == "supplement_requested"


@pytest.mark.parametrize(
    ("change", "code"), [({"request": "ANOTHER"}, "unknown-request"), ({"components": []}, "nothing-supplemented")]
)
def test_a_supplement_names_its_request_and_brings_something(world: World, change: dict, code: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        answered(world, asked(world, world.received()), **change)
    assert [fault.code for fault in error.value.errors] == [code]


def test_a_second_answer_to_the_same_request_is_too_late(world: World) -> None:
    waiting = asked(world, world.received())
    answered(world, waiting)
    with pytest.raises(WrongState, match="received"):
        answered(world, waiting)


@pytest.mark.parametrize(
    ("act", "states"),
    [
        ("asked", {"submitted", "received"}),
        ("refused", {"submitted"}),
        ("extended", {"received", "processing", "signing"}),
        ("stopped", {"received", "supplement_requested"}),
    ],
)
def test_each_act_has_its_time(act: str, states: set[str]) -> None:
    world = World()
    there = {
        "submitted": world.submitted,
        "received": world.received,
        "supplement_requested": lambda: asked(world, world.received()),
        "processing": world.drafted,
        "signing": world.awaiting_signature,
        "processed": world.issued,
        "refused": lambda: refused(world, world.submitted()),
        "stopped": lambda: stopped(world, world.received()),
    }
    for state, reach in there.items():
        dossier = reach()
        assert dossier.status == state
        if state in states:
            ACTS[act](world, dossier)
        else:
            with pytest.raises(WrongState, match=state):
                ACTS[act](world, dossier)


def test_an_extension_is_later_than_what_was_promised_and_made_once(world: World) -> None:
    dossier = world.received()
    assert dossier.due_at is not None
    for wrong in (dossier.due_at, dossier.due_at - timedelta(hours=1)):
        with pytest.raises(InvalidRequest) as error:
            extended(world, dossier, wrong)
        assert [fault.pointer for fault in error.value.errors] == ["#/due_at"]
    later = extended(world, dossier)
    assert later.due_at == dossier.due_at + timedelta(days=1)
    with pytest.raises(NoticeLimit):
        extended(world, later)


def test_an_extension_of_a_late_dossier_lies_ahead(world: World) -> None:
    dossier = world.received()
    world.clock.forward(days=10)
    assert dossier.due_at is not None
    with pytest.raises(InvalidRequest):
        extended(world, dossier, dossier.due_at + timedelta(days=1))
    extended(world, dossier, world.clock.now() + timedelta(days=1))


@pytest.mark.parametrize("until", ["2026-11-23", "2026-11-01"])
def test_an_answer_is_expected_tomorrow_at_the_earliest(world: World, until: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        asked(world, world.received(), until=until)
    assert [fault.pointer for fault in error.value.errors] == ["#/until"]


@pytest.mark.parametrize("text", ["Lý do\u202e ẩn", "Thiếu \x07 chuông", "Nộp lại bằng \U0001f4c4"])
def test_text_that_cannot_be_printed_is_refused(world: World, text: str) -> None:
    dossier = world.submitted()
    with pytest.raises(InvalidRequest) as error:
        world.notices.refuse(clerk(), dossier.id, RefuseDossier(reason=text), world.guard(clerk()))
    assert [fault.pointer for fault in error.value.errors] == ["#/reason"]
    assert all(fault.detail["vi"] and fault.detail["en"] for fault in error.value.errors)


@pytest.mark.parametrize(
    ("model", "bad"),
    [
        (RequestSupplement, {"items": []}),
        (RequestSupplement, {"items": [{"what": "x"}]}),
        (RequestSupplement, {**MISSING, "urgent": True}),
        (RequestSupplement, {**MISSING, "until": "mai"}),
        (RefuseDossier, {}),
        (RefuseDossier, {"reason": "  "}),
        (StopDossier, {"reason": "x" * 1001}),
        (ExtendDeadline, {"due_at": "2026-12-01T09:00:00", "reason": "giờ không có múi"}),
    ],
)
def test_malformed_requests_are_refused(model: type, bad: dict) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(bad)


def test_the_same_key_does_it_once_and_another_state_is_refused(world: World) -> None:
    dossier = world.received()
    request = RequestSupplement.model_validate(MISSING)
    first = world.notices.request_supplement(clerk(), dossier.id, request, world.guard(clerk(), key="k"))
    again = world.notices.request_supplement(clerk(), dossier.id, request, world.guard(clerk(), key="k"))
    assert first == again
    with pytest.raises(PreconditionFailed):
        world.notices.request_supplement(clerk(), dossier.id, request, world.guard(clerk(), if_match='"1"'))


def test_what_was_never_received_is_refused_and_not_stopped(world: World) -> None:
    """A stop notice names the day of reception; without one it could never be printed, and the dossier had ended."""
    dossier = asked(world, world.submitted())
    with pytest.raises(WrongState):
        stopped(world, dossier)
    assert refused(world, dossier).status == "refused"


def test_what_was_received_is_stopped_and_not_refused(world: World) -> None:
    dossier = asked(world, world.received())
    with pytest.raises(WrongState):
        refused(world, dossier)
    assert stopped(world, dossier).status == "stopped"


def test_of_two_clerks_at_once_one_asks(world: World) -> None:
    dossier = world.received()
    steps = Steps(1, lambda: asked(world, dossier) and None)
    slow = watched(world.notices, steps, "store")
    with pytest.raises(WrongState):
        slow.request_supplement(clerk(), dossier.id, RequestSupplement.model_validate(MISSING), world.guard(clerk()))
    assert len([f for f in world.store.load(dossier.id).facts if f.type is FactType.SUPPLEMENT_REQUESTED]) == 1


def test_who_may_ask_and_who_may_answer(world: World) -> None:
    dossier, request = world.received(), RequestSupplement.model_validate(MISSING)
    for who, refusal in ((citizen(AN), NotAllowed), (official(), NotAllowed), (clerk("phu-xuan"), NotFound)):
        with pytest.raises(refusal):
            world.notices.request_supplement(who, dossier.id, request, world.guard(who))


def test_the_desk_asks_and_does_not_stop(world: World) -> None:
    dossier = world.received(receiving_agency=PHU_XUAN)
    who = clerk("phu-xuan")
    with pytest.raises(NotAllowed):
        world.notices.stop(who, dossier.id, StopDossier(reason="x"), world.guard(who))


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_is_made_signed_as_its_policy_says_numbered_and_sealed_once(world: World, kind: DocumentKind) -> None:
    dossier = with_notice(world, kind)
    notice = document_of(dossier, kind).id
    for _ in range(2):
        world.making.make(dossier.id, notice)
    by_official = kind in {DocumentKind.EXTENSION, DocumentKind.STOP_NOTICE}
    waits = DocumentStatus.AWAITING_SIGNATURE if by_official else DocumentStatus.AWAITING_SEAL
    assert world.store.load(dossier.id).document(notice).status is waits
    if by_official:
        sign(world, notice)
    for _ in range(2):
        world.sealing.seal(dossier.id, notice)
    issued = world.store.load(dossier.id).document(notice)
    assert issued.status is DocumentStatus.ISSUED
    assert [s.field for s in issued.signatures] == (["official", "seal"] if by_official else ["seal"])
    assert (issued.number is not None) == (kind is not DocumentKind.CONTROL_SLIP)
    assert world.renderer.requests[-1].template == f"_shared/notices/{kind.value}.html"


def sign(world: World, task: str) -> None:
    """The official signs one task."""
    request = OpenSession(tasks=(task,), credential="cred-official-thuan-hoa")
    who = official(auth_time=world.clock.now())
    session = world.sessions.open(who, request, request.model_dump(mode="json"), world.ids.new())
    world.official.prepare(session.id, 1)
    session = world.signing.session(session.id)
    world.desk.accept(who, session.id, signatures_for(session))
    world.official.embed(session.id, 1)


def test_a_forms_policy_says_who_signs_and_how_often(world: World) -> None:
    with_policy(world, refusal={"signed_by": "official"}, supplement_request={"at_most": 1, "numbering": None})
    dossier = refused(world, world.submitted())
    notice = document_of(dossier, DocumentKind.REFUSAL)
    world.making.make(dossier.id, notice.id)
    assert world.signing.task(notice.id).kind is DocumentKind.REFUSAL
    again = answered(world, asked(world, world.received()))
    with pytest.raises(NoticeLimit, match="1"):
        asked(world, again)


def test_numbers_of_notices_follow_each_other_across_kinds(world: World) -> None:
    numbers = []
    for kind in (DocumentKind.REFUSAL, DocumentKind.SUPPLEMENT_REQUEST):
        dossier = with_notice(world, kind)
        notice = document_of(dossier, kind).id
        world.making.make(dossier.id, notice)
        world.sealing.seal(dossier.id, notice)
        number = world.store.load(dossier.id).document(notice).number
        assert number is not None
        numbers.append(number.display)
    assert numbers == ["01/TCTN", "02/HDHS"]


def test_the_embedded_data_of_a_notice_says_what_was_asked_and_no_answers(world: World) -> None:
    dossier = with_notice(world, DocumentKind.SUPPLEMENT_REQUEST)
    world.making.make(dossier.id, request_of(dossier))
    data = json.loads(world.renderer.requests[-1].data)
    assert data["notice"]["items"][0]["what"] == MISSING["items"][0]["what"]
    assert data["notice"]["form"] == "02"
    assert "answers" not in data
    assert AN not in world.renderer.requests[-1].data.decode()


def test_a_portal_that_did_not_file_does_not_find_what_to_answer(world: World) -> None:
    waiting, other = asked(world, world.received()), portal("other")
    request = Supplement(request=request_of(waiting), components=(ReceivedComponent(name="Bản án"),))
    with pytest.raises(NotFound):
        world.supplements.add(other, waiting.id, request, world.guard(other))
    for who, appointment in ((citizen(AN), None), (clerk(), "clerk-thuan-hoa-1")):
        after = world.supplements.add(who, waiting.id, request, world.guard(who))
        assert (after.status, after.facts[-1].by.appointment) == ("received", appointment)
        waiting = asked(world, world.store.load(waiting.id))
        request = Supplement(request=request_of(waiting), components=(ReceivedComponent(name="Bản án"),))
