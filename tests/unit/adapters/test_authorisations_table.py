"""Authorisations in the table: as in memory, with what is secret sealed, apart, and gone when it is over."""

import json
from datetime import timedelta

import pytest
from chauban.adapters.dynamodb.items import Item
from chauban.adapters.dynamodb.table import Table, item_from
from chauban.dossiers.requests import AuthoriseSession
from chauban.errors import AuthorisationRefused, ConcurrentChange
from chauban.signing.sessions.authorisations import Turn
from chauban.signing.sessions.model import ItemStatus, SessionStatus

from tests.unit.fakes.people import official
from tests.unit.fakes.world import World
from tests.unit.signing_services.remote import authorise, orders, ready, states, take, work


def rows(table: Table, prefix: str) -> list[Item]:
    """Everything in the table whose partition starts so."""
    found = table.client.scan(TableName=table.name)["Items"]
    return [item for item in map(item_from, found) if item["pk"].startswith(prefix)]


def test_a_session_is_signed_with_two_authorisations(either: World) -> None:
    session = ready(either, 3, per_call=2)
    authorise(either, session)
    take(either, orders(either, session)[0])
    either.provider.trouble = [AuthorisationRefused(reason="test")]
    work(either, session)
    assert states(either, session)[2] == ("ready", "authorisation-refused")
    authorise(either, session)
    work(either, session)
    assert states(either, session) == [("signed", None)] * 3
    assert either.signing.session(session.id).status(either.clock.now()) is SessionStatus.DONE


def test_a_turn_is_taken_once(either: World) -> None:
    session = ready(either, 3, per_call=2)
    given = authorise(either, session).authorisation
    assert given
    first = Turn(number=1, at=2)
    assert either.authorisations.next_turn(session.id, given, first, (), values={1: "AAAA"}, callback="p|t")
    assert not either.authorisations.next_turn(session.id, given, first, (), values={1: "BBBB"})
    assert either.authorisations.turn(session.id, given.id) == first
    assert either.authorisations.values(session.id, given.id, 1) == {1: "AAAA"}
    awaited = either.authorisations.awaited("p|t")
    assert awaited
    assert (awaited.session, awaited.authorisation) == (session.id, given.id)
    assert either.authorisations.awaited("p|u") is None
    # Another authorisation begins with its own first turn.
    assert either.authorisations.turn(session.id, "another") == Turn()


def test_a_session_has_one_authorisation_at_a_time(either: World) -> None:
    session = ready(either, 1)
    given = authorise(either, session).authorisation
    assert given
    later = given.model_copy(update={"id": "later", "key": "another"})
    for previous in (None, "not the one"):
        with pytest.raises(ConcurrentChange):
            either.authorisations.begin(session.id, later, previous)
    with pytest.raises(ConcurrentChange):
        either.authorisations.begin(session.id, later.model_copy(update={"key": given.key}), given.id)
    either.authorisations.begin(session.id, later, given.id)
    assert either.authorisations.began(session.id, given.key) == given.id
    assert either.authorisations.began(session.id, "another") == "later"
    assert either.authorisations.began(session.id, "unknown") is None
    # What ends late does not end the one that came after it.
    either.authorisations.fail(session.id, given)
    assert either.signing.session(session.id).authorisation == later
    with pytest.raises(ConcurrentChange):
        either.authorisations.grant(session.id, given, "sealed", ())


def test_a_cancelled_session_takes_no_authorisation(either: World) -> None:
    session = ready(either, 1)
    given = authorise(either, session).authorisation
    assert given
    either.sessions.cancel(official(), session.id)
    with pytest.raises(ConcurrentChange):
        either.authorisations.begin(session.id, given.model_copy(update={"id": "later"}), given.id)
    with pytest.raises(ConcurrentChange):
        either.authorisations.grant(session.id, given, "sealed", ())


def test_an_accepted_item_is_not_given_back(either: World) -> None:
    session = ready(either, 1)
    authorise(either, session)
    work(either, session)
    either.authorisations.release(session.id, session.items[0], "any", "late")
    assert states(either, session) == [("signed", None)]


def test_a_login_page_is_kept_and_taken_once(either: World) -> None:
    session = ready(either, 2)
    either.provider.parts = frozenset({"code"})
    terms = either.authorising.terms(official(), session.id)
    assert either.authorising.terms(official(), session.id) == terms
    kept = either.authorisations.login(session.id)
    assert kept
    assert (kept.items, kept.expires_at) == ((1, 2), terms.login_until)
    either.authorisations.forget_login(session.id)
    assert either.authorisations.login(session.id) is None


def test_what_is_secret_lies_sealed_until_it_expires_and_is_gone_when_it_is_over(stored: World, table: Table) -> None:
    stored.provider.parts, stored.provider.phone = frozenset(), True
    session = ready(stored, 1)
    stored.authorising.authorise(official(), session.id, AuthoriseSession(), "key")
    work(stored, session, at_most=1)
    secrets = {row["sk"]: row for row in rows(table, "S#") if "sealed" in row}
    assert set(secrets) == {"GRANT", "TURN"}
    expiry = int((stored.clock.now() + timedelta(minutes=5)).timestamp())
    assert all(int(row["expires_at"]) <= expiry for row in secrets.values())
    assert [row["authorisation"] for row in rows(table, "X#")] == [secrets["GRANT"]["authorisation"]]
    whole = json.dumps(rows(table, ""), default=str)
    assert not any(text in whole for text in ("a very secret grant", "a secret transaction", "tran-1"))
    stored.provider.confirmed = True
    work(stored, session)
    assert states(stored, session) == [("signed", None)]
    assert not any("sealed" in row for row in rows(table, "S#"))


def test_every_authorisation_stays_on_record(stored: World, table: Table) -> None:
    session = ready(stored, 2)
    stored.provider.trouble = [AuthorisationRefused(reason="test")]
    with pytest.raises(AuthorisationRefused):
        authorise(stored, session)
    authorise(stored, session)
    work(stored, session)
    kept = [json.loads(row["value"]) for row in rows(table, "S#") if row["sk"].startswith("AUTH#")]
    assert [(one["items"], one["step"], one["reason"]) for one in sorted(kept, key=lambda one: one["id"])] == [
        ([1, 2], "failed", "authorisation-refused"),
        ([1, 2], "granted", None),
    ]


def test_a_call_back_hastens_a_turn_once(either: World) -> None:
    either.provider.parts, either.provider.phone = frozenset(), True
    session = ready(either, 1)
    either.authorising.authorise(official(), session.id, AuthoriseSession(), "key")
    work(either, session, at_most=1)
    before = len(orders(either, session))
    for _ in range(3):
        either.callbacks.called("csc-a", {"tran_code": "tran-1"})
    assert len(orders(either, session)) == before + 1


@pytest.mark.parametrize("wanted", [(2,), (1, 3), tuple(range(1, 8))])
def test_some_items_of_a_session_are_read_without_the_others(either: World, wanted: tuple[int, ...]) -> None:
    session = ready(either, 7)
    given = authorise(either, session).authorisation
    some = either.signing.session(session.id, wanted)
    assert tuple(item.item for item in some.items) == wanted
    assert some.authorisation == given


def test_an_authorisation_that_went_on_is_not_ended_by_whoever_was_slower(either: World) -> None:
    session = ready(either, 3, per_call=2)
    given = authorise(either, session).authorisation
    assert given
    brought = given.model_copy(update={"brought": (1,)})
    assert either.authorisations.next_turn(session.id, brought, Turn(1, 2), (), values={1: "AAAA"})
    either.authorisations.fail(session.id, given.ended("late"), Turn())
    present = either.signing.session(session.id)
    assert present.authorisation == brought
    assert either.authorisations.granted(session.id, given.id)
    # The other way round: what ended goes to no other turn, and the value of a slow worker is not kept.
    either.authorisations.fail(session.id, brought.ended("spent"), Turn(1, 2))
    assert either.authorisations.granted(session.id, given.id) is None
    assert not either.authorisations.next_turn(session.id, brought, Turn(2, 3), (), values={3: "AAAA"})
    ended = either.signing.session(session.id).authorisation
    assert ended
    assert (ended.step, ended.reason, ended.brought) == ("failed", "spent", (1,))


def test_with_the_last_turn_what_was_granted_is_gone_in_the_same_transaction(stored: World, table: Table) -> None:
    session = ready(stored, 1)
    given = authorise(stored, session).authorisation
    assert given
    assert [row["sk"] for row in rows(table, "S#") if "sealed" in row] == ["GRANT"]
    assert stored.authorisations.next_turn(session.id, given, Turn(1, 1), (), last=True)
    assert stored.authorisations.granted(session.id, given.id) is None
    assert not [row for row in rows(table, "S#") if "sealed" in row]


@pytest.mark.parametrize("conflicts", [1, 3])
def test_another_transaction_in_the_way_costs_nothing(
    stored: World, monkeypatch: pytest.MonkeyPatch, conflicts: int
) -> None:
    """Every step meets such conflicts: what was granted or brought is not lost for it, and nothing is told as cancelled."""
    left = {"now": 0}
    transact = Table.transact

    def disturbed(self: Table, writes: object) -> None:
        if left["now"]:
            left["now"] -= 1
            raise ConcurrentChange
        transact(self, writes)  # type: ignore[arg-type]

    monkeypatch.setattr(Table, "transact", disturbed)
    monkeypatch.setattr("chauban.adapters.dynamodb.table.time.sleep", lambda _seconds: None)
    session = ready(stored, 2, per_call=1)
    left["now"] = conflicts
    authorise(stored, session)
    done: set[str] = set()
    while new := [order for order in orders(stored, session) if order["order"] not in done]:
        left["now"] = conflicts
        take(stored, new[0])
        done.add(new[0]["order"])
    assert states(stored, session) == [("signed", None)] * 2
    assert stored.provider.asked == [[1], [2]]


def test_a_task_is_freed_and_an_item_settled_past_another_transaction(
    stored: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ready(stored, 2)
    transact, calls = Table.transact, {"count": 0}

    def every_second(self: Table, writes: object) -> None:
        calls["count"] += 1
        if calls["count"] % 2:
            raise ConcurrentChange
        transact(self, writes)  # type: ignore[arg-type]

    monkeypatch.setattr(Table, "transact", every_second)
    monkeypatch.setattr("chauban.adapters.dynamodb.table.time.sleep", lambda _seconds: None)
    stored.signing.settle_item(session, 1, ItemStatus.FAILED, "document-changed")
    assert states(stored, session)[0] == ("failed", "document-changed")
    assert stored.signing.task(session.items[0].task).session is None
    stored.sessions.cancel(official(), session.id)
    assert stored.signing.session(session.id).status(stored.clock.now()) is SessionStatus.CANCELLED
    assert stored.signing.task(session.items[1].task).session is None
