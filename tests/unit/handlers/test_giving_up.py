"""What an official learns of orders that fail: why an item waits, and within two minutes that nobody tries any longer."""

import json
from io import StringIO
from typing import Any

import pytest
from chauban import bootstrap
from chauban.dossiers.facts import FactType
from chauban.handlers import sign
from chauban.handlers.failures import GIVEN_UP
from chauban.http.signing_views import SessionView, session_view
from chauban.signing.sessions.model import SessionStatus, SigningSession

from tests.unit.fakes.messaging import MemoryOutbox, MemoryOwnQueue
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of, signatures_for
from tests.unit.handlers.conftest import sqs_event
from tests.unit.signing_services import remote

CREDENTIAL = "cred-official-thuan-hoa"
LAST = 18


def come(order: dict[str, Any], attempt: int) -> bool:
    """Whether the order that comes for the n-th time is to come again."""
    return bool(sign.handler(sqs_event(order, attempt=attempt), None)["batchItemFailures"])  # type: ignore[arg-type]


def shown(world: World, session: SigningSession) -> SessionView:
    return session_view(world.signing.session(session.id), "RSA_PSS_SHA256", world.clock.now())


def order_of(world: World, session: SigningSession, task: str) -> dict[str, Any]:
    return [message.body for message in world.messages("sign", session.id) if message.body["task"] == task][-1]


def no_status(world: World) -> str:
    world.engine.refused[CREDENTIAL] = world.engine.refused_at_embedding[CREDENTIAL] = "status_unavailable"
    return "certificate-status_unavailable"


def no_timestamp(world: World) -> str:
    world.engine.timestamps_fail = world.engine.authorities_fail = True
    return "timestamp-unavailable"


def a_fault_of_ours(world: World) -> str:
    def lost(_file: object) -> bytes:
        raise TimeoutError

    world.files.read = lost  # type: ignore[assignment,method-assign]
    return "internal"


def repaired(world: World) -> None:
    world.engine.refused.clear()
    world.engine.refused_at_embedding.clear()
    world.engine.timestamps_fail = world.engine.authorities_fail = False
    world.files.__dict__.pop("read", None)


FAULTS = [no_status, no_timestamp, a_fault_of_ours]


@pytest.mark.parametrize("breaks", FAULTS)
def test_a_preparation_shows_why_it_waits_and_fails_with_that_reason(
    world: World, outbox: MemoryOutbox, breaks: Any
) -> None:
    session = world.opened(world.awaiting_signature(), world.awaiting_signature())
    reason, order = breaks(world), order_of(world, session, "prepare")
    for attempt in range(1, GIVEN_UP):
        assert come(order, attempt)
        item = shown(world, session).items[1]
        assert (item.status, item.reason) == ("preparing", reason)
        assert item.explanation is not None
        assert "tự thử lại" in item.explanation.vi
    assert not come(order, GIVEN_UP)
    item = shown(world, session).items[1]
    assert (item.status, item.reason) == ("failed", reason)
    assert item.explanation is not None
    assert "phiên ký mới" in item.explanation.vi
    assert "new session" in item.explanation.en
    assert world.signing.task(session.items[1].task).session is None
    assert [attempt for *_, attempt in outbox.failures] == [1, 2, 3, 4, 5]
    # It lies in no dead-letter queue; should it come again all the same, nothing is done for it.
    repaired(world)
    assert not come(order, 1)
    assert world.engine.prepared == []
    again = world.ready(world.store.load(session.items[1].dossier))
    assert again.items[0].reason is None


def test_an_outage_that_passes_leaves_no_trace_on_the_item(world: World, outbox: MemoryOutbox) -> None:
    session = world.opened(world.awaiting_signature())
    no_status(world)
    order = order_of(world, session, "prepare")
    assert come(order, 1)
    repaired(world)
    assert not come(order, 2)
    assert [(item.status, item.reason) for item in shown(world, session).items] == [("ready", None)]


@pytest.mark.parametrize("breaks", [no_status, no_timestamp, a_fault_of_ours])
def test_an_accepted_value_is_embedded_while_its_order_is_tried(
    world: World, outbox: MemoryOutbox, breaks: Any
) -> None:
    session = world.accepted(world.awaiting_signature())
    reason, order = breaks(world), order_of(world, session, "embed")
    for attempt in range(1, LAST):
        assert come(order, attempt)
        view = shown(world, session)
        assert (view.status, view.items[0].status, view.items[0].reason) == ("signing", "ready", reason)
        assert view.items[0].explanation is not None
        assert "tự thử lại" in view.items[0].explanation.vi
    # From the dead-letter queue, where its workers were killed, it comes as new.
    repaired(world)
    assert not come(order, 1)
    assert not come(order, LAST)
    assert [(item.status, item.reason) for item in shown(world, session).items] == [("signed", None)]
    facts = [fact.type for fact in world.store.load(session.items[0].dossier).facts]
    assert facts.count(FactType.DOCUMENT_SIGNED) == 1


@pytest.mark.parametrize("breaks", FAULTS)
def test_with_its_last_attempt_an_accepted_value_is_given_up_and_the_document_is_signed_anew(
    world: World, outbox: MemoryOutbox, log: StringIO, breaks: Any
) -> None:
    """Its order would lie in the dead-letter queue, with the task held and nobody allowed to send the draft back."""
    dossier = world.awaiting_signature()
    session = world.accepted(dossier)
    reason, order = breaks(world), order_of(world, session, "embed")
    assert come(order, LAST - 1)
    repaired(world)
    assert not come(order, LAST), "nothing is left for the dead-letter queue"
    view = shown(world, session)
    assert (view.status, view.items[0].status, view.items[0].reason) == ("done", "failed", reason)
    assert view.items[0].explanation is not None
    assert "phiên ký mới" in view.items[0].explanation.vi
    assert world.signing.task(session.items[0].task).session is None
    present = world.store.load(dossier.id)
    assert result_of(present).preparation is None
    (given_up,) = [fact for fact in present.facts if fact.type is FactType.SIGNATURE_GIVEN_UP]
    assert given_up.data["reason"] == reason
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["reason"] for line in told if line["level"] == "ERROR"][-1] == "given-up"
    # Signed anew; whoever comes late with the old order puts nothing into the file.
    again = world.accepted(present)
    assert not come(order, 1)
    assert not come(order_of(world, again, "embed"), 1)
    assert not come(order, 1)
    assert [signature.field for signature in result_of(world.store.load(dossier.id)).signatures] == ["official"]


def test_a_value_that_is_embedded_already_is_not_given_up(world: World, outbox: MemoryOutbox) -> None:
    session = world.accepted(world.awaiting_signature())
    order = order_of(world, session, "embed")
    assert not come(order, 1)
    assert not come(order, LAST)
    assert shown(world, session).items[0].status == "signed"
    facts = [fact.type for fact in world.store.load(session.items[0].dossier).facts]
    assert FactType.SIGNATURE_GIVEN_UP not in facts


def test_an_item_whose_workers_are_killed_each_time_fails(
    world: World, outbox: MemoryOutbox, own_queue: MemoryOwnQueue, log: StringIO
) -> None:
    """Nobody is left who could say why: the next worker finds it from the count."""
    session = world.opened(world.awaiting_signature())
    assert not come(order_of(world, session, "prepare"), GIVEN_UP + 1)
    assert [(item.status, item.reason) for item in shown(world, session).items] == [("failed", "internal")]
    assert world.engine.prepared == []
    (told,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (told["level"], told["message"], told["reason"]) == ("ERROR", "order-failed", "worker-killed")


def test_a_killed_embedding_is_tried_on_and_shows_that_it_waits(world: World, outbox: MemoryOutbox) -> None:
    session = world.accepted(world.awaiting_signature())
    order = order_of(world, session, "embed")
    no_timestamp(world)
    assert come(order, 1)
    repaired(world)
    hindrances: list[str | None] = []
    note = world.hindrances.embedding

    def noted(*given: Any) -> None:
        note(*given)
        hindrances.append(shown(world, session).items[0].reason)

    object.__setattr__(world.hindrances, "embedding", noted)
    assert not come(order, GIVEN_UP + 1)
    assert hindrances == ["timestamp-unavailable"], "what is known says more than that somebody was killed"
    assert shown(world, session).items[0].status == "signed"


@pytest.mark.parametrize("attempt", [GIVEN_UP, GIVEN_UP + 1])
def test_a_turn_that_nobody_can_take_gives_the_documents_back(world: World, outbox: MemoryOutbox, attempt: int) -> None:
    session = remote.ready(world, 2)
    remote.authorise(world, session)
    order = order_of(world, session, "ask")

    def broken(*_given: object) -> None:
        raise ValueError

    good, world.provider.sign = world.provider.sign, broken  # type: ignore[method-assign,assignment]
    for earlier in range(1, GIVEN_UP):
        assert come(order, earlier)
    assert remote.states(world, session) == [("ready", None)] * 2
    assert not come(order, attempt)
    assert remote.states(world, session) == [("ready", "internal")] * 2
    assert world.authorisations.secrets == {}
    world.provider.sign = good  # type: ignore[method-assign]
    assert not come(order, 1), "it is over"
    assert remote.states(world, session) == [("ready", "internal")] * 2
    remote.authorise(world, session)
    remote.work(world, session)
    assert remote.states(world, session) == [("signed", None)] * 2


@pytest.mark.parametrize("attempt", [GIVEN_UP, GIVEN_UP + 1])
def test_values_that_nobody_can_accept_are_authorised_again(world: World, outbox: MemoryOutbox, attempt: int) -> None:
    session = remote.ready(world, 2)
    remote.authorise(world, session)
    assert not come(order_of(world, session, "ask"), 1)
    keep = order_of(world, session, "keep")
    object.__setattr__(world.remote, "verify", None)
    assert come(keep, 1)
    assert not come(keep, attempt)
    assert remote.states(world, session) == [("ready", "internal")] * 2
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.READY
    object.__setattr__(world.remote, "verify", world.desk.verify)
    assert not come(keep, 1), "what was told to be authorised again takes no value of the earlier authorisation"
    assert remote.states(world, session) == [("ready", "internal")] * 2
    remote.authorise(world, session)
    remote.work(world, session)
    assert remote.states(world, session) == [("signed", None)] * 2
    for item in session.items:
        facts = [fact.type for fact in world.store.load(item.dossier).facts]
        assert facts.count(FactType.SIGNATURE_ACCEPTED) == 1


def test_who_cannot_be_told_leaves_the_order_to_the_queue(
    world: World, outbox: MemoryOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = world.opened(world.awaiting_signature())
    no_status(world)

    class Broken:
        def preparation(self, *_given: object, **_more: object) -> None:
            raise TimeoutError

    monkeypatch.setattr(bootstrap, "hindrances", Broken)
    order = order_of(world, session, "prepare")
    assert come(order, GIVEN_UP)
    assert come(order, GIVEN_UP + 1)
    monkeypatch.setattr(bootstrap, "hindrances", lambda: world.hindrances)
    repaired(world)
    assert not come(order, 1)
    accepted = world.desk.accept(official(), session.id, signatures_for(world.signing.session(session.id)))
    assert accepted.items[0].accepted_at is not None
    assert result_of(world.store.load(session.items[0].dossier)).preparation is not None
