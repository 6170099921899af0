"""Signing sessions: who may open one, for which tasks, and what becomes of them."""

from datetime import timedelta

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.requests import OpenSession, PostSignatures
from chauban.errors import (
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    InvalidRequest,
    NotAllowed,
    NotFound,
    StrongLoginRequired,
    TaskTaken,
    WrongState,
)
from chauban.signing.credentials import Purpose, SignerKind
from chauban.signing.sessions.model import SessionStatus
from pydantic import ValidationError

from tests.unit.fakes.catalogue import PHU_XUAN, credential
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.people import AN, citizen, clerk, official, portal, staff
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of, signature_for


def open_with(world: World, task: str, caller: Caller, name: str = "cred-official-thuan-hoa") -> None:
    request = OpenSession(tasks=(task,), credential=name)
    world.sessions.open(caller, request, request.model_dump(mode="json"), world.ids.new())


def test_a_session_holds_its_tasks_and_orders_their_preparation(world: World) -> None:
    dossiers = [world.awaiting_signature(), world.awaiting_signature()]
    session = world.opened(*dossiers)
    assert [item.task for item in session.items] == [result_of(d).id for d in dossiers]
    assert session.expires_at == MORNING + timedelta(minutes=30)
    assert session.status(world.clock.now()) is SessionStatus.PREPARING
    orders = world.messages("sign", session.id)
    assert [(m.body["task"], m.body["item"]) for m in orders] == [("prepare", 1), ("prepare", 2)]
    assert {world.signing.task(i.task).session for i in session.items} == {session.id}


def test_a_task_named_twice_is_one_item(world: World) -> None:
    dossier = world.awaiting_signature()
    assert len(world.opened(dossier, dossier).items) == 1


def test_another_agencys_task_does_not_exist(world: World) -> None:
    task = result_of(world.awaiting_signature()).id
    with pytest.raises(NotFound):
        world.sessions.task(official("phu-xuan"), task)
    with pytest.raises(NotFound):
        open_with(world, task, official("phu-xuan"), "cred-official-phu-xuan")
    assert world.tables.sessions == {}


@pytest.mark.parametrize("who", [citizen(AN), portal()])
def test_whoever_has_no_office_finds_no_task(world: World, who: Caller) -> None:
    task = result_of(world.awaiting_signature()).id
    with pytest.raises(NotFound):
        open_with(world, task, who)
    with pytest.raises(NotFound):
        world.sessions.tasks(who, None, 20, None)


@pytest.mark.parametrize(
    "who", [clerk(), staff("records-thuan-hoa", "records", "signing"), staff("official-thuan-hoa", "dossiers:read")]
)
def test_a_colleague_sees_the_task_and_cannot_sign(world: World, who: Caller) -> None:
    task = result_of(world.awaiting_signature()).id
    assert world.sessions.task(who, task).id == task
    with pytest.raises(NotAllowed):
        open_with(world, task, who)


@pytest.mark.parametrize(
    "who",
    [
        official(auth_time=MORNING - timedelta(hours=1, seconds=1)),
        official(auth_time=None),
        official(auth_time=MORNING + timedelta(minutes=5)),
        official(acr="loa2"),
        official(acr=None),
    ],
)
def test_an_old_weak_or_unknown_login_must_be_renewed(world: World, who: Caller) -> None:
    task = result_of(world.awaiting_signature()).id
    with pytest.raises(StrongLoginRequired):
        open_with(world, task, who)


def test_a_login_of_an_hour_ago_will_do(world: World) -> None:
    task = result_of(world.awaiting_signature()).id
    open_with(world, task, official(auth_time=MORNING - timedelta(hours=1)))


def test_a_task_is_in_one_live_session(world: World) -> None:
    first, second = world.awaiting_signature(), world.awaiting_signature()
    world.opened(first)
    with pytest.raises(TaskTaken):
        world.opened(second, first)
    # Nothing was taken by the session that was refused.
    assert world.signing.task(result_of(second).id).session is None


def test_an_expired_session_frees_its_task(world: World) -> None:
    dossier = world.awaiting_signature()
    first = world.ready(dossier)
    world.clock.forward(minutes=30)
    assert first.status(world.clock.now()) is SessionStatus.EXPIRED
    assert world.opened(dossier).id != first.id


def test_a_cancelled_session_frees_its_task(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    cancelled = world.sessions.cancel(official(), session.id)
    assert cancelled.status(world.clock.now()) is SessionStatus.CANCELLED
    assert world.sessions.cancel(official(), session.id) == cancelled
    assert world.opened(dossier).id != session.id


def test_a_signature_that_was_accepted_survives_the_cancellation(world: World) -> None:
    first, second = world.awaiting_signature(), world.awaiting_signature()
    session = world.ready(first, second)
    one = {"signatures": [{"item": 1, "signature": signature_for(session, 1)}]}
    world.desk.accept(official(), session.id, PostSignatures.model_validate(one))
    world.sessions.cancel(official(), session.id)
    assert world.signing.task(result_of(first).id).session == session.id
    assert world.signing.task(result_of(second).id).session is None
    world.official.embed(session.id, 1)
    assert world.store.load(first.id).document(result_of(first).id).status == "awaiting_seal"


def test_a_finished_session_cannot_be_cancelled(world: World) -> None:
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    world.official.embed(session.id, 1)
    with pytest.raises(WrongState, match="done"):
        world.sessions.cancel(official(), session.id)


def test_another_officials_session_does_not_exist(world: World) -> None:
    session = world.ready(world.awaiting_signature())
    for who in (official("phu-xuan"), clerk(), staff("official-thuan-hoa", "dossiers:read")):
        for ask in (world.sessions.session, world.sessions.cancel):
            with pytest.raises(NotFound):
                ask(who, session.id)
        with pytest.raises(NotFound):
            world.sessions.prepared_file(who, session.id, 1)


def test_the_same_key_is_the_same_session(world: World) -> None:
    dossier = world.awaiting_signature()
    first = world.opened(dossier, key="k1")
    assert world.opened(dossier, key="k1").id == first.id
    with pytest.raises(IdempotencyKeyReused):
        world.opened(world.awaiting_signature(), key="k1")


def test_the_loser_of_a_race_for_a_key_gets_the_winners_session(world: World) -> None:
    """It used to be told that its own task was taken."""
    dossier = world.awaiting_signature()
    request = OpenSession(tasks=(result_of(dossier).id,), credential="cred-official-thuan-hoa")
    steps = Steps(1, lambda: world.opened(dossier, key="k1") and None)
    slow = watched(world.sessions, steps, "store")
    answered = slow.open(official(), request, request.model_dump(mode="json"), "k1")
    assert list(world.tables.sessions) == [answered.id]


def test_without_a_key_no_session_is_opened(world: World) -> None:
    request = OpenSession(tasks=(result_of(world.awaiting_signature()).id,), credential="cred-official-thuan-hoa")
    with pytest.raises(IdempotencyKeyRequired):
        world.sessions.open(official(), request, {}, None)


@pytest.mark.parametrize(
    "body", [{"tasks": [], "credential": "c"}, {"tasks": ["t"] * 501, "credential": "c"}, {"tasks": ["t"]}]
)
def test_a_malformed_request_is_refused(body: dict) -> None:
    with pytest.raises(ValidationError):
        OpenSession.model_validate(body)


def test_only_ones_own_valid_signing_credential_can_be_used(world: World) -> None:
    mine = {"holder": "official-thuan-hoa", "purpose": Purpose.SIGN}
    world.catalogue.put_credential(credential("old", **mine, valid_to=MORNING))
    world.catalogue.put_credential(credential("later", **mine, valid_from=MORNING + timedelta(days=1)))
    world.catalogue.put_credential(credential("remote", **mine, kind=SignerKind.KMS))
    task = result_of(world.awaiting_signature()).id
    for name in ("cred-official-phu-xuan", "cred-seal-thuan-hoa", "old", "later", "remote", "khong-co"):
        with pytest.raises(InvalidRequest) as error:
            open_with(world, task, official(), name)
        assert [f.pointer for f in error.value.errors] == ["#/credential"]
    assert [held.id for held in world.sessions.credentials(official())] == ["cred-official-thuan-hoa", "remote"]
    assert world.sessions.credentials(portal("official-thuan-hoa", "signing")) == ()


def test_the_list_shows_an_agencys_open_tasks_oldest_first(world: World) -> None:
    first = world.awaiting_signature()
    world.clock.forward(minutes=1)
    second = world.awaiting_signature()
    page = world.sessions.tasks(official(), None, 1, None)
    rest = world.sessions.tasks(official(), None, 1, page.cursor)
    assert [t.dossier for t in (*page.items, *rest.items)] == [first.id, second.id]
    session = world.accepted(first)
    world.official.embed(session.id, 1)
    assert [t.dossier for t in world.sessions.tasks(official(), None, 20, None).items] == [second.id]
    with pytest.raises(NotFound):
        world.sessions.tasks(official(), PHU_XUAN, 20, None)


def test_exactly_the_bytes_that_are_signed_can_be_fetched(world: World) -> None:
    session = world.ready(world.awaiting_signature())
    file = world.sessions.prepared_file(official(), session.id, 1)
    assert session.items[0].document_sha256 == file.sha256
    assert world.files.read(file)
    with pytest.raises(NotFound):
        world.sessions.prepared_file(official(), session.id, 2)
    unprepared = world.opened(world.awaiting_signature())
    with pytest.raises(NotFound):
        world.sessions.prepared_file(official(), unprepared.id, 1)
