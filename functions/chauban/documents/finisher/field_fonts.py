"""The two fonts of the text fields, embedded whole among the form's resources.

They are there before anything is written with them, so that filling a field later adds only a small appearance.
"""

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO

import pydyf
from fontTools.ttLib import TTFont

from chauban.documents.fonts import FOLDER
from chauban.errors import RenderingError

UPRIGHT, ITALIC = "ChaubanSerif", "ChaubanSerifItalic"

_FILES = {UPRIGHT: f"{FOLDER}ChaubanSerif-Regular.ttf", ITALIC: f"{FOLDER}ChaubanSerif-Italic.ttf"}
_SYMBOLIC, _SERIF, _ITALIC_FLAG = 1 << 2, 1 << 1, 1 << 6


@lru_cache(maxsize=8)
def _measures(content: bytes) -> tuple[str, tuple[int, ...], tuple[tuple[int, int], ...], tuple[int, ...], float]:
    """PostScript name, widths by glyph, (glyph, code point) pairs, bounding box with ascent and descent, italic angle."""
    font = TTFont(BytesIO(content))
    if font["head"].unitsPerEm != 1000:
        raise RenderingError(reason="a field font needs 1000 units per em")
    widths = tuple(font["hmtx"][name][0] for name in font.getGlyphOrder())
    glyphs: dict[int, int] = {}
    for code, name in sorted(font.getBestCmap().items()):
        glyphs.setdefault(font.getGlyphID(name), code)
    head, hhea = font["head"], font["hhea"]
    box = (head.xMin, head.yMin, head.xMax, head.yMax, hhea.ascent, hhea.descent)
    return font["name"].getDebugName(6), widths, tuple(sorted(glyphs.items())), box, font["post"].italicAngle


def _to_unicode(pairs: tuple[tuple[int, int], ...]) -> list[bytes]:
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


def _add(pdf: pydyf.PDF, obj: pydyf.Object) -> bytes:
    pdf.add_object(obj)
    reference: bytes = obj.reference
    return reference


def _embed(pdf: pydyf.PDF, content: bytes) -> bytes:
    name, widths, pairs, (x_min, y_min, x_max, y_max, ascent, descent), angle = _measures(content)
    file = pydyf.Stream([content], pydyf.Dictionary({"Length1": len(content)}), compress=True)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{name}",
            "Flags": _SYMBOLIC | _SERIF | (_ITALIC_FLAG if angle else 0),
            "FontBBox": pydyf.Array([x_min, y_min, x_max, y_max]),
            "ItalicAngle": round(angle),
            "Ascent": ascent,
            "Descent": descent,
            "CapHeight": 662,
            "StemV": 80,
            "FontFile2": _add(pdf, file),
        }
    )
    system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
    descendant = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": f"/{name}",
            "CIDSystemInfo": pydyf.Dictionary(system),
            "CIDToGIDMap": "/Identity",
            "W": pydyf.Array([0, pydyf.Array(widths)]),
            "FontDescriptor": _add(pdf, descriptor),
        }
    )
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": f"/{name}",
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([_add(pdf, descendant)]),
            "ToUnicode": _add(pdf, pydyf.Stream(_to_unicode(pairs), compress=True)),
        }
    )
    return _add(pdf, font)


def field_fonts(pdf: pydyf.PDF, files: Mapping[str, bytes]) -> pydyf.Dictionary:
    """Embed both fonts in `pdf`; the /Font resources that name them. RenderingError if a font is not among `files`."""
    missing = [path for path in _FILES.values() if path not in files]
    if missing:
        raise RenderingError(reason=f"{missing[0]} is not published with the template")
    return pydyf.Dictionary({name: _embed(pdf, files[path]) for name, path in _FILES.items()})
