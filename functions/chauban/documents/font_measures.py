"""What has to be known of a font to embed it whole: for the finisher, and for the field of a copy in a file made elsewhere."""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from fontTools.ttLib import TTFont

# Of Chauban Serif, which does not say them itself (ISO 32000-1, table 122).
CAP_HEIGHT, STEM = 662, 80


class FontMeasures(NamedTuple):
    """PostScript name, widths by glyph, (glyph, code point) pairs, box, ascent, descent, italic angle; 1000 units an em."""

    name: str
    widths: tuple[int, ...]
    glyphs: tuple[tuple[int, int], ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    angle: float


@lru_cache(maxsize=8)
def measures(content: bytes) -> FontMeasures:
    """Of a TrueType font; raises ValueError for one of another number of units."""
    font = TTFont(BytesIO(content))
    if font["head"].unitsPerEm != 1000:
        raise ValueError("a field font needs 1000 units per em")
    widths = tuple(font["hmtx"][name][0] for name in font.getGlyphOrder())
    glyphs: dict[int, int] = {}
    for code, name in sorted(font.getBestCmap().items()):
        glyphs.setdefault(font.getGlyphID(name), code)
    head, hhea = font["head"], font["hhea"]
    return FontMeasures(
        name=font["name"].getDebugName(6),
        widths=widths,
        glyphs=tuple(sorted(glyphs.items())),
        box=(head.xMin, head.yMin, head.xMax, head.yMax),
        ascent=hhea.ascent,
        descent=hhea.descent,
        angle=font["post"].italicAngle,
    )


def to_unicode(pairs: tuple[tuple[int, int], ...]) -> list[bytes]:
    """The lines of a ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    lines = [
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        b"1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    # At most 100 entries in one block (ISO 32000-1, 9.10.3 with Adobe technical note 5014).
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        entries = [f"<{glyph:04x}> <{chr(code).encode('utf-16-be').hex()}>".encode() for glyph, code in block]
        lines += [f"{len(block)} beginbfchar".encode(), *entries, b"endbfchar"]
    return [*lines, b"endcmap CMapName currentdict /CMap defineresource pop end end"]
