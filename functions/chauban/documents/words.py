"""Numbers, sums of money, dates, months and ages in Vietnamese words: what documents derive from answers, in one place.

Reading follows the usage of textbooks and of money on vouchers: "mười lăm", "hai mươi mốt", "hai mươi tư", "một trăm linh năm",
and a group that follows another is read with its hundreds ("một triệu không trăm linh năm nghìn").
"""

from chauban.documents.vietnamese import first_day, local_date, ngay_thang_nam
from chauban.forms.checks.dates import age as full_years

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_GROUPS = ("", "nghìn", "triệu")
LIMIT = 10**18
"""Numbers from here on have no agreed reading."""


def number_in_words(value: int | float) -> str:
    """`value` in words: 105 -> "một trăm linh năm", -3 -> "âm ba", 2.5 -> "hai phẩy năm".

    Decimals are read digit by digit, as they are printed. ValueError beyond LIMIT, and for what is no number.
    """
    if isinstance(value, bool) or value != value or abs(value) >= LIMIT:
        raise ValueError("no number that can be read")
    sign = "âm " if value < 0 else ""
    whole, _, decimals = f"{abs(value)}".partition(".") if abs(value) < 10**15 else (str(abs(int(value))), "", "")
    if "e" in whole + decimals:
        raise ValueError("no number that can be read")
    words = sign + _whole(int(whole))
    if decimals.strip("0"):
        words += " phẩy " + " ".join(DIGITS[int(digit)] for digit in decimals.rstrip("0"))
    return words


def money_in_words(value: int | float) -> str:
    """A sum of đồng as a sentence begins: 105000 -> "Một trăm linh năm nghìn đồng". ValueError for a part of a đồng."""
    if value != int(value):
        raise ValueError("a sum is in whole đồng")
    words = number_in_words(int(value))
    return f"{words[0].upper()}{words[1:]} đồng"


def date_in_words(value: str) -> str:
    """A day: "2026-04-21" -> "Ngày hai mươi mốt, tháng tư, năm hai nghìn không trăm hai mươi sáu"; without what is not known."""
    day = first_day(value)
    year = f"năm {number_in_words(day.year)}"
    month = f"tháng {'tư' if day.month == 4 else number_in_words(day.month)}"
    known = {4: [year], 7: [month, year]}.get(len(value), [f"ngày {number_in_words(day.day)}", month, year])
    written = ", ".join(known)
    return written[0].upper() + written[1:]


def month_of_year(value: str) -> str:
    """A month: "2026-01" -> "tháng 01 năm 2026", "2026-07" -> "tháng 7 năm 2026"."""
    if len(value) != len("2026-01"):
        raise ValueError("no month")
    return ngay_thang_nam(value)


def age(birth_date: str, on: str) -> int:
    """Full years from a birth to a day; somebody born on 29 February is a year older on 1 March. ValueError before the birth.

    Who has no day of birth counts from the first of the month or year that is known.
    """
    born, day = first_day(birth_date), local_date(on)
    if day < born:
        raise ValueError("a day before the birth")
    return full_years(born, day)


def _whole(number: int) -> str:
    """A number that is not negative."""
    billions, rest = divmod(number, 10**9)
    if not billions:
        return _below_a_billion(rest, leading=True)
    words = f"{_whole(billions)} tỷ"
    return f"{words} {_below_a_billion(rest, leading=False)}" if rest else words


def _below_a_billion(number: int, *, leading: bool) -> str:
    words: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group or (number == 0 and power == 0):
            words += [_below_a_thousand(group, leading=leading and not words), _GROUPS[power]]
    return " ".join(word for word in words if word)


def _below_a_thousand(number: int, *, leading: bool) -> str:
    """A group of three digits; without hundreds only where nothing stands before it."""
    hundreds, rest = divmod(number, 100)
    if not hundreds and leading:
        return _below_a_hundred(rest)
    words = f"{DIGITS[hundreds]} trăm"
    if not rest:
        return words
    return f"{words} linh {DIGITS[rest]}" if rest < 10 else f"{words} {_below_a_hundred(rest)}"


def _below_a_hundred(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    words = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if ones == 0:
        return words
    last = "lăm" if ones == 5 else _AFTER_TENS.get(ones, DIGITS[ones]) if tens > 1 else DIGITS[ones]
    return f"{words} {last}"
