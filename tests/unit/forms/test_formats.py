"""Formats, character by character."""

from datetime import date

import pytest
from chauban.forms.formats import as_days, formats

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "date",
            ["2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31"],
            [
                "2026-02-30",
                "2026-02-29",
                "31/01/2026",
                "2026-1-31",
                "20260131",
                "2026-W01-1",
                "0000-01-01",
                "",
                " 2026-01-31",
            ]
            + ["2026-01-31T00:00", "２０２６-01-31", "2026-01-31\n"],
        ),
        ("past-date", ["2026-11-23", "1930-01-01"], ["2026-11-24", "2027-01-01", "2026-02-30", "hôm qua"]),
        (
            "past-partial-date",
            ["1936", "1936-05", "1936-05-12", "2026", "2026-11", "2026-11-23", "2024-02-29", "0001"],
            [
                "2027",
                "2026-12",
                "2026-11-24",
                "0000",
                "1936-00",
                "1936-13",
                "1936-05-00",
                "1936-02-30",
                "36",
                "936",
                "19366",
            ]
            + ["1936-5", "193605", "1936-", "1936-05-", "05/1936", "", " 1936", "1936\n", "１９３６", "1936-05-12-01"],
        ),
        (
            "personal-number",
            ["046198000101", "001300999999", "096099000001", "101198000101"],
            # No such province, a century to come, too short, too long, other digits.
            [
                "003198000101",
                "000198000101",
                "097198000101",
                "046498000101",
                "04619800010",
                "0461980001011",
                "04619800010a",
            ]
            + ["٠٤٦١٩٨٠٠٠١٠١", "046 198 000 101"],
        ),
        (
            "phone",
            [
                "0905123456",
                "0905 123 456",
                "0234.3822.123",
                "02343822123",
                "+84905123456",
                "+84 905-123-456",
                "+12025550100",
            ],
            [
                "905123456",
                "090512345",
                "090512345678",
                "0905  123456",
                "+0905123456",
                "+84",
                "0905123456 ",
                "0905a23456",
                "",
            ],
        ),
        (
            "email",
            ["ten@vidu.vn", "t.e-n+1@a.b-c.vn", "T@X.VN"],
            [
                "ten",
                "ten@",
                "@vidu.vn",
                "ten@vidu",
                "ten@@vidu.vn",
                ".ten@vidu.vn",
                "te..n@vidu.vn",
                "ten@-vidu.vn",
                "tên@vidu.vn",
            ]
            + ["ten@vidu.vn ", "ten@vi_du.vn", "a" * 250 + "@b.vn"],
        ),
    ],
)
def test_a_format_takes_what_it_should_and_nothing_else(name: str, good: list[str], bad: list[str]) -> None:
    check = formats(TODAY)[name]
    assert [text for text in good if not check(text)] == []
    assert [text for text in bad if check(text)] == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1936", "1936-01-01", "1936-12-31"),
        ("1936-02", "1936-02-01", "1936-02-29"),
        ("1937-02", "1937-02-01", "1937-02-28"),
        ("9999-12", "9999-12-01", "9999-12-31"),
        ("1936-02-03", "1936-02-03", "1936-02-03"),
    ],
)
def test_a_partial_date_can_be_any_day_of_its_year_or_month(text: str, first: str, last: str) -> None:
    assert as_days(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("value", [None, 1936, ["1936"], "năm 1936"])
def test_what_is_no_partial_date_has_no_days(value: object) -> None:
    assert as_days(value) is None
