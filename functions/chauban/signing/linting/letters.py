"""How far the letters of a font reach: widths by glyph, for fonts with two-byte codes that are glyph numbers."""

from dataclasses import dataclass

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.geometry import Box
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Value, elements_of, entries_of

# The lower and upper edge of what the strokes of a letter certainly touch, in parts of its size, and how wide any letter is,
# whatever the file says of its width: a letter said to have none is seen all the same.
_FOOT, _HEAD, _LEAST_WIDTH = 0.05, 0.45, 0.25


def core(x: float, width: float, rise: float, size: float) -> Box:
    """Where the strokes of a letter are that begins at `x` on the line."""
    return x, rise + _FOOT * size, x + max(width, _LEAST_WIDTH * size), rise + _HEAD * size


@dataclass(frozen=True)
class Font:
    """Widths in thousandths of the size, by glyph (ISO 32000-1, 9.7.4.3)."""

    widths: dict[int, float]
    default: float

    def advances(self, string: bytes) -> list[float]:
        """The width of each letter of a string; raises `Unfit` for a string of an odd number of bytes."""
        if len(string) % 2:
            raise Unfit("malformed-object", "text")
        codes = memoryview(string)
        return [
            self.widths.get(codes[place] << 8 | codes[place + 1], self.default) for place in range(0, len(string), 2)
        ]


def read_font(state: State, value: Value) -> Font:
    """The measures of a font; raises `Unfit`."""
    descendants = state.resolve(entries_of(state.resolve(value)).get("DescendantFonts"))
    if not isinstance(descendants, list) or len(descendants) != 1:
        raise Unfit("font-not-embedded")
    entries = entries_of(state.resolve(descendants[0]))
    widths: dict[int, float] = {}
    rest = elements_of(entries.get("W")).copy()
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
    return Font(widths, float(entries.get("DW", 1000)))
