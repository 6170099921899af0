"""Working time: when a dossier received now is due.

8 working hours make a working day (Decree 118/2025 and the circulars of the Government Office); office hours, holidays and
swapped days come from `catalogue/calendar/<year>.yaml`.
"""

from collections.abc import Mapping
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


def due_at(received: datetime, working_hours: int, calendars: Mapping[int, YearCalendar]) -> datetime:
    """The moment at which `working_hours` of office time have passed since `received` (aware); in Vietnam's time.

    Raises `NotConfigured` when the calendar of a year that is needed has not been loaded.
    """
    left = timedelta(hours=working_hours)
    moment = received.astimezone(VIETNAM)
    day = moment.date()
    while True:
        calendar = calendars.get(day.year)
        if calendar is None:
            raise NotConfigured(what=f"calendar {day.year}")
        for stretch in calendar.hours if calendar.works(day) else ():
            start = max(moment, datetime.combine(day, stretch.start, VIETNAM))
            end = datetime.combine(day, stretch.end, VIETNAM)
            if start >= end:
                continue
            if left <= end - start:
                return start + left
            left -= end - start
        day += timedelta(days=1)
        moment = datetime.combine(day, time.min, VIETNAM)
