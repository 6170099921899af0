"""What a page shows, in the order in which it is drawn: letters, surfaces, pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chauban.signing.linting.geometry import Box

# Red, green, blue from 0 to 1.
Colour = tuple[float, float, float]


class Kind(StrEnum):
    """A surface is a rectangle of one colour; a shape is anything else that is filled, or any line."""

    LETTERS = "letters"
    SURFACE = "surface"
    SHAPE = "shape"
    LINE = "line"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn: in the boxes `parts` (for letters the core of each, where its strokes are), within `clip`.

    `opacity` is 1 for what hides everything behind it; `size` the height of letters in points.
    """

    kind: Kind
    parts: tuple[Box, ...]
    box: Box
    clip: Box
    colour: Colour
    opacity: float
    size: float = 0.0


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rgb(red: float, green: float, blue: float) -> Colour:
    """A colour of three parts."""
    return red, green, blue


def grey(level: float) -> Colour:
    """From black, 0, to white, 1."""
    return level, level, level


def cmyk(cyan: float, magenta: float, yellow: float, black: float) -> Colour:
    """A colour of four inks (ISO 32000-1, 10.3.5)."""
    red, green, blue = (1 - min(1.0, ink + black) for ink in (cyan, magenta, yellow))
    return red, green, blue


def around_all(parts: Sequence[Box]) -> Box:
    """The smallest box that holds all of them; there is at least one."""
    return (
        min(part[0] for part in parts),
        min(part[1] for part in parts),
        max(part[2] for part in parts),
        max(part[3] for part in parts),
    )
