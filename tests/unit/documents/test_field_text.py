"""Filling a text field with the font that the file already holds."""

import re
from io import BytesIO

import pytest
from chauban.documents.field_text import appearance_content, glyph_numbers
from fontTools.ttLib import TTFont

from tests.unit.documents import pages

VALUES = {"number": "1024/UBND-XNTTHN", "date": "ngày 05 tháng 01 năm 2026"}


@pytest.fixture
def form_fonts(rendered):
    document = pages.opened(rendered("result", "never-married").pdf)
    return document, document.Root.AcroForm.DR.Font


@pytest.mark.parametrize("name", ["/ChaubanSerif", "/ChaubanSerifItalic"])
def test_glyph_numbers_are_those_of_the_embedded_font(name, form_fonts):
    font = form_fonts[1][name]
    embedded = TTFont(BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))
    numbers = glyph_numbers(font.ToUnicode.read_bytes())
    cmap = embedded.getBestCmap()
    for character in "0123456789/-.ABCĐƠƯẮẶỔỮỵđngàyháăm ":
        assert numbers[character] == embedded.getGlyphID(cmap[ord(character)])


def test_a_character_that_the_font_lacks_is_named(form_fonts):
    to_unicode = form_fonts[1]["/ChaubanSerif"].ToUnicode.read_bytes()
    with pytest.raises(ValueError, match=r"U\+597D"):
        appearance_content("số 好", to_unicode=to_unicode, font="ChaubanSerif", size=13)


def test_a_value_cannot_break_out_of_its_text_operator(form_fonts):
    to_unicode = form_fonts[1]["/ChaubanSerif"].ToUnicode.read_bytes()
    content = appearance_content(">) Tj ET Q (", to_unicode=to_unicode, font="ChaubanSerif", size=13)
    assert re.fullmatch(rb"/Tx BMC q BT 0 g /ChaubanSerif 13 Tf 1 0 0 1 0 5 Tm <[0-9a-f]+> Tj ET Q EMC", content)


def test_filled_values_are_seen_and_read(rendered):
    filled = pages.with_text(rendered("result", "never-married").pdf, VALUES)
    text = " ".join(pages.text(filled).split())
    assert "Số: 1024/UBND-XNTTHN" in text
    assert "Thuận Hóa, ngày 05 tháng 01 năm 2026" in text
