"""Which version was current until when, and for how long its drafts are still taken."""

from datetime import date, timedelta

import pytest
from chauban.forms import succession
from chauban.forms.definition import FormDefinition

from tests.unit.fakes.catalogue import real_form

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)
# When versions were published that came after their first day.
Late = dict[str, date]


def in_time(form: FormDefinition) -> date:
    return form.head.valid_from


def last_current_day(versions: list[FormDefinition], form: FormDefinition, today: date, late: Late = {}) -> date | None:  # noqa: B006
    return succession.last_current_day(versions, form, today, lambda one: late.get(one.version, in_time(one)))


def in_grace(versions: list[FormDefinition], form: FormDefinition, today: date, late: Late = {}) -> bool:  # noqa: B006
    return succession.in_grace(versions, form, today, lambda one: late.get(one.version, in_time(one)))


def version(number: str, start: date, end: date | None = None, grace: int = 30) -> FormDefinition:
    form = real_form()
    changes = {"version": number, "valid_from": start, "valid_to": end, "grace_days": grace}
    return form.model_copy(update={"head": form.head.model_copy(update=changes)})


OLD, NEW = version("1.0", FIRST), version("1.1", date(2026, 6, 1))


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (FIRST - DAY, None),
        (FIRST, FIRST),
        (date(2026, 5, 31), date(2026, 5, 31)),
        (date(2026, 6, 1), date(2026, 5, 31)),
        (date(2026, 12, 1), date(2026, 5, 31)),
    ],
)
def test_a_version_is_current_until_its_successor_begins(today: date, last: date | None) -> None:
    assert last_current_day([OLD, NEW], OLD, today) == last


def test_its_own_end_ends_it_too() -> None:
    ended = version("1.0", FIRST, date(2026, 3, 1))
    assert last_current_day([ended, NEW], ended, date(2026, 12, 1)) == date(2026, 3, 1)


def test_after_a_version_for_a_while_the_one_before_is_current_again() -> None:
    meanwhile = version("1.1", date(2026, 6, 1), date(2026, 6, 30))
    assert last_current_day([OLD, meanwhile], OLD, date(2026, 6, 15)) == date(2026, 5, 31)
    assert last_current_day([OLD, meanwhile], OLD, date(2026, 7, 2)) == date(2026, 7, 2)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (29, True), (30, False)])
def test_the_days_of_grace_are_counted_from_the_last_current_day(days: int, taken: bool) -> None:
    assert in_grace([OLD, NEW], OLD, date(2026, 6, 1) + days * DAY) is taken


def test_no_days_of_grace_means_none() -> None:
    strict = version("1.0", FIRST, grace=0)
    assert not in_grace([strict, NEW], strict, date(2026, 6, 1))


def test_a_version_replaced_on_its_first_day_has_its_days_of_grace_from_the_day_before() -> None:
    again = version("1.1", FIRST)
    assert in_grace([OLD, again], OLD, FIRST + 29 * DAY)
    assert not in_grace([OLD, again], OLD, FIRST + 30 * DAY)


def test_the_successor_of_another_form_ends_nothing() -> None:
    other = NEW.model_copy(update={"head": NEW.head.model_copy(update={"slug": "other"})})
    assert last_current_day([OLD, other], OLD, date(2026, 12, 1)) == date(2026, 12, 1)


PUBLISHED = date(2026, 7, 10)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (29, True), (30, False)])
def test_where_the_successor_was_published_late_the_days_count_from_its_publication(days: int, taken: bool) -> None:
    """Nobody could know of it before."""
    late = {"1.1": PUBLISHED}
    assert last_current_day([OLD, NEW], OLD, PUBLISHED + days * DAY, late) == PUBLISHED - DAY
    assert in_grace([OLD, NEW], OLD, PUBLISHED + days * DAY, late) is taken


def test_until_a_late_successor_is_published_the_old_version_is_current() -> None:
    assert last_current_day([OLD, NEW], OLD, PUBLISHED - DAY, {"1.1": PUBLISHED}) == PUBLISHED - DAY


def test_a_version_was_not_current_before_it_was_published() -> None:
    assert last_current_day([OLD], OLD, FIRST + DAY, {"1.0": FIRST + 2 * DAY}) is None
    assert last_current_day([OLD], OLD, FIRST + 2 * DAY, {"1.0": FIRST + 2 * DAY}) == FIRST + 2 * DAY


def test_an_old_version_that_is_published_after_its_successor_never_was_current() -> None:
    assert last_current_day([OLD, NEW], OLD, date(2026, 12, 1), {"1.0": date(2026, 8, 1)}) is None


def test_both_published_on_one_day_leave_the_days_of_grace_from_the_day_before() -> None:
    late = {"1.0": PUBLISHED, "1.1": PUBLISHED}
    assert in_grace([OLD, NEW], OLD, PUBLISHED + 29 * DAY, late)
    assert not in_grace([OLD, NEW], OLD, PUBLISHED + 30 * DAY, late)
