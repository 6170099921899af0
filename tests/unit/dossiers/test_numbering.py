"""Codes and numbers are those of Vietnam's days and years."""

from datetime import UTC, date, datetime

import pytest
from chauban.dossiers.numbering import IssuedNumber, dossier_code, local_day


@pytest.mark.parametrize(
    ("count", "code"),
    [
        (1, "H57.40.01-261123-0001"),
        (9999, "H57.40.01-261123-9999"),
        (10000, "H57.40.01-261123-10000"),
        (123456, "H57.40.01-261123-123456"),
    ],
)
def test_a_code_has_at_least_four_digits_and_grows(count: int, code: str) -> None:
    assert dossier_code("H57.40.01", date(2026, 11, 23), count) == code


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 16, 59, 59, 999000, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_the_day_and_the_year_change_at_17_utc(moment: datetime, day: date) -> None:
    assert local_day(moment) == day


@pytest.mark.parametrize(
    ("number", "printed"), [(1, "01/UBND-XNTTHN"), (9, "09/UBND-XNTTHN"), (120, "120/UBND-XNTTHN")]
)
def test_a_number_below_ten_is_printed_with_a_zero(number: int, printed: str) -> None:
    issued = IssuedNumber(book="b", symbol="UBND-XNTTHN", year=2026, number=number, day=date(2026, 1, 5))
    assert issued.display == printed
