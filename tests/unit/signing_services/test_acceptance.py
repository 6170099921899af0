"""Handing in raw signatures: good ones once, bad ones never, and nothing of a request that has a bad one."""

from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from chauban.access.catalogue import Role
from chauban.dossiers.facts import FactType
from chauban.dossiers.requests import PostSignatures
from chauban.errors import InvalidRequest, NotAllowed, NotFound, SignerNotEntitled, StrongLoginRequired, WrongState
from chauban.signing.sessions.model import SessionStatus, SigningSession, SigningTask
from pydantic import ValidationError

from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.people import clerk, official
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of, signature_for, signatures_for

BAD = b64encode(b"not a signature").decode()


def post(*values: tuple[int, str]) -> PostSignatures:
    return PostSignatures.model_validate({"signatures": [{"item": item, "signature": text} for item, text in values]})


def faults(error: pytest.ExceptionInfo[InvalidRequest]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.errors]


def ready(world: World, count: int = 1) -> SigningSession:
    return world.ready(*(world.awaiting_signature() for _ in range(count)))


def test_a_good_signature_is_kept_and_its_embedding_ordered(world: World) -> None:
    session = ready(world)
    accepted = world.desk.accept(official(), session.id, signatures_for(session))
    assert accepted.status(world.clock.now()) is SessionStatus.SIGNING
    assert world.messages("sign", session.id)[-1].body["task"] == "embed"
    dossier = world.store.load(session.items[0].dossier)
    fact = dossier.facts[-1]
    assert (fact.type, fact.by.appointment) == (FactType.SIGNATURE_ACCEPTED, "official-thuan-hoa-1")


def test_one_bad_signature_refuses_the_whole_request(world: World) -> None:
    session = ready(world, 3)
    good = signature_for(session, 1)
    with pytest.raises(InvalidRequest) as error:
        world.desk.accept(official(), session.id, post((1, good), (2, BAD), (9, good), (3, good)))
    assert faults(error) == [
        ("#/signatures/1/signature", "signature-mismatch"),
        ("#/signatures/2/item", "unknown-item"),
        # The signature of another document is not this one's.
        ("#/signatures/3/signature", "signature-mismatch"),
    ]
    assert world.signing.session(session.id) == session
    assert not any(m.body["task"] == "embed" for m in world.messages("sign"))


@pytest.mark.parametrize("text", ["", "không phải base64", "a" * 2049, "AAAA===="])
def test_a_text_that_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        post((1, text))


def test_base64_of_an_impossible_length_does_not_match(world: World) -> None:
    session = ready(world)
    with pytest.raises(InvalidRequest) as error:
        world.desk.accept(official(), session.id, post((1, "AAAAA")))
    assert faults(error) == [("#/signatures/0/signature", "signature-mismatch")]


def test_handing_in_the_same_item_again_changes_nothing(world: World) -> None:
    session = ready(world)
    first = world.desk.accept(official(), session.id, signatures_for(session))
    orders = len(world.messages("sign"))
    assert world.desk.accept(official(), session.id, signatures_for(session, salt=7)) == first
    assert len(world.messages("sign")) == orders
    kept = result_of(world.store.load(session.items[0].dossier)).preparation
    assert kept is not None
    assert kept.signature == signature_for(session, 1, salt=0)


def test_a_repetition_after_the_end_is_answered_with_the_session(world: World) -> None:
    session = ready(world)
    world.desk.accept(official(), session.id, signatures_for(session))
    world.official.embed(session.id, 1)
    again = world.desk.accept(official(), session.id, signatures_for(session))
    assert again.status(world.clock.now()) is SessionStatus.DONE


def test_the_first_of_two_values_at_the_same_moment_stands(world: World) -> None:
    session = ready(world)
    steps = Steps(1, lambda: world.desk.accept(official(), session.id, signatures_for(session, salt=1)) and None)
    slow = watched(world.desk, steps, "store")
    slow.accept(official(), session.id, signatures_for(session, salt=2))
    kept = result_of(world.store.load(session.items[0].dossier)).preparation
    assert kept is not None
    assert kept.signature == signature_for(session, 1, salt=1)


def test_an_item_that_is_not_prepared_cannot_be_signed(world: World) -> None:
    session = world.opened(world.awaiting_signature())
    with pytest.raises(InvalidRequest) as error:
        world.desk.accept(official(), session.id, post((1, BAD)))
    assert faults(error) == [("#/signatures/0/item", "item-not-ready")]


def test_another_officials_session_does_not_exist(world: World) -> None:
    session = ready(world)
    for who in (official("phu-xuan"), clerk()):
        with pytest.raises(NotFound):
            world.desk.accept(who, session.id, signatures_for(session))


def test_an_old_login_must_be_renewed(world: World) -> None:
    session = ready(world)
    with pytest.raises(StrongLoginRequired):
        world.desk.accept(official(auth_time=MORNING - timedelta(hours=2)), session.id, signatures_for(session))


@pytest.mark.parametrize("state", ["expired", "cancelled"])
def test_a_session_that_is_over_takes_no_signature(world: World, state: str) -> None:
    session = ready(world)
    if state == "expired":
        world.clock.forward(minutes=30)
    else:
        world.sessions.cancel(official(), session.id)
    with pytest.raises(WrongState, match=state):
        world.desk.accept(official(auth_time=world.clock.now()), session.id, signatures_for(session))


def replaced(world: World, session: SigningSession, item: int) -> None:
    """Other attributes are fixed for an item's document: its draft was taken back, say."""
    present = world.store.load(session.items[item - 1].dossier)
    result = result_of(present)
    assert result.preparation is not None
    other = result.preparation.model_copy(update={"signed_attributes": "b3RoZXI="})
    world.tables.dossiers[present.id] = present.with_document(result.model_copy(update={"preparation": other}))


@pytest.mark.parametrize("stale", [1, 2, 3])
def test_a_document_that_went_on_fails_its_own_item_and_the_others_are_accepted(world: World, stale: int) -> None:
    session = ready(world, 3)
    replaced(world, session, stale)
    answer = world.desk.accept(official(), session.id, signatures_for(session))
    told = [(item.item, item.status.value, item.reason, item.accepted_at is None) for item in answer.items]
    good = [(number, "ready", None, False) for number in (1, 2, 3) if number != stale]
    assert sorted([*good, (stale, "failed", "document-changed", True)]) == told
    assert [m.body["item"] for m in world.messages("sign") if m.body["task"] == "embed"] == [n for n, *_ in good]
    assert world.signing.task(session.items[stale - 1].task).session is None
    # The same request again changes nothing: what was accepted stays, what failed is told.
    with pytest.raises(InvalidRequest) as error:
        world.desk.accept(official(), session.id, signatures_for(session))
    assert faults(error) == [(f"#/signatures/{stale - 1}/item", "item-not-ready")]


def test_a_right_that_ends_in_the_middle_fails_what_comes_after_it(world: World) -> None:
    session = ready(world, 2)
    judged = world.policy.signs_as
    calls: list[str] = []

    def ends(task: SigningTask, at: datetime) -> object:
        calls.append(task.id)
        if len(calls) > 1:
            raise SignerNotEntitled(reason="delegation-withdrawn")
        return judged(task, at)

    desk = replace(world.desk, policy=Policy(world.policy, ends))  # type: ignore[arg-type]
    answer = desk.accept(official(), session.id, signatures_for(session))
    assert [(item.accepted_at is None, item.reason) for item in answer.items] == [
        (False, None),
        (True, "delegation-withdrawn"),
    ]


class Policy:
    """A policy of which one answer is another."""

    def __init__(self, policy: object, signs_as: object) -> None:
        self._policy, self.signs_as = policy, signs_as

    def __getattr__(self, name: str) -> object:
        return getattr(self._policy, name)


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_a_session_that_ends_in_the_middle_keeps_what_was_accepted_and_takes_nothing_more(
    world: World, end: str
) -> None:
    session = ready(world, 3)

    def over() -> None:
        if end == "cancelled":
            world.sessions.cancel(official(), session.id)
        else:
            world.clock.moment = session.expires_at

    # The second step of the store is the first acceptance.
    steps = Steps(2, over)
    answer = watched(world.desk, steps, "store").accept(official(), session.id, signatures_for(session))
    assert [item.accepted_at is None for item in answer.items] == [False, True, True]
    assert steps.taken[:2] == ["store.load", "store.commit"]
    assert sum(m.body["task"] == "embed" for m in world.messages("sign")) == 1


def test_what_was_accepted_and_embedded_meanwhile_is_no_stale_document(world: World) -> None:
    """Two threads hand in the same value; when the slower comes to it, the document is signed already."""
    session = ready(world)

    def faster() -> None:
        world.desk.accept(official(), session.id, signatures_for(session))
        world.official.embed(session.id, 1)

    slow = watched(world.desk, Steps(1, faster), "store")
    answer = slow.accept(official(), session.id, signatures_for(session))
    assert [(item.status.value, item.reason) for item in answer.items] == [("signed", None)]


def test_rights_are_those_of_the_moment_of_signing(world: World) -> None:
    session = ready(world)
    held = world.catalogue.appointments["official-thuan-hoa-1"]
    world.catalogue.put_appointment(held.model_copy(update={"valid_to": world.clock.now()}))
    with pytest.raises(NotFound):
        world.desk.accept(official(), session.id, signatures_for(session))
    world.catalogue.put_appointment(held.model_copy(update={"id": "clerk-too", "role": Role.CLERK}))
    with pytest.raises(NotAllowed):
        world.desk.accept(official(), session.id, signatures_for(session))


def test_no_signature_value_is_in_a_message_or_a_fact(world: World) -> None:
    session = ready(world)
    world.desk.accept(official(), session.id, signatures_for(session))
    value = signature_for(session, 1)
    assert value not in world.all_text()
    facts = world.store.load(session.items[0].dossier).facts
    assert all(value not in fact.model_dump_json() for fact in facts)


def test_an_expired_session_takes_no_more_values_while_others_are_embedded(world: World) -> None:
    """Its tasks are free by then; one accepted value used to keep the whole session open."""
    first, second = world.awaiting_signature(), world.awaiting_signature()
    session = world.ready(first, second)
    world.desk.accept(official(), session.id, post((1, signature_for(session, 1))))
    world.clock.moment = session.expires_at
    assert world.ready(second).id != session.id
    with pytest.raises(WrongState):
        world.desk.accept(official(), session.id, post((2, signature_for(session, 2))))
    assert world.desk.accept(official(), session.id, post((1, signature_for(session, 1)))).id == session.id


@pytest.mark.parametrize("at", range(1, 12))
def test_a_session_is_cancelled_or_signed_and_never_both(world: World, at: int) -> None:
    """The cancellation comes between two steps of the acceptance; the task is free only if nothing was accepted."""
    dossier = world.awaiting_signature()
    session = world.ready(dossier)
    steps = Steps(at, lambda: world.sessions.cancel(official(), session.id))
    desk = watched(world.desk, steps, "store", "signing")
    with suppress(WrongState):
        desk.accept(official(), session.id, signatures_for(session))
    present, task = world.signing.session(session.id), world.signing.task(session.items[0].task)
    assert (present.items[0].accepted_at is None) == (task.session is None)
