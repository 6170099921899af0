"""A signature field for a certified copy in a file that was made without one: at a place of the first page that is free."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from chauban.documents.font_measures import CAP_HEIGHT, STEM, FontMeasures, measures, to_unicode
from chauban.errors import SigningError
from chauban.signing.pades.field_structure import add_to_structure, member
from chauban.signing.ports import NewField

_LABEL = "Chữ ký số của bản sao"
_PRINT, _LOCKED = 1 << 2, 1 << 7
_SYMBOLIC_SERIF = 1 << 2 | 1 << 1
# How content is turned within a field so that it stands upright on a page that is shown turned clockwise (ISO 32000-1, 8.3.3).
_MATRICES = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}


@dataclass(frozen=True)
class AddedField:
    """The new field's widget, and the font that its words are to be written with."""

    widget: generic.DictionaryObject
    font: generic.IndirectObject


def add_copy_field(writer: IncrementalPdfFileWriter, name: str, new: NewField) -> AddedField:
    """Add the empty field, printed and locked in place, to page, form and structure; raises `SigningError` where it is taken."""
    page, _ = writer.find_page_for_modification(0)
    append_signature_field(writer, SigFieldSpec(name, box=new.box, readable_field_name=_LABEL))
    fields = writer.root["/AcroForm"]["/Fields"]
    found = [fields.raw_get(place) for place in range(len(fields))]
    field = next((each for each in reversed(found) if member(each.get_object(), "/T") == name), None)
    if field is None or member(field.get_object(), "/Subtype") != "/Widget":
        raise SigningError(reason="no-place-for-the-copy")
    widget = field.get_object()
    widget[pdf_name("/F")] = generic.NumberObject(_PRINT | _LOCKED)
    widget[pdf_name("/Rect")] = generic.ArrayObject(generic.NumberObject(each) for each in new.box)
    if new.turned:
        widget[pdf_name("/MK")] = generic.DictionaryObject({pdf_name("/R"): generic.NumberObject(new.turned)})
    widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): _empty(writer, new)})
    add_to_structure(writer, field, page)
    writer.update_container(widget)
    return AddedField(widget, _font(writer, new.font))


def _empty(writer: IncrementalPdfFileWriter, new: NewField) -> generic.IndirectObject:
    """An appearance that draws nothing, upright as the page is read."""
    left, bottom, right, top = new.box
    width, height = (right - left, top - bottom) if new.turned in (0, 180) else (top - bottom, right - left)
    entries = {
        pdf_name("/Type"): pdf_name("/XObject"),
        pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): generic.ArrayObject(generic.NumberObject(each) for each in (0, height, width, 0)),
        pdf_name("/Resources"): generic.DictionaryObject(),
    }
    if new.turned:
        entries[pdf_name("/Matrix")] = generic.ArrayObject(generic.NumberObject(each) for each in _MATRICES[new.turned])
    return writer.add_object(generic.StreamObject(entries, stream_data=b""))


def _font(writer: IncrementalPdfFileWriter, content: bytes) -> generic.IndirectObject:
    """The whole font, as documents of the service embed it among the resources of their form."""
    found = measures(content)
    letters = generic.StreamObject(stream_data=b"\n".join(to_unicode(found.glyphs)))
    letters.compress()
    system = {
        "/Registry": generic.pdf_string("Adobe"),
        "/Ordering": generic.pdf_string("Identity"),
        "/Supplement": generic.NumberObject(0),
    }
    descendant: dict[str, generic.PdfObject] = {
        "/Type": pdf_name("/Font"),
        "/Subtype": pdf_name("/CIDFontType2"),
        "/BaseFont": pdf_name(f"/{found.name}"),
        "/CIDSystemInfo": _dictionary(system),
        "/CIDToGIDMap": pdf_name("/Identity"),
        "/W": generic.ArrayObject([generic.NumberObject(0), _numbers(found.widths)]),
        "/FontDescriptor": _descriptor(writer, found, content),
    }
    font: dict[str, generic.PdfObject] = {
        "/Type": pdf_name("/Font"),
        "/Subtype": pdf_name("/Type0"),
        "/BaseFont": pdf_name(f"/{found.name}"),
        "/Encoding": pdf_name("/Identity-H"),
        "/DescendantFonts": generic.ArrayObject([writer.add_object(_dictionary(descendant))]),
        "/ToUnicode": writer.add_object(letters),
    }
    return writer.add_object(_dictionary(font))


def _descriptor(writer: IncrementalPdfFileWriter, found: FontMeasures, content: bytes) -> generic.IndirectObject:
    file = generic.StreamObject({pdf_name("/Length1"): generic.NumberObject(len(content))}, stream_data=content)
    file.compress()
    described: dict[str, generic.PdfObject] = {
        "/Type": pdf_name("/FontDescriptor"),
        "/FontName": pdf_name(f"/{found.name}"),
        "/Flags": generic.NumberObject(_SYMBOLIC_SERIF),
        "/FontBBox": _numbers(found.box),
        "/ItalicAngle": generic.NumberObject(round(found.angle)),
        "/Ascent": generic.NumberObject(found.ascent),
        "/Descent": generic.NumberObject(found.descent),
        "/CapHeight": generic.NumberObject(CAP_HEIGHT),
        "/StemV": generic.NumberObject(STEM),
        "/FontFile2": writer.add_object(file),
    }
    return writer.add_object(_dictionary(described))


def _dictionary(entries: Mapping[str, generic.PdfObject]) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(name): value for name, value in entries.items()})


def _numbers(values: tuple[int, ...]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.NumberObject(each) for each in values)
