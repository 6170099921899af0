"""Which version of a form was current until when, and for how long its drafts are still taken.

A published version never changes, so the end of its time is not written in it: the next version ends it, on its first day or,
where it was published later than that, on the day of its publication.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from chauban.forms.definition import FormDefinition, current_version

DAY = timedelta(days=1)
InForceFrom = Callable[[FormDefinition], date]


def last_current_day(
    versions: Sequence[FormDefinition], form: FormDefinition, today: date, in_force_from: InForceFrom
) -> date | None:
    """The last day, up to today, on which `form` was the current one among `versions`; None where there was none."""
    same = [other for other in versions if other.slug == form.slug]
    ends = [in_force_from(other) - DAY for other in same]
    candidates = [today, *ends, *([form.head.valid_to] if form.head.valid_to else [])]

    def current_on(day: date) -> FormDefinition | None:
        return current_version([other for other in same if in_force_from(other) <= day], form.slug, day)

    past = sorted((day for day in candidates if day <= today), reverse=True)
    return next((day for day in past if current_on(day) == form), None)


def in_grace(versions: Sequence[FormDefinition], form: FormDefinition, today: date, in_force_from: InForceFrom) -> bool:
    """Whether a draft that was opened while the version was current may still be filed today.

    A version whose successor came into force on its own first day was never current by the calendar; the days of grace then
    count from the day before.
    """
    last = last_current_day(versions, form, today, in_force_from) or _day_before_successor(
        versions, form, in_force_from
    )
    return last is not None and today <= last + timedelta(days=form.head.grace_days)


def _day_before_successor(
    versions: Sequence[FormDefinition], form: FormDefinition, in_force_from: InForceFrom
) -> date | None:
    later = [
        in_force_from(other)
        for other in versions
        if other.slug == form.slug and (other.head.valid_from, other.order) > (form.head.valid_from, form.order)
    ]
    return min(later) - DAY if later else None
