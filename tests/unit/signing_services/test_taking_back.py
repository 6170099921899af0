"""The desk takes back a draft that its official will not deal with: nothing blocks a dossier for good."""

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import RefuseDossier, ReturnDraft, WithdrawDossier
from chauban.errors import (
    ChaubanError,
    CompetentAgencyOnly,
    InvalidRequest,
    NotAllowed,
    NotFound,
    NoticeOpen,
    PreconditionFailed,
    WrongState,
)
from chauban.signing.sessions.model import ItemStatus

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.notices import REASONS, asked, extension_drafted, signed, stop_drafted, waiting, with_policy
from tests.unit.fakes.people import AN, citizen, clerk, official, portal, staff
from tests.unit.fakes.world import World, document_of, result_of, signatures_for

REASON = "Người ký đã chuyển công tác"
EXTENSION, STOP, RESULT = DocumentKind.EXTENSION, DocumentKind.STOP_NOTICE, DocumentKind.RESULT
RECEIPT, REFUSAL = DocumentKind.RECEIPT, DocumentKind.REFUSAL


def taken_back(
    world: World, dossier: Dossier, kind: DocumentKind, who: Caller | None = None, reason: str = REASON, **guard: str
) -> Dossier:
    who = who or clerk()
    request = ReturnDraft(reason=reason)
    return world.returning.take_back(who, dossier.id, document_of(dossier, kind).id, request, world.guard(who, **guard))


def leave(world: World) -> None:
    """The official's appointment has ended."""
    held = world.catalogue.appointments["official-thuan-hoa-1"]
    world.catalogue.put_appointment(held.model_copy(update={"valid_to": world.clock.now()}))
    world.clock.forward(minutes=1)


@pytest.mark.parametrize("is_rendered", [False, True])
@pytest.mark.parametrize(("draft", "kind"), [(extension_drafted, EXTENSION), (stop_drafted, STOP)])
def test_a_notice_of_an_official_who_left_or_that_is_not_rendered_is_taken_back(
    world: World, draft: object, kind: DocumentKind, is_rendered: bool
) -> None:
    dossier = draft(world, world.received())  # type: ignore[operator]
    if is_rendered:
        waiting(world, dossier, kind)
    leave(world)
    with pytest.raises(NoticeOpen):
        asked(world, dossier)
    after = taken_back(world, dossier, kind)
    assert (after.status, document_of(after, kind).status) == ("received", DocumentStatus.RETURNED)
    assert world.signing.tasks_of_agency(THUAN_HOA, 10, None).items == ()
    assert asked(world, after).status == "supplement_requested"
    # A worker that comes late with the order finds nothing to do.
    world.making.make(dossier.id, document_of(dossier, kind).id)
    assert document_of(world.store.load(dossier.id), kind).status is DocumentStatus.RETURNED


@pytest.mark.parametrize("make", ["drafted", "awaiting_signature"])
def test_a_result_is_taken_back_and_can_be_drafted_again(world: World, make: str) -> None:
    dossier = getattr(world, make)()
    after = taken_back(world, dossier, RESULT)
    assert (after.status, after.due_at, result_of(after).status) == ("received", dossier.due_at, "returned")


def test_fact_task_and_event_are_those_of_a_return_with_the_clerk_who_did_it(world: World) -> None:
    dossier = taken_back(world, world.awaiting_signature(), RESULT)
    fact, task = dossier.facts[-1], world.signing.task(result_of(dossier).id)
    assert (fact.type, fact.data["reason"]) == (FactType.DOCUMENT_RETURNED, REASON)
    assert fact.by.appointment == "clerk-thuan-hoa-1"
    assert task.returned
    assert (task.open, task.returned.reason) == (False, REASON)
    told = world.messages("bus", dossier.id)[-1].body
    check_events([told])
    assert told["type"] == "document.returned.v1"
    assert REASON not in world.all_text()


def test_the_item_of_a_live_session_is_refused_with_it(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    values = signatures_for(session)
    taken_back(world, dossier, RESULT)
    (item,) = world.signing.session(session.id).items
    assert (item.status, item.reason) == (ItemStatus.REFUSED, "returned")
    with pytest.raises((WrongState, InvalidRequest)):
        world.desk.accept(official(), session.id, values)


def test_a_draft_rendered_in_the_same_moment_is_taken_back_with_its_task(world: World) -> None:
    dossier = stop_drafted(world, world.received())
    slow = watched(world.returning, Steps(1, lambda: waiting(world, dossier, STOP) and None), "store")
    request, who = ReturnDraft(reason=REASON), clerk()
    after = slow.take_back(who, dossier.id, document_of(dossier, STOP).id, request, world.guard(who))
    assert document_of(after, STOP).status is DocumentStatus.RETURNED
    assert world.signing.tasks_of_agency(THUAN_HOA, 10, None).items == ()


def test_once_a_signature_was_accepted_it_is_too_late(world: World) -> None:
    dossier = world.awaiting_signature()
    world.accepted(dossier)
    with pytest.raises(WrongState, match="signed"):
        taken_back(world, dossier, RESULT)
    stop = signed(world, stop_drafted(world, world.received()), STOP)
    with pytest.raises(WrongState, match="signed"):
        taken_back(world, stop, STOP)


def test_a_signature_accepted_in_the_same_moment_wins(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    steps = Steps(1, lambda: world.desk.accept(official(), session.id, signatures_for(session)) and None)
    slow, who = watched(world.returning, steps, "store"), clerk()
    with pytest.raises(WrongState, match="signed"):
        slow.take_back(who, dossier.id, result_of(dossier).id, ReturnDraft(reason=REASON), world.guard(who))


def test_what_no_official_signs_or_what_is_over_is_not_taken_back(world: World) -> None:
    dossier = world.received()
    with pytest.raises(WrongState, match="rendering"):
        taken_back(world, dossier, RECEIPT)
    gone = stop_drafted(world, dossier)
    world.withdrawing.withdraw(portal(), gone.id, WithdrawDossier(), world.guard(portal()))
    with pytest.raises(WrongState, match="cancelled"):
        taken_back(world, gone, STOP)
    with pytest.raises(NotFound):
        world.returning.take_back(clerk(), dossier.id, "unknown", ReturnDraft(reason=REASON), world.guard(clerk()))


PEOPLE = {
    "official": (official(), NotAllowed),
    "clerk without the scope": (staff("clerk-thuan-hoa", "dossiers:read"), NotAllowed),
    "party": (citizen(AN), NotAllowed),
    "portal": (portal(), NotAllowed),
    "clerk of the desk": (clerk("phu-xuan"), CompetentAgencyOnly),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_only_a_clerk_of_the_issuing_agency_takes_back(world: World, name: str) -> None:
    who, refusal = PEOPLE[name]
    dossier = stop_drafted(world, world.received(receiving_agency=PHU_XUAN))
    with pytest.raises(refusal) as error:
        taken_back(world, dossier, STOP, who)
    assert type(error.value) is refusal
    assert world.store.load(dossier.id) == dossier


def test_a_stranger_finds_no_dossier(world: World) -> None:
    with pytest.raises(NotFound):
        taken_back(world, stop_drafted(world, world.received()), STOP, clerk("phu-xuan"))


def test_the_desk_takes_back_its_own_refusal_which_the_competent_agency_does_not(world: World) -> None:
    with_policy(world, refusal={"signed_by": "official"})
    desk = clerk("phu-xuan")
    dossier = world.submitted(receiving_agency=PHU_XUAN)
    dossier = world.notices.refuse(desk, dossier.id, RefuseDossier(**REASONS), world.guard(desk))
    with pytest.raises(NotAllowed):
        taken_back(world, dossier, REFUSAL)
    after = taken_back(world, dossier, REFUSAL, desk)
    assert (after.status, document_of(after, REFUSAL).status) == ("submitted", DocumentStatus.RETURNED)


def test_it_happens_once_and_not_to_what_changed_since_it_was_read(world: World) -> None:
    dossier = stop_drafted(world, world.received())
    with pytest.raises(PreconditionFailed):
        taken_back(world, dossier, STOP, if_match='"1"')
    assert taken_back(world, dossier, STOP, key="k") == taken_back(world, dossier, STOP, key="k")
    with pytest.raises(ChaubanError) as error:
        taken_back(world, dossier, STOP, reason="Sai\u202e tên")
    assert isinstance(error.value, InvalidRequest)
