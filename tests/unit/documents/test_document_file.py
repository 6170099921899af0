"""The file as a PDF object: what it claims to be, its fields, its structure, its embedded data."""

import json
import re
from io import BytesIO

import pikepdf
import pytest
from chauban.documents.finisher.fields import TIMESTAMP_FIELDS
from fontTools.ttLib import TTFont

from tests.unit.documents import pages
from tests.unit.documents.conftest import CASES, TEMPLATES, published_files, sample

FIELDS = {"application": set(), "receipt": {"seal"}, "result": {"number", "date", "official", "seal", "copy"}}
PRINT, PRINT_LOCKED, READ_ONLY = 4, 132, 1


@pytest.fixture(params=sorted(TEMPLATES))
def kind(request):
    return request.param


@pytest.fixture
def result(rendered):
    return pages.opened(rendered("result", "never-married").pdf)


@pytest.mark.parametrize("case", CASES)
def test_a_document_has_the_fields_of_its_kind(kind, case, rendered):
    assert set(pages.fields(pages.opened(rendered(kind, case).pdf))) == FIELDS[kind]


def test_signature_fields_are_empty_print_and_cannot_be_moved(result):
    for name in ("official", "seal", "copy"):
        field = pages.fields(result)[name]
        assert field.FT == "/Sig"
        assert "/V" not in field
        assert field.F == PRINT_LOCKED
        assert str(field.TU)


def test_text_fields_are_read_only_and_empty(result):
    for name, font in (("number", "/ChaubanSerif"), ("date", "/ChaubanSerifItalic")):
        field = pages.fields(result)[name]
        assert field.FT == "/Tx"
        assert field.Ff == READ_ONLY
        assert field.F == PRINT
        assert str(field.V) == ""
        assert str(field.DA) == f"{font} 13 Tf 0 g"
        assert str(field.TU)


def test_boxes_are_whole_points_and_empty_appearances_have_the_size_of_their_field(result):
    for field in pages.fields(result).values():
        left, bottom, right, top = list(field.Rect)
        assert all(isinstance(value, int) for value in (left, bottom, right, top))
        expected = [0, 0, right - left, top - bottom] if field.FT == "/Tx" else [0, top - bottom, right - left, 0]
        assert list(field.AP.N.BBox) == expected
        assert field.AP.N.read_bytes() == b""


def test_the_seal_locks_every_field_but_those_of_a_later_copy_and_of_document_timestamps(result):
    fields = pages.fields(result)
    assert fields["seal"].Lock.Action == "/Exclude"
    assert [str(name) for name in fields["seal"].Lock.Fields] == ["copy", *TIMESTAMP_FIELDS]
    assert fields["seal"].Lock.is_indirect
    assert all("/Lock" not in fields[name] for name in fields if name != "seal")


def test_the_seal_of_a_receipt_locks_every_field_that_there_is(rendered):
    document = pages.opened(rendered("receipt", "never-married").pdf)
    lock = pages.fields(document)["seal"].Lock
    assert (lock.Action, [str(name) for name in lock.Fields]) == ("/Exclude", [*TIMESTAMP_FIELDS])


def test_the_signature_to_come_on_a_copy_shows_nothing(rendered):
    pdf = rendered("result", "never-married").pdf
    left, top, right, bottom = pages.place(pdf, "copy")
    corner = pages.picture(pdf).crop([round(value * pages.PIXELS_PER_POINT) for value in (left, top, right, bottom)])
    assert pages.ink(corner) is None


def test_each_field_is_the_content_of_a_form_element_in_the_structure(result):
    parents = dict(pairs(result.Root.StructTreeRoot.ParentTree.Nums))
    for field in pages.fields(result).values():
        element = parents[int(field.StructParent)]
        assert element.S == "/Form"
        assert element.K.Type == "/OBJR"
        assert element.K.Obj.objgen == field.objgen
        assert any(kid.objgen == element.objgen for kid in element.P.K if isinstance(kid, pikepdf.Dictionary))
        assert field.objgen in [note.objgen for note in field.P.Annots]
    assert len(parents) == len(set(parents))
    assert result.Root.StructTreeRoot.ParentTreeNextKey == max(parents) + 1


def test_a_screen_reader_meets_the_fields_where_they_stand(result):
    order = [str(element.K.Obj.T) for element in elements(result.Root.StructTreeRoot.K[0]) if element.S == "/Form"]
    assert order == ["copy", "number", "date", "official", "seal"]


def test_a_file_says_that_it_is_pdfa_3a_and_pdfua_1_in_one_description(kind, rendered):
    document = pages.opened(rendered(kind, "married").pdf)
    packet = document.Root.Metadata.read_bytes().decode()
    assert packet.count("<rdf:RDF") == packet.count("</rdf:RDF>") == 1
    inside = packet[packet.index("<rdf:RDF") : packet.index("</rdf:RDF>")]
    assert 'pdfaid:part="3"' in inside
    assert 'pdfaid:conformance="A"' in inside
    assert 'pdfuaid:part="1"' in inside
    assert "urn:chauban:document:01JDOCUMENT000000000000000" in inside
    assert "Văn bản thử" in inside


def test_dates_and_identifier_of_the_file_come_from_the_request(kind, rendered):
    document = pages.opened(rendered(kind, "married").pdf)
    assert str(document.docinfo["/CreationDate"]) == str(document.docinfo["/ModDate"]) == "D:20260105023000Z"
    assert bytes(document.trailer.ID[0]) == b"01JDOCUMENT000000000000000"
    assert str(document.Root.Lang) == "vi"


def test_the_data_is_in_the_file_once_and_marked_as_its_data(kind, rendered):
    document = pages.opened(rendered(kind, "divorced").pdf)
    (specification,) = document.Root.AF
    assert specification.AFRelationship == "/Data"
    assert str(specification.UF) == "data.json"
    assert specification.EF.F.Subtype == "/application/json"
    assert json.loads(specification.EF.F.read_bytes()) == {"answers": sample("divorced")["answers"]}
    assert list(document.attachments) == ["data.json"]


def test_all_text_is_set_in_the_fonts_that_are_shipped(kind, rendered):
    document = pages.opened(rendered(kind, "divorced").pdf)
    fonts = {
        str(item.BaseFont) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
    }
    assert fonts
    assert all(
        re.fullmatch(r"/[A-Z]{6}\+Chauban-Text(-Bold|-Italic|-Bold-Italic)*|/ChaubanSerif-(Regular|Italic)", f)
        for f in fonts
    )


def test_a_font_that_is_not_shipped_is_never_found(render_template):
    page = (
        '<html lang="vi"><head><title>x</title><link rel="stylesheet" href="../_shared/print.css"></head>'
        "<body style=\"font-family: 'DejaVu Sans', 'Liberation Sans', sans-serif\">Văn bản</body></html>"
    )
    document = pages.opened(render_template(page).pdf)
    names = {
        str(item.BaseFont) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
    }
    assert all("Chauban-Text" in name for name in names)


def test_field_fonts_are_embedded_whole_with_a_thousand_units_per_em(result):
    for name in ("/ChaubanSerif", "/ChaubanSerifItalic"):
        font = result.Root.AcroForm.DR.Font[name]
        (descendant,) = font.DescendantFonts
        embedded = TTFont(BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
        assert embedded["head"].unitsPerEm == 1000
        first, widths = list(descendant.W)
        assert first == 0
        assert list(widths) == [embedded["hmtx"][glyph][0] for glyph in embedded.getGlyphOrder()]


def test_changed_fonts_do_not_bear_the_reserved_name():
    for path, content in published_files().items():
        if path.endswith(".ttf"):
            names = {name.nameID: str(name) for name in TTFont(BytesIO(content))["name"].names}
            assert all("liberation" not in names[number].lower() for number in (1, 3, 4, 6))
    assert b"SIL OPEN FONT LICENSE Version 1.1" in published_files()["_shared/fonts/OFL.txt"]


def pairs(numbers):
    values = list(numbers)
    return [(int(key), value) for key, value in zip(values[::2], values[1::2], strict=True)]


def elements(element):
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield from elements(kid)
