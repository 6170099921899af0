"""Authorising a session: what it takes, who may, once at a time, and nothing that was typed is kept."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from chauban.dossiers.requests import AuthoriseSession
from chauban.errors import (
    AuthorisationEnded,
    AuthorisationRefused,
    IdempotencyKeyRequired,
    InvalidRequest,
    NotAllowed,
    NotFound,
    StrongLoginRequired,
    WrongState,
)
from chauban.signing.sessions.authorising import ASKING
from chauban.signing.sessions.model import SessionStatus

from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.people import clerk, official
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World
from tests.unit.signing_services.remote import authorise, orders, ready, states, work


def faults(error: pytest.ExceptionInfo[InvalidRequest]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.errors]


def state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


def test_the_terms_say_what_is_asked_for_and_for_what(world: World) -> None:
    session = ready(world, 3)
    world.provider.parts, world.provider.limit = frozenset({"pin", "otp"}), 2
    terms = world.authorising.terms(official(), session.id)
    assert (terms.needs, terms.items, terms.most, terms.login_url) == (("otp", "pin"), (1, 2), 2, None)


def test_what_one_authorisation_does_not_take_waits_for_the_next(world: World) -> None:
    session = ready(world, 3)
    world.provider.limit = 2
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [("signed", None), ("signed", None), ("ready", None)]
    authorise(world, session)
    work(world, session)
    assert world.signing.session(session.id).status(world.clock.now()) is SessionStatus.DONE


def test_the_phone_shows_title_and_code_and_nothing_personal(world: World) -> None:
    session = ready(world, 1)
    authorise(world, session)
    (item,) = session.items
    assert world.provider.labels == [f"{item.code} {item.title}"]


def test_a_page_of_the_providers_is_handed_out_again_while_it_serves(world: World) -> None:
    session = ready(world, 2)
    world.provider.parts = frozenset({"code"})
    first, second = (world.authorising.terms(official(), session.id) for _ in range(2))
    assert first == second
    assert first.login_url
    assert first.login_until == MORNING + timedelta(minutes=10)
    world.clock.forward(minutes=6)
    assert world.authorising.terms(official(), session.id).login_url != first.login_url


def test_a_page_that_must_be_opened_soon_is_made_anew(world: World) -> None:
    session = ready(world, 1)
    world.provider.parts, world.provider.open_until = frozenset({"code"}), MORNING + timedelta(seconds=60)
    first = world.authorising.terms(official(), session.id)
    assert first.login_until == world.provider.open_until
    world.clock.forward(seconds=29)
    assert world.authorising.terms(official(), session.id) == first
    world.clock.forward(seconds=1)
    world.provider.open_until = MORNING + timedelta(seconds=90)
    second = world.authorising.terms(official(), session.id)
    assert second.login_url != first.login_url
    # Opening it took a while: what counts for the code is the time that we wait for it.
    world.clock.forward(minutes=5)
    authorise(world, session, code="c", state=state_of(second.login_url or ""))
    assert world.provider.given[-1].code == "c"


def test_the_code_goes_to_the_provider_with_its_verifier_and_once(world: World) -> None:
    session = ready(world, 2)
    world.provider.parts = frozenset({"code"})
    state = state_of(world.authorising.terms(official(), session.id).login_url or "")
    with pytest.raises(InvalidRequest) as error:
        authorise(world, session, code="c", state="of another")
    assert faults(error) == [("#/state", "another-login")]
    world.provider.trouble = [AuthorisationRefused(reason="test")]
    with pytest.raises(AuthorisationRefused):
        authorise(world, session, code="c", state=state)
    with pytest.raises(InvalidRequest) as error:
        authorise(world, session, code="c", state=state)
    assert faults(error) == [("#/state", "login-over")]
    state = state_of(world.authorising.terms(official(), session.id).login_url or "")
    authorise(world, session, code="c2", state=state)
    assert [(given.code, given.verifier) for given in world.provider.given] == [("c2", f"verifier of {state}")]
    work(world, session)
    assert states(world, session) == [("signed", None)] * 2


def test_a_code_is_for_the_documents_that_the_page_was_for(world: World) -> None:
    session = ready(world, 2)
    world.provider.parts = frozenset({"code"})
    state = state_of(world.authorising.terms(official(), session.id).login_url or "")
    world.signing.settle_item(session, 2, session.items[1].status.FAILED, "withdrawn")
    with pytest.raises(InvalidRequest) as error:
        authorise(world, session, code="c", state=state)
    assert faults(error) == [("#/state", "login-over")]


def test_what_is_missing_or_not_asked_for_is_told(world: World) -> None:
    session = ready(world, 1)
    world.provider.parts = frozenset({"pin", "otp"})
    with pytest.raises(InvalidRequest) as error:
        authorise(world, session, pin="1", code="c")
    assert faults(error) == [("#/code", "not-asked-for"), ("#/otp", "missing")]
    assert world.provider.given == []
    assert world.signing.session(session.id).authorisation is None


def test_the_same_request_again_is_answered_with_the_session(world: World) -> None:
    session = ready(world, 1)
    first = authorise(world, session, key="k")
    assert authorise(world, session, key="k") == first
    assert len(world.provider.given) == len(orders(world, session)) == 1
    with pytest.raises(IdempotencyKeyRequired):
        authorise(world, session, key="k" * 256)


def test_the_key_of_an_authorisation_that_failed_starts_none(world: World) -> None:
    """Sent again by a client that lost the answer, it must not go to the provider a second time, nor look as if it had worked."""
    session = ready(world, 1)
    world.provider.trouble = [AuthorisationRefused(reason="wrong-pin")]
    with pytest.raises(AuthorisationRefused):
        authorise(world, session, key="first")
    with pytest.raises(AuthorisationEnded) as error:
        authorise(world, session, key="first")
    assert (error.value.status, error.value.values["reason"]) == (409, "authorisation-refused")
    assert world.provider.given == []


def test_the_key_of_an_earlier_authorisation_is_not_answered_with_a_later_one(world: World) -> None:
    session = ready(world, 2)
    world.provider.limit = 1
    authorise(world, session, key="first")
    work(world, session)
    authorise(world, session, key="second")
    for _ in range(2):
        with pytest.raises(AuthorisationEnded, match="superseded"):
            authorise(world, session, key="first")
    work(world, session)
    assert len(world.provider.given) == 2
    assert authorise(world, session, key="second").status(world.clock.now()) is SessionStatus.DONE
    with pytest.raises(AuthorisationEnded, match="superseded"):
        authorise(world, session, key="first")


def test_the_key_of_a_call_that_was_cut_off_says_so_once_it_is_over(world: World) -> None:
    session = ready(world, 1)
    killed = watched(world.authorising, Steps(1, kill), "secrets")
    with pytest.raises(Killed):
        killed.authorise(official(), session.id, AuthoriseSession(pin="1"), "first")
    assert authorise(world, session, key="first").status(world.clock.now()) is SessionStatus.AUTHORISING
    world.clock.forward(seconds=ASKING.total_seconds())
    with pytest.raises(AuthorisationEnded, match="authorisation-expired"):
        authorise(world, session, key="first")
    authorise(world, session, key="second")
    work(world, session)
    assert states(world, session) == [("signed", None)]


def test_the_same_request_in_two_threads_is_one_authorisation(world: World) -> None:
    session = ready(world, 1)
    request = AuthoriseSession(pin="135790")
    steps = Steps(1, lambda: world.authorising.authorise(official(), session.id, request, "k") and None)
    slow = watched(world.authorising, steps, "catalogue")
    answer = slow.authorise(official(), session.id, request, "k")
    assert answer.status(world.clock.now()) is SessionStatus.SIGNING
    assert len(world.provider.given) == 1


def test_an_answer_that_came_after_another_authorisation_began_is_not_told_as_a_cancellation(world: World) -> None:
    """The provider took longer than the claim lasts; the official had long authorised again."""
    session = ready(world, 1)

    def late() -> None:
        world.clock.forward(seconds=ASKING.total_seconds())
        authorise(world, session, key="second")

    slow = watched(world.authorising, Steps(1, late), "secrets")
    with pytest.raises(WrongState, match="signing"):
        slow.authorise(official(), session.id, AuthoriseSession(pin="1"), "first")
    work(world, session)
    assert states(world, session) == [("signed", None)]


def test_a_session_cancelled_while_the_provider_was_asked_is_told_as_one(world: World) -> None:
    session = ready(world, 1)
    cancelled = watched(
        world.authorising, Steps(1, lambda: world.sessions.cancel(official(), session.id) and None), "secrets"
    )
    with pytest.raises(WrongState, match="cancelled"):
        cancelled.authorise(official(), session.id, AuthoriseSession(pin="1"), "first")
    assert world.authorisations.secrets == {}


@pytest.mark.parametrize(
    ("gone", "granted", "lasts"),
    [
        # The session has 30 minutes, five of which are left for authorising again.
        (timedelta(0), timedelta(hours=1), timedelta(minutes=25)),
        (timedelta(minutes=18), timedelta(hours=1), timedelta(minutes=7)),
        (timedelta(minutes=26), timedelta(hours=1), timedelta(minutes=2)),
        (timedelta(0), timedelta(minutes=5), timedelta(minutes=5)),
    ],
)
def test_an_authorisation_ends_before_its_session_does(
    world: World, gone: timedelta, granted: timedelta, lasts: timedelta
) -> None:
    session = ready(world, 1)
    world.clock.moment += gone
    world.provider.lasts = granted
    given = authorise(world, session).authorisation
    assert given is not None
    assert given.expires_at == world.clock.now() + lasts
    assert given.expires_at < session.expires_at
    # Whoever is killed now: the documents are ready again, and there is time to authorise them.
    world.clock.moment = given.expires_at
    assert states(world, session) == [("ready", "authorisation-expired")]
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [("signed", None)]


def test_one_authorisation_at_a_time(world: World) -> None:
    session = ready(world, 2)
    authorise(world, session)
    with pytest.raises(WrongState, match="signing"):
        authorise(world, session)


def test_of_two_at_the_same_moment_one_reaches_the_provider(world: World) -> None:
    session = ready(world, 1)
    steps = Steps(1, lambda: authorise(world, session) and None)
    slow = watched(world.authorising, steps, "catalogue")
    with pytest.raises(WrongState, match="signing"):
        slow.authorise(official(), session.id, AuthoriseSession(pin="1"), "another")
    assert len(world.provider.given) == 1


def test_a_refusal_is_told_at_once_and_can_be_tried_again(world: World) -> None:
    session = ready(world, 1)
    world.provider.trouble = [AuthorisationRefused(reason="wrong-pin")]
    with pytest.raises(AuthorisationRefused):
        authorise(world, session)
    assert states(world, session) == [("ready", "authorisation-refused")]
    authorise(world, session)
    work(world, session)
    assert states(world, session) == [("signed", None)]


@pytest.mark.parametrize("at", range(1, 9))
def test_a_call_that_was_cut_off_is_not_in_the_way_for_long(world: World, at: int) -> None:
    session = ready(world, 1)
    steps = Steps(at, kill)
    killed = watched(world.authorising, steps, "authorisations", "signing", "secrets")
    try:
        killed.authorise(official(), session.id, AuthoriseSession(pin="1"), "k1")
    except Killed:
        world.clock.forward(seconds=ASKING.total_seconds())
        work(world, session)
        if states(world, session) != [("signed", None)]:
            authorise(world, session)
            work(world, session)
    else:
        assert not steps.reached
        work(world, session)
    assert states(world, session) == [("signed", None)]


def test_rights_are_those_of_this_moment(world: World) -> None:
    session = ready(world, 1)
    for who in (official("phu-xuan"), clerk()):
        with pytest.raises(NotFound):
            world.authorising.terms(who, session.id)
    with pytest.raises(StrongLoginRequired):
        world.authorising.terms(official(auth_time=MORNING - timedelta(hours=2)), session.id)
    held = world.catalogue.appointments["official-thuan-hoa-1"]
    world.catalogue.put_appointment(held.model_copy(update={"valid_to": world.clock.now()}))
    with pytest.raises((NotFound, NotAllowed)):
        authorise(world, session)
    assert world.provider.given == []


@pytest.mark.parametrize("state", ["expired", "cancelled", "done", "client"])
def test_what_cannot_be_signed_is_not_authorised(world: World, state: str) -> None:
    session = world.ready(world.awaiting_signature()) if state == "client" else ready(world, 1)
    if state == "expired":
        world.clock.forward(minutes=30)
    elif state == "cancelled":
        world.sessions.cancel(official(), session.id)
    elif state == "done":
        authorise(world, session)
        work(world, session)
    with pytest.raises(WrongState, match=state):
        world.authorising.authorise(
            official(auth_time=world.clock.now()), session.id, AuthoriseSession(pin="1"), "another"
        )


def test_what_was_typed_shows_in_no_representation() -> None:
    request = AuthoriseSession(pin="pin-1234", otp="otp-5678", code="code-9", state="state-0")
    assert not any(text in repr(request) for text in ("1234", "5678", "code-9", "state-0"))
