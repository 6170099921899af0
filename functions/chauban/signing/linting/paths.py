"""Paths as they are built up and painted (ISO 32000-1, 8.5): which surfaces, shapes and lines come of them."""

from chauban.signing.linting.canvas import Graphics
from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.geometry import Box, around, common, moved
from chauban.signing.linting.marks import Kind, Mark, around_all

_Point = tuple[float, float]
# A cap or a join that is round (1) reaches as far as the line is wide; one before it, or after it, farther.
ROUND = 1
_DIAGONAL = 2**0.5


class Path:
    """A path in the coordinates of the page; curves count with their control points, between which they lie."""

    def __init__(self) -> None:
        self._lines: list[list[_Point]] = []
        self._straight: list[bool] = []
        self._closed = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was begun."""
        return not self._lines

    @property
    def is_rectangle(self) -> bool:
        """Whether it is one upright rectangle and nothing else."""
        return len(self._lines) == 1 and self._straight[0] and _is_rectangle(self._lines[0])

    def move(self, graphics: Graphics, x: float, y: float) -> None:
        """Begin another part."""
        self._lines.append([moved(graphics.matrix, x, y)])
        self._straight.append(True)
        self._closed = False

    def close(self) -> None:
        """What comes next goes on from where this part began."""
        self._closed = True

    def go(self, graphics: Graphics, *coordinates: float) -> None:
        """Go on to each of the points; raises `Unfit` where no part was begun."""
        if not self._lines:
            raise Unfit("malformed-object", "path")
        if self._closed:
            self._lines.append([self._lines[-1][0]])
            self._straight.append(True)
            self._closed = False
        self._lines[-1] += [
            moved(graphics.matrix, x, y) for x, y in zip(coordinates[::2], coordinates[1::2], strict=True)
        ]
        self._straight[-1] &= len(coordinates) == 2

    def rectangle(self, graphics: Graphics, x: float, y: float, width: float, height: float) -> None:
        """A part of four corners."""
        self.move(graphics, x, y)
        for corner in ((x + width, y), (x + width, y + height), (x, y + height)):
            self.go(graphics, *corner)
        self.close()

    @property
    def box(self) -> Box | None:
        """All of it; None for an empty path."""
        points = [point for line in self._lines for point in line]
        return around(points) if points else None

    def filled(self, graphics: Graphics) -> Mark | None:
        """What filling shows: a surface, if it is one upright rectangle."""
        parts = [part for line in self._lines if (part := common(around(line), graphics.clip))]
        if not parts:
            return None
        plain = self.is_rectangle and not graphics.ragged
        return Mark(
            kind=Kind.SURFACE if plain else Kind.SHAPE,
            parts=tuple(parts),
            box=around_all(parts),
            clip=graphics.clip,
            colour=graphics.fill,
            opacity=graphics.fill_opacity,
        )

    def stroked(self, graphics: Graphics) -> Mark | None:
        """What stroking shows: each straight piece as wide as the line and as long as its caps; corners as far as they may go."""
        a, b, c, d, _, _ = graphics.matrix
        half = graphics.width * max(abs(a) + abs(c), abs(b) + abs(d)) / 2
        ends = half * (_DIAGONAL if graphics.cap > ROUND else 1)
        corners = half * graphics.mitre if graphics.join < ROUND else half
        parts = []
        for line in self._lines:
            pieces = [(around([one, other]), ends) for one, other in zip(line, [*line[1:], line[0]], strict=True)]
            if len(line) > 2 and corners > ends:
                pieces += [((x, y, x, y), corners) for x, y in line]
            for (left, bottom, right, top), by in pieces:
                if part := common((left - by, bottom - by, right + by, top + by), graphics.clip):
                    parts.append(part)
        if not parts:
            return None
        return Mark(Kind.LINE, tuple(parts), around_all(parts), graphics.clip, graphics.stroke, graphics.stroke_opacity)


def _is_rectangle(points: list[_Point]) -> bool:
    corners = points[:-1] if len(points) == 5 and points[0] == points[-1] else points
    if len(corners) != 4:
        return False
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    turns = [(x1 == x2, y1 == y2) for (x1, y1), (x2, y2) in sides]
    return turns[0] != turns[1] and turns[0] == turns[2] and turns[1] == turns[3] and all(x != y for x, y in turns)


def clipped(path: Path, graphics: Graphics) -> Box:
    """What a clipping path leaves of the present one: the box around it."""
    nothing = (0.0, 0.0, 0.0, 0.0)
    box = path.box
    return (common(box, graphics.clip) if box else None) or nothing
