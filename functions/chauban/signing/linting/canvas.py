"""What one page has collected while its content was followed: marks, fonts that were read, objects that were drawn."""

from dataclasses import dataclass, field

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.geometry import Box, Matrix
from chauban.signing.linting.letters import Font, read_font
from chauban.signing.linting.marks import Colour, Mark
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Reference, Value

MOST_MARKS, MOST_PARTS = 10_000, 100_000


@dataclass(frozen=True)
class Graphics:
    """The graphics state (ISO 32000-1, 8.4), as far as it matters here.

    `ragged`: what clips is no rectangle, and `clip` only the box around it."""

    matrix: Matrix
    clip: Box
    fill: Colour = (0.0, 0.0, 0.0)
    stroke: Colour = (0.0, 0.0, 0.0)
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    ragged: bool = False
    width: float = 1.0
    cap: float = 0.0
    join: float = 0.0
    mitre: float = 10.0
    font: Font | None = None
    size: float = 0.0
    rise: float = 0.0
    mode: int = 0


@dataclass
class Canvas:
    """`fonts` may be shared by the pages of a file; `used` are the numbers of fonts and external objects drawn with."""

    state: State
    fonts: dict[int, Font]
    marks: list[Mark] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    _parts: int = 0

    def add(self, mark: Mark) -> None:
        """Keep a mark; raises `Unfit` where there are more than any page needs."""
        self.marks.append(mark)
        self._parts += len(mark.parts)
        if len(self.marks) > MOST_MARKS or self._parts > MOST_PARTS:
            raise Unfit("too-large")

    def font(self, value: Value) -> Font:
        """The measures of a font of the resources; raises `Unfit`."""
        if not isinstance(value, Reference):
            raise Unfit("font-not-embedded")
        self.used.add(value.number)
        if value.number not in self.fonts:
            self.fonts[value.number] = read_font(self.state, value)
        return self.fonts[value.number]
