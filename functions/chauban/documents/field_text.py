"""The look of a filled text field, written with the fonts that the file already holds.

A finished document has two complete fonts among its form resources (`chauban.documents.finisher.field_fonts`), so filling
`number` and `date` between two signatures embeds nothing: the value is written as glyph numbers of that font. Free of heavy
imports, because the signing side uses it.
"""

import re
from collections.abc import Mapping, Sequence

BASELINE = 5
"""Points from the lower edge of a text field to the line on which its text stands, level with the text printed before it."""

_MAPPING = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]{4,})>")


def glyph_numbers(to_unicode: bytes) -> dict[str, int]:
    """Character -> glyph number, out of a font's ToUnicode CMap (decoded stream) with `bfchar` entries (ISO 32000-1, 9.10.3)."""
    pairs = _MAPPING.findall(to_unicode)
    return {bytes.fromhex(text.decode()).decode("utf-16-be"): int(glyph, 16) for glyph, text in pairs}


def appearance_content(text: str, *, to_unicode: bytes, font: str, size: int) -> bytes:
    """The content stream of the appearance (/AP /N) of a text field with the value `text` (NFC).

    `font` is the name in the form's /DR /Font, without slash, and `to_unicode` that font's decoded CMap; `size` in points.
    The stream's /BBox is [0 0 width height] of the field. Raises ValueError for a character that the font does not have.
    """
    codes = _codes(text, glyph_numbers(to_unicode))
    return f"/Tx BMC q BT 0 g /{font} {size} Tf 1 0 0 1 0 {BASELINE} Tm <{codes}> Tj ET Q EMC".encode()


LINES_SIZE, LEADING, FIRST_BASELINE = 10, 12, 9
"""Of text in the place of a signature's picture, in points: its size, from line to line, and from the upper edge to the first."""


def lines_content(lines: Sequence[str], *, to_unicode: bytes, font: str, height: int) -> bytes:
    """The content stream of a signature's appearance that says in words who signed, and when: `lines` from the top of the field.

    Raises ValueError for a character that the font does not have, and for more lines than the field is high.
    """
    if FIRST_BASELINE + LEADING * (len(lines) - 1) >= height:
        raise ValueError("more lines than the field is high")
    glyphs = glyph_numbers(to_unicode)
    shown = " ".join(
        f"1 0 0 1 0 {height - FIRST_BASELINE - LEADING * place} Tm <{_codes(line, glyphs)}> Tj"
        for place, line in enumerate(lines)
    )
    return f"q BT 0 g /{font} {LINES_SIZE} Tf {shown} ET Q".encode()


def _codes(text: str, glyphs: Mapping[str, int]) -> str:
    missing = sorted({character for character in text if character not in glyphs})
    if missing:
        raise ValueError(f"the field font has no glyph for {', '.join(f'U+{ord(c):04X}' for c in missing)}")
    return "".join(f"{glyphs[character]:04x}" for character in text)
