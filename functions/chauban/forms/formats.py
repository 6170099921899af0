"""The formats that a schema may name. The same ones, written in JavaScript, are in `tests/conformance/jsonforms/`.

Digits are ASCII digits. What a format cannot see (whether a personal number fits a birth date) is a check of `form.yaml`.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTIAL_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_PERSONAL_NUMBER = re.compile(r"[0-9]{12}")
_PHONE = re.compile(r"(?:0|\+[1-9])[0-9]*(?:[ .-][0-9]+)*")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{_LABEL}\.)+{_LABEL}"
)

# Where a birth was registered: provinces as of the numbering's beginning (a number is for life, whatever merges later).
# From 100 on they are countries. Decree 137/2015/ND-CP, article 13, and the circulars that list the codes.
PROVINCES = frozenset(
    (
        *(1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38),
        *(40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79),
        *(80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96),
    )
)
FIRST_COUNTRY = 100
# The fourth digit: 0 man and 1 woman born in 1900-1999, 2 and 3 in 2000-2099, and so on.
LAST_SEX_AND_CENTURY = 3

Format = Callable[[str], bool]


def is_date(text: str) -> bool:
    """A day that exists, `2026-01-31`, in the years 0001 to 9999."""
    return as_date(text) is not None


def as_date(text: object) -> date | None:
    """The day that a text in the format `date` names; None for any other text."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_days(text: object) -> tuple[date, date] | None:
    """The first and the last day that a date can be, of which only the year (`1936`), or year and month (`1936-05`), may be known.

    None for any other text. Old papers often state no more.
    """
    if not isinstance(text, str) or not _PARTIAL_DATE.fullmatch(text):
        return None
    year, month, day = (int(text[start:end] or 0) for start, end in ((0, 4), (5, 7), (8, 10)))
    try:
        first = date(year, month if text[5:7] else 1, day if text[8:10] else 1)
    except ValueError:
        return None
    last_month = month or 12
    return first, first if day else date(year, last_month, monthrange(year, last_month)[1])


def is_personal_number(text: str) -> bool:
    """Twelve digits whose place and century can be: `046198000101`."""
    if not _PERSONAL_NUMBER.fullmatch(text):
        return False
    registered = int(text[:3])
    return (registered in PROVINCES or registered >= FIRST_COUNTRY) and int(text[3]) <= LAST_SEX_AND_CENTURY


def is_phone(text: str) -> bool:
    """Ten or eleven digits after a leading 0, or `+` and 8 to 15; groups may be parted by a blank, a dot or a hyphen."""
    if not _PHONE.fullmatch(text):
        return False
    digits = sum(character.isdigit() for character in text)
    return 8 <= digits <= 15 if text[0] == "+" else digits in {10, 11}


def is_email(text: str) -> bool:
    """`name@example.vn`: the addresses that browsers take, with a domain of at least two parts."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def formats(today: date) -> Mapping[str, Format]:
    """All formats by name; `today` is the day in Vietnam."""

    def is_past_date(text: str) -> bool:
        day = as_date(text)
        return day is not None and day <= today

    def is_past_partial_date(text: str) -> bool:
        days = as_days(text)
        return days is not None and days[0] <= today

    return {
        "date": is_date,
        "past-date": is_past_date,
        "past-partial-date": is_past_partial_date,
        "personal-number": is_personal_number,
        "phone": is_phone,
        "email": is_email,
    }


FORMATS = frozenset(formats(date.min))
