"""Form fields: empty signature fields and read-only text fields, where the template has elements with their ids.

A field is `<blockquote id="field-...">`: no other element of a template is a block quotation, so WeasyPrint's BlockQuote
structure elements are the places where the fields' Form elements belong (`structure.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pydyf
from weasyprint import Document, Page

from chauban.documents.finisher.field_fonts import ITALIC, UPRIGHT, field_fonts
from chauban.documents.finisher.structure import FieldStructure
from chauban.errors import RenderingError

POINTS_PER_PIXEL = 0.75
TEXT_SIZE = 13

# The fields that document timestamps bring later, one every few years: for about a century.
TIMESTAMP_FIELDS = tuple(f"document-timestamp-{number}" for number in range(1, 31))

_PRINT, _LOCKED, _READ_ONLY = 1 << 2, 1 << 7, 1


@dataclass(frozen=True)
class _Field:
    """`label` is what a screen reader says (/TU); `font` is set for text fields only; `locks` for the organisation's."""

    name: str
    label: str
    font: str | None = None
    locks: bool = False


_FIELDS = {
    "field-number": _Field("number", "Số văn bản", font=UPRIGHT),
    "field-date": _Field("date", "Ngày ban hành", font=ITALIC),
    "field-official": _Field("official", "Chữ ký của người có thẩm quyền"),
    "field-official-2": _Field("official2", "Chữ ký của người có thẩm quyền ký thứ hai"),
    "field-seal": _Field("seal", "Chữ ký số và con dấu của cơ quan", locks=True),
    "field-copy": _Field("copy", "Chữ ký số của bản sao"),
    "field-annex": _Field("annex", "Chữ ký số của cơ quan trên phụ lục", locks=True),
    "field-annex-number": _Field("number", "Số văn bản", font=ITALIC),
}

_IN_WORDS = {"copy", "annex"}


@dataclass(frozen=True)
class _Place:
    """Where a field is: the page's index and the box (left, bottom, right, top) in whole points from the lower left."""

    field: _Field
    page: int
    box: tuple[int, int, int, int]


def add_fields(document: Document, pdf: pydyf.PDF, files: Mapping[str, bytes]) -> None:
    """Add all fields of `document` to `pdf`, with their widgets, appearances and structure.

    Signature widgets print and cannot be moved (/F 132), text widgets print (/F 4). Raises RenderingError for an id that is
    no field, an id used twice, and an element that is not a block quotation of its own.
    """
    places = list(_places(document))
    if len({place.field.name for place in places}) != len(places):
        raise RenderingError(reason="a field stands in the document twice")
    structure = FieldStructure(pdf, fields=len(places))
    if not places:
        return
    form = pydyf.Dictionary({"Fields": pydyf.Array()})
    # A certified copy and an annex say in words, written with these fonts, who signed them and when.
    if any(place.field.font or place.field.name in _IN_WORDS for place in places):
        form["DR"] = pydyf.Dictionary({"Font": field_fonts(pdf, files)})
        form["DA"] = pydyf.String(f"/{UPRIGHT} {TEXT_SIZE} Tf 0 g")
    for place in places:
        page = pdf.objects[pdf.pages["Kids"][::3][place.page]]
        widget = _widget(pdf, place, page, has_copy=any(other.field.name == "copy" for other in places))
        structure.add(widget, page)
        page.setdefault("Annots", pydyf.Array()).append(widget.reference)
        form["Fields"].append(widget.reference)
    pdf.add_object(form)
    pdf.catalog["AcroForm"] = form.reference


def _places(document: Document) -> Iterator[_Place]:
    for number, page in enumerate(document.pages):
        for anchor, rectangle in page.anchors.items():
            if anchor.startswith("field-"):
                if anchor not in _FIELDS:
                    raise RenderingError(reason=f"{anchor} is not a field")
                yield _Place(_FIELDS[anchor], number, _box(page, rectangle))


def _box(page: Page, rectangle: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """WeasyPrint measures in pixels from the upper left; a box in fractions of a point is reported as changed after signing."""
    left, top, right, bottom = (round(value * POINTS_PER_PIXEL, 3) for value in rectangle)
    height = page.height * POINTS_PER_PIXEL
    box = (round(left), round(height - bottom), round(right), round(height - top))
    if box[0] >= box[2] or box[1] >= box[3]:
        raise RenderingError(reason="a field has no size")
    return box


def _widget(pdf: pydyf.PDF, place: _Place, page: pydyf.Dictionary, *, has_copy: bool) -> pydyf.Dictionary:
    field = place.field
    left, bottom, right, top = place.box
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Tx" if field.font else "/Sig",
            "T": pydyf.String(field.name),
            "TU": pydyf.String(field.label),
            "Rect": pydyf.Array(place.box),
            "P": page.reference,
            "F": _PRINT if field.font else _PRINT | _LOCKED,
            "AP": pydyf.Dictionary({"N": _empty_appearance(pdf, right - left, top - bottom, text=bool(field.font))}),
        }
    )
    if field.font:
        widget["Ff"] = _READ_ONLY
        widget["V"] = pydyf.String("")
        widget["DA"] = pydyf.String(f"/{field.font} {TEXT_SIZE} Tf 0 g")
    if field.locks:
        widget["Lock"] = _lock(pdf, has_copy=has_copy)
    pdf.add_object(widget)
    return widget


def _empty_appearance(pdf: pydyf.PDF, width: int, height: int, *, text: bool) -> bytes:
    """A form XObject that draws nothing. A signature's box is written as [0 height width 0], as pyHanko will write it again:
    DSS reports any other value as a change that certification does not allow."""
    box = [0, 0, width, height] if text else [0, height, width, 0]
    extra = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array(box), "Resources": pydyf.Dictionary()}
    appearance = pydyf.Stream([], pydyf.Dictionary(extra))
    pdf.add_object(appearance)
    reference: bytes = appearance.reference
    return reference


def _lock(pdf: pydyf.PDF, *, has_copy: bool) -> bytes:
    """The seal's lock (ISO 32000-1, 12.7.4.5, table 233): every field, but the empty one in which a copy is certified later, and
    those of document timestamps, which are not there yet.

    A lock on the one of the copy too would make the seal invalid as soon as a copy of the sealed file is signed there; EU DSS takes
    the field of a document timestamp, too, for a change that a lock on it restricts.
    """
    left_open = [*(["copy"] if has_copy else []), *TIMESTAMP_FIELDS]
    lock = pydyf.Dictionary({"Type": "/SigFieldLock", "Action": "/Exclude"})
    lock["Fields"] = pydyf.Array([pydyf.String(name) for name in left_open])
    pdf.add_object(lock)
    reference: bytes = lock.reference
    return reference
