"""A dossier's clock: it runs from reception, stands still while a supplement is asked for, and ends with the dossier.

The working time that was left when the clock stopped is kept and goes on with the supplement. Everything here follows from
the facts alone: they hold each due time as it was told to the citizen, so a calendar changed later rewrites nothing.
"""

from datetime import datetime, timedelta

from chauban.dossiers.deadlines import Calendars, after_working_time, working_time
from chauban.dossiers.facts import Fact, FactType
from chauban.values import Frozen

_SETS = {FactType.RECEIVED, FactType.SUPPLEMENTED, FactType.EXTENDED}
_ENDS = {FactType.REFUSED, FactType.STOPPED, FactType.WITHDRAWN}


class Deadline(Frozen):
    """Where the clock stands: `due_at` while it runs, `left` (working time) while it stands still; neither otherwise."""

    due_at: datetime | None = None
    left: timedelta | None = None


def deadline(facts: tuple[Fact, ...]) -> Deadline:
    """The deadline that follows from a dossier's facts, read in order."""
    found = Deadline()
    for fact in facts:
        if fact.type in _SETS and (due := fact.data.get("due_at")):
            found = Deadline(due_at=datetime.fromisoformat(due))
        elif fact.type is FactType.SUPPLEMENT_REQUESTED and (left := fact.data.get("left_seconds")) is not None:
            found = Deadline(left=timedelta(seconds=left))
        elif fact.type in _ENDS:
            found = Deadline()
    return found


def stopped(present: Deadline, now: datetime, calendars: Calendars) -> timedelta | None:
    """The working time left when the clock stops `now`: none when it is late already; None when it does not run."""
    return working_time(now, present.due_at, calendars) if present.due_at else None


def resumed(present: Deadline, now: datetime, calendars: Calendars) -> datetime | None:
    """When a dossier is due whose clock goes on `now` with the time that was left; None when it had not started."""
    return after_working_time(now, present.left, calendars) if present.left is not None else None
