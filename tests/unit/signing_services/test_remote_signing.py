"""One authorisation for many documents: each is signed once, or waits to be authorised again with its reason."""

from datetime import timedelta

import pytest
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.requests import AuthoriseSession
from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
    WrongState,
)
from chauban.signing.sessions.model import SessionStatus, SigningSession
from chauban.signing.sessions.remote_signing import PATIENCE

from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of
from tests.unit.signing_services.remote import authorise, orders, ready, states, take, work

SIGNED = ("signed", None)


def status(world: World, session: SigningSession) -> SessionStatus:
    return world.signing.session(session.id).status(world.clock.now())


def accepted_facts(world: World, session: SigningSession) -> list[int]:
    """How often a value was accepted for each document."""
    dossiers = [world.store.load(item.dossier) for item in session.items]
    return [sum(fact.type is FactType.SIGNATURE_ACCEPTED for fact in dossier.facts) for dossier in dossiers]


def test_one_authorisation_signs_all_documents_in_calls_of_the_providers_size(world: World) -> None:
    session = ready(world, 5, per_call=2)
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [SIGNED] * 5
    assert status(world, session) is SessionStatus.DONE
    assert world.provider.asked == [[1, 2], [3, 4], [5]]
    dossier = world.store.load(session.items[0].dossier)
    assert result_of(dossier).status is DocumentStatus.AWAITING_SEAL
    fact = next(fact for fact in dossier.facts if fact.type is FactType.SIGNATURE_ACCEPTED)
    assert (fact.by.id, fact.by.appointment) == (official().subject, session.items[0].appointment)


def test_nothing_secret_is_in_a_message_a_fact_or_a_session(world: World) -> None:
    session = ready(world, 3)
    authorise(world, session, pin="pin-seeded-4711")
    kept = [world.signing.session(session.id).model_dump_json(), repr(world.authorisations.secrets)]
    work(world, session)
    kept += [world.all_text(), world.signing.session(session.id).model_dump_json()]
    kept += [world.store.load(item.dossier).model_dump_json() for item in session.items]
    for secret in ("pin-seeded-4711", world.provider.secret):
        assert not any(secret in text for text in kept)
    # What was granted is forgotten with the last value.
    assert world.authorisations.secrets == {}


def test_the_phone_is_asked_and_waited_for(world: World) -> None:
    world.provider.parts, world.provider.phone = frozenset(), True
    session = ready(world, 2)
    world.authorising.authorise(official(), session.id, AuthoriseSession(), "key-1")
    work(world, session, at_most=3)
    assert status(world, session) is SessionStatus.AUTHORISING
    assert "a secret transaction" not in world.all_text() + repr(world.authorisations.turns)
    world.provider.confirmed = True
    work(world, session)
    assert states(world, session) == [SIGNED] * 2
    assert world.provider.asked == [[1, 2]]


def test_a_phone_that_nobody_answers_gives_the_documents_back(world: World) -> None:
    world.provider.parts, world.provider.phone = frozenset(), True
    session = ready(world, 2)
    world.authorising.authorise(official(), session.id, AuthoriseSession(), "key-1")
    world.clock.forward(minutes=5)
    assert states(world, session) == [("ready", "authorisation-expired")] * 2
    assert status(world, session) is SessionStatus.READY
    work(world, session)
    assert world.provider.asked == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (AuthorisationRefused, "authorisation-refused"),
        (AuthorisationSpent, "authorisation-spent"),
        (ProviderAnswerUnusable, "provider-answer-unusable"),
    ],
)
def test_what_the_provider_gave_no_value_for_is_authorised_again(
    world: World, fault: type[ProviderError], reason: str
) -> None:
    session = ready(world, 4, per_call=2)
    authorise(world, session)
    take(world, orders(world, session)[0])
    world.provider.trouble = [fault(reason="test")]
    work(world, session)
    assert states(world, session) == [SIGNED, SIGNED, ("ready", reason), ("ready", reason)]
    assert status(world, session) is SessionStatus.READY
    assert world.authorisations.secrets == {}
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [SIGNED] * 4
    assert accepted_facts(world, session) == [1] * 4


def test_a_provider_that_is_away_for_a_moment_is_asked_again(world: World) -> None:
    session = ready(world, 2)
    authorise(world, session)
    world.provider.trouble = [ProviderUnavailable(reason="no-answer")] * len(PATIENCE)
    work(world, session)
    assert states(world, session) == [SIGNED] * 2


def test_a_provider_that_stays_away_gives_the_documents_back(world: World) -> None:
    session = ready(world, 2)
    authorise(world, session)
    world.provider.trouble = [ProviderUnavailable(reason="no-answer")] * 9
    work(world, session)
    assert states(world, session) == [("ready", "provider-unavailable")] * 2
    assert len(world.provider.trouble) == 9 - len(PATIENCE) - 1


def test_a_wrong_or_missing_value_is_not_kept_and_the_others_are(world: World) -> None:
    session = ready(world, 4, per_call=4)
    world.provider.wrong, world.provider.missing = {2}, {3}
    authorise(world, session)
    work(world, session)
    expected = [SIGNED, ("ready", "signature-mismatch"), ("ready", "provider-answer-unusable"), SIGNED]
    assert states(world, session) == expected
    world.provider.wrong = world.provider.missing = set()
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [SIGNED] * 4
    assert world.provider.asked[-1] == [2, 3]


def test_the_reason_is_that_of_the_last_authorisation(world: World) -> None:
    session = ready(world, 2)
    world.provider.wrong = {1, 2}
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [("ready", "signature-mismatch")] * 2
    authorise(world, session)
    assert states(world, session) == [("ready", None)] * 2
    world.provider.trouble = [AuthorisationSpent(reason="test")]
    work(world, session)
    assert states(world, session) == [("ready", "authorisation-spent")] * 2


def test_an_answer_without_any_value_of_ours_is_unusable(world: World) -> None:
    session = ready(world, 2)
    world.provider.missing = {1, 2}
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [("ready", "provider-answer-unusable")] * 2


def test_every_order_may_come_twice(world: World) -> None:
    session = ready(world, 3, per_call=2)
    authorise(world, session)
    for _ in range(30):
        for order in orders(world, session):
            take(world, order)
    assert states(world, session) == [SIGNED] * 3
    assert world.provider.asked == [[1, 2], [3]]
    assert accepted_facts(world, session) == [1] * 3


@pytest.mark.parametrize("at", range(1, 15))
@pytest.mark.parametrize("victim", ["ask", "keep"])
def test_a_worker_may_be_killed_at_any_step(world: World, victim: str, at: int) -> None:
    """Its order comes again; where the provider's answer was lost, a second authorisation finishes what is left."""
    session = ready(world, 2)
    authorise(world, session)
    if victim == "keep":
        take(world, orders(world, session)[0])
    steps = Steps(at, kill)
    remote = world.remote
    world.remote = watched(remote, steps, "store", "signing", "authorisations")
    order = next(order for order in orders(world, session) if order["task"] == victim)
    try:
        take(world, order)
    except Killed:
        pass
    else:
        assert not steps.reached
    world.remote = remote
    work(world, session)
    if status(world, session) is not SessionStatus.DONE:
        world.clock.forward(minutes=5)
        authorise(world, session)
        work(world, session)
    assert states(world, session) == [SIGNED] * 2
    assert accepted_facts(world, session) == [1] * 2


def test_an_authorisation_that_another_came_after_signs_nothing_more(world: World) -> None:
    session = ready(world, 2)
    authorise(world, session)
    old = orders(world, session)[0]
    world.clock.forward(minutes=5)
    authorise(world, session)
    asked = len(world.provider.asked)
    take(world, old)
    assert len(world.provider.asked) == asked
    work(world, session)
    assert states(world, session) == [SIGNED] * 2


@pytest.mark.parametrize("when", ["before-the-answer", "before-it-is-kept"])
def test_a_cancelled_session_keeps_no_value(world: World, when: str) -> None:
    session = ready(world, 2)
    authorise(world, session)
    if when == "before-it-is-kept":
        take(world, orders(world, session)[0])
    world.sessions.cancel(official(), session.id)
    work(world, session)
    assert accepted_facts(world, session) == [0, 0]
    if when == "before-the-answer":
        assert world.authorisations.secrets == {}
    assert all(world.signing.task(item.task).session is None for item in session.items)


def test_a_document_that_changed_meanwhile_fails_alone(world: World) -> None:
    session = ready(world, 2)
    authorise(world, session)
    dossier = world.store.load(session.items[0].dossier)
    result = result_of(dossier)
    world.tables.dossiers[dossier.id] = dossier.with_document(result.model_copy(update={"preparation": None}))
    work(world, session)
    assert states(world, session) == [("failed", "document-changed"), SIGNED]


def test_a_call_back_hastens_the_question_once_and_is_not_believed(world: World) -> None:
    world.provider.parts, world.provider.phone = frozenset(), True
    session = ready(world, 1)
    world.authorising.authorise(official(), session.id, AuthoriseSession(), "key-1")
    take(world, orders(world, session)[0])
    count = len(orders(world, session))
    said = {"tran_code": "tran-1", "signed_files": [{"doc_id": "1", "signature_value": "AAAA"}]}
    for provider, body in (
        ("csc-b", said),
        ("csc-a", {}),
        ("csc-a", {"tran_code": ["tran-1"]}),
        ("csc-a", {"tran_code": "x"}),
    ):
        world.callbacks.called(provider, body)
    assert len(orders(world, session)) == count
    world.callbacks.called("csc-a", said)
    world.callbacks.called("csc-a", said)
    hastened = orders(world, session)[count:]
    assert [(order["task"], order["delay"]) for order in hastened] == [("ask", 0)]
    take(world, hastened[0])
    assert states(world, session) == [("ready", None)]
    world.provider.confirmed = True
    work(world, session)
    assert states(world, session) == [SIGNED]
    world.callbacks.called("csc-a", said)


@pytest.mark.parametrize(("late", "asked"), [(timedelta(minutes=4, seconds=59), [[1]]), (timedelta(minutes=5), [])])
def test_a_grant_is_used_until_it_expires_and_not_a_moment_longer(world: World, late: timedelta, asked: list) -> None:
    session = ready(world, 1)
    authorise(world, session)
    world.clock.moment += late
    work(world, session)
    assert world.provider.asked == asked
    assert world.authorisations.secrets == {}


def taken_up(world: World, session: SigningSession) -> None:
    """The provider was asked for the first portion; its values are written down and not yet accepted."""
    authorise(world, session)
    take(world, orders(world, session)[0])


def test_a_value_that_came_in_time_is_accepted_after_the_authorisations_end(world: World) -> None:
    """Two hundred were confirmed on the phone in the last second: they are not thrown away for the worker's next seconds."""
    session = ready(world, 3, per_call=2)
    taken_up(world, session)
    world.clock.forward(minutes=5)
    assert states(world, session) == [("ready", None), ("ready", None), ("ready", "authorisation-expired")]
    assert status(world, session) is SessionStatus.SIGNING
    with pytest.raises(WrongState, match="signing"):
        authorise(world, session)
    work(world, session)
    assert states(world, session) == [SIGNED, SIGNED, ("ready", "authorisation-expired")]
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [SIGNED] * 3
    assert accepted_facts(world, session) == [1] * 3


def test_what_came_before_a_later_portion_failed_is_accepted(world: World) -> None:
    session = ready(world, 4, per_call=2)
    taken_up(world, session)
    ask = next(order for order in orders(world, session) if order["task"] == "ask" and order["turn"] == 1)
    world.provider.trouble = [AuthorisationSpent(reason="test")]
    take(world, ask)
    spent = ("ready", "authorisation-spent")
    assert states(world, session) == [("ready", None), ("ready", None), spent, spent]
    work(world, session)
    assert states(world, session) == [SIGNED, SIGNED, spent, spent]


@pytest.mark.parametrize("end", ["session", "released", "superseded"])
def test_a_value_is_not_accepted_once_its_document_was_told_to_be_authorised_again(world: World, end: str) -> None:
    session = ready(world, 2)
    taken_up(world, session)
    keep = next(order for order in orders(world, session) if order["task"] == "keep")
    given = world.signing.session(session.id).authorisation
    assert given is not None
    if end == "session":
        world.clock.moment = session.expires_at
    else:
        for item in world.signing.session(session.id).items:
            world.authorisations.release(session.id, item, given.id, "internal")
    if end == "superseded":
        authorise(world, session)
    take(world, keep)
    assert accepted_facts(world, session) == [0, 0]
    if end == "superseded":
        work(world, session)
        assert accepted_facts(world, session) == [1, 1]


def test_a_value_that_comes_after_the_authorisations_end_is_not_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ready(world, 1)
    authorise(world, session)
    sign = world.provider.sign

    def slow(*given: object) -> object:
        answer = sign(*given)  # type: ignore[arg-type]
        world.clock.forward(minutes=5)
        return answer

    monkeypatch.setattr(world.provider, "sign", slow)
    work(world, session)
    assert world.authorisations.brought == {}
    assert states(world, session) == [("ready", "authorisation-expired")]
    assert world.authorisations.secrets == {}


def test_a_session_that_ended_by_another_clock_accepts_nothing(world: World) -> None:
    """The worker judged it to be live; the transaction is written after its end, when the document may be elsewhere."""
    session = ready(world, 1)
    taken_up(world, session)

    def over() -> None:
        world.clock.moment = session.expires_at

    world.remote = watched(world.remote, Steps(1, over), "store")
    work(world, session)
    assert accepted_facts(world, session) == [0]
