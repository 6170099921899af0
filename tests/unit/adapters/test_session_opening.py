"""Sessions of more tasks than a transaction takes: all are held or none, whatever is cut off in between."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from chauban.adapters.dynamodb import session_opening
from chauban.adapters.dynamodb.items import message_from, task_item
from chauban.adapters.dynamodb.table import Table, put
from chauban.dossiers.requests import OpenSession
from chauban.errors import TaskTaken
from chauban.signing.sessions.model import SessionStatus, SigningSession, SigningTask

from tests.unit.fakes.disturbance import Killed
from tests.unit.fakes.people import official
from tests.unit.fakes.world import World, result_of

SMALL_PART = 2
MANY = 2 * SMALL_PART + 1


@pytest.fixture
def tasks(stored: World, table: Table, monkeypatch: pytest.MonkeyPatch) -> list[SigningTask]:
    """Tasks for three parts."""
    monkeypatch.setattr(session_opening, "PART", SMALL_PART)
    return made_up(stored, table, MANY)


def made_up(stored: World, table: Table, count: int) -> list[SigningTask]:
    """Tasks of one official, made of a real one; there are no dossiers behind them."""
    real = stored.signing.task(result_of(stored.awaiting_signature()).id)
    made = [real.model_copy(update={"id": f"task-{number:03d}"}) for number in range(count)]
    for at in range(0, count, 100):
        table.transact([put(task_item(task)) for task in made[at : at + 100]])
    return made


def open_them(world: World, tasks: list[SigningTask], request_key: str = "k") -> SigningSession:
    request = OpenSession(tasks=tuple(task.id for task in tasks), credential="cred-official-thuan-hoa")
    return world.sessions.open(official(), request, request.model_dump(mode="json"), request_key)


def holders(world: World, tasks: list[SigningTask]) -> set[str | None]:
    return {task.session for task in world.signing.tasks([task.id for task in tasks])}


class CutOff:
    """The table's client, whose process is gone at a transaction: before it, or after it was written."""

    def __init__(self, client: Any, at: int, written: bool) -> None:
        self._client, self._left, self._written = client, at, written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **arguments: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._written:
            raise Killed
        answer = self._client.transact_write_items(**arguments)
        if self._left == 0:
            raise Killed
        return answer


def cut_off(table: Table, at: int, written: bool, act: Callable[[], object]) -> None:
    whole = table.client
    table.client = CutOff(whole, at, written)
    try:
        with pytest.raises(Killed):
            act()
    finally:
        table.client = whole


def test_a_session_of_many_tasks_is_opened_whole(stored: World, table: Table) -> None:
    tasks = made_up(stored, table, session_opening.PART + 1)
    session = open_them(stored, tasks)
    assert [item.task for item in session.items] == [task.id for task in tasks]
    assert holders(stored, tasks) == {session.id}
    assert session.status(stored.clock.now()) is SessionStatus.PREPARING
    assert not session.opening
    orders = [message_from(item).body for item in table.partition(f"O#{session.id}")]
    assert sorted(order["item"] for order in orders) == list(range(1, len(tasks) + 1))
    assert open_them(stored, tasks) == session


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("at", range(1, 5))
def test_an_opening_that_was_cut_off_goes_on_with_the_same_request(
    stored: World, table: Table, tasks: list[SigningTask], at: int, written: bool
) -> None:
    cut_off(table, at, written, lambda: open_them(stored, tasks))
    session = open_them(stored, tasks)
    assert len(session.items) == MANY
    assert not session.opening
    assert holders(stored, tasks) == {session.id}
    orders = [message_from(item).body["item"] for item in table.partition(f"O#{session.id}")]
    assert sorted(orders) == list(range(1, MANY + 1))


@pytest.mark.parametrize("at", range(1, 5))
def test_what_nobody_goes_on_with_frees_its_tasks_after_a_minute(
    stored: World, table: Table, tasks: list[SigningTask], at: int
) -> None:
    cut_off(table, at, True, lambda: open_them(stored, tasks))
    if at == 4:
        # The last step was taken: the session is open, and only its answer was lost.
        with pytest.raises(TaskTaken):
            open_them(stored, tasks[-1:], "another")
        return
    if at == 3:
        with pytest.raises(TaskTaken):
            open_them(stored, tasks[-1:], "another")
    stored.clock.forward(minutes=1)
    other = open_them(stored, tasks[:2], "another")
    assert holders(stored, tasks[:2]) == {other.id}
    assert holders(stored, tasks[2:]) == {None}
    # The key of the request that was given up serves again.
    assert len(open_them(stored, tasks[2:4], "k").items) == 2


def test_one_task_that_is_taken_leaves_nothing_of_the_others(stored: World, tasks: list[SigningTask]) -> None:
    first = open_them(stored, tasks[-1:], "first")
    with pytest.raises(TaskTaken):
        open_them(stored, tasks, "many")
    assert holders(stored, tasks[:-1]) == {None}
    assert holders(stored, tasks[-1:]) == {first.id}
    stored.sessions.cancel(official(), first.id)
    assert len(open_them(stored, tasks, "many").items) == MANY


def test_a_session_that_is_cancelled_while_it_opens_holds_nothing(
    stored: World, table: Table, tasks: list[SigningTask]
) -> None:
    cut_off(table, 2, True, lambda: open_them(stored, tasks))
    (held,) = holders(stored, tasks[:1])
    assert held
    stored.sessions.cancel(official(), held)
    assert open_them(stored, tasks).status(stored.clock.now()) is SessionStatus.CANCELLED
    assert holders(stored, tasks) == {None}


def test_a_late_part_of_what_was_given_up_is_refused(stored: World, table: Table, tasks: list[SigningTask]) -> None:
    """The first request was only slow: another took its place, and then it writes on."""
    cut_off(table, 1, True, lambda: open_them(stored, tasks))
    (held,) = holders(stored, tasks[:1])
    stored.clock.forward(minutes=1)
    stored.signing.give_up_opening(stored.signing.session(held or ""), stored.clock.now())
    again = open_them(stored, tasks)
    assert again.id != held
    assert holders(stored, tasks) == {again.id}


class Counted:
    """The table's client, whose calls are counted by what they do."""

    def __init__(self, client: Any) -> None:
        self._client, self.calls = client, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        self.calls["query" if name == "get_paginator" else name] += 1
        return getattr(self._client, name)


def test_opening_takes_one_call_for_each_part_and_a_few_for_the_session(
    stored: World, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that five hundred tasks fit into one request of twenty seconds: seventeen transactions, and none for a task alone."""
    monkeypatch.setattr(session_opening, "PART", 8)
    tasks = made_up(stored, table, 48)
    whole, table.client = table.client, Counted(table.client)
    session = open_them(stored, tasks)
    calls, table.client = table.client.calls, whole
    # The last one says that it is opened.
    assert calls["transact_write_items"] == 6 + 1
    assert sum(calls.values()) <= 6 + 1 + 8, calls
    assert [item.task for item in session.items] == [task.id for task in tasks]


def test_a_cancellation_that_was_cut_off_goes_on(stored: World, table: Table) -> None:
    """The session is cancelled at once; that its tasks are free takes a while, and whoever does it may be gone."""
    tasks = made_up(stored, table, MANY)
    session = open_them(stored, tasks)
    transact, left = table.transact, iter(range(1))

    def once(writes: Any) -> None:
        if next(left, None) is None:
            raise Killed
        transact(writes)

    table.transact = once  # type: ignore[method-assign]
    with pytest.raises(Killed):
        stored.sessions.cancel(official(), session.id)
    table.transact = transact  # type: ignore[method-assign]
    assert stored.signing.session(session.id).status(stored.clock.now()) is SessionStatus.CANCELLED
    assert session.id in holders(stored, tasks)
    stored.sessions.cancel(official(), session.id)
    assert holders(stored, tasks) == {None}
