"""A drafted notice that lost its reason, or whose own time is over, is not issued any more: nothing untrue is ever sealed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.model import Dossier
from chauban.dossiers.requests import OpenSession
from chauban.errors import WrongState
from chauban.signing.sessions.model import ItemStatus

from tests.unit.dossiers.test_notice_effects import ASKED, BY_OFFICIAL, EXTENSION, REFUSAL, STOP, decided
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.notices import (
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
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, document_of


def to_be_refused(world: World) -> Dossier:
    """A dossier, not received yet, with a refusal drafted for want of a supplement."""
    with_policy(world, refusal=BY_OFFICIAL)
    return refused(world, asked(world, world.submitted()))


def to_be_stopped(world: World) -> Dossier:
    """A received dossier with a stop drafted for want of a supplement."""
    return stop_drafted(world, asked(world, world.received()))


@pytest.mark.parametrize("is_rendered", [False, True])
@pytest.mark.parametrize(("make", "kind"), [(to_be_stopped, STOP), (to_be_refused, REFUSAL)])
def test_a_supplement_cancels_what_was_drafted_for_want_of_it(
    world: World, make: Callable[[World], Dossier], kind: DocumentKind, is_rendered: bool
) -> None:
    dossier = make(world)
    if is_rendered:
        waiting(world, dossier, kind)
    back = answered(world, dossier)
    assert document_of(back, kind).status is DocumentStatus.CANCELLED
    assert back.status == ("received" if kind is STOP else "submitted")
    assert world.signing.tasks_of_agency("ubnd-phuong-thuan-hoa", 10, None).items == ()
    # The way is free again.
    assert make is to_be_refused or decided(world, back).status == "processing"


@pytest.mark.parametrize(("make", "kind"), [(to_be_stopped, STOP), (to_be_refused, REFUSAL)])
def test_one_that_was_signed_before_the_supplement_is_void_when_its_seal_comes(
    world: World, make: Callable[[World], Dossier], kind: DocumentKind
) -> None:
    dossier = signed(world, make(world), kind)
    back = answered(world, dossier)
    after = sealed(world, sealed(world, back, kind), kind)
    assert (after.status, after.due_at) == (back.status, back.due_at)
    assert (document_of(after, kind).status, document_of(after, kind).number) == (DocumentStatus.CANCELLED, None)
    assert not {"dossier.stopped.v1", "dossier.refused.v1"} & set(world.events_of(dossier.id))


@pytest.mark.parametrize(("make", "kind"), [(to_be_stopped, STOP), (to_be_refused, REFUSAL)])
def test_seal_and_supplement_in_the_same_moment_never_contradict_each_other(
    world: World, make: Callable[[World], Dossier], kind: DocumentKind
) -> None:
    """Whichever comes first holds: the supplement, and no paper is issued; or the paper, and no supplement is taken."""
    outcomes = set()
    for at in range(1, 40):
        dossier = signed(world, make(world), kind)
        came: list[str] = []

        def supplement(dossier: Dossier = dossier, came: list[str] = came) -> None:
            try:
                answered(world, world.store.load(dossier.id))
                came.append("taken")
            except WrongState:
                came.append("refused")

        steps = Steps(at, supplement)
        watched(world.sealing, steps, "store", "files", "engine", "keys").seal(
            dossier.id, document_of(dossier, kind).id
        )
        after = world.store.load(dossier.id)
        if not came:
            assert outcomes == {"taken", "refused"}
            return
        is_issued = document_of(after, kind).status is DocumentStatus.ISSUED
        assert (after.status in {"stopped", "refused"}) == is_issued == (came == ["refused"])
        outcomes |= set(came)
    raise AssertionError("more steps than expected")


def test_a_stop_that_is_drafted_after_the_supplement_stands(world: World) -> None:
    back = answered(world, asked(world, world.received()))
    assert issued(world, stop_drafted(world, back), STOP).status == "stopped"


def request_drafted(world: World, dossier: Dossier) -> Dossier:
    """The dossier with a request to supplement until 3 December that an official is to sign."""
    with_policy(world, supplement_request={**BY_OFFICIAL, "numbering": {"book": "mot-cua", "symbol": "HDHS"}})
    return asked(world, dossier)


OVER = [
    (extension_drafted, EXTENSION, "dossier.extended.v1"),
    (request_drafted, ASKED, "dossier.supplement_requested.v1"),
]
LONG = {"days": 14}


@pytest.mark.parametrize(("draft", "kind", "event"), OVER)
def test_what_comes_after_its_own_time_is_not_issued(
    world: World, draft: Callable[[World, Dossier], Dossier], kind: DocumentKind, event: str
) -> None:
    before = world.received()
    dossier = signed(world, draft(world, before), kind)
    world.clock.forward(**LONG)
    after = sealed(world, dossier, kind)
    assert (document_of(after, kind).status, document_of(after, kind).number) == (DocumentStatus.CANCELLED, None)
    assert (after.status, after.due_at) == ("received", before.due_at)
    assert event not in world.events_of(dossier.id)


def test_an_extension_that_came_too_late_does_not_use_up_the_only_one(world: World) -> None:
    dossier = signed(world, extension_drafted(world, world.received()), EXTENSION)
    world.clock.forward(**LONG)
    after = sealed(world, dossier, EXTENSION)
    due = world.clock.now() + timedelta(days=2)
    assert extended(world, after, due).due_at == due


@pytest.mark.parametrize(("draft", "kind", "event"), OVER)
def test_what_is_over_is_not_prepared_for_signing(
    world: World, draft: Callable[[World, Dossier], Dossier], kind: DocumentKind, event: str
) -> None:
    dossier = waiting(world, draft(world, world.received()), kind)
    world.clock.forward(**LONG)
    request = OpenSession(tasks=(document_of(dossier, kind).id,), credential="cred-official-thuan-hoa")
    who = official(auth_time=world.clock.now())
    session = world.sessions.open(who, request, request.model_dump(mode="json"), world.ids.new())
    world.official.prepare(session.id, 1)
    (item,) = world.signing.session(session.id).items
    assert (item.status, item.reason) == (ItemStatus.FAILED, "notice-void")


@pytest.mark.parametrize(("late", "status"), [(False, DocumentStatus.ISSUED), (True, DocumentStatus.CANCELLED)])
def test_the_new_due_time_is_over_at_its_minute(world: World, late: bool, status: DocumentStatus) -> None:
    due = (world.clock.now() + timedelta(days=6)).replace(hour=9, minute=0, second=0, microsecond=0)
    dossier = signed(world, extension_drafted(world, world.received(), due), EXTENSION)
    world.clock.forward(seconds=(due - world.clock.now()).total_seconds() - (0 if late else 60))
    assert document_of(sealed(world, dossier, EXTENSION), EXTENSION).status is status


@pytest.mark.parametrize(("day", "status"), [("2026-12-02", "supplement_requested"), ("2026-12-03", "received")])
def test_a_request_is_issued_before_its_last_day_only(world: World, day: str, status: str) -> None:
    dossier = signed(world, request_drafted(world, world.received()), ASKED)
    noon = datetime.fromisoformat(f"{day}T12:00:00+07:00")
    world.clock.forward(seconds=(noon - world.clock.now()).total_seconds())
    assert sealed(world, dossier, ASKED).status == status
