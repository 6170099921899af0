"""Which version of a form is current on a day, and until when one was.

A published version never changes, so the end of its time is not written in it: the next version's first day ends it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from chauban.forms.definition import FormDefinition, current_version

DAY = timedelta(days=1)


def last_current_day(versions: Sequence[FormDefinition], form: FormDefinition, today: date) -> date | None:
    """The last day, up to today, on which `form` was the current one among `versions`; None where there was none."""
    same = [other for other in versions if other.slug == form.slug]
    ends = [other.head.valid_from - DAY for other in same if other.head.valid_from > form.head.valid_from]
    candidates = [today, *ends, *([form.head.valid_to] if form.head.valid_to else [])]
    past = sorted((day for day in candidates if day <= today), reverse=True)
    return next((day for day in past if current_version(same, form.slug, day) == form), None)


def in_grace(versions: Sequence[FormDefinition], form: FormDefinition, today: date) -> bool:
    """Whether a draft that was opened while the version was current may still be filed today.

    A version whose successor came into force before it was published was never current by the calendar; the days of
    grace then count from the day before the successor's first day.
    """
    last = last_current_day(versions, form, today) or _day_before_successor(versions, form)
    return last is not None and today <= last + timedelta(days=form.head.grace_days)


def _day_before_successor(versions: Sequence[FormDefinition], form: FormDefinition) -> date | None:
    later = [
        other.head.valid_from
        for other in versions
        if other.slug == form.slug and (other.head.valid_from, other.order) > (form.head.valid_from, form.order)
    ]
    return min(later, default=form.head.valid_from) - DAY if later else None
