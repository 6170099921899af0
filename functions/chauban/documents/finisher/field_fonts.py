"""The two fonts of the text fields, embedded whole among the form's resources.

They are there before anything is written with them, so that filling a field later adds only a small appearance.
"""

from collections.abc import Mapping

import pydyf

from chauban.documents.font_files import FOLDER, WRITTEN_WITH
from chauban.documents.font_measures import CAP_HEIGHT, STEM, FontMeasures, measures, to_unicode
from chauban.errors import RenderingError

UPRIGHT, ITALIC = "ChaubanSerif", "ChaubanSerifItalic"

_FILES = {UPRIGHT: WRITTEN_WITH, ITALIC: f"{FOLDER}ChaubanSerif-Italic.ttf"}
_SYMBOLIC, _SERIF, _ITALIC_FLAG = 1 << 2, 1 << 1, 1 << 6


def _add(pdf: pydyf.PDF, obj: pydyf.Object) -> bytes:
    pdf.add_object(obj)
    reference: bytes = obj.reference
    return reference


def _measures(content: bytes) -> FontMeasures:
    try:
        return measures(content)
    except ValueError as error:
        raise RenderingError(reason=str(error)) from error


def _embed(pdf: pydyf.PDF, content: bytes) -> bytes:
    name, widths, pairs, box, ascent, descent, angle = _measures(content)
    file = pydyf.Stream([content], pydyf.Dictionary({"Length1": len(content)}), compress=True)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{name}",
            "Flags": _SYMBOLIC | _SERIF | (_ITALIC_FLAG if angle else 0),
            "FontBBox": pydyf.Array(box),
            "ItalicAngle": round(angle),
            "Ascent": ascent,
            "Descent": descent,
            "CapHeight": CAP_HEIGHT,
            "StemV": STEM,
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
            "ToUnicode": _add(pdf, pydyf.Stream(to_unicode(pairs), compress=True)),
        }
    )
    return _add(pdf, font)


def field_fonts(pdf: pydyf.PDF, files: Mapping[str, bytes]) -> pydyf.Dictionary:
    """Embed both fonts in `pdf`; the /Font resources that name them. RenderingError if a font is not among `files`."""
    missing = [path for path in _FILES.values() if path not in files]
    if missing:
        raise RenderingError(reason=f"{missing[0]} is not published with the template")
    return pydyf.Dictionary({name: _embed(pdf, files[path]) for name, path in _FILES.items()})
