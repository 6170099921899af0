"""The clock over facts: it stops at a request, goes on with what was left, and ends with the dossier."""

from datetime import datetime, timedelta

import pytest
from chauban.dossiers.clock import Deadline, deadline, resumed, stopped
from chauban.dossiers.deadlines import after_working_time, due_at, working_time
from chauban.dossiers.facts import SERVICE, DossierStatus, Fact, FactType, status_after
from chauban.errors import NotConfigured
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.dossiers.test_deadlines import CALENDARS, local


def facts(*steps: tuple[FactType, dict]) -> tuple[Fact, ...]:
    return tuple(
        Fact(seq=number, type=kind, at=local("2026-11-23T09:00"), by=SERVICE, data=data)
        for number, (kind, data) in enumerate(((FactType.SUBMITTED, {}), *steps), start=1)
    )


def due(text: str) -> dict[str, str]:
    return {"due_at": local(text).isoformat()}


RECEIVED = (FactType.RECEIVED, due("2026-11-26T09:00"))
ASKED = (FactType.SUPPLEMENT_REQUESTED, {"left_seconds": 5 * 3600.0})
ANSWERED = (FactType.SUPPLEMENTED, due("2026-12-02T10:00"))
EXTENDED = (FactType.EXTENDED, due("2026-12-04T17:30"))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((), None, id="before-reception"),
        pytest.param((RECEIVED,), "2026-11-26T09:00", id="received"),
        pytest.param((RECEIVED, ASKED), None, id="stands-still"),
        pytest.param((RECEIVED, ASKED, ANSWERED), "2026-12-02T10:00", id="goes-on"),
        pytest.param((RECEIVED, EXTENDED), "2026-12-04T17:30", id="extended"),
        pytest.param((RECEIVED, ASKED, ANSWERED, EXTENDED), "2026-12-04T17:30", id="extended-after-a-supplement"),
        pytest.param((RECEIVED, ASKED, ANSWERED, ASKED), None, id="asked-again"),
        pytest.param((RECEIVED, (FactType.STOPPED, {})), None, id="stopped"),
        pytest.param((RECEIVED, ASKED, (FactType.WITHDRAWN, {})), None, id="withdrawn-while-it-stood"),
        pytest.param(((FactType.REFUSED, {}),), None, id="refused"),
        pytest.param((RECEIVED, (FactType.HANDED_OVER, due("2026-11-24T09:00"))), "2026-11-26T09:00", id="a-step"),
        pytest.param((RECEIVED, (FactType.DOCUMENT_ISSUED, {"kind": "result"})), "2026-11-26T09:00", id="processed"),
    ],
)
def test_the_due_time_follows_from_the_facts(steps: tuple, expected: str | None) -> None:
    assert deadline(facts(*steps)).due_at == (local(expected) if expected else None)


def test_what_was_left_is_kept_while_the_clock_stands_still() -> None:
    assert deadline(facts(RECEIVED, ASKED)).left == timedelta(hours=5)
    assert deadline(facts(RECEIVED, ASKED, ANSWERED)).left is None


def test_a_request_before_reception_has_no_clock_to_stop() -> None:
    asked, answered = (FactType.SUPPLEMENT_REQUESTED, {"left_seconds": None}), (FactType.SUPPLEMENTED, {"due_at": None})
    assert deadline(facts(asked)) == Deadline()
    assert deadline(facts(asked, answered)) == Deadline()
    assert status_after(facts(asked, answered)) is DossierStatus.SUBMITTED


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ((RECEIVED, ASKED), "supplement_requested"),
        ((RECEIVED, ASKED, ANSWERED), "received"),
        ((ASKED,), "supplement_requested"),
        ((ASKED, ANSWERED), "submitted"),
        ((RECEIVED, ASKED, ANSWERED, ASKED), "supplement_requested"),
        ((RECEIVED, EXTENDED), "received"),
        ((RECEIVED, (FactType.DECISION_DRAFTED, {}), EXTENDED), "processing"),
        ((RECEIVED, (FactType.STOPPED, {})), "stopped"),
        (((FactType.REFUSED, {}),), "refused"),
        ((RECEIVED, ASKED, (FactType.WITHDRAWN, {})), "withdrawn"),
        (((FactType.REFUSED, {}), (FactType.DOCUMENT_RENDERED, {"kind": "refusal"})), "refused"),
        ((RECEIVED, ASKED, (FactType.DOCUMENT_ISSUED, {"kind": "supplement_request"})), "supplement_requested"),
        ((RECEIVED, (FactType.REGISTRY_CONSULTED, {})), "received"),
    ],
)
def test_the_status_follows_from_the_facts(steps: tuple, status: str) -> None:
    assert status_after(facts(*steps)) == status


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-11-23T09:00", "2026-11-23T11:00", 2, id="one-morning"),
        pytest.param("2026-11-23T11:00", "2026-11-23T14:00", 1, id="across-lunch"),
        pytest.param("2026-11-23T11:45", "2026-11-23T13:15", 0, id="in-the-lunch-break"),
        pytest.param("2026-11-27T16:30", "2026-11-30T08:30", 2, id="across-a-weekend"),
        pytest.param("2026-11-28T08:00", "2026-11-29T18:00", 0, id="on-a-weekend"),
        pytest.param("2026-02-13T16:30", "2026-02-23T08:30", 2, id="across-tet"),
        pytest.param("2026-11-23T11:00", "2026-11-23T09:00", 0, id="backwards"),
        pytest.param("2026-11-23T09:00", "2026-11-23T09:00", 0, id="no-time"),
        pytest.param("2026-08-21T16:30", "2026-08-24T08:30", 10, id="a-swapped-saturday-works"),
    ],
)
def test_working_time_between_two_moments(start: str, end: str, hours: int) -> None:
    assert working_time(local(start), local(end), CALENDARS) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("asked", "answered", "expected"),
    [
        # 24 hours from Monday 9:00: due on Thursday at 9:00.
        pytest.param("2026-11-24T09:00", "2026-11-24T09:00", "2026-11-26T09:00", id="answered-at-once"),
        pytest.param("2026-11-24T09:00", "2026-11-26T09:00", "2026-11-30T09:00", id="two-days-later-over-a-weekend"),
        pytest.param("2026-11-24T20:00", "2026-11-25T06:00", "2026-11-26T09:00", id="asked-and-answered-out-of-hours"),
        pytest.param("2026-11-26T08:59", "2026-12-01T10:00", "2026-12-01T10:01", id="a-minute-left"),
        pytest.param("2026-11-26T09:00", "2026-12-01T10:00", "2026-12-01T10:00", id="nothing-left"),
        pytest.param("2026-11-27T09:00", "2026-12-01T10:00", "2026-12-01T10:00", id="late-already"),
        pytest.param("2026-11-27T09:00", "2026-11-28T10:00", "2026-11-30T07:30", id="late-and-answered-on-a-saturday"),
    ],
)
def test_the_clock_goes_on_with_what_was_left(asked: str, answered: str, expected: str) -> None:
    left = stopped(deadline(facts(RECEIVED)), local(asked), CALENDARS)
    assert left is not None
    assert resumed(Deadline(left=left), local(answered), CALENDARS) == local(expected)


def test_without_a_calendar_the_clock_does_not_guess() -> None:
    with pytest.raises(NotConfigured, match="calendar 2026"):
        stopped(deadline(facts(RECEIVED)), local("2026-11-24T09:00"), {})


MOMENTS = st.integers(0, 330 * 24 * 60).map(lambda minutes: local("2026-01-05T00:00") + timedelta(minutes=minutes))


@settings(max_examples=150, deadline=None)
@given(received=MOMENTS, spent=st.integers(0, 60 * 60), waited=st.integers(0, 14 * 24 * 60))
def test_stopping_never_gains_or_loses_working_time(received: datetime, spent: int, waited: int) -> None:
    """Minutes worked before the stop and after it together are those that the procedure has."""
    first = due_at(received, 24, CALENDARS)
    asked = received + timedelta(minutes=spent)
    answered = asked + timedelta(minutes=waited)
    left = stopped(Deadline(due_at=first), asked, CALENDARS)
    assert left is not None
    then = resumed(Deadline(left=left), answered, CALENDARS)
    assert then is not None
    worked = working_time(received, asked, CALENDARS) + working_time(answered, then, CALENDARS)
    assert worked == max(timedelta(hours=24), working_time(received, asked, CALENDARS))
    assert then >= first or asked >= first


@settings(max_examples=100, deadline=None)
@given(start=MOMENTS, minutes=st.integers(1, 5_000))
def test_counting_forth_and_back_agrees(start: datetime, minutes: int) -> None:
    span = timedelta(minutes=minutes)
    assert working_time(start, after_working_time(start, span, CALENDARS), CALENDARS) == span
