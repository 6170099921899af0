"""An official sends a draft back: nothing of it is ever signed, and the desk knows why."""

import json

import pytest
from chauban.dossiers.acting import Guard
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.requests import DraftDecision, OpenSession
from chauban.errors import (
    IdempotencyKeyReused,
    InvalidRequest,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    TaskTaken,
    WrongState,
)
from chauban.signing.sessions.model import ItemStatus, SessionStatus

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.catalogue import THUAN_HOA
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.notices import extended, extension_drafted, issued, signed, stop_drafted, waiting
from tests.unit.fakes.people import AN, citizen, clerk, decision_data, official, portal, staff
from tests.unit.fakes.world import World, document_of, result_of, signatures_for

REASON = "Sai tên người đề nghị"
EXTENSION, STOP, RESULT = DocumentKind.EXTENSION, DocumentKind.STOP_NOTICE, DocumentKind.RESULT


def send_back(
    world: World,
    dossier: Dossier,
    kind: DocumentKind = RESULT,
    who: object = None,
    guard: Guard | None = None,
    reason: str = REASON,
) -> Dossier:
    who = who or official()
    task, guard = document_of(dossier, kind).id, guard or world.guard(who)  # type: ignore[arg-type]
    return world.returning.send_back(who, task, ReturnDraft(reason=reason), guard)  # type: ignore[arg-type]


def redrafted(world: World, dossier: Dossier) -> Dossier:
    request = DraftDecision(data=decision_data())
    return world.handling.draft(clerk(), dossier.id, request, world.guard(clerk()))


def test_a_returned_result_can_be_drafted_again_and_is_issued_then(world: World) -> None:
    first = world.awaiting_signature()
    back = send_back(world, first)
    assert (back.status, result_of(back).status) == ("received", DocumentStatus.RETURNED)
    assert back.due_at == first.due_at
    second = redrafted(world, back)
    results = [document for document in second.documents if document.kind is RESULT]
    assert [document.status for document in results] == [DocumentStatus.RETURNED, DocumentStatus.RENDERING]
    assert len({document.id for document in results}) == 2
    after = issued(world, second, RESULT)
    assert after.status == "processed"
    assert after.document(results[0].id).revisions == ()
    assert world.events_of(first.id).count("result.issued.v1") == 1


def test_the_second_draft_prints_its_own_decision(world: World) -> None:
    back = send_back(world, world.awaiting_signature())
    data = {**decision_data(), "purpose": "đăng ký kết hôn tại nước ngoài"}
    again = world.handling.draft(clerk(), back.id, DraftDecision(data=data), world.guard(clerk()))
    waiting(world, again, RESULT)
    purposes = [json.loads(request.data)["decision"]["purpose"] for request in world.renderer.requests]
    assert purposes == [decision_data()["purpose"], data["purpose"]]


@pytest.mark.parametrize(("draft", "kind"), [(extension_drafted, EXTENSION), (stop_drafted, STOP)])
def test_what_a_returned_notice_was_to_do_never_happens(world: World, draft: object, kind: DocumentKind) -> None:
    before = world.received()
    dossier = waiting(world, draft(world, before), kind)  # type: ignore[operator]
    after = send_back(world, dossier, kind)
    assert (after.status, after.due_at) == ("received", before.due_at)
    assert not {FactType.EXTENDED, FactType.STOPPED} & {fact.type for fact in after.facts}
    # The way is free for another, and the one that was returned does not count.
    assert document_of(draft(world, after), kind).ordinal == 1  # type: ignore[operator]


def test_a_returned_extension_does_not_use_up_the_only_one(world: World) -> None:
    dossier = waiting(world, extension_drafted(world, world.received()), EXTENSION)
    later = extended(world, send_back(world, dossier, EXTENSION))
    assert dossier.due_at
    assert later.due_at
    assert later.due_at > dossier.due_at


def test_the_reason_is_a_fact_the_desk_reads_it_and_no_event_holds_it(world: World) -> None:
    dossier = send_back(world, world.awaiting_signature())
    fact, task = dossier.facts[-1], world.signing.task(result_of(dossier).id)
    assert (fact.type, fact.data["reason"], fact.by.appointment) == (
        FactType.DOCUMENT_RETURNED,
        REASON,
        "official-thuan-hoa-1",
    )
    assert task.returned
    assert (task.open, task.returned.reason, task.returned.at) == (False, REASON, fact.at)
    assert world.sessions.task(clerk(), task.id) == task
    told = world.messages("bus", dossier.id)[-1].body
    check_events([told])
    assert (told["type"], told["data"]["kind"]) == ("document.returned.v1", "result")
    assert REASON not in world.all_text()


def test_it_leaves_the_list_and_cannot_be_signed_any_more(world: World) -> None:
    dossier = send_back(world, world.awaiting_signature())
    assert world.signing.tasks_of_agency(THUAN_HOA, 10, None).items == ()
    with pytest.raises(WrongState, match="returned"):
        world.opened(dossier)


def test_a_session_that_is_opened_while_the_draft_is_returned_gets_nothing(world: World) -> None:
    dossier = world.awaiting_signature()
    slow = watched(world.sessions, Steps(1, lambda: send_back(world, dossier) and None), "signing")
    request = OpenSession(tasks=(result_of(dossier).id,), credential="cred-official-thuan-hoa")
    with pytest.raises(TaskTaken):
        slow.open(official(), request, request.model_dump(mode="json"), "k")
    assert world.signing.task(result_of(dossier).id).session is None


@pytest.mark.parametrize("reach", ["opened", "ready"])
def test_the_item_of_a_live_session_is_refused_with_it(world: World, reach: str) -> None:
    dossier, other = world.awaiting_signature(), world.awaiting_signature()
    session = getattr(world, reach)(dossier, other)
    send_back(world, dossier)
    present = world.signing.session(session.id)
    assert [(item.status, item.reason) for item in present.items][0] == (ItemStatus.REFUSED, "returned")
    world.official.prepare(session.id, 1)
    world.official.prepare(session.id, 2)
    present = world.signing.session(session.id)
    assert [item.status for item in present.items] == [ItemStatus.REFUSED, ItemStatus.READY]
    values = signatures_for(world.signing.session(session.id).model_copy(update={"items": present.items[1:]}))
    world.desk.accept(official(), session.id, values)
    world.official.embed(session.id, 2)
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.DONE
    assert world.store.load(other.id).documents[-1].status is DocumentStatus.AWAITING_SEAL


def test_a_value_for_a_returned_draft_is_refused(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    values = signatures_for(session)
    send_back(world, dossier)
    with pytest.raises(InvalidRequest) as error:
        world.desk.accept(official(), session.id, values)
    assert [fault.code for fault in error.value.errors] == ["item-not-ready"]
    assert result_of(world.store.load(dossier.id)).status is DocumentStatus.RETURNED


def test_after_a_session_expired_the_draft_is_returned_all_the_same(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.opened(dossier)
    world.clock.forward(hours=1)
    assert send_back(world, dossier).status == "received"
    world.official.prepare(session.id, 1)
    assert world.signing.task(result_of(dossier).id).open is False


def test_a_session_opened_in_the_same_moment_signs_nothing(world: World) -> None:
    dossier, opened = world.awaiting_signature(), []
    steps = Steps(1, lambda: opened.append(world.opened(dossier)))
    slow = watched(world.returning, steps, "store")
    slow.send_back(official(), result_of(dossier).id, ReturnDraft(reason=REASON), world.guard(official()))
    world.official.prepare(opened[0].id, 1)
    (item,) = world.signing.session(opened[0].id).items
    assert (item.status, item.reason) in {(ItemStatus.REFUSED, "returned"), (ItemStatus.FAILED, "returned")}
    assert result_of(world.store.load(dossier.id)).status is DocumentStatus.RETURNED


def test_once_a_signature_was_accepted_it_is_too_late(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    with pytest.raises(WrongState, match="signed"):
        send_back(world, dossier)
    world.official.embed(session.id, 1)
    with pytest.raises(WrongState, match="signed"):
        send_back(world, dossier)
    stop = signed(world, stop_drafted(world, world.received()), STOP)
    with pytest.raises(WrongState, match="signed"):
        send_back(world, stop, STOP)


def test_a_signature_accepted_in_the_same_moment_wins(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    steps = Steps(1, lambda: world.desk.accept(official(), session.id, signatures_for(session)) and None)
    slow = watched(world.returning, steps, "store")
    with pytest.raises(WrongState, match="signed"):
        slow.send_back(official(), result_of(dossier).id, ReturnDraft(reason=REASON), world.guard(official()))


def test_the_same_request_again_answers_the_same_and_another_is_refused(world: World) -> None:
    dossier, who = world.awaiting_signature(), official()
    guard = Guard.of(who, "return", {"reason": REASON}, "k", None)
    assert send_back(world, dossier, guard=guard) == send_back(world, dossier, guard=guard)
    with pytest.raises(IdempotencyKeyReused):
        send_back(world, dossier, guard=Guard.of(who, "return", {"reason": "khác"}, "k", None))
    with pytest.raises(WrongState, match="returned"):
        send_back(world, dossier)


def test_what_changed_since_it_was_read_is_not_returned(world: World) -> None:
    dossier = world.awaiting_signature()
    with pytest.raises(PreconditionFailed):
        send_back(world, dossier, guard=world.guard(official(), if_match='"1"'))
    assert (
        send_back(world, dossier, guard=world.guard(official(), if_match=f'"{dossier.version}"')).status == "received"
    )


def test_only_the_official_named_returns_and_any_login_does(world: World) -> None:
    dossier = world.awaiting_signature()
    others = (
        (clerk(), NotAllowed),
        (staff("official-thuan-hoa", "dossiers:read"), NotAllowed),
        (official("phu-xuan"), NotFound),
        (citizen(AN), NotFound),
        (portal(), NotFound),
    )
    for who, refusal in others:
        with pytest.raises(refusal):
            send_back(world, dossier, who=who)
    assert send_back(world, dossier, who=official(auth_time=None, acr=None)).status == "received"


def test_hidden_characters_in_the_reason_are_refused(world: World) -> None:
    dossier = world.awaiting_signature()
    with pytest.raises(InvalidRequest) as error:
        send_back(world, dossier, reason="Sai\u202e tên")
    assert [fault.pointer for fault in error.value.errors] == ["#/reason"]
