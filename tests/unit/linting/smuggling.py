"""What could be carried along in a result of ours, by name: streams with more in them, files twice, pages in two trees."""

import hashlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.unit.linting.files import Change
from tests.unit.linting.hiding import draw, field, field_of, form, moved, page, picture, script


def stream(find: Callable[[Pdf], pikepdf.Object], change: Callable[[bytes], bytes], **entries: object) -> Change:
    """Other data in a stream, and other entries."""

    def changed(pdf: Pdf) -> None:
        found = find(pdf)
        old = found.read_bytes()
        new = change(old)
        assert new != old or entries
        found.write(new)
        for key, value in entries.items():
            found[f"/{key}"] = value

    return changed


def metadata(change: Callable[[bytes], bytes]) -> Change:
    return stream(lambda pdf: pdf.Root.Metadata, change)


def data(change: Callable[[bytes], bytes]) -> Change:
    """Another data.json, its size and sum put right."""

    def changed(pdf: Pdf) -> None:
        file = pdf.Root.AF[0].EF.F
        new = change(file.read_bytes())
        file.write(new)
        file.Params.Size = len(new)
        file.Params.CheckSum = String(hashlib.md5(new, usedforsecurity=False).digest())

    return changed


def shown_picture(content: bytes, **entries: object) -> Change:
    """A picture in the lower margin, of these bytes."""

    def made(pdf: Pdf) -> pikepdf.Object:
        found = picture(pdf)
        found.write(content)
        for key, value in entries.items():
            found[f"/{key}"] = value
        return found

    return draw(b"q 9 0 0 9 100 20 cm /Im Do Q", XObject={"/Im": made})


def jpeg(pdf: Pdf, more: bytes = b"") -> pikepdf.Object:
    """A picture of one point in another encoding."""
    head = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
    scan = bytes.fromhex("ffda000c03010002110311003f00aaff00bb")
    found = picture(pdf)
    found.write(head + scan + b"\xff\xd9" + more, filter=Name.DCTDecode)
    return found


def _second_data(pdf: Pdf) -> None:
    """The document belongs to one file, and by its name another one is found."""
    copy = pdf.make_indirect(Dictionary(pdf.Root.AF[0]))
    copy.EF = Dictionary(F=_other_data(pdf))
    pdf.Root.Names.EmbeddedFiles.Names = Array([String("data.json"), copy])


def _data_twice(pdf: Pdf) -> None:
    copy = pdf.make_indirect(Dictionary(pdf.Root.AF[0]))
    copy.EF = Dictionary(F=_other_data(pdf))
    pdf.Root.AF.append(copy)
    pdf.Root.Names.EmbeddedFiles.Names = Array([*pdf.Root.Names.EmbeddedFiles.Names, String("data.json"), copy])


def _other_data(pdf: Pdf) -> pikepdf.Object:
    entries = Dictionary(Type=Name.EmbeddedFile, Subtype=Name("/application/json"), Params=Dictionary(Size=2))
    return pdf.make_indirect(Stream(pdf, b"{}", entries))


def _second_tree(pdf: Pdf) -> None:
    """Readers that go up from the page come to another tree than those that go down."""
    other = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([each.obj for each in pdf.pages]), Count=1))
    pdf.pages[0].obj.Parent = other


def _tree_of_trees(pdf: Pdf) -> None:
    kids = [each.obj for each in pdf.pages]
    inner = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(kids), Count=len(kids), Parent=pdf.Root.Pages))
    for kid in kids:
        kid.Parent = inner
    pdf.Root.Pages.Kids = Array([inner])


def _on_two_pages(pdf: Pdf) -> None:
    """The number's field again, on a page of its own."""
    first = pdf.pages[0].obj
    copy = pdf.make_indirect(Dictionary(first))
    copy.Contents = pdf.make_indirect(Stream(pdf, b"0 g 100 100 9 9 re f"))
    copy.Annots = Array([field_of(pdf, "number")])
    pdf.Root.Pages.Kids.append(copy)
    pdf.Root.Pages.Count = len(pdf.Root.Pages.Kids)


def _field_on_black(pdf: Pdf) -> None:
    """What is filled in will be black on black."""
    left, bottom, right, top = (float(each) for each in field_of(pdf, "number").Rect)
    draw(b"0 g %f %f %f %f re f" % (left, bottom, right - left, top - bottom))(pdf)


def _field_on_a_line(pdf: Pdf) -> None:
    left, bottom, right, top = (float(each) for each in field_of(pdf, "number").Rect)
    draw(b"0 G %f w %f %f m %f %f l S" % (top - bottom, left, bottom + 9, right, bottom + 9))(pdf)


def _seal_over_signature(pdf: Pdf) -> None:
    """Nothing of the signature will be seen."""
    left, bottom, *_ = (float(each) for each in field_of(pdf, "official").Rect)
    moved("seal", left, bottom)(pdf)


def _link_over_signature(pdf: Pdf) -> None:
    signature = field_of(pdf, "official")
    link = Dictionary(S=Name.URI, URI=String("https://example.invalid"))
    made = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, F=4, BS=Dictionary(W=0), Rect=Array(list(signature.Rect)), A=link
    )
    signature.P.Annots.append(pdf.make_indirect(made))


def _profile(pdf: Pdf) -> pikepdf.Object:
    return pdf.Root.OutputIntents[0].DestOutputProfile


def _other_profile(pdf: Pdf) -> None:
    """Black is white on a device that obeys it."""
    made = pdf.make_indirect(Stream(pdf, _profile(pdf).read_bytes()[::-1], Dictionary(N=3)))
    pdf.Root.OutputIntents[0].DestOutputProfile = made


def _resources_from_above(pdf: Pdf) -> None:
    pdf.Root.Pages.Resources = pdf.pages[0].Resources
    del pdf.pages[0].obj.Resources


def _box_from_above(pdf: Pdf) -> None:
    pdf.Root.Pages.CropBox = Array([0, 0, 595, 100])


def _states(pdf: Pdf) -> pikepdf.Object:
    """Looks by name, of which the field's state chooses one."""
    return Dictionary(N=Dictionary(On=form(pdf, b""), Off=form(pdf)))


def _named(tree: str) -> Change:
    return lambda pdf: pdf.Root.Names.__setitem__(f"/{tree}", Dictionary(Names=Array([])))


STREAMS = {
    "words in the comments of metadata": (metadata(lambda old: old + b"<!-- 1 000 000 -->"), "unexpected-entry"),
    "words for a program in metadata": (metadata(lambda old: old + b"<?hidden words?>"), "unexpected-entry"),
    "metadata in another alphabet": (metadata(lambda old: old.decode().encode("utf-16")), "malformed-object"),
    "metadata that are no XML": (metadata(lambda _: b"1 000 000"), "malformed-object"),
    "data that are no JSON": (data(lambda _: b"1 000 000 dong"), "undeclared-file"),
    "data with a member twice": (data(lambda old: b'{"amount": 1, "amount": 2, ' + old[1:]), "undeclared-file"),
    "data of another kind": (
        stream(lambda pdf: pdf.Root.AF[0].EF.F, lambda old: old, Subtype=Name("/text/html")),
        "undeclared-file",
    ),
    "data of another size than they say": (
        stream(lambda pdf: pdf.Root.AF[0].EF.F, lambda old: old + b" "),
        "malformed-object",
    ),
    "colours by another profile": (_other_profile, "unexpected-entry"),
    "a picture with more behind it": (shown_picture(b"\xff\xff\xff hidden words"), "malformed-object"),
    "a picture with less than it says": (shown_picture(b"\xff"), "malformed-object"),
    "a picture of inks": (shown_picture(b"\0\0\0\0", ColorSpace=Name.DeviceCMYK), "malformed-object"),
    "a picture in two versions": (shown_picture(b"\xff\xff\xff", Alternates=Array([])), "external-reference"),
    "a picture turned inside out": (shown_picture(b"\xff\xff\xff", Decode=Array([1, 0])), "unexpected-entry"),
    "a stencil": (shown_picture(b"\xff", ImageMask=True), "unexpected-entry"),
    "words behind a picture": (
        draw(b"q 9 0 0 9 100 20 cm /Im Do Q", XObject={"/Im": lambda pdf: jpeg(pdf, b"hidden words")}),
        "bytes-outside-objects",
    ),
    "a second picture behind a picture": (
        draw(b"q 9 0 0 9 100 20 cm /Im Do Q", XObject={"/Im": lambda pdf: jpeg(pdf, b"\xff\xd8\xff\xd9")}),
        "bytes-outside-objects",
    ),
    "a transparent picture": (
        draw(
            b"/now gs q 9 0 0 9 100 20 cm /Im Do Q",
            XObject={"/Im": picture},
            ExtGState={"/now": Dictionary(ca=0.01)},
        ),
        "undecidable-content",
    ),
}

FILES = {
    "one file by its name and another of the document": (_second_data, "undeclared-file"),
    "two files of one name": (_data_twice, "undeclared-file"),
    "one file for each kind of system": (
        lambda pdf: pdf.Root.AF[0].EF.__setitem__("/UF", _other_data(pdf)),
        "undeclared-file",
    ),
    "a file under another name": (
        lambda pdf: pdf.Root.Names.EmbeddedFiles.Names.__setitem__(0, String("decision.json")),
        "undeclared-file",
    ),
    "a file of the document that has no name": (
        lambda pdf: pdf.Root.Names.__delitem__("/EmbeddedFiles"),
        "undeclared-file",
    ),
}

PAGES = {
    "fewer pages than there are": (lambda pdf: pdf.Root.Pages.__setitem__("/Count", 0), "unexpected-entry"),
    "more pages than there are": (lambda pdf: pdf.Root.Pages.__setitem__("/Count", 9), "unexpected-entry"),
    "as many pages, not quite": (lambda pdf: pdf.Root.Pages.__setitem__("/Count", True), "unexpected-entry"),
    "a second tree of pages": (_second_tree, "unexpected-entry"),
    "a tree of trees": (_tree_of_trees, "unexpected-entry"),
    "resources from above": (_resources_from_above, "unexpected-entry"),
    "a cut from above": (_box_from_above, "unexpected-entry"),
    "numbers of pages": (
        lambda pdf: pdf.Root.__setitem__("/PageLabels", Dictionary(Nums=Array([0, Dictionary(P=String("99"))]))),
        "unexpected-entry",
    ),
    "templates of pages": (_named("Templates"), "unexpected-entry"),
    "pages by name": (_named("Pages"), "unexpected-entry"),
    "looks by name": (_named("AP"), "unexpected-entry"),
    "other presentations": (_named("AlternatePresentations"), "active-content"),
    "a thread of articles": (lambda pdf: pdf.Root.__setitem__("/Threads", Array([])), "unexpected-entry"),
    "a page that turns by itself": (page(Dur=1, Trans=Dictionary()), "unexpected-entry"),
    "a page with metadata": (page(Metadata=lambda pdf: pdf.Root.Metadata), "unexpected-entry"),
    "a page with layers": (page(VP=Array([])), "unexpected-entry"),
    "bars hidden": (
        lambda pdf: pdf.Root.ViewerPreferences.__setitem__("/HideToolbar", True),
        "unexpected-entry",
    ),
    "extensions of the developer's": (
        lambda pdf: pdf.Root.__setitem__("/Extensions", Dictionary(ADBE=Dictionary(BaseVersion=Name("/1.7")))),
        "unexpected-entry",
    ),
}

WIDGETS = {
    "looks by state": (field("number", AP=_states, AS=Name.Off), "filled-before-signing"),
    "a look when pressed": (
        field("number", AP=lambda pdf: Dictionary(N=field_of(pdf, "number").AP.N, D=form(pdf, b""))),
        "unexpected-entry",
    ),
    "a look when touched": (
        field("official", AP=lambda pdf: Dictionary(N=field_of(pdf, "official").AP.N, R=form(pdf, b""))),
        "unexpected-entry",
    ),
    "a caption": (field("official", MK=Dictionary(CA=String("x"))), "unexpected-entry"),
    "a field of true": (field("number", Ff=True), "unexpected-entry"),
    "a field with a point": (field("number", F=pikepdf.Object.parse(b"4.0")), "unexpected-entry"),
    "a field of letters of any size": (field("number", DA=String("/ChaubanSerif 0 Tf 0 g")), "unexpected-entry"),
    "a field of tiny letters": (field("number", DA=String("/ChaubanSerif 1 Tf 0 g")), "unexpected-entry"),
    "an action of a signature": (field("official", AA=lambda pdf: Dictionary(U=script(pdf))), "active-content"),
    "a field that does not print": (field("official", F=128), "unexpected-entry"),
    "a field on two pages": (_on_two_pages, "unknown-annotation"),
    "a field on a black surface": (_field_on_black, "field-over-text"),
    "a field on a thick line": (_field_on_a_line, "field-over-text"),
    "a seal all over the signature": (_seal_over_signature, "field-over-text"),
    "a link over the signature": (_link_over_signature, "field-over-text"),
    "flags of signatures before there are any": (
        lambda pdf: pdf.Root.AcroForm.__setitem__("/SigFlags", 3),
        "unexpected-entry",
    ),
}

WORDS = {
    "other words for the ear": (
        lambda pdf: _figure(pdf).__setitem__("/ActualText", String("1 000 000")),
        "unexpected-entry",
    ),
    "a description of what has words of its own": (
        lambda pdf: _paragraph(pdf).__setitem__("/Alt", String("1 000 000")),
        "unexpected-entry",
    ),
    "an expansion of an abbreviation": (
        lambda pdf: _figure(pdf).__setitem__("/E", String("1 000 000")),
        "unexpected-entry",
    ),
    "roles of one's own": (
        lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/RoleMap", Dictionary(P=Name.Artifact)),
        "unexpected-entry",
    ),
}


def _figure(pdf: Pdf) -> pikepdf.Object:
    """Some element of the structure."""
    return next(each for each in pdf.objects if isinstance(each, Dictionary) and each.get("/Type") == "/StructElem")


def _paragraph(pdf: Pdf) -> pikepdf.Object:
    return next(each for each in pdf.objects if isinstance(each, Dictionary) and each.get("/S") == "/P")


ALL = {**STREAMS, **FILES, **PAGES, **WIDGETS, **WORDS}
