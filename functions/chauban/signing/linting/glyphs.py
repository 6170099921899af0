"""Where the ink of a glyph is (ISO/IEC 14496-22, `glyf`): out of its points, and not out of what the font says of them.

A font that is embedded holds outlines and what belongs to them: no tables that draw otherwise, no programs that move points, and
no bytes between or behind its tables.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.geometry import IDENTITY, Box, Matrix, moved_box

_TABLES = frozenset(
    (b"GDEF", b"OS/2", b"cmap", b"gasp", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"name", b"post")
)
_NEEDED = (b"glyf", b"head", b"loca", b"maxp")
MOST_NESTED = 4
# Of points (simple glyphs) and of parts (composite glyphs).
_SHORT_X, _SHORT_Y, _REPEATED, _SAME_X, _SAME_Y = 0x02, 0x04, 0x08, 0x10, 0x20
_WORDS, _OFFSETS, _SCALED, _MORE, _SCALED_TWICE, _TURNED, _PROGRAM, _SCALED_OFFSET = (
    *(0x0001, 0x0002, 0x0008, 0x0020),
    *(0x0040, 0x0080, 0x0100, 0x0800),
)


class Glyphs:
    """The glyphs of one font; raises `Unfit` where they cannot be read."""

    def __init__(self, font: bytes) -> None:
        try:
            tables = _tables(font)
            (self._units,) = struct.unpack_from(">H", tables[b"head"], 18)
            (form,) = struct.unpack_from(">h", tables[b"head"], 50)
            (self._count,) = struct.unpack_from(">H", tables[b"maxp"], 4)
            places = struct.unpack_from(f">{self._count + 1}{'I' if form else 'H'}", tables[b"loca"])
        except (struct.error, KeyError) as error:
            raise Unfit("malformed-object", "font file") from error
        self._places: Sequence[int] = places if form else [2 * place for place in places]
        self._outlines = tables[b"glyf"]
        if not 16 <= self._units <= 16_384:
            raise Unfit("malformed-object", "font file")

    def box(self, glyph: int) -> Box | None:
        """Around the ink of a glyph, in parts of the size of its letters; None for a glyph without any."""
        try:
            found = self._box(glyph, 0)
        except (struct.error, IndexError, ValueError) as error:
            raise Unfit("malformed-object", "glyph") from error
        if found is None or found[0] >= found[2] or found[1] >= found[3]:
            return None
        left, bottom, right, top = found
        return left / self._units, bottom / self._units, right / self._units, top / self._units

    def _box(self, glyph: int, depth: int) -> Box | None:
        if glyph >= self._count or depth > MOST_NESTED:
            raise Unfit("malformed-object", "glyph")
        outline = self._outlines[self._places[glyph] : self._places[glyph + 1]]
        if not outline:
            return None
        if outline[0] < 0x80:
            return _of_points(outline)
        parts = [_moved(self._box(part, depth + 1), matrix) for part, matrix in _parts(outline)]
        boxes = [part for part in parts if part]
        return _around(boxes) if boxes else None


def _tables(font: bytes) -> Mapping[bytes, bytes]:
    """The tables by their tags; raises `Unfit` for any that is not known, and for bytes that are in none."""
    version, count = struct.unpack_from(">4sH", font)
    rows = [struct.unpack_from(">4s4xII", font, 12 + 16 * place) for place in range(count)]
    if version != b"\x00\x01\x00\x00" or {tag for tag, _, _ in rows} - _TABLES or len({*rows}) != count:
        raise Unfit("font-not-embedded", "font file")
    end = 12 + 16 * count
    for _, start, length in sorted(rows, key=lambda row: row[1]):
        if not 0 <= start - end < 4 or font[end:start].strip(b"\x00"):
            raise Unfit("bytes-outside-objects", "font file")
        end = start + length
    if not 0 <= len(font) - end < 4 or font[end:].strip(b"\x00"):
        raise Unfit("bytes-outside-objects", "font file")
    found = {tag: font[start : start + length] for tag, start, length in rows}
    if len(found) != count or any(tag not in found for tag in _NEEDED):
        raise Unfit("malformed-object", "font file")
    return found


@lru_cache(maxsize=8192)
def _of_points(outline: bytes) -> Box | None:
    """The box around the points of a simple glyph, those beside the curve too."""
    (contours,) = struct.unpack_from(">h", outline)
    if not contours:
        return None
    ends = struct.unpack_from(f">{contours}H", outline, 10)
    place = 10 + 2 * contours
    (program,) = struct.unpack_from(">H", outline, place)
    if program or any(one >= other for one, other in pairwise(ends)):
        raise Unfit("font-not-embedded", "glyph")
    flags: list[int] = []
    place += 2
    while len(flags) <= ends[-1]:
        times = 1
        if outline[place] & _REPEATED:
            times += outline[place + 1]
        flags += [outline[place]] * times
        place += 2 if outline[place] & _REPEATED else 1
    if len(flags) != ends[-1] + 1:
        raise Unfit("malformed-object", "glyph")
    xs, place = _coordinates(outline, place, flags, _SHORT_X, _SAME_X)
    ys, _ = _coordinates(outline, place, flags, _SHORT_Y, _SAME_Y)
    return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


def _coordinates(outline: bytes, place: int, flags: Sequence[int], short: int, same: int) -> tuple[list[int], int]:
    steps = []
    for flag in flags:
        if flag & short:
            steps.append(outline[place] if flag & same else -outline[place])
            place += 1
        elif flag & same:
            steps.append(0)
        else:
            steps.append(int.from_bytes(outline[place : place + 2], "big", signed=True))
            place += 2
    if place > len(outline):
        raise Unfit("malformed-object", "glyph")
    return list(accumulate(steps)), place


def _parts(outline: bytes) -> list[tuple[int, Matrix]]:
    """The glyphs that a composite glyph is put together from, and how each is moved."""
    found: list[tuple[int, Matrix]] = []
    place, flags = 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", outline, place)
        if not flags & _OFFSETS or flags & (_PROGRAM | _SCALED_OFFSET):
            raise Unfit("font-not-embedded", "glyph")
        x, y = struct.unpack_from(">hh" if flags & _WORDS else ">bb", outline, place + 4)
        place += 8 if flags & _WORDS else 6
        numbers = 1 if flags & _SCALED else 2 if flags & _SCALED_TWICE else 4 if flags & _TURNED else 0
        scale = [each / 16_384 for each in struct.unpack_from(f">{numbers}h", outline, place)]
        place += 2 * numbers
        a, b, c, d = _stretched(scale)
        found.append((part, (a, b, c, d, float(x), float(y))))
    return found


def _stretched(scale: list[float]) -> tuple[float, float, float, float]:
    if len(scale) == 4:
        return scale[0], scale[1], scale[2], scale[3]
    across, along = (scale[0], scale[-1]) if scale else (1.0, 1.0)
    return across, 0.0, 0.0, along


def _moved(box: Box | None, matrix: Matrix) -> Box | None:
    return box if box is None or matrix == IDENTITY else moved_box(matrix, box)


def _around(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
