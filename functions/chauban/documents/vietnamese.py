"""How dates, times, numbers and names are written in Vietnamese administrative documents.

Source: Decree 30/2020/ND-CP, Annex I, II.4: days below 10 and the months 1 and 2 take a leading zero, other months do not.
Dates and times come in as ISO 8601 text; times are shown in the time zone of Vietnam. Of a date of birth perhaps only the year is
known ("1936"), or year and month ("1936-05"): what is not known is left out.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

LINE_CHARACTERS = 24
"""What fits beside the national title, in capitals of 12 points."""

_LEVELS = ("PHƯỜNG", "XÃ", "ĐẶC KHU", "THÀNH PHỐ", "TỈNH")
_BEFORE_LEVEL = re.compile(rf"\s+(?=(?:{'|'.join(_LEVELS)})\s)")

_OFFICES = (
    "VĂN PHÒNG ĐẠI DIỆN",
    "VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI",
    "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "BỘ PHẬN MỘT CỬA",
    "HỘI ĐỒNG NHÂN DÂN",
    "ỦY BAN NHÂN DÂN",
    "CHI NHÁNH",
)
"""What may stand behind a place and is no name."""
_BEHIND_PLACE = re.compile(rf"([-–,(]\s*)?\b({'|'.join(_OFFICES)})\b|(,\s*)({'|'.join(_LEVELS)})\b")


def nfc(value: object) -> object:
    """`value` (JSON-like) with all text, keys too, in Unicode normalisation form C, the precomposed form of TCVN 6909."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {nfc(key): nfc(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [nfc(item) for item in value]
    return value


def two_digits(number: int | str) -> str:
    """A number of a document or a day: below 10 with a leading zero ("05", "12", "1204")."""
    return f"{int(number):02d}"


def month_digits(month: int) -> str:
    """A month: 1 and 2 with a leading zero, the others without ("01", "3", "12")."""
    return f"{month:02d}" if month <= 2 else str(month)


def local_date(value: str) -> date:
    """The Vietnamese calendar day of an ISO date ("2026-01-05") or an ISO time with offset ("2026-01-04T20:00:00Z").

    Raises ValueError for any other text, and for a time without an offset, whose day nobody can know.
    """
    return date.fromisoformat(value) if len(value) == 10 else local_time(value).date()


def local_time(value: str) -> datetime:
    """The Vietnamese time of an ISO time with offset; ValueError without one."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset")
    return moment.astimezone(VIETNAM)


def first_day(value: str) -> date:
    """The Vietnamese calendar day of a date or time; of a year or month, its first. ValueError for any other text."""
    return date.fromisoformat(f"{value}-01-01"[:10]) if is_partial(value) else local_date(value)


def is_partial(value: str) -> bool:
    """Whether this is a year or a month and no day."""
    return len(value) in {4, 7}


def ngay(value: str) -> str:
    """Short: "05/01/2026", "20/3/2026"; "3/1936", "1936"."""
    day = first_day(value)
    if is_partial(value):
        return f"{day.year}" if len(value) == 4 else f"{month_digits(day.month)}/{day.year}"
    return f"{two_digits(day.day)}/{month_digits(day.month)}/{day.year}"


def ngay_thang_nam(value: str) -> str:
    """In words: "ngày 05 tháng 01 năm 2026"; "tháng 3 năm 1936", "năm 1936"."""
    day = first_day(value)
    if is_partial(value):
        return f"năm {day.year}" if len(value) == 4 else f"tháng {month_digits(day.month)} năm {day.year}"
    return f"ngày {two_digits(day.day)} tháng {month_digits(day.month)} năm {day.year}"


def gio_ngay(value: str) -> str:
    """Time and date: "08 giờ 05 phút, ngày 05/01/2026"."""
    moment = local_time(value)
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút, ngày {ngay(value)}"


def so(value: int | float) -> str:
    """A figure with points between thousands and a comma before decimals: "1.250.000", "2,5", "3" (for 3.0 too)."""
    return f"{int(value) if value == int(value) else value:,}".translate(str.maketrans(",.", ".,"))


def agency_lines(name: str) -> list[str]:
    """An agency's name in capitals, broken before its level and, where still long, into lines of like length:
    ["ỦY BAN NHÂN DÂN", "PHƯỜNG THUẬN HÓA"].
    """
    return [line for part in _parts(name.upper()) for line in _balanced(part.split())]


def _parts(name: str) -> list[str]:
    return _BEFORE_LEVEL.split(name, maxsplit=1)


def _balanced(words: list[str]) -> list[str]:
    """One line, or if that is longer than LINE_CHARACTERS the two whose longer one is shortest."""
    line = " ".join(words)
    if len(line) <= LINE_CHARACTERS or len(words) == 1:
        return [line]
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min(cuts, key=lambda pair: max(map(len, pair))))


def agency_name(name: str) -> str:
    """An agency's name in running text: "Ủy ban nhân dân phường Thuận Hóa" from its name in capitals.

    Only the fixed first part, the level and an office behind the place become small; the words of the place keep their capitals.
    A name that is not in capitals is as it should be.
    """
    head, *place = _parts(name)
    if not place or not name.isupper():
        return name
    level, proper = next((level, place[0].removeprefix(level)) for level in _LEVELS if place[0].startswith(level))
    return f"{head.capitalize()} {level.lower()}{_place(proper)}"


def _place(words: str) -> str:
    written, end = "", 0
    for found in _BEHIND_PLACE.finditer(words):
        before, office, comma, level = found.groups(default="")
        small = level.lower() or (office.capitalize() if before else office.lower())
        written += words[end : found.start()].title() + before + comma + small
        end = found.end()
    return written + words[end:].title()


def lower_first(text: str) -> str:
    """`text` with a small first letter, for a label used inside a sentence."""
    return text[:1].lower() + text[1:]
