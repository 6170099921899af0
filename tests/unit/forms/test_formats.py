"""Formats, character by character."""

from datetime import date

import pytest
from chauban.forms.formats import formats

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
