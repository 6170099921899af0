"""The attacks: what is prepared in a file before it is signed, and what is made of that afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from tests.unit.linting.files import changed, plain
from tests.unit.linting.hiding import draw, field_of, form, letters_of
from tests.unit.linting.tampering import only_references

Objects = list[Object]
"""What a later revision writes anew."""
Prepare = Callable[[Pdf], Object | None]
"""What an attacker does before the signature; the object of which he makes use afterwards, where it is one of his own."""
Turn = Callable[[bytes, int], bytes]
"""The file after the attack; the number is that of the object."""

BLACK = b"0 g 100 300 300 200 re f"


@dataclass(frozen=True)
class Shadow:
    """What is prepared before the signature, what is done after it, and what the linter says of the preparation."""

    prepare: Prepare
    turn: Turn
    code: str
    numbered: bool = True
    """Whether the records office gives the number, or the attacker does."""

    def prepared(self, pdf: bytes) -> tuple[bytes, int]:
        """The file as it comes to be signed, and the number of the attacker's object in it."""
        numbers: list[int] = []

        def change(opened: Pdf) -> None:
            made = self.prepare(opened)
            numbers.append(made.objgen[0] if made is not None else 0)

        return plain(pdf, change), numbers[0]


def later(change: Callable[[Pdf, Object], Objects]) -> Turn:
    """What is changed with the attacker's object at hand."""
    return lambda pdf, number: changed(pdf, lambda opened: change(opened, opened.get_object(number, 0)))


def _cover(kind: str) -> Prepare:
    """A white annotation over the text, or a field that is one."""

    def change(pdf: Pdf) -> Object:
        look = Dictionary(N=form(pdf, b"1 1 1 rg 0 0 595 842 re f"))
        entries = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 595, 842]), F=4, AP=look)
        if kind == "Widget":
            entries.update(Dictionary(FT=Name.Btn, T=String("cover"), P=pdf.pages[0].obj, Ff=65536))
        made = pdf.make_indirect(entries)
        pdf.pages[0].Annots.append(made)
        if kind == "Widget":
            pdf.Root.AcroForm.Fields.append(made)
        return made

    return change


def _uncover(_pdf: Pdf, found: Object) -> Objects:
    """The annotation is hidden: what it covered appears."""
    found.F = 2
    return [found]


def _cover_by_object(kind: str) -> Prepare:
    """A white picture, or form, drawn over the text."""

    def change(pdf: Pdf) -> Object:
        entries = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 1, "/Height": 1, "/BitsPerComponent": 8}
        if kind == "form":
            made = form(pdf, b"1 1 1 rg 0 0 595 842 re f")
        else:
            made = pdf.make_indirect(Stream(pdf, b"\xff\xff\xff", {**entries, "/ColorSpace": Name.DeviceRGB}))
        content = b"q 595 0 0 842 0 0 cm /Cover Do Q" if kind == "image" else b"/Cover Do"
        draw(content, XObject={"/Cover": made})(pdf)
        return made

    return change


def _take_away(pdf: Pdf, found: Object) -> Objects:
    """The covering object becomes an empty form."""
    number = found.objgen
    empty = Stream(pdf, b"", Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1])))
    pdf.get_object(number).write(b"")
    for key in list(found.keys()):
        if key != "/Length":
            del found[key]
    for key, value in empty.items():
        if key != "/Length":
            found[key] = value
    return [found]


def _cover_of_letters(pdf: Pdf) -> Object:
    """A form with one letter in it, as large as the page, before a surface in another colour than its own."""
    fonts = pdf.pages[0].Resources.Font
    name = next(iter(fonts.keys()))
    one, _ = letters_of(fonts[name])
    content = b"q .9 g BT %s 900 Tf 1 0 0 1 0 100 Tm <%s> Tj ET Q" % (name.encode(), one)
    made = form(pdf, content, Resources=Dictionary(Font=Dictionary({name: fonts[name]})))
    draw(b"/Cover Do", XObject={"/Cover": made})(pdf)
    return made


def _cover_by_state(pdf: Pdf) -> Object:
    """A white surface, with a graphics state of its own."""
    state = pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=1))
    draw(b"/Cover gs 1 1 1 rg 0 0 595 842 re f", ExtGState={"/Cover": state})(pdf)
    return state


def _let_through(_pdf: Pdf, found: Object) -> Objects:
    """The state lets everything through."""
    found.ca = 0
    return [found]


def _masked_cover(pdf: Pdf) -> Object:
    """A white picture whose mask hides nothing of it."""
    entries = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 1, "/Height": 1, "/BitsPerComponent": 8}
    mask = pdf.make_indirect(Stream(pdf, b"\xff", {**entries, "/ColorSpace": Name.DeviceGray}))
    colours = {"/ColorSpace": Name.DeviceRGB, "/SMask": mask}
    made = pdf.make_indirect(Stream(pdf, b"\xff\xff\xff", {**entries, **colours}))
    draw(b"q 595 0 0 842 0 0 cm /Cover Do Q", XObject={"/Cover": made})(pdf)
    return mask


def _mask_away(_pdf: Pdf, found: Object) -> Objects:
    found.write(b"\0")
    return [found]


def _states(pdf: Pdf) -> Object:
    """A field with two looks, of which the empty one is chosen."""
    looks = Dictionary(On=form(pdf, BLACK), Off=form(pdf, b""))
    made = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("x"), F=4, AS=Name.Off)
    made.update(Dictionary(Rect=Array([0, 0, 595, 842]), P=pdf.pages[0].obj, AP=Dictionary(N=looks)))
    added = pdf.make_indirect(made)
    pdf.pages[0].Annots.append(added)
    pdf.Root.AcroForm.Fields.append(added)
    return added


def _choose_other(_pdf: Pdf, found: Object) -> Objects:
    found.AS = Name.On
    return [found]


def _second_resources(pdf: Pdf) -> Object:
    """Other resources, in which the letters of one font are another's."""
    old = pdf.pages[0].Resources
    names = list(old.Font.keys())
    fonts = {name: old.Font[other] for name, other in zip(names, [*names[1:], names[0]], strict=True)}
    return pdf.make_indirect(Dictionary({**dict(old.items()), "/Font": Dictionary(fonts)}))


def _show_second_resources(pdf: Pdf, found: Object) -> Objects:
    pdf.pages[0].Resources = found
    return [pdf.pages[0].obj]


def _layer(pdf: Pdf) -> Object:
    """Other words in a layer that nobody sees."""
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([])))
    pdf.pages[0].Resources["/Properties"] = Dictionary({"/Layer": group})
    draw(b"/OC /Layer BDC " + BLACK + b" EMC")(pdf)
    return group


def _layer_on(pdf: Pdf, _group: Object) -> Objects:
    pdf.Root.OCProperties.D = Dictionary(ON=Array([pdf.Root.OCProperties.OCGs[0]]), Order=Array([]))
    return [pdf.Root]


def _own_field(pdf: Pdf) -> Object:
    """A field with words of the attacker's."""
    made = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("x"), V=String("1"), F=4)
    )
    made.update(Dictionary(Rect=Array([100, 300, 400, 500]), P=pdf.pages[0].obj, AP=Dictionary(N=form(pdf, b""))))
    pdf.pages[0].Annots.append(made)
    pdf.Root.AcroForm.Fields.append(made)
    return made


def _fill_own_field(pdf: Pdf, found: Object) -> Objects:
    """Form filling, which the certification allows; the look is another than the value."""
    shown = form(pdf, b"0 g 0 0 595 842 re f")
    found.AP = Dictionary(N=shown)
    found.V = String("2")
    return [found, shown]


def _own_font(pdf: Pdf) -> Object:
    """The number's field with a font that only the attacker describes."""
    field_of(pdf, "number").DA = String("/Attacker 13 Tf 0 g")
    made = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    pdf.Root.AcroForm.DR.Font["/Attacker"] = made
    return made


def fill_number(pdf: Pdf, _font: Object | None = None) -> Objects:
    """A number that the records office never gave, of any look."""
    found = field_of(pdf, "number")
    shown = form(pdf, b"0 g 0 0 130 18 re f")
    shown.BBox = Array([0, 0, 130, 18])
    found.AP = Dictionary(N=shown)
    found.V = String("01")
    return [found, shown]


def _own_glyphs(pdf: Pdf) -> Object:
    """Which glyph a letter has is said by a stream of its own, and not by the font."""
    identity = b"".join(number.to_bytes(2, "big") for number in range(1, 1024))
    font = next(iter(pdf.pages[0].Resources.Font.values())).DescendantFonts[0]
    font.CIDToGIDMap = made = pdf.make_indirect(Stream(pdf, b"\0\0" + identity))
    return made


def _other_glyphs(_pdf: Pdf, found: Object) -> Objects:
    """Every letter looks like its neighbour in the font."""
    found.write(found.read_bytes()[2:] + b"\0\0")
    return [found]


def _second_content(pdf: Pdf) -> Object:
    """Another content, which nothing refers to."""
    return pdf.make_indirect(Stream(pdf, BLACK))


def _show_second_content(pdf: Pdf, found: Object) -> Objects:
    pdf.pages[0].Contents = found
    return [pdf.pages[0].obj]


def _second_page(pdf: Pdf) -> Object:
    """Another page, which is in no tree."""
    made = pdf.make_indirect(Dictionary(pdf.pages[0].obj))
    made.Contents = pdf.make_indirect(Stream(pdf, BLACK))
    made.Annots = Array([])
    return made


def _show_second_page(pdf: Pdf, found: Object) -> Objects:
    kids = list(pdf.Root.Pages.Kids)
    pdf.Root.Pages.Kids = Array([found, *kids[1:]])
    return [pdf.Root.Pages]


def _second_catalog(pdf: Pdf) -> Object:
    """A whole second document with a page of its own."""
    page = pdf.make_indirect(Dictionary(pdf.pages[0].obj))
    page.Contents = pdf.make_indirect(Stream(pdf, BLACK))
    page.Annots = Array([])
    pages = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([page]), Count=1))
    page.Parent = pages
    made = pdf.make_indirect(Dictionary(pdf.Root))
    made.Pages = pages
    return made


def _show_second_catalog(pdf: bytes, number: int) -> bytes:
    return changed(pdf, lambda opened: [opened.get_object(number, 0)], root=number)


def _swap(pdf: bytes, number: int) -> bytes:
    """Cross-references alone: the page's content is found where the other one lies."""

    def offsets(content: bytes) -> dict[int, int]:
        with pikepdf.open(BytesIO(content)) as opened:
            shown = opened.pages[0].Contents.objgen[0]
        return {shown: content.index(b"\n%d 0 obj" % number) + 1}

    return only_references(offsets)(pdf)


SHADOWS: dict[str, Shadow] = {
    "hide: an annotation": Shadow(_cover("Stamp"), later(_uncover), "unknown-annotation"),
    "hide: a field": Shadow(_cover("Widget"), later(_uncover), "unknown-field"),
    "hide: a picture": Shadow(_cover_by_object("image"), later(_take_away), "covered-content"),
    "hide: a form": Shadow(_cover_by_object("form"), later(_take_away), "covered-content"),
    "hide: letters": Shadow(_cover_of_letters, later(_take_away), "covered-content"),
    "hide: a state of graphics": Shadow(_cover_by_state, later(_let_through), "unexpected-entry"),
    "hide: a mask": Shadow(_masked_cover, later(_mask_away), "covered-content"),
    "hide: a layer": Shadow(_layer, later(_layer_on), "optional-content"),
    "replace: a field's look": Shadow(_own_field, later(_fill_own_field), "unknown-field"),
    "replace: a field's state": Shadow(_states, later(_choose_other), "unknown-field"),
    "replace: the number": Shadow(_own_font, later(fill_number), "font-not-embedded", numbered=False),
    "replace: the glyphs of a font": Shadow(_own_glyphs, later(_other_glyphs), "unexpected-entry"),
    "hide and replace: a content": Shadow(_second_content, later(_show_second_content), "unreferenced-object"),
    "hide and replace: resources": Shadow(_second_resources, later(_show_second_resources), "unreferenced-object"),
    "hide and replace: a page": Shadow(_second_page, later(_show_second_page), "unreferenced-object"),
    "hide and replace: a document": Shadow(_second_catalog, _show_second_catalog, "unreferenced-object"),
    "hide and replace: cross-references": Shadow(_second_content, _swap, "unreferenced-object"),
}
