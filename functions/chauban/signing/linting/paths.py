"""Paths as they are built up and painted (ISO 32000-1, 8.5): which surfaces, shapes and lines come of them."""

from chauban.signing.linting.canvas import Graphics
from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.geometry import Box, around, common, moved
from chauban.signing.linting.marks import Kind, Mark, around_all

_Point = tuple[float, float]


class Path:
    """A path in the coordinates of the page; curves count with their control points, between which they lie."""

    def __init__(self) -> None:
        self._lines: list[list[_Point]] = []
        self._straight: list[bool] = []

    def move(self, graphics: Graphics, x: float, y: float) -> None:
        """Begin another part."""
        self._lines.append([moved(graphics.matrix, x, y)])
        self._straight.append(True)

    def go(self, graphics: Graphics, *coordinates: float) -> None:
        """Go on to each of the points; raises `Unfit` where no part was begun."""
        if not self._lines:
            raise Unfit("malformed-object", "path")
        self._lines[-1] += [
            moved(graphics.matrix, x, y) for x, y in zip(coordinates[::2], coordinates[1::2], strict=True)
        ]
        self._straight[-1] &= len(coordinates) == 2

    def rectangle(self, graphics: Graphics, x: float, y: float, width: float, height: float) -> None:
        """A part of four corners."""
        self.move(graphics, x, y)
        for corner in ((x + width, y), (x + width, y + height), (x, y + height)):
            self.go(graphics, *corner)

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
        plain = len(self._lines) == 1 and self._straight[0] and _is_rectangle(self._lines[0])
        return Mark(
            kind=Kind.SURFACE if plain else Kind.SHAPE,
            parts=tuple(parts),
            box=around_all(parts),
            clip=graphics.clip,
            colour=graphics.fill,
            opacity=graphics.fill_opacity,
        )

    def stroked(self, graphics: Graphics) -> Mark | None:
        """What stroking shows: each straight piece as wide as the line; corners a little less than they may be."""
        a, b, c, d, _, _ = graphics.matrix
        half = graphics.width * max(abs(a) + abs(c), abs(b) + abs(d)) / 2
        parts = []
        for line in self._lines:
            for (x1, y1), (x2, y2) in zip(line, [*line[1:], line[0]], strict=True):
                piece = (min(x1, x2) - half, min(y1, y2) - half, max(x1, x2) + half, max(y1, y2) + half)
                if part := common(piece, graphics.clip):
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
