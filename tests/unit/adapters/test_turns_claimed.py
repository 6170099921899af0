"""One worker at a time asks the provider for a turn, and what came is kept as long as it counts."""

from datetime import timedelta

import pytest
from chauban.errors import AuthorisationSpent
from chauban.signing.sessions.remote_signing import CLAIMED, KEPT_AFTER

from tests.unit.fakes.disturbance import Killed
from tests.unit.fakes.world import World
from tests.unit.signing_services.remote import authorise, orders, ready, states, take, work

SIGNED = ("signed", None)


def test_a_second_copy_of_an_order_asks_nobody_and_comes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = ready(world, 3, per_call=2)
    authorise(world, session)
    (order,), sign = orders(world, session), world.provider.sign
    second: list[dict] = []

    def meanwhile(*arguments: object) -> object:
        monkeypatch.setattr(world.provider, "sign", sign)
        take(world, order)
        second.extend(orders(world, session)[1:])
        assert world.provider.asked == []
        # The provider has been used: whoever asked now would be told that the authorisation is spent.
        return sign(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(world.provider, "sign", meanwhile)
    take(world, order)
    ((task, turn, delay),) = [(each["task"], each["turn"], each["delay"]) for each in second]
    assert (task, turn) == ("ask", 0)
    assert 0 < delay <= CLAIMED.total_seconds()
    work(world, session)
    assert states(world, session) == [SIGNED] * 3
    assert world.provider.asked == [[1, 2], [3]]


def test_of_two_workers_that_both_asked_the_one_that_is_refused_ends_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first was so slow that its claim ran out."""
    session = ready(world, 3, per_call=2)
    authorise(world, session)
    (order,), sign = orders(world, session), world.provider.sign

    def too_late(*arguments: object) -> None:
        monkeypatch.setattr(world.provider, "sign", sign)
        world.clock.moment += CLAIMED
        take(world, order)
        raise AuthorisationSpent(reason="used by the other")

    monkeypatch.setattr(world.provider, "sign", too_late)
    take(world, order)
    work(world, session)
    assert states(world, session) == [SIGNED] * 3


def test_a_killed_workers_claim_ends_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = ready(world, 1)
    authorise(world, session)
    (order,), sign = orders(world, session), world.provider.sign

    def killed(*_arguments: object) -> None:
        raise Killed

    monkeypatch.setattr(world.provider, "sign", killed)
    with pytest.raises(Killed):
        take(world, order)
    monkeypatch.setattr(world.provider, "sign", sign)
    take(world, order)
    assert world.provider.asked == []
    again = orders(world, session)[1]
    world.clock.forward(seconds=again["delay"])
    take(world, again)
    work(world, session)
    assert states(world, session) == [SIGNED]
    assert again["delay"] <= CLAIMED.total_seconds()


def test_a_worker_that_failed_gives_its_claim_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    session = ready(world, 1)
    authorise(world, session)
    (order,), sign = orders(world, session), world.provider.sign

    def broken(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(world.provider, "sign", broken)
    with pytest.raises(RuntimeError):
        take(world, order)
    monkeypatch.setattr(world.provider, "sign", sign)
    take(world, order)
    assert world.provider.asked == [[1]]


def test_a_turn_is_claimed_once_until_its_time_is_over(either: World) -> None:
    store, now = either.authorisations, either.clock.now()
    session = ready(either, 1)
    until = now + timedelta(seconds=60)
    assert store.claim(session.id, "a", 0, now, until) is None
    assert store.claim(session.id, "a", 0, now, until + timedelta(seconds=1)) == until
    store.unclaim(session.id, "a", 0, until + timedelta(seconds=1))
    assert store.claim(session.id, "a", 0, now, until) == until
    store.unclaim(session.id, "a", 0, until)
    assert store.claim(session.id, "a", 0, now, until) is None
    assert store.claim(session.id, "a", 0, until, until + timedelta(seconds=60)) is None
    # Another turn, or another authorisation, is free.
    assert store.claim(session.id, "a", 1, now, until) is None
    assert store.claim(session.id, "b", 0, now, until) is None


def test_a_value_that_is_lost_gives_its_document_back_with_a_reason(either: World) -> None:
    session = ready(either, 2)
    given = authorise(either, session).authorisation
    assert given
    take(either, orders(either, session)[0])
    either.authorisations.forget_values(session.id, given.id, 1)
    work(either, session)
    assert states(either, session) == [("ready", "internal")] * 2
    authorise(either, session)
    work(either, session)
    assert states(either, session) == [SIGNED] * 2


def test_values_are_there_until_the_last_of_them_is_settled_and_then_gone(either: World) -> None:
    session = ready(either, 12, per_call=12)
    given = authorise(either, session).authorisation
    assert given
    take(either, orders(either, session)[0])
    first, second = (order for order in orders(either, session) if order["task"] == "keep")
    take(either, first)
    assert len(either.authorisations.values(session.id, given.id, 1)) == 12
    take(either, second)
    assert either.authorisations.values(session.id, given.id, 1) == {}


def test_values_outlast_their_session(stored: World) -> None:
    session = ready(stored, 1)
    given = authorise(stored, session).authorisation
    assert given
    take(stored, orders(stored, session)[0])
    rows = stored.signing._table.partition(f"S#{session.id}")  # type: ignore[attr-defined]
    (row,) = [row for row in rows if row["sk"].startswith("VALUES#")]
    assert int(row["expires_at"]) == int((session.expires_at + KEPT_AFTER).timestamp())
