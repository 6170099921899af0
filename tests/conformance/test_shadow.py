"""Shadow attacks on every form's result: hide, replace, hide-and-replace (Mainka, Mladenov, Rohlmann: "Shadow Attacks", NDSS 2021).

An attacker prepares a file before it is signed and turns it into another one afterwards: after the official's signature, or after
the seal. Each is built from a result of ours, signed and sealed as if there were no linter; then a reader's own eyes say that the
page changed, and the linter must have refused before each signature, and must refuse what came of it.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.signing.linting import Mode, lint
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.conformance.conftest import require
from tests.unit.documents.material import SLUGS, document, first_sample
from tests.unit.documents.pages import picture
from tests.unit.linting.files import Change, changed, plain
from tests.unit.linting.hiding import draw, field_of, form, letters_of
from tests.unit.linting.tampering import only_references
from tests.unit.signing.world import NUMBER, World

Objects = list[pikepdf.Object]
"""What a later revision writes anew."""

BLACK = b"0 g 100 300 300 200 re f"


@dataclass(frozen=True)
class Shadow:
    """What is prepared before the signature, and what the attacker does after it; the number is left to him, or is not."""

    prepare: Change
    turn: Callable[[bytes], bytes]
    numbered: bool = True


def later(change: Callable[[Pdf], Objects]) -> Callable[[bytes], bytes]:
    return lambda pdf: changed(pdf, change)


def marked(pdf: Pdf, mark: str) -> pikepdf.Object:
    """The object that the attacker has marked."""
    return next(
        each for each in pdf.objects if isinstance(each, Dictionary | Stream) and each.get(f"/{mark}") is not None
    )


def _cover(kind: str) -> Change:
    """A white annotation over the text, or a field that is one."""

    def change(pdf: Pdf) -> None:
        look = Dictionary(N=form(pdf, b"1 1 1 rg 0 0 595 842 re f"))
        entries = Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 595, 842]), F=4, AP=look, Mark=1
        )
        if kind == "Widget":
            entries.update(Dictionary(FT=Name.Btn, T=String("cover"), P=pdf.pages[0].obj, Ff=65536))
        made = pdf.make_indirect(entries)
        pdf.pages[0].Annots.append(made)
        if kind == "Widget":
            pdf.Root.AcroForm.Fields.append(made)

    return change


def _uncover(pdf: Pdf) -> Objects:
    """The annotation is hidden: what it covered appears."""
    found = marked(pdf, "Mark")
    found.F = 2
    return [found]


def _cover_by_object(kind: str) -> Change:
    """A white picture, or form, drawn over the text."""

    def made(pdf: Pdf) -> pikepdf.Object:
        if kind == "form":
            return form(pdf, b"1 1 1 rg 0 0 595 842 re f", Mark=1)
        entries = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 1, "/Height": 1, "/BitsPerComponent": 8}
        return pdf.make_indirect(Stream(pdf, b"\xff\xff\xff", {**entries, "/ColorSpace": Name.DeviceRGB, "/Mark": 1}))

    content = b"q 595 0 0 842 0 0 cm /Cover Do Q" if kind == "image" else b"/Cover Do"
    return draw(content, XObject={"/Cover": made})


def _take_away(pdf: Pdf) -> Objects:
    """The covering object becomes an empty form."""
    found = marked(pdf, "Mark")
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


def _cover_of_letters(pdf: Pdf) -> None:
    """A form with one letter in it, as large as the page, before a surface in another colour than its own."""
    fonts = pdf.pages[0].Resources.Font
    name = next(iter(fonts.keys()))
    one, _ = letters_of(fonts[name])
    content = b"q .9 g BT %s 900 Tf 1 0 0 1 0 100 Tm <%s> Tj ET Q" % (name.encode(), one)
    made = form(pdf, content, Resources=Dictionary(Font=Dictionary({name: fonts[name]})), Mark=1)
    draw(b"/Cover Do", XObject={"/Cover": made})(pdf)


def _cover_by_state(pdf: Pdf) -> None:
    """A white surface, with a graphics state of its own."""
    state = pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=1, Mark=1))
    draw(b"/Cover gs 1 1 1 rg 0 0 595 842 re f", ExtGState={"/Cover": state})(pdf)


def _let_through(pdf: Pdf) -> Objects:
    """The state lets everything through."""
    found = marked(pdf, "Mark")
    found.ca = 0
    return [found]


def _masked_cover(pdf: Pdf) -> None:
    """A white picture whose mask hides nothing of it."""
    entries = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 1, "/Height": 1, "/BitsPerComponent": 8}
    mask = pdf.make_indirect(Stream(pdf, b"\xff", {**entries, "/ColorSpace": Name.DeviceGray, "/Mark": 1}))
    colours = {"/ColorSpace": Name.DeviceRGB, "/SMask": mask}
    made = pdf.make_indirect(Stream(pdf, b"\xff\xff\xff", {**entries, **colours}))
    draw(b"q 595 0 0 842 0 0 cm /Cover Do Q", XObject={"/Cover": made})(pdf)


def _mask_away(pdf: Pdf) -> Objects:
    found = marked(pdf, "Mark")
    found.write(b"\0")
    return [found]


def _states(pdf: Pdf) -> None:
    """A field with two looks, of which the empty one is chosen."""
    looks = Dictionary(On=form(pdf, BLACK), Off=form(pdf, b""))
    made = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("x"), F=4, AS=Name.Off, Mark=1)
    made.update(Dictionary(Rect=Array([0, 0, 595, 842]), P=pdf.pages[0].obj, AP=Dictionary(N=looks)))
    added = pdf.make_indirect(made)
    pdf.pages[0].Annots.append(added)
    pdf.Root.AcroForm.Fields.append(added)


def _choose_other(pdf: Pdf) -> Objects:
    found = marked(pdf, "Mark")
    found.AS = Name.On
    return [found]


def _second_resources(pdf: Pdf) -> None:
    """Other resources, in which the letters of one font are another's."""
    old = pdf.pages[0].Resources
    names = list(old.Font.keys())
    fonts = {name: old.Font[other] for name, other in zip(names, [*names[1:], names[0]], strict=True)}
    pdf.make_indirect(Dictionary({**dict(old.items()), "/Font": Dictionary(fonts), "/Mark": 1}))


def _show_second_resources(pdf: Pdf) -> Objects:
    pdf.pages[0].Resources = marked(pdf, "Mark")
    return [pdf.pages[0].obj]


def _layer(pdf: Pdf) -> None:
    """Other words in a layer that nobody sees."""
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x"), Mark=1))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([])))
    pdf.pages[0].Resources["/Properties"] = Dictionary({"/Layer": group})
    draw(b"/OC /Layer BDC " + BLACK + b" EMC")(pdf)


def _layer_on(pdf: Pdf) -> Objects:
    pdf.Root.OCProperties.D = Dictionary(ON=Array([pdf.Root.OCProperties.OCGs[0]]), Order=Array([]))
    return [pdf.Root]


def _own_field(pdf: Pdf) -> None:
    """A field with words of the attacker's."""
    made = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("x"), V=String("1"), F=4, Mark=1)
    )
    made.update(Dictionary(Rect=Array([100, 300, 400, 500]), P=pdf.pages[0].obj, AP=Dictionary(N=form(pdf, b""))))
    pdf.pages[0].Annots.append(made)
    pdf.Root.AcroForm.Fields.append(made)


def _fill_own_field(pdf: Pdf) -> Objects:
    """Form filling, which the certification allows; the look is another than the value."""
    found = marked(pdf, "Mark")
    shown = form(pdf, b"0 g 0 0 595 842 re f")
    found.AP = Dictionary(N=shown)
    found.V = String("2")
    return [found, shown]


def _own_font(pdf: Pdf) -> None:
    """The number's field with a font that only the attacker describes."""
    field_of(pdf, "number").DA = String("/Attacker 13 Tf 0 g")
    pdf.Root.AcroForm.DR.Font["/Attacker"] = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Mark=1)
    )


def _fill_number(pdf: Pdf) -> Objects:
    """A number that the records office never gave, of any look."""
    found = field_of(pdf, "number")
    shown = form(pdf, b"0 g 0 0 130 18 re f")
    shown.BBox = Array([0, 0, 130, 18])
    found.AP = Dictionary(N=shown)
    found.V = String("01")
    return [found, shown]


def _own_glyphs(pdf: Pdf) -> None:
    """Which glyph a letter has is said by a stream of its own, and not by the font."""
    identity = b"".join(number.to_bytes(2, "big") for number in range(1, 1024))
    font = next(iter(pdf.pages[0].Resources.Font.values())).DescendantFonts[0]
    font.CIDToGIDMap = pdf.make_indirect(Stream(pdf, b"\0\0" + identity, Dictionary(Mark=1)))


def _other_glyphs(pdf: Pdf) -> Objects:
    """Every letter looks like its neighbour in the font."""
    found = marked(pdf, "Mark")
    found.write(found.read_bytes()[2:] + b"\0\0")
    return [found]


def _second_content(pdf: Pdf) -> None:
    """Another content, which nothing refers to."""
    pdf.make_indirect(Stream(pdf, BLACK, Dictionary(Mark=1)))


def _show_second_content(pdf: Pdf) -> Objects:
    pdf.pages[0].Contents = marked(pdf, "Mark")
    return [pdf.pages[0].obj]


def _second_page(pdf: Pdf) -> None:
    """Another page, which is in no tree."""
    made = pdf.make_indirect(Dictionary(pdf.pages[0].obj))
    made.Contents = pdf.make_indirect(Stream(pdf, BLACK))
    made.Mark = 1
    made.Annots = Array([])


def _show_second_page(pdf: Pdf) -> Objects:
    kids = list(pdf.Root.Pages.Kids)
    pdf.Root.Pages.Kids = Array([marked(pdf, "Mark"), *kids[1:]])
    return [pdf.Root.Pages]


def _second_catalog(pdf: Pdf) -> None:
    """A whole second document with a page of its own."""
    page = pdf.make_indirect(Dictionary(pdf.pages[0].obj))
    page.Contents = pdf.make_indirect(Stream(pdf, BLACK))
    page.Annots = Array([])
    pages = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([page]), Count=1))
    page.Parent = pages
    made = pdf.make_indirect(Dictionary(pdf.Root))
    made.Pages, made.Mark = pages, 1


def _show_second_catalog(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        number = marked(opened, "Mark").objgen[0]
    return changed(pdf, lambda opened: [marked(opened, "Mark")], root=number)


def _swap(pdf: bytes) -> bytes:
    """Cross-references alone: the page's content is found where the other one lies."""

    def offsets(content: bytes) -> dict[int, int]:
        with pikepdf.open(BytesIO(content)) as opened:
            shown, other = opened.pages[0].Contents.objgen[0], marked(opened, "Mark").objgen[0]
        return {shown: content.index(b"\n%d 0 obj" % other) + 1}

    return only_references(offsets)(pdf)


SHADOWS: dict[str, Shadow] = {
    "hide: an annotation": Shadow(_cover("Stamp"), later(_uncover)),
    "hide: a field": Shadow(_cover("Widget"), later(_uncover)),
    "hide: a picture": Shadow(_cover_by_object("image"), later(_take_away)),
    "hide: a form": Shadow(_cover_by_object("form"), later(_take_away)),
    "hide: letters": Shadow(_cover_of_letters, later(_take_away)),
    "hide: a state of graphics": Shadow(_cover_by_state, later(_let_through)),
    "hide: a mask": Shadow(_masked_cover, later(_mask_away)),
    "hide: a layer": Shadow(_layer, later(_layer_on)),
    "replace: a field's look": Shadow(_own_field, later(_fill_own_field)),
    "replace: a field's state": Shadow(_states, later(_choose_other)),
    "replace: the number": Shadow(_own_font, later(_fill_number), numbered=False),
    "replace: the glyphs of a font": Shadow(_own_glyphs, later(_other_glyphs)),
    "hide and replace: a content": Shadow(_second_content, later(_show_second_content)),
    "hide and replace: resources": Shadow(_second_resources, later(_show_second_resources)),
    "hide and replace: a page": Shadow(_second_page, later(_show_second_page)),
    "hide and replace: a document": Shadow(_second_catalog, _show_second_catalog),
    "hide and replace: cross-references": Shadow(_second_content, _swap),
}


# A table and articles in every run, all seven forms in `make long`.
ATTACKED = (
    SLUGS
    if os.environ.get("CHAUBAN_LONG")
    else [slug for slug in SLUGS if slug in ("dang-ky-thanh-lap-ho-kinh-doanh", "tro-cap-xa-hoi-hang-thang")]
)


@pytest.mark.parametrize("slug", ATTACKED)
@pytest.mark.parametrize("shadow", SHADOWS.values(), ids=SHADOWS.keys())
def test_a_shadow_is_refused_before_each_signature_and_after_the_last(world: World, slug: str, shadow: Shadow) -> None:
    require([name for name in ("pdftoppm",) if shutil.which(name) is None])
    prepared = plain(document(first_sample(slug), DocumentKind.RESULT).pdf, shadow.prepare)
    signed = world.by_official(prepared, world.owner("official-rsa"))
    values = NUMBER if shadow.numbered else None
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), values)
    assert lint(prepared, Mode.FIRST)
    for file in (signed, sealed):
        turned = shadow.turn(file)
        assert turned.startswith(file), "nothing that was signed has been touched"
        assert picture(turned).tobytes() != picture(file).tobytes(), "the attack works"
        assert lint(file, Mode.NEXT)
        assert lint(turned, Mode.NEXT)


@pytest.mark.parametrize("slug", ATTACKED)
def test_a_sealed_number_cannot_be_replaced(world: World, slug: str) -> None:
    """Without any preparation: form filling, which the certification allows."""
    require([name for name in ("pdftoppm",) if shutil.which(name) is None])
    result = document(first_sample(slug), DocumentKind.RESULT).pdf
    signed = world.by_official(result, world.owner("official-rsa"))
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    turned = later(_fill_number)(sealed)
    assert picture(turned).tobytes() != picture(sealed).tobytes(), "the attack works"
    assert "unexplained-change" in {finding.code for finding in lint(turned, Mode.NEXT)}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_result_is_clean_before_and_after_each_signature(world: World, slug: str) -> None:
    result = document(first_sample(slug), DocumentKind.RESULT).pdf
    signed = world.by_official(result, world.owner("official-rsa"))
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    assert lint(result, Mode.FIRST) == []
    assert lint(signed, Mode.NEXT) == []
    assert lint(sealed, Mode.NEXT) == []
