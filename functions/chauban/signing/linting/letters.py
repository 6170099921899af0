"""The letters of a font: how wide each is and where its ink is, for fonts with two-byte codes that are glyph numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.geometry import Box, is_within
from chauban.signing.linting.glyphs import Glyphs
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Stream, Value, elements_of, entries_of

# No letter or digit is lower or narrower than this, in parts of its size, or narrower than this part of its ink; no glyph reaches
# farther than the box, and none stands for more letters than a ligature.
_LOWEST, _NARROWEST, _CLOSEST = 0.25, 0.03, 0.5
_FARTHEST = (-0.6, -0.8, 2.0, 1.5)
_LONGEST = 3
_MAPPED = re.compile(rb"<([0-9a-fA-F]{4})> <((?:[0-9a-fA-F]{4})+)>")
_MAPPINGS = re.compile(rb"beginbfchar\s+((?:<[0-9a-fA-F]{4}> <(?:[0-9a-fA-F]{4})+>\s+)*)endbfchar")
# Whatever else is in a character map of ours.
_WORDS = frozenset(
    b"/CIDInit /ProcSet findresource begin dict begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement >> def"
    b" /CMapName /Adobe-Identity-UCS /CMapType begincodespacerange <0000> <ffff> endcodespacerange endcmap CMapName"
    b" currentdict /CMap defineresource pop end".split()
)


@dataclass(frozen=True)
class Font:
    """Widths in thousandths of the size, by glyph (ISO 32000-1, 9.7.4.3); what each glyph stands for, and its ink."""

    widths: Mapping[int, float]
    default: float
    words: Mapping[int, str]
    glyphs: Glyphs
    _known: dict[int, tuple[float, Box | None]] = field(default_factory=dict)

    def letters(self, string: bytes) -> list[tuple[float, Box | None]]:
        """The width of each letter of a string, and the box around its ink, None for a space; raises `Unfit`."""
        if len(string) % 2:
            raise Unfit("malformed-object", "text")
        known, found = self._known, []
        for place in range(0, len(string), 2):
            glyph = string[place] << 8 | string[place + 1]
            letter = known.get(glyph)
            if letter is None:
                letter = known[glyph] = self._letter(glyph)
            found.append(letter)
        return found

    def _letter(self, glyph: int) -> tuple[float, Box | None]:
        """Raises `Unfit` for what a machine reads where nobody sees anything, and the other way round."""
        text, box = self.words.get(glyph), self.glyphs.box(glyph)
        if text is None:
            raise Unfit("font-not-embedded", "letters without a meaning")
        width = self.widths.get(glyph, self.default)
        if text.isspace() is not (box is None) or len(text) > _LONGEST or (box and not _is_letter(text, width, box)):
            raise Unfit("invisible-text", "a glyph that is not what it stands for")
        return width, box


def _is_letter(text: str, width: float, box: Box) -> bool:
    """Whether ink is as large as that of letters is, and has the room that it takes."""
    left, bottom, right, top = box
    if not is_within(box, _FARTHEST):
        return False
    across = right - left
    return not text.isalnum() or (
        top - bottom >= _LOWEST and across >= _NARROWEST and width / 1000 >= _CLOSEST * across
    )


def read_font(state: State, value: Value) -> Font:
    """The letters of a font; raises `Unfit`."""
    font = entries_of(state.resolve(value))
    descendants = state.resolve(font.get("DescendantFonts"))
    if not isinstance(descendants, list) or len(descendants) != 1:
        raise Unfit("font-not-embedded")
    entries = entries_of(state.resolve(descendants[0]))
    descriptor = entries_of(state.resolve(entries.get("FontDescriptor")))
    file, words = state.resolve(descriptor.get("FontFile2")), state.resolve(font.get("ToUnicode"))
    if not isinstance(file, Stream) or not isinstance(words, Stream):
        raise Unfit("font-not-embedded")
    widths = _widths(elements_of(entries.get("W")).copy())
    return Font(widths, float(entries.get("DW", 1000)), words_of(words.data()), Glyphs(file.data()))


def _widths(rest: list[Value]) -> dict[int, float]:
    widths: dict[int, float] = {}
    try:
        while rest:
            first, second = rest.pop(0), rest.pop(0)
            if isinstance(second, list):
                widths.update((first + place, float(width)) for place, width in enumerate(second))
            elif 0 <= second - first < 65_536:
                widths.update(dict.fromkeys(range(first, second + 1), float(rest.pop(0))))
            else:
                raise Unfit("malformed-object", "widths")
    except (TypeError, ValueError, IndexError) as error:
        raise Unfit("malformed-object", "widths") from error
    return widths


@lru_cache(maxsize=64)
def words_of(character_map: bytes) -> Mapping[int, str]:
    """What the glyphs stand for (ISO 32000-1, 9.10.3); raises `Unfit` where one stands for two things, or more is said."""
    found: dict[int, str] = {}
    if any(word not in _WORDS and not word.isdigit() for word in _MAPPINGS.sub(b" ", character_map).split()):
        raise Unfit("unexpected-entry", "character map")
    for block in _MAPPINGS.findall(character_map):
        for glyph, text in _MAPPED.findall(block):
            number = int(glyph, 16)
            try:
                word = bytes.fromhex(text.decode()).decode("utf-16-be")
            except UnicodeDecodeError as error:
                raise Unfit("malformed-object", "character map") from error
            if found.setdefault(number, word) != word:
                raise Unfit("object-defined-twice", "character map")
    return found
