"""Filling the text fields of a certified document (number and date), in the revision that the next signature covers.

Each field is filled once, from empty, with a font that the file already holds; nothing else about it changes.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from chauban.documents.field_text import appearance_content, glyph_numbers
from chauban.errors import SigningError
from chauban.signing.pades.appearance import appearance_box, form_object, show

_DEFAULT_APPEARANCE = re.compile(r"/(?P<font>\S+)\s+(?P<size>\d+(?:\.\d+)?)\s+Tf")


def fill_text_fields(writer: IncrementalPdfFileWriter, values: Mapping[str, str]) -> None:
    """Write each value into the empty text field of that name.

    Raises `SigningError` when a field is missing, filled already, too narrow, or its font lacks a character.
    """
    form = writer.root["/AcroForm"]
    fields = {str(reference.get_object()["/T"]): reference.get_object() for reference in form["/Fields"]}
    for name, value in values.items():
        field = fields.get(name)
        if field is None or field.get("/FT") != "/Tx":
            raise SigningError(reason=f"no-text-field-{name}")
        if str(field.get("/V", "")) != "":
            raise SigningError(reason=f"field-{name}-filled-before")
        _fill(writer, field, form["/DR"]["/Font"], unicodedata.normalize("NFC", value))


def _fill(
    writer: IncrementalPdfFileWriter, field: generic.DictionaryObject, fonts: generic.DictionaryObject, value: str
) -> None:
    described = _DEFAULT_APPEARANCE.search(str(field["/DA"]))
    if described is None:
        raise SigningError(reason="field-without-font")
    name, size = described["font"], int(float(described["size"]))
    font = fonts[f"/{name}"]
    to_unicode = font["/ToUnicode"].data
    _, _, width, _ = appearance_box(field)
    try:
        content = appearance_content(value, to_unicode=to_unicode, font=name, size=size)
    except ValueError as error:
        raise SigningError(reason="field-font-lacks-character") from error
    if text_width(font, glyph_numbers(to_unicode), value) * size / 1000 > width:
        raise SigningError(reason="field-too-narrow")
    # The font is referred to where it stands: the certified revision already embeds all of it.
    shared = generic.DictionaryObject({pdf_name(f"/{name}"): fonts.raw_get(f"/{name}")})
    resources = generic.DictionaryObject({pdf_name("/Font"): shared})
    show(writer, field, form_object(writer, field, content, resources))
    field[pdf_name("/V")] = generic.pdf_string(value)


def text_width(font: generic.DictionaryObject, glyphs: Mapping[str, int], value: str) -> float:
    """The advance of `value` in thousandths of the font size (ISO 32000-1, 9.7.4.3)."""
    descendant = font["/DescendantFonts"][0].get_object()
    widths = _glyph_widths(list(descendant.get("/W", ())))
    default = float(descendant.get("/DW", 1000))
    return sum(widths.get(glyphs[character], default) for character in value)


def _glyph_widths(entries: list[Any]) -> dict[int, float]:
    widths: dict[int, float] = {}
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0).get_object()
        if isinstance(second, generic.ArrayObject):
            widths.update((first + index, float(width)) for index, width in enumerate(second))
        else:
            width = float(entries.pop(0))
            widths.update(dict.fromkeys(range(first, int(second) + 1), width))
    return widths
