"""When two answers say the same: names as they are typed, and dates of which perhaps only the year is known."""

import re
import unicodedata
from typing import Any

from chauban.forms.formats import as_days

_BLANKS = re.compile(r"\s+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def canonical(value: Any) -> Any:
    """A value as it is compared: texts composed, without case, with single blanks; anything else as it is.

    The tone of a syllable counts and not the letter that it stands on: both "Hoà" and "Hòa" are in use for one name.
    """
    if not isinstance(value, str):
        return value
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFC", value).casefold())
    return " ".join(unicodedata.normalize("NFC", _tone_last(word)) for word in _BLANKS.split(apart) if word)


def agree(one: Any, other: Any) -> bool:
    """Whether two values are the same as they are compared; dates, whether one day can be meant by both."""
    days = as_days(one), as_days(other)
    if days[0] and days[1]:
        return days[0][0] <= days[1][1] and days[1][0] <= days[0][1]
    return bool(canonical(one) == canonical(other))


def _tone_last(word: str) -> str:
    tones = "".join(letter for letter in word if letter in _TONES)
    return "".join(letter for letter in word if letter not in _TONES) + tones
