"""Everything that somebody could do to a result of ours before it is signed, by name: a change, and what the linter says."""

import re

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String

from tests.unit.linting.files import Change


def draw(content: bytes, **resources: object) -> Change:
    """More content on the first page, over all that is there; `resources` as in `XObject={"/Fm0": object}`."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        for kind, named in resources.items():
            for name, value in named.items():
                page.Resources[f"/{kind}"][name] = value(pdf) if callable(value) else value
        old = page.Contents.read_bytes()
        font = next(iter(page.Resources.Font.keys()))
        one, other = letters_of(page.Resources.Font[font])
        given = content.replace(b"/FONT", font.encode()).replace(b"ONE", one).replace(b"OTHER", other)
        page.Contents.write(b"q\n" + old + b"\nQ\n" + given)

    return change


def letters_of(font: pikepdf.Object) -> tuple[bytes, bytes]:
    """The codes of two letters of a font, in hexadecimal."""
    mapped = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>\n", font.ToUnicode.read_bytes())
    one, other, *_ = (code for code, text in mapped if chr(int(text, 16)).isalpha())
    return one, other


def under(content: bytes) -> Change:
    """Content on the first page that is drawn before everything else."""

    def change(pdf: Pdf) -> None:
        page = pdf.pages[0]
        page.Contents.write(b"q\n" + content + b"\nQ\n" + page.Contents.read_bytes())

    return change


def picture(pdf: Pdf) -> pikepdf.Object:
    """One white point as a picture."""
    entries = {"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 1, "/Height": 1, "/BitsPerComponent": 8}
    return pdf.make_indirect(Stream(pdf, b"\xff\xff\xff", {**entries, "/ColorSpace": Name.DeviceRGB}))


def form(pdf: Pdf, content: bytes = b"1 1 1 rg 0 0 595 842 re f", **more: object) -> pikepdf.Object:
    """A form XObject as large as a page."""
    entries = {
        "/Type": Name.XObject,
        "/Subtype": Name.Form,
        "/BBox": Array([0, 0, 595, 842]),
        "/Resources": Dictionary(),
    }
    return pdf.make_indirect(Stream(pdf, content, {**entries, **{f"/{key}": value for key, value in more.items()}}))


def annotation(subtype: str, **more: object) -> Change:
    """One more annotation on the first page, over its text."""

    def change(pdf: Pdf) -> None:
        entries = {"/Type": Name.Annot, "/Subtype": Name(f"/{subtype}"), "/Rect": Array([100, 400, 400, 500]), "/F": 4}
        given = {f"/{key}": value(pdf) if callable(value) else value for key, value in more.items()}
        pdf.pages[0].Annots.append(pdf.make_indirect(Dictionary({**entries, **given})))

    return change


def look(pdf: Pdf, content: bytes = b"1 1 1 rg 0 0 300 100 re f") -> pikepdf.Object:
    """Appearances with one normal one."""
    return Dictionary(N=form(pdf, content))


def field(name: str, **entries: object) -> Change:
    """Other entries for a field of ours; None takes one away."""

    def change(pdf: Pdf) -> None:
        found = field_of(pdf, name)
        for key, value in entries.items():
            if value is None:
                del found[f"/{key}"]
            else:
                found[f"/{key}"] = value(pdf) if callable(value) else value

    return change


def moved(name: str, left: float, bottom: float) -> Change:
    """A field of ours in its own size at another place."""

    def change(pdf: Pdf) -> None:
        found = field_of(pdf, name)
        x1, y1, x2, y2 = (float(each) for each in found.Rect)
        found.Rect = Array([left, bottom, left + x2 - x1, bottom + y2 - y1])

    return change


def field_of(pdf: Pdf, name: str) -> pikepdf.Object:
    return next(each for each in pdf.Root.AcroForm.Fields if str(each.T) == name)


def catalog(**entries: object) -> Change:
    """More entries for the catalog."""

    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value(pdf) if callable(value) else value

    return change


def page(**entries: object) -> Change:
    """More entries for the first page."""

    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.pages[0][f"/{key}"] = value(pdf) if callable(value) else value

    return change


def link(**action: object) -> Change:
    """A link whose action is this."""
    given = {f"/{key}": value for key, value in action.items()}
    return annotation("Link", BS=Dictionary(W=0), A=Dictionary({"/Type": Name.Action, **given}))


def new_field(kind: str, name: str, **entries: object) -> Change:
    """A field of its own over the text of the first page."""

    def change(pdf: Pdf) -> None:
        given = {f"/{key}": value(pdf) if callable(value) else value for key, value in entries.items()}
        common = {"/Type": Name.Annot, "/Subtype": Name.Widget, "/FT": Name(f"/{kind}"), "/T": String(name), "/F": 4}
        place = {"/Rect": Array([100, 400, 400, 500]), "/P": pdf.pages[0].obj}
        made = pdf.make_indirect(Dictionary({**common, **place, **given}))
        pdf.pages[0].Annots.append(made)
        pdf.Root.AcroForm.Fields.append(made)

    return change


def script(_: Pdf) -> pikepdf.Object:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def layers(pdf: Pdf) -> pikepdf.Object:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    return Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([group])))


def font_of(pdf: Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].Resources.Font.values()))


def _unembedded(pdf: Pdf) -> None:
    del font_of(pdf).DescendantFonts[0].FontDescriptor.FontFile2


def _other_glyphs(pdf: Pdf) -> None:
    """The letters on paper are others than those that a machine reads."""
    font_of(pdf).DescendantFonts[0].CIDToGIDMap = pdf.make_indirect(Stream(pdf, bytes(512)))


def _other_encoding(pdf: Pdf) -> None:
    font_of(pdf).Encoding = pdf.make_indirect(Stream(pdf, b"begincmap endcmap", Dictionary(Type=Name.CMap)))


def _unused_object(pdf: Pdf) -> None:
    pdf.make_indirect(Dictionary(Amount=1_000_000))


def _second_page_prepared(pdf: Pdf) -> None:
    """A page that no reader shows, until a later revision puts it into the tree."""
    pdf.make_indirect(Dictionary(pdf.pages[0].obj))


def _second_content_prepared(pdf: Pdf) -> None:
    pdf.make_indirect(Stream(pdf, pdf.pages[0].Contents.read_bytes() + b" 0 0 10 10 re f"))


def _picture_prepared(pdf: Pdf) -> None:
    """Among the resources, but nowhere drawn."""
    pdf.pages[0].Resources.XObject["/Later"] = picture(pdf)


def _page_twice(pdf: Pdf) -> None:
    kids = pdf.Root.Pages.Kids
    kids.append(kids[0])
    pdf.Root.Pages.Count = len(kids)


def _one_object_for_two(pdf: Pdf) -> None:
    """A font that is also the resources: readers that take objects by their number find something else."""
    pdf.pages[0].Contents = font_of(pdf).ToUnicode


def _content_in_parts(pdf: Pdf) -> None:
    pdf.pages[0].Contents = Array([pdf.pages[0].Contents, pdf.make_indirect(Stream(pdf, b"0 0 10 10 re f"))])


def _another_file(pdf: Pdf) -> None:
    """What a citizen sent in, carried by the decision: an official would sign it blindly."""
    pdf.attachments["don.pdf"] = pikepdf.AttachedFileSpec(pdf, b"%PDF-1.7 ...", filename="don.pdf")


def _another_relationship(pdf: Pdf) -> None:
    pdf.Root.AF[0].AFRelationship = Name.Source


def _data_from_outside(pdf: Pdf) -> None:
    pdf.Root.AF[0].EF.F["/F"] = String("http://example.invalid/data.json")


def _hidden_layer(pdf: Pdf) -> None:
    """The amount that was printed, in a layer that is off."""
    catalog(OCProperties=layers)(pdf)
    group = pdf.Root.OCProperties.OCGs[0]
    page_of = pdf.pages[0]
    page_of.Resources["/Properties"] = Dictionary({"/Layer": group})
    page_of.Contents.write(b"/OC /Layer BDC\n" + page_of.Contents.read_bytes() + b"\nEMC")


def _widget_twice(pdf: Pdf) -> None:
    found = field_of(pdf, "number")
    copy = pdf.make_indirect(Dictionary(found))
    pdf.pages[0].Annots.append(copy)
    pdf.Root.AcroForm.Fields.append(copy)


def _widget_without_field(pdf: Pdf) -> None:
    kept = [each for each in pdf.Root.AcroForm.Fields if str(each.T) != "number"]
    pdf.Root.AcroForm.Fields = Array(kept)


def _on_another_page(pdf: Pdf) -> None:
    field_of(pdf, "number").P = pdf.pages[-1].obj


def _no_widths(pdf: Pdf) -> None:
    """Letters that are said to be no wider than nothing, and then covered."""
    font_of(pdf).DescendantFonts[0].W = Array([0, Array([0] * 400)])
    place = b"1 0 0 1 100 20 Tm "
    draw(b"BT /FONT 12 Tf " + place + b"[<ONE> -500 <OTHER>] TJ ET 1 g 90 10 40 40 re f")(pdf)


def _colours_by_default(pdf: Pdf) -> None:
    """Black is white from now on."""
    spaces = pdf.pages[0].Resources.ColorSpace
    spaces["/DefaultRGB"] = spaces["/srgb"]


def _over_another(pdf: Pdf) -> None:
    left, bottom, *_ = (float(each) for each in field_of(pdf, "official").Rect)
    moved("number", left, bottom)(pdf)


def _more_pages_said(pdf: Pdf) -> None:
    pdf.Root.Pages["/Extra"] = Page(pdf.pages[0]).obj.Contents


TEXT = b"BT /FONT 12 Tf 1 0 0 1 100 20 Tm <ONEOTHER> Tj ET"
WHITE = b"1 1 1 rg 0 0 595 842 re f"

ACTIVE = {
    "script when opened": (catalog(OpenAction=script), "active-content"),
    "additional actions of the document": (
        catalog(AA=lambda pdf: Dictionary(WC=script(pdf))),
        "active-content",
    ),
    "additional actions of a page": (
        page(AA=lambda pdf: Dictionary(O=script(pdf))),
        "active-content",
    ),
    "additional actions of a field": (
        field("number", AA=lambda pdf: Dictionary(F=script(pdf))),
        "active-content",
    ),
    "an action of a field": (field("number", A=script), "unexpected-entry"),
    "scripts by name": (
        lambda pdf: pdf.Root.Names.__setitem__("/JavaScript", Dictionary(Names=Array([]))),
        "active-content",
    ),
    "a link that launches": (link(S=Name.Launch, F=String("cmd.exe")), "active-content"),
    "a link that submits": (link(S=Name.SubmitForm, F=String("https://example.invalid")), "active-content"),
    "a link that hides": (link(S=Name.Hide, T=String("number")), "active-content"),
    "a link that shows layers": (link(S=Name.SetOCGState, State=Array([])), "active-content"),
    "a link into another file": (link(S=Name.GoToR, F=String("other.pdf"), D=Array([0, Name.Fit])), "active-content"),
    "a link with a second action": (
        link(S=Name.URI, URI=String("https://example.invalid"), Next=Dictionary(S=Name.JavaScript, JS=String("1"))),
        "active-content",
    ),
    "a link to a program's address": (link(S=Name.URI, URI=String("file:///etc/passwd")), "external-reference"),
    "an XFA form": (lambda pdf: pdf.Root.AcroForm.__setitem__("/XFA", Array([])), "xfa"),
    "fields drawn by the reader": (
        lambda pdf: pdf.Root.AcroForm.__setitem__("/NeedAppearances", True),
        "need-appearances",
    ),
    "an order of calculation": (lambda pdf: pdf.Root.AcroForm.__setitem__("/CO", Array([])), "unexpected-entry"),
}

LAYERS = {
    "layers in the catalog": (catalog(OCProperties=layers), "optional-content"),
    "text in a layer that is off": (_hidden_layer, "optional-content"),
    "content of a layer": (draw(b"/OC /X BDC " + TEXT + b" EMC"), "optional-content"),
    "a picture of a layer": (
        draw(b"/Im Do", XObject={"/Im": lambda pdf: form(pdf, b"", OC=Dictionary(Type=Name.OCG, Name=String("x")))}),
        "optional-content",
    ),
    "an annotation of a layer": (field("number", OC=Dictionary(Type=Name.OCG, Name=String("x"))), "optional-content"),
}

ANNOTATIONS = {
    "a white stamp over the text": (annotation("Stamp", AP=look), "unknown-annotation"),
    "a text over the text": (
        annotation("FreeText", DA=String("/Helv 12 Tf"), Contents=String("0"), AP=look),
        "unknown-annotation",
    ),
    "a white square": (annotation("Square", IC=Array([1, 1, 1]), AP=look), "unknown-annotation"),
    "a redaction": (annotation("Redact"), "unknown-annotation"),
    "a note": (annotation("Text", Contents=String("x")), "unknown-annotation"),
    "an attached file": (annotation("FileAttachment"), "unknown-annotation"),
    "a film": (annotation("Screen"), "unknown-annotation"),
    "a link with a look": (
        annotation(
            "Link", BS=Dictionary(W=0), A=Dictionary(S=Name.URI, URI=String("https://example.invalid")), AP=look
        ),
        "unexpected-entry",
    ),
    "a link off the page": (
        annotation("Link", BS=Dictionary(W=0), Rect=Array([700, 0, 800, 10]), Dest=String("x")),
        "field-off-page",
    ),
    "a link with a border": (annotation("Link", BS=Dictionary(W=400)), "unexpected-entry"),
}

FIELDS = {
    "an unknown text field over the text": (new_field("Tx", "amount", AP=look, V=String("1")), "unknown-field"),
    "an unknown button over the text": (
        new_field("Btn", "cover", AP=look, MK=Dictionary(BG=Array([1]))),
        "unknown-field",
    ),
    "an unknown signature field": (new_field("Sig", "other", AP=look), "unknown-field"),
    "a second field of the same name": (_widget_twice, "unknown-field"),
    "a widget that is no field": (_widget_without_field, "unknown-field"),
    "a field in parts": (field("number", Kids=Array([])), "unknown-field"),
    "a signature field that is a text field": (field("official", FT=Name.Tx), "unknown-field"),
    "a number before its time": (field("number", V=String("99/QĐ")), "filled-before-signing"),
    "a look without a value": (field("number", AP=lambda pdf: look(pdf, TEXT)), "filled-before-signing"),
    "a signature's look before it signs": (field("official", AP=look), "filled-before-signing"),
    "a signature without a signer": (field("official", V=Dictionary(Type=Name.Sig)), "filled-before-signing"),
    "several looks": (
        field("number", AP=lambda pdf: Dictionary(N=field_of(pdf, "number").AP.N, D=form(pdf))),
        "unexpected-entry",
    ),
    "a field moved over the text": (moved("number", 100, 400), "field-over-text"),
    "a signature moved over the text": (moved("official", 344, 650), "field-over-text"),
    "a field moved off the page": (moved("number", 500, 20), "field-off-page"),
    "a field beside the page": (moved("date", -400, 400), "field-off-page"),
    "a field over another field": (_over_another, "field-over-text"),
    "a field on another page than it says": (_on_another_page, "unknown-annotation"),
    "a field larger than its look": (field("official", Rect=Array([0, 0, 595, 842])), "filled-before-signing"),
    "a hidden field": (field("number", F=6), "unexpected-entry"),
    "a field that readers may change": (field("number", Ff=0), "unexpected-entry"),
    "a coloured field": (field("number", MK=Dictionary(BG=Array([1, 1, 1]))), "unexpected-entry"),
    "a font of the reader's": (field("number", DA=String("/Helv 0 Tf 1 g")), "unexpected-entry"),
}

CONTENT = {
    "a white surface over the page": (draw(WHITE), "covered-content"),
    "a white surface under glass": (
        draw(b"/half gs " + WHITE, ExtGState={"/half": Dictionary(ca=0.9)}),
        "covered-content",
    ),
    "a picture over the text": (
        draw(b"q 300 0 0 300 100 300 cm /Im Do Q", XObject={"/Im": picture}),
        "covered-content",
    ),
    "a form over the text": (draw(b"/Fm Do", XObject={"/Fm": form}), "covered-content"),
    "a thick white line": (draw(b"1 1 1 RG 300 w 0 421 m 595 421 l S"), "covered-content"),
    "a white curve": (draw(b"1 1 1 rg 0 0 m 0 900 595 900 595 0 c f"), "covered-content"),
    "letters said to have no width": (_no_widths, "invisible-text"),
    "colours with another meaning": (_colours_by_default, "unexpected-entry"),
    "white text": (draw(b"1 g " + TEXT), "invisible-text"),
    "almost white text": (draw(b".97 1 .98 rg " + TEXT), "invisible-text"),
    "text in the colour of its surface": (draw(b".2 g 90 10 200 40 re f .2 g " + TEXT), "invisible-text"),
    "text without ink": (draw(b"3 Tr " + TEXT), "invisible-text"),
    "text that only clips": (draw(b"7 Tr " + TEXT), "invisible-text"),
    "text that is transparent": (draw(b"/no gs " + TEXT, ExtGState={"/no": Dictionary(ca=0.01)}), "invisible-text"),
    "text too small to read": (draw(TEXT.replace(b" 12 Tf", b" 1 Tf")), "invisible-text"),
    "text off the page": (draw(TEXT.replace(b"100 20 Tm", b"700 20 Tm")), "off-page"),
    "text clipped away": (draw(b"0 0 5 5 re W n " + TEXT), "off-page"),
    "a picture off the page": (draw(b"q 9 0 0 9 -90 0 cm /Im Do Q", XObject={"/Im": picture}), "off-page"),
    "text over a shape": (draw(b".9 g 90 10 m 300 10 l 200 300 l f 0 g " + TEXT), "undecidable-content"),
    "text over a picture": (
        draw(b"q 90 0 0 40 90 10 cm /Im Do Q " + TEXT, XObject={"/Im": picture}),
        "undecidable-content",
    ),
    "a picture in the content": (draw(b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"), "undecidable-content"),
    "a shading": (draw(b"/Sh sh"), "undecidable-content"),
    "a pattern": (draw(b"/Pattern cs /P scn " + WHITE), "undecidable-content"),
    "spaces of its own": (draw(b"500 Tc " + TEXT), "undecidable-content"),
    "other words for machines": (draw(b"/Span << /ActualText (x) >> BDC " + TEXT + b" EMC"), "unexpected-entry"),
    "an end without a beginning": (draw(b"Q Q"), "malformed-object"),
    "more saved than restored": (draw(b"q q"), "malformed-object"),
    "a comment": (draw(b"% x\n0 g"), "malformed-object"),
    "a blending mode": (draw(b"/m gs", ExtGState={"/m": Dictionary(BM=Name.Multiply)}), "unexpected-entry"),
    "a soft mask": (draw(b"/m gs", ExtGState={"/m": Dictionary(SMask=Name("/None"))}), "unexpected-entry"),
    "a form that draws itself": (
        lambda pdf: draw(b"/Fm Do", XObject={"/Fm": lambda p: _endless(p)})(pdf),
        "too-large",
    ),
    "a smaller page": (page(MediaBox=Array([0, 0, 595, 400])), "off-page"),
    "a cut page": (page(CropBox=Array([0, 400, 595, 842])), "unexpected-entry"),
    "a turned page": (page(Rotate=180), "unexpected-entry"),
    "a page of another scale": (page(UserUnit=2), "unexpected-entry"),
    "content in parts": (_content_in_parts, "unexpected-entry"),
}


def _endless(pdf: Pdf) -> pikepdf.Object:
    made = form(pdf, b"/Fm Do")
    made.Resources = Dictionary(XObject=Dictionary({"/Fm": made}))
    return made


FONTS = {
    "a font that is not embedded": (_unembedded, "font-not-embedded"),
    "letters with other shapes": (_other_glyphs, "unexpected-entry"),
    "an encoding of its own": (_other_encoding, "font-not-embedded"),
    "a font of procedures": (lambda pdf: font_of(pdf).__setitem__("/Subtype", Name.Type3), "font-not-embedded"),
}

OBJECTS = {
    "an object without use": (_unused_object, "unreferenced-object"),
    "a second page prepared": (_second_page_prepared, "unreferenced-object"),
    "a second content prepared": (_second_content_prepared, "unreferenced-object"),
    "a picture prepared": (_picture_prepared, "unreferenced-object"),
    "a page twice": (_page_twice, "unexpected-entry"),
    "an object in two parts": (_one_object_for_two, "object-in-two-roles"),
    "an entry of the page tree": (_more_pages_said, "unexpected-entry"),
    "a citizen's file inside": (_another_file, "undeclared-file"),
    "data that are said to be a source": (_another_relationship, "undeclared-file"),
    "data from outside": (_data_from_outside, "external-reference"),
    "a portfolio": (catalog(Collection=Dictionary(View=Name.H)), "undeclared-file"),
    "private data": (page(PieceInfo=Dictionary()), "unexpected-entry"),
    "another version": (catalog(Version=Name("/2.0")), "unexpected-entry"),
    "permissions without a signature": (catalog(Perms=Dictionary()), "unexpected-entry"),
    "an address for all links": (catalog(URI=Dictionary(Base=String("http://example.invalid"))), "external-reference"),
    "requirements": (catalog(Requirements=Array([])), "unexpected-entry"),
}

ALL = {**ACTIVE, **LAYERS, **ANNOTATIONS, **FIELDS, **CONTENT, **FONTS, **OBJECTS}
