"""Dates, times, numbers and names as Decree 30/2020/ND-CP writes them."""

import unicodedata

import pytest
from chauban.documents import vietnamese


@pytest.mark.parametrize(
    ("iso", "words", "short"),
    [
        ("2026-01-05", "ngày 05 tháng 01 năm 2026", "05/01/2026"),
        ("2026-02-28", "ngày 28 tháng 02 năm 2026", "28/02/2026"),
        ("2026-03-09", "ngày 09 tháng 3 năm 2026", "09/3/2026"),
        ("2026-10-10", "ngày 10 tháng 10 năm 2026", "10/10/2026"),
        ("2026-12-31", "ngày 31 tháng 12 năm 2026", "31/12/2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_take_a_zero(iso, words, short):
    assert vietnamese.ngay_thang_nam(iso) == words
    assert vietnamese.ngay(iso) == short


@pytest.mark.parametrize(
    ("partial", "words", "short"),
    [
        ("1936", "năm 1936", "1936"),
        ("1936-02", "tháng 02 năm 1936", "02/1936"),
        ("1936-05", "tháng 5 năm 1936", "5/1936"),
    ],
)
def test_of_a_birth_only_what_is_known_is_written(partial, words, short):
    assert vietnamese.ngay_thang_nam(partial) == words
    assert vietnamese.ngay(partial) == short


@pytest.mark.parametrize("text", ["193", "36", "1936-5", "abcd", "1936-13", "1936-00"])
def test_what_is_no_date_is_not_written(text):
    with pytest.raises(ValueError, match=r"."):
        vietnamese.ngay(text)


@pytest.mark.parametrize("moment", ["2026-01-04T17:00:00Z", "2026-01-04T17:00:00+00:00", "2026-01-05T00:00:00+07:00"])
def test_a_moment_belongs_to_the_vietnamese_day(moment):
    assert vietnamese.ngay_thang_nam(moment) == "ngày 05 tháng 01 năm 2026"
    assert vietnamese.gio_ngay(moment) == "00 giờ 00 phút, ngày 05/01/2026"


def test_the_last_minute_of_a_year_in_london_is_next_year_in_hue():
    assert vietnamese.gio_ngay("2025-12-31T23:59:00Z") == "06 giờ 59 phút, ngày 01/01/2026"


@pytest.mark.parametrize("text", ["2026-01-05T08:00:00", "2026-02-30", "05/01/2026", ""])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        vietnamese.ngay(text)


@pytest.mark.parametrize(
    ("value", "written"), [(7, "7"), (24, "24"), (1250000, "1.250.000"), (2.5, "2,5"), (3.0, "3"), (1234.5, "1.234,5")]
)
def test_figures(value, written):
    assert vietnamese.so(value) == written


@pytest.mark.parametrize(("value", "written"), [(5, "05"), ("7", "07"), (12, "12"), (1204, "1204")])
def test_numbers_below_ten_take_a_zero(value, written):
    assert vietnamese.two_digits(value) == written


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Ủy ban nhân dân phường Thuận Hóa", ["ỦY BAN NHÂN DÂN", "PHƯỜNG THUẬN HÓA"]),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ", ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HUẾ"]),
        ("SỞ TƯ PHÁP", ["SỞ TƯ PHÁP"]),
        (
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG THUẬN HÓA",
            ["TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG", "PHƯỜNG THUẬN HÓA"],
        ),
        ("ỦY BAN NHÂN DÂN XÃ PHÚ XÃ", ["ỦY BAN NHÂN DÂN", "XÃ PHÚ XÃ"]),
    ],
)
def test_an_agency_breaks_into_lines_before_its_level(name, lines):
    assert vietnamese.agency_lines(name) == lines


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ỦY BAN NHÂN DÂN PHƯỜNG THUẬN HÓA", "Ủy ban nhân dân phường Thuận Hóa"),
        ("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ A LƯỚI 1", "Trung tâm phục vụ hành chính công xã A Lưới 1"),
        ("ỦY BAN NHÂN DÂN XÃ PHÚ XÃ", "Ủy ban nhân dân xã Phú Xã"),
        ("ỦY BAN NHÂN DÂN PHƯỜNG PHÚ XUÂN, THÀNH PHỐ HUẾ", "Ủy ban nhân dân phường Phú Xuân, thành phố Huế"),
        (
            "ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ - VĂN PHÒNG ĐẠI DIỆN",
            "Ủy ban nhân dân thành phố Huế - Văn phòng đại diện",
        ),
        ("SỞ TƯ PHÁP THÀNH PHỐ HUẾ VĂN PHÒNG ĐẠI DIỆN A LƯỚI", "Sở tư pháp thành phố Huế văn phòng đại diện A Lưới"),
        ("Văn phòng đại diện UBND PHƯỜNG Thuận Hóa", "Văn phòng đại diện UBND PHƯỜNG Thuận Hóa"),
        ("Sở Tư pháp", "Sở Tư pháp"),
    ],
)
def test_an_agency_in_running_text(name, written):
    assert vietnamese.agency_name(name) == written


def test_text_at_any_depth_becomes_precomposed():
    given = {unicodedata.normalize("NFD", "tên"): [unicodedata.normalize("NFD", "Huế"), 1, None, True, {"a": ("ố",)}]}
    assert vietnamese.nfc(given) == {"tên": ["Huế", 1, None, True, {"a": ["ố"]}]}
