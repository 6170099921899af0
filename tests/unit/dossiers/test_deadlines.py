"""When a dossier is due, by the calendar of 2026 that the project ships. Times are those of Huế."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
import yaml
from chauban.dossiers.deadlines import YearCalendar, due_at, same_day_due
from chauban.dossiers.numbering import VIETNAM
from chauban.errors import NotConfigured
from pydantic import ValidationError

FOLDER = Path(__file__).parents[3] / "catalogue" / "calendar"
CALENDARS = {
    int(path.stem): YearCalendar.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in FOLDER.glob("*.yaml")
}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        # Three working days of eight hours, from Monday 9:00.
        pytest.param("2026-11-23T09:00", 24, "2026-11-26T09:00", id="ordinary-week"),
        pytest.param("2026-11-23T12:10", 4, "2026-11-23T17:30", id="received-in-the-lunch-break"),
        pytest.param("2026-11-23T10:30", 2, "2026-11-23T14:30", id="across-the-lunch-break"),
        pytest.param("2026-11-23T07:30", 4, "2026-11-23T11:30", id="due-when-the-morning-ends"),
        pytest.param("2026-11-23T05:00", 8, "2026-11-23T17:30", id="received-before-the-doors-open"),
        pytest.param("2026-11-23T17:30", 1, "2026-11-24T08:30", id="received-at-closing-time"),
        pytest.param("2026-11-23T22:15", 8, "2026-11-24T17:30", id="received-at-night"),
        pytest.param("2026-11-27T16:30", 2, "2026-11-30T08:30", id="across-a-weekend"),
        pytest.param("2026-11-28T10:00", 8, "2026-11-30T17:30", id="received-on-a-saturday"),
        pytest.param("2026-02-13T16:30", 2, "2026-02-23T08:30", id="across-tet"),
        pytest.param("2026-04-29T16:30", 2, "2026-05-04T08:30", id="across-two-holidays-and-a-weekend"),
        pytest.param("2026-08-21T16:30", 2, "2026-08-22T08:30", id="a-swapped-saturday-works"),
        pytest.param("2026-08-28T16:30", 2, "2026-09-03T08:30", id="a-swapped-monday-does-not"),
        pytest.param("2026-12-31T16:30", 2, "2027-01-04T08:30", id="across-the-years-end"),
    ],
)
def test_only_office_time_counts(received: str, hours: int, due: str) -> None:
    assert due_at(local(received), hours, CALENDARS) == local(due)


def test_the_moment_counts_whatever_zone_it_is_written_in() -> None:
    # 18:00 UTC on Sunday is 1:00 on Monday in Huế.
    assert due_at(datetime(2026, 11, 22, 18, 0, tzinfo=UTC), 1, CALENDARS) == local("2026-11-23T08:30")


def test_a_deadline_is_told_in_vietnams_time() -> None:
    assert due_at(local("2026-11-23T09:00"), 1, CALENDARS).utcoffset() == local("2026-11-23T09:00").utcoffset()


@pytest.mark.parametrize("received", ["2025-06-02T09:00", "2027-12-31T17:00"])
def test_a_year_without_a_calendar_is_not_guessed(received: str) -> None:
    with pytest.raises(NotConfigured, match=r"calendar 202[58]"):
        due_at(local(received), 8, CALENDARS)


def test_an_unknown_entry_in_a_calendar_is_refused() -> None:
    with pytest.raises(ValidationError, match="holiday_list"):
        YearCalendar.model_validate({"year": 2026, "weekdays": [0], "hours": [], "holidays": [], "holiday_list": []})


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("2026-11-23T08:00", "2026-11-23T17:30", id="in-the-morning"),
        pytest.param("2026-11-23T14:59", "2026-11-23T17:30", id="a-minute-before"),
        pytest.param("2026-11-23T15:00", "2026-11-24T17:30", id="from-three-on"),
        pytest.param("2026-11-23T05:00", "2026-11-23T17:30", id="before-the-doors-open"),
        pytest.param("2026-11-27T16:00", "2026-11-30T17:30", id="on-a-friday-afternoon"),
        pytest.param("2026-11-28T09:00", "2026-11-30T17:30", id="on-a-saturday"),
        pytest.param("2026-02-13T15:30", "2026-02-23T17:30", id="across-tet"),
        pytest.param("2026-08-22T09:00", "2026-08-22T17:30", id="on-a-saturday-that-works"),
    ],
)
def test_a_same_day_procedure(received: str, due: str) -> None:
    assert same_day_due(local(received), time(15), CALENDARS) == local(due)
