"""Working time: when a dossier received now is due, and how much of its time is left.

8 working hours make a working day (Decree 118/2025 and the circulars of the Government Office); office hours, holidays and
swapped days come from `catalogue/calendar/<year>.yaml`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from chauban.dossiers.numbering import VIETNAM
from chauban.errors import NotConfigured
from chauban.values import Frozen


class OfficeHours(Frozen):
    """One stretch of a working day, local time."""

    start: time
    end: time


class YearCalendar(Frozen):
    """A year's working days: `weekdays` (Monday is 0), `holidays`, and `extra` working days that swaps brought."""

    year: int
    weekdays: frozenset[int]
    hours: tuple[OfficeHours, ...]
    holidays: frozenset[date]
    extra: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether offices are open on a day of this year."""
        return day in self.extra or (day.weekday() in self.weekdays and day not in self.holidays)


Calendars = Mapping[int, YearCalendar]


def due_at(received: datetime, working_hours: int, calendars: Calendars) -> datetime:
    """The moment at which `working_hours` of office time have passed since `received` (aware); in Vietnam's time.

    Raises `NotConfigured` when the calendar of a year that is needed has not been loaded.
    """
    return after_working_time(received, timedelta(hours=working_hours), calendars)


def same_day_due(received: datetime, until: time, calendars: Calendars) -> datetime:
    """When a procedure that is settled the same day is due: at closing time of the working day on which it is received, or
    of the next one where that is not a working day or the local time `until` has come. Raises as `due_at`.
    """
    local = received.astimezone(VIETNAM)
    ends: dict[date, datetime] = {}
    for opens, closes in _office_times(datetime.combine(local.date(), time.min, VIETNAM), calendars):
        day = opens.date()
        if ends and day not in ends:
            last = ends.pop(next(iter(ends)))
            if last.date() > local.date() or local.time() < until:
                return last
        ends[day] = closes
    raise NotConfigured(what="calendar")


def after_working_time(start: datetime, left: timedelta, calendars: Calendars) -> datetime:
    """The moment at which `left` of office time has passed since `start` (aware); in Vietnam's time. Raises as `due_at`.

    Nothing left gives `start` itself, or where offices are closed then, their next opening.
    """
    for opens, closes in _office_times(start, calendars):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise NotConfigured(what="calendar")


def working_time(start: datetime, end: datetime, calendars: Calendars) -> timedelta:
    """How much office time lies between two aware moments; none where `end` is not after `start`. Raises as `due_at`."""
    passed = timedelta()
    if end <= start:
        return passed
    for opens, closes in _office_times(start, calendars):
        if opens >= end:
            return passed
        passed += min(closes, end) - opens
        if closes >= end:
            return passed
    return passed


def _office_times(start: datetime, calendars: Calendars) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of office time from `start` on, the first cut where it has begun already; without end."""
    moment = start.astimezone(VIETNAM)
    day = moment.date()
    while True:
        calendar = calendars.get(day.year)
        if calendar is None:
            raise NotConfigured(what=f"calendar {day.year}")
        for stretch in calendar.hours if calendar.works(day) else ():
            opens = max(moment, datetime.combine(day, stretch.start, VIETNAM))
            closes = datetime.combine(day, stretch.end, VIETNAM)
            if opens < closes:
                yield opens, closes
        day += timedelta(days=1)
