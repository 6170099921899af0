"""Numbers, sums, dates, months and ages in words."""

import pytest
from chauban.documents import words


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (0, "không"),
        (1, "một"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (91, "chín mươi mốt"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (124, "một trăm hai mươi tư"),
        (1000, "một nghìn"),
        (1001, "một nghìn không trăm linh một"),
        (1015, "một nghìn không trăm mười lăm"),
        (2005, "hai nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (21000, "hai mươi mốt nghìn"),
        (105000, "một trăm linh năm nghìn"),
        (1000005, "một triệu không trăm linh năm"),
        (1005000, "một triệu không trăm linh năm nghìn"),
        (10**9, "một tỷ"),
        (10**9 + 5, "một tỷ không trăm linh năm"),
        (12 * 10**9 + 105, "mười hai tỷ một trăm linh năm"),
        (10**12, "một nghìn tỷ"),
        (105 * 10**9, "một trăm linh năm tỷ"),
        (-3, "âm ba"),
        (2.5, "hai phẩy năm"),
        (0.05, "không phẩy không năm"),
        (1250000.0, "một triệu hai trăm năm mươi nghìn"),
    ],
)
def test_a_number_is_read(number, read):
    assert words.number_in_words(number) == read


def test_no_reading_has_two_blanks_and_no_number_shares_one():
    numbers = [*range(3000), *(10**power + rest for power in range(4, 18) for rest in (0, 1, 5, 10, 15, 100, 1005))]
    read = [words.number_in_words(number) for number in numbers]
    assert all("  " not in text and text == text.strip() for text in read)
    assert len(set(read)) == len(set(numbers))


@pytest.mark.parametrize("value", [10**18, float("nan"), float("inf"), True, 1e-9])
def test_what_nobody_reads_is_refused(value):
    with pytest.raises(ValueError, match="no number"):
        words.number_in_words(value)


@pytest.mark.parametrize(
    ("sum_", "read"),
    [
        (0, "Không đồng"),
        (105000, "Một trăm linh năm nghìn đồng"),
        (1250000.0, "Một triệu hai trăm năm mươi nghìn đồng"),
        (999_000_001, "Chín trăm chín mươi chín triệu không trăm linh một đồng"),
    ],
)
def test_a_sum_of_money_is_read(sum_, read):
    assert words.money_in_words(sum_) == read


def test_a_part_of_a_dong_is_refused():
    with pytest.raises(ValueError, match="whole"):
        words.money_in_words(0.5)


@pytest.mark.parametrize(
    ("day", "read"),
    [
        ("2026-04-21", "Ngày hai mươi mốt, tháng tư, năm hai nghìn không trăm hai mươi sáu"),
        ("2005-01-05", "Ngày năm, tháng một, năm hai nghìn không trăm linh năm"),
        ("2000-12-24", "Ngày hai mươi tư, tháng mười hai, năm hai nghìn"),
        ("1995-11-15", "Ngày mười lăm, tháng mười một, năm một nghìn chín trăm chín mươi lăm"),
        ("1936-04", "Tháng tư, năm một nghìn chín trăm ba mươi sáu"),
        ("1936", "Năm một nghìn chín trăm ba mươi sáu"),
    ],
)
def test_a_date_is_read(day, read):
    assert words.date_in_words(day) == read


@pytest.mark.parametrize(
    ("month", "written"),
    [("2026-01", "tháng 01 năm 2026"), ("2026-03", "tháng 3 năm 2026"), ("2026-12", "tháng 12 năm 2026")],
)
def test_a_month_is_written(month, written):
    assert words.month_of_year(month) == written


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1990-05-04", "2026-05-03", 35),
        ("1990-05-04", "2026-05-04", 36),
        ("2004-02-29", "2026-02-28", 21),
        ("2004-02-29", "2026-03-01", 22),
        ("2026-01-05", "2026-01-05", 0),
        ("1990-01-05", "2026-01-04T18:00:00Z", 36),
        # Counted from the first day that can be meant.
        ("1946", "2026-01-01", 80),
        ("1946-03", "2026-02-28", 79),
        ("1946-03", "2026-03-01", 80),
    ],
)
def test_an_age_is_counted_in_full_years(born, on, years):
    assert words.age(born, on) == years


def test_nobody_has_an_age_before_the_birth():
    with pytest.raises(ValueError, match="before"):
        words.age("2026-01-05", "2026-01-04")


@pytest.mark.parametrize("value", ["2026", "2026-13", "2026-1", "2026-01-05"])
def test_what_is_no_month_is_not_written_as_one(value):
    with pytest.raises(ValueError, match="month"):
        words.month_of_year(value)
