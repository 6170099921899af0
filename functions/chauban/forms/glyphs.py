"""Which characters a form's documents can print: the ranges that publishing reads out of its fonts (`coverage.py`)."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

# Text that cannot be told apart on paper, or that changes how its neighbours are read: controls, format characters (bidirectional
# marks, zero-width ones, soft hyphens), surrogates, private and unassigned ones, separators of lines and paragraphs.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LINE_BREAK = "\n"


class GlyphCoverage(BaseModel):
    """`ranges` of code points, both ends included, ascending; `fonts_sha256` as on every document made with these fonts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fonts_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    ranges: tuple[tuple[int, int], ...]

    def prints(self, character: str) -> bool:
        """Whether there is a glyph for the character, and for its capital: names are printed in capitals too."""
        return character == LINE_BREAK or all(self._has(ord(part)) for part in character + character.upper())

    def lacks(self, text: str) -> list[str]:
        """The characters of a text that cannot be printed, each once, in order."""
        return [character for character in dict.fromkeys(text) if not self.prints(character)]

    def _has(self, code_point: int) -> bool:
        place = bisect_right(self._starts, code_point) - 1
        return place >= 0 and code_point <= self.ranges[place][1]

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self.ranges)


def ranges_of(code_points: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """The ascending ranges that hold exactly these code points."""
    found: list[tuple[int, int]] = []
    for point in sorted(set(code_points)):
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return tuple(found)


def halves(text: str) -> list[str]:
    """The halves of surrogate pairs in a text, each once: it is not even Unicode, and nothing can be done with it."""
    return [character for character in dict.fromkeys(text) if unicodedata.category(character) == "Cs"]


def forbidden(text: str) -> list[str]:
    """The characters of a text that no form takes, whatever its fonts, each once, in order; line breaks are not among them."""
    return [
        character
        for character in dict.fromkeys(text.replace("\r\n", LINE_BREAK))
        if character != LINE_BREAK and unicodedata.category(character) in _REFUSED
    ]
