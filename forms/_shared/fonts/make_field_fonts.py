"""Makes the two fonts in which number and date are written when a form field of a finished file is filled.

    python make_field_fonts.py FOLDER      (the folder with LiberationSerif-*.ttf, version 2.1.5)

They are Liberation Serif with three changes, and therefore under another name, as its licence asks: 1000 units per em
(software that writes glyph widths unscaled then still gives the right ones), only Latin and Vietnamese letters, no hints.
The result is committed; this script is how it came to be.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).parent
UNITS_PER_EM = 1000
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0),
    *range(0x1EA0, 0x1EFA),
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026),
]


def make(source: Path, target: str, style: str) -> None:
    """Write `target`, the field font made from the font file `source`; `style` is its style name ("Regular", "Italic")."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    scale_upem(font, UNITS_PER_EM)
    names = {
        1: "Chauban Serif",
        2: style,
        3: f"Chauban Serif {style}",
        4: f"Chauban Serif {style}",
        6: f"ChaubanSerif-{style}",
    }
    for name_id, text in names.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["name"].names = [name for name in font["name"].names if name.platformID == 3]
    font.save(HERE / target)


if __name__ == "__main__":
    for name in ("Regular", "Italic"):
        make(Path(sys.argv[1]) / f"LiberationSerif-{name}.ttf", f"ChaubanSerif-{name}.ttf", name)
