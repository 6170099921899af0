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
    """Something drawn: in the boxes `parts` (for letters the ink of each), within `clip`.

    `opacity` is 1 for what hides everything behind it; `size` that of letters in points, whichever way it is least, and 0 where
    they are distorted.
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


def blended(colour: Colour, opacity: float, behind: Colour) -> Colour:
    """What is seen of a colour that lets something through (ISO 32000-1, 11.3.3)."""
    red, green, blue = (opacity * above + (1 - opacity) * below for above, below in zip(colour, behind, strict=True))
    return red, green, blue


def rgb(red: float, green: float, blue: float) -> Colour:
    """A colour of three parts."""
    return red, green, blue


def grey(level: float) -> Colour:
    """From black, 0, to white, 1."""
    return level, level, level


def around_all(parts: Sequence[Box]) -> Box:
    """The smallest box that holds all of them; there is at least one."""
    return (
        min(part[0] for part in parts),
        min(part[1] for part in parts),
        max(part[2] for part in parts),
        max(part[3] for part in parts),
    )
