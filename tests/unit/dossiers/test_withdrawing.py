"""Taking a dossier back: until the official's signature was accepted, and then nothing of it is ever issued."""

import pytest
from chauban.dossiers.acting import Guard
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import WithdrawDossier
from chauban.errors import InvalidRequest, NotAllowed, NotFound, WrongState
from chauban.signing.sessions.model import ItemStatus

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.notices import asked, extension_drafted, sealed, signed, stop_drafted, waiting, with_policy
from tests.unit.fakes.people import AN, BINH, citizen, clerk, official, portal
from tests.unit.fakes.world import World, document_of, result_of, signatures_for


def withdraw(world: World, dossier: Dossier, guard: Guard | None = None) -> Dossier:
    who = citizen(AN)
    return world.withdrawing.withdraw(who, dossier.id, WithdrawDossier(), guard or world.guard(who))


@pytest.mark.parametrize("reach", ["submitted", "received", "asked", "drafted", "awaiting_signature"])
def test_a_dossier_is_withdrawn_before_it_is_signed(world: World, reach: str) -> None:
    dossier = asked(world, world.received()) if reach == "asked" else getattr(world, reach)()
    after = withdraw(world, dossier)
    assert (after.status, after.due_at) == ("withdrawn", None)
    check_events([world.messages("bus", dossier.id)[-1].body])
    with pytest.raises(WrongState):
        withdraw(world, after)


def test_the_same_request_again_answers_the_same(world: World) -> None:
    dossier = world.submitted()
    guard = world.guard(citizen(AN), key="k")
    assert withdraw(world, dossier, guard) == withdraw(world, dossier, guard)


def test_a_draft_still_to_be_rendered_is_not_rendered_any_more(world: World) -> None:
    dossier = withdraw(world, world.drafted())
    world.making.make(dossier.id, result_of(dossier).id)
    assert world.renderer.requests == []
    assert world.store.load(dossier.id).status == "withdrawn"


def test_the_officials_list_and_sessions_lose_the_task(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.opened(dossier)
    withdraw(world, dossier)
    assert world.signing.tasks_of_agency("ubnd-phuong-thuan-hoa", 10, None).items == ()
    world.official.prepare(session.id, 1)
    item = world.signing.session(session.id).item(1)
    assert item is not None
    assert (item.status, item.reason) == (ItemStatus.FAILED, "cancelled")
    with pytest.raises(WrongState, match="closed"):
        world.opened(dossier)


def test_a_signature_that_comes_after_the_withdrawal_is_refused(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    withdraw(world, dossier)
    with pytest.raises(InvalidRequest) as refused:
        world.desk.accept(official(), session.id, signatures_for(session))
    assert [fault.code for fault in refused.value.errors] == ["item-not-ready"]
    assert world.signing.session(session.id).items[0].reason == "cancelled"
    assert result_of(world.store.load(dossier.id)).status is DocumentStatus.CANCELLED


def test_once_the_signature_was_accepted_it_is_too_late(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    with pytest.raises(WrongState, match="signed"):
        withdraw(world, dossier)
    world.official.embed(session.id, 1)
    world.sealing.seal(dossier.id, result_of(dossier).id)
    assert world.store.load(dossier.id).status == "processed"
    with pytest.raises(WrongState, match="processed"):
        withdraw(world, dossier)


@pytest.mark.parametrize("reach", ["drafted", "in the list", "in a session"])
def test_notices_that_wait_for_an_official_are_cancelled_with_the_result(world: World, reach: str) -> None:
    with_policy(world, control_slip={"signed_by": "official"})
    dossier = extension_drafted(world, world.awaiting_signature())
    dossier = world.handing_over.print_slip(clerk(), dossier.id, world.guard(clerk()))
    for kind in (DocumentKind.EXTENSION, DocumentKind.CONTROL_SLIP) if reach != "drafted" else ():
        dossier = waiting(world, dossier, kind)
    if reach == "in a session":
        world.ready(dossier)
    after = withdraw(world, dossier)
    gone = {DocumentKind.RESULT, DocumentKind.EXTENSION, DocumentKind.CONTROL_SLIP}
    assert {document.kind for document in after.documents if document.status is DocumentStatus.CANCELLED} == gone
    assert world.signing.tasks_of_agency("ubnd-phuong-thuan-hoa", 10, None).items == ()
    told = [fact.data["kind"] for fact in after.facts if fact.type is FactType.DOCUMENT_CANCELLED]
    assert sorted(told) == sorted(kind.value for kind in gone)
    assert document_of(after, DocumentKind.RECEIPT).status is DocumentStatus.RENDERING


def test_a_stop_that_the_official_signed_comes_first(world: World) -> None:
    dossier = signed(world, stop_drafted(world, world.received()), DocumentKind.STOP_NOTICE)
    with pytest.raises(WrongState, match="signed"):
        withdraw(world, dossier)
    assert sealed(world, dossier, DocumentKind.STOP_NOTICE).status == "stopped"


def test_a_signed_apology_keeps_nobody_from_taking_the_dossier_back(world: World) -> None:
    dossier = signed(world, extension_drafted(world, world.received()), DocumentKind.EXTENSION)
    assert withdraw(world, dossier).status == "withdrawn"
    after = sealed(world, dossier, DocumentKind.EXTENSION)
    assert document_of(after, DocumentKind.EXTENSION).status is DocumentStatus.CANCELLED
    assert (after.status, after.due_at) == ("withdrawn", None)


def test_who_takes_it_back(world: World) -> None:
    for who, refusal in ((citizen(BINH), NotFound), (clerk(), NotAllowed), (portal("other"), NotFound)):
        with pytest.raises(refusal):
            world.withdrawing.withdraw(who, world.submitted().id, WithdrawDossier(), world.guard(who))
    filed = world.submitted()
    assert (
        world.withdrawing.withdraw(portal(), filed.id, WithdrawDossier(), world.guard(portal())).status == "withdrawn"
    )


def test_a_representative_does_not_take_back_what_is_the_requesters(world: World) -> None:
    helper = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    dossier = world.submitted(representative=helper)
    who = citizen(BINH)
    with pytest.raises(NotAllowed):
        world.withdrawing.withdraw(who, dossier.id, WithdrawDossier(), world.guard(who))
