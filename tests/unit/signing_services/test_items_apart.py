"""One document of a session that cannot be signed any more ends by itself: the session and its other documents go on."""

from datetime import timedelta

import pytest
from chauban.access.catalogue import Role
from chauban.dossiers.notice_requests import WithdrawDossier
from chauban.dossiers.requests import OpenSession
from chauban.errors import CredentialNotFit, NotFound, SignerNotEntitled, WrongState
from chauban.signing.sessions.closing import gone
from chauban.signing.sessions.model import ItemStatus, ReturnedDraft, SessionStatus, SigningSession

from tests.unit.fakes.people import official, portal
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of, signatures_for
from tests.unit.signing_services.remote import CREDENTIAL, authorise, orders, ready, states, take, with_provider, work

SIGNED = ("signed", None)
CANCELLED = ("failed", "cancelled")


def withdrawn(world: World, session: SigningSession, item: int = 1) -> None:
    """The citizen takes the dossier of an item back."""
    dossier = session.items[item - 1].dossier
    world.withdrawing.withdraw(portal(), dossier, WithdrawDossier(), world.guard(portal()))


def closed_alone(world: World, task: str) -> None:
    """The task is closed, and its session's item was not told."""
    world.tables.tasks[task] = world.signing.task(task).closed()


def printed_otherwise(world: World, task: str) -> None:
    """What is printed under the document is not what the appointment says."""
    present = world.signing.task(task)
    world.tables.tasks[task] = present.model_copy(update={"printed": ("NGƯỜI KHÁC",)})


def test_what_is_withdrawn_after_the_authorisation_is_not_accepted_and_the_session_goes_on(world: World) -> None:
    session = ready(world, 3)
    authorise(world, session)
    take(world, orders(world, session)[0])
    withdrawn(world, session)
    work(world, session)
    assert states(world, session) == [CANCELLED, SIGNED, SIGNED]
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.DONE


@pytest.mark.parametrize("when", ["before-the-answer", "before-it-is-kept"])
def test_a_task_that_was_closed_without_its_session_is_found_by_whoever_comes_next(world: World, when: str) -> None:
    session = ready(world, 2)
    authorise(world, session)
    if when == "before-it-is-kept":
        take(world, orders(world, session)[0])
    closed_alone(world, session.items[0].task)
    work(world, session)
    assert states(world, session) == [CANCELLED, SIGNED]
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.DONE


def test_nobody_is_asked_for_a_document_that_is_cancelled(world: World) -> None:
    session = ready(world, 3)
    closed_alone(world, session.items[1].task)
    assert world.authorising.terms(official(), session.id).items == (1, 3)
    authorise(world, session)
    work(world, session)
    assert world.provider.asked == [[1, 3]]
    assert states(world, session) == [SIGNED, CANCELLED, SIGNED]


def test_where_all_are_cancelled_the_session_is_said_to_be_done(world: World) -> None:
    session = ready(world, 1)
    closed_alone(world, session.items[0].task)
    with pytest.raises(WrongState, match="done"):
        authorise(world, session)
    assert world.provider.given == []


def test_a_device_hears_which_document_was_cancelled(world: World) -> None:
    session = world.ready(world.awaiting_signature(), world.awaiting_signature())
    closed_alone(world, session.items[0].task)
    answer = world.desk.accept(official(), session.id, signatures_for(session))
    assert [(item.status.value, item.reason, item.accepted_at is None) for item in answer.items] == [
        ("failed", "cancelled", True),
        ("ready", None, False),
    ]


def test_a_document_that_another_session_holds_is_not_signed_in_this_one(world: World) -> None:
    """The other machine's clock said that this session is over."""
    session = ready(world, 2)
    task = world.signing.task(session.items[0].task)
    world.tables.tasks[task.id] = task.model_copy(update={"session": "another"})
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [("failed", "in-another-session"), SIGNED]
    assert world.signing.task(task.id).session == "another"


def test_how_an_item_ends_follows_from_its_task(world: World) -> None:
    task = world.signing.task(ready(world, 1).items[0].task)
    mine = str(task.session)
    assert gone(task, mine) is None
    returned = task.closed(ReturnedDraft(reason="Sai tên", at=MORNING))
    assert gone(returned, mine) == (ItemStatus.REFUSED, "returned")
    assert gone(task.closed(), mine) == (ItemStatus.FAILED, "cancelled")
    assert gone(task.model_copy(update={"open": False}), "another") == (ItemStatus.FAILED, "already-signed")


def test_one_item_without_a_right_fails_and_the_others_are_authorised(world: World) -> None:
    session = ready(world, 3)
    printed_otherwise(world, session.items[1].task)
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [SIGNED, ("failed", "appointment-changed"), SIGNED]
    assert world.signing.task(session.items[1].task).session is None


def test_one_item_without_a_right_fails_and_the_others_of_a_device_are_accepted(world: World) -> None:
    session = world.ready(world.awaiting_signature(), world.awaiting_signature())
    printed_otherwise(world, session.items[0].task)
    answer = world.desk.accept(official(), session.id, signatures_for(session))
    assert [(item.reason, item.accepted_at is None) for item in answer.items] == [
        ("appointment-changed", True),
        (None, False),
    ]


def test_where_nothing_may_be_signed_it_is_refused_and_stays(world: World) -> None:
    session = ready(world, 2)
    for item in session.items:
        printed_otherwise(world, item.task)
    with pytest.raises(SignerNotEntitled):
        authorise(world, session)
    assert states(world, session) == [("ready", None)] * 2


def test_an_opening_is_refused_with_the_place_of_each_task_without_a_right(world: World) -> None:
    with_provider(world)
    tasks = tuple(result_of(world.awaiting_signature()).id for _ in range(3))
    for bad in (0, 2):
        printed_otherwise(world, tasks[bad])
    with pytest.raises(SignerNotEntitled) as refused:
        world.sessions.open(official(), OpenSession(tasks=tasks, credential=CREDENTIAL), {}, "k")
    told = [(fault.pointer, fault.code, sorted(fault.detail)) for fault in refused.value.errors]
    assert told == [(f"#/tasks/{bad}", "signer-not-entitled", ["en", "vi"]) for bad in (0, 2)]
    assert refused.value.reason == "appointment-changed"
    assert world.tables.sessions == {}


def test_a_key_that_does_not_fit_is_told_for_every_task(world: World) -> None:
    with_provider(world)
    tasks = tuple(result_of(world.awaiting_signature()).id for _ in range(2))
    world.certificates.said[CREDENTIAL] = {"not_after": MORNING - timedelta(days=1)}
    with pytest.raises(CredentialNotFit) as refused:
        world.sessions.open(official(), OpenSession(tasks=tasks, credential=CREDENTIAL), {}, "k")
    assert [fault.pointer for fault in refused.value.errors] == ["#/tasks/0", "#/tasks/1"]


def test_whoever_left_the_office_reads_nothing_through_an_old_session(world: World) -> None:
    session = world.ready(world.awaiting_signature())
    read = (world.sessions.prepared_file, world.sessions.application_file, world.sessions.readable)
    assert world.sessions.prepared_file(official(), session.id, 1)
    held = world.catalogue.appointments["official-thuan-hoa-1"]
    assert held.role is Role.OFFICIAL
    world.catalogue.put_appointment(held.model_copy(update={"valid_to": world.clock.now()}))
    for ask in read:
        with pytest.raises(NotFound):
            ask(official(), session.id, 1)


def test_papers_are_read_while_the_session_is_live_or_the_value_is_being_embedded(world: World) -> None:
    session = world.ready(world.awaiting_signature(), world.awaiting_signature())
    one = signatures_for(session)
    world.desk.accept(official(), session.id, one.model_copy(update={"signatures": one.signatures[:1]}))
    world.clock.moment = session.expires_at
    assert world.sessions.prepared_file(official(), session.id, 1)
    for ask in (world.sessions.prepared_file, world.sessions.application_file, world.sessions.readable):
        with pytest.raises(WrongState, match="expired"):
            ask(official(), session.id, 2)
    world.official.embed(session.id, 1)
    with pytest.raises(WrongState, match="expired"):
        world.sessions.readable(official(), session.id, 1)
