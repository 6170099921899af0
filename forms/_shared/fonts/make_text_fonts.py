"""Makes the four fonts in which documents are set.

    python make_text_fonts.py FOLDER      (the folder with LiberationSerif-*.ttf, version 2.1.5)

They are Liberation Serif with one change, and therefore under another name, as its licence asks: marks above and below find
their place on letters that already bear one. Ê Đê and Ba Na write "ơ̆" and "ê̆", letters for which Unicode has no single character.
The result is committed; this script is how it came to be.
"""

import sys
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.otTables import Anchor, BaseRecord

HERE = Path(__file__).parent
STYLES = {"Regular": "Regular", "Bold": "Bold", "Italic": "Italic", "BoldItalic": "Bold Italic"}
MARKS_ON_LATIN = 0
"""The lookup of GPOS in which Latin letters and their marks have anchors; class 0 goes above, class 1 below."""
BREVE = 0x306
GAP = 40
"""Units between two marks above: little, so that both fit between two lines."""
HORN = "\u031b"


def make(source: Path, style: str) -> None:
    """Write the text font of a style, made from the font file `source`."""
    font = TTFont(source, recalcTimestamp=False)
    (subtable,) = font["GPOS"].table.LookupList.Lookup[MARKS_ON_LATIN].SubTable
    anchored = dict(zip(subtable.BaseCoverage.glyphs, subtable.BaseArray.BaseRecord, strict=True))
    names = font.getBestCmap()
    breve = names[BREVE]
    mark = subtable.MarkArray.MarkRecord[subtable.MarkCoverage.glyphs.index(breve)].MarkAnchor
    clear = GAP - (font["glyf"][breve].yMin - mark.YCoordinate)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter, *marks = unicodedata.normalize("NFD", chr(code))
        if code in names and marks and names.get(ord(letter)) in anchored and names[code] not in anchored:
            anchored[names[code]] = _anchors(
                font["glyf"][names[code]],
                font["glyf"][names[ord(letter)]],
                anchored[names[ord(letter)]],
                clear,
                HORN in marks,
            )
    order = sorted(anchored, key=font.getGlyphID)
    subtable.BaseCoverage.glyphs = order
    subtable.BaseArray.BaseRecord = [anchored[glyph] for glyph in order]
    subtable.BaseArray.BaseCount = len(order)
    _rename(font, STYLES[style])
    font.save(HERE / f"ChaubanText-{style}.ttf")


def _anchors(shape: Glyph, plain: Glyph, anchors: BaseRecord, clear: int, horn: bool) -> BaseRecord:
    """Anchors as on the plain letter, but clear of what `shape` has above and below it; a horn stands beside, not above."""
    above, below = anchors.BaseAnchor
    marked_above = shape.yMax > plain.yMax and not horn
    record = BaseRecord()
    record.BaseAnchor = [
        _at(above, max(above.YCoordinate, shape.yMax + clear) if marked_above else above.YCoordinate),
        _at(below, below.YCoordinate - max(0, plain.yMin - shape.yMin)),
    ]
    return record


def _at(anchor: Anchor, height: int) -> Anchor:
    moved = Anchor()
    moved.Format, moved.XCoordinate, moved.YCoordinate = 1, anchor.XCoordinate, height
    return moved


def _rename(font: TTFont, style: str) -> None:
    texts = {
        1: "Chauban Text",
        2: style,
        3: f"Chauban Text {style}",
        4: f"Chauban Text {style}",
        6: f"ChaubanText-{style.replace(' ', '')}",
    }
    table = font["name"]
    table.names = [name for name in table.names if name.platformID == 3 and name.nameID not in {16, 17, 18, 21, 22}]
    for name_id, text in texts.items():
        table.setName(text, name_id, 3, 1, 0x409)


if __name__ == "__main__":
    for name in STYLES:
        make(Path(sys.argv[1]) / f"LiberationSerif-{name}.ttf", name)
