"""More that could be done to a result after a signature, by name: to its fields, its words for machines, and the file itself."""

import re
from io import BytesIO

import pikepdf
from asn1crypto import cms, core
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.unit.linting.files import HEADER, appended, body, last_startxref, size_of, written
from tests.unit.linting.hiding import field_of, font_of, form, look, picture, script
from tests.unit.linting.tampering import Tampered, byte_range, catalog, field, later, stream


def page(key: str, value: object) -> Tampered:
    """A later page with another entry."""

    def change(pdf: Pdf) -> list[pikepdf.Object]:
        pdf.pages[0].obj[key] = value(pdf) if callable(value) else value
        return [pdf.pages[0].obj]

    return later(change)


def retyped(name: str, old: bytes, new: bytes) -> Tampered:
    """A field written again, with a value that counts as the same and is of another type."""

    def tamper(pdf: bytes) -> bytes:
        with pikepdf.open(BytesIO(pdf)) as opened:
            found = field_of(opened, name)
            number, content = found.objgen[0], body(found)
        assert content.count(old) == 1, content
        return appended(pdf, {number: content.replace(old, new)})

    return tamper


def _element(key: str) -> Tampered:
    """Other words for those who listen."""

    def change(pdf: Pdf) -> list[pikepdf.Object]:
        found = next(
            each for each in pdf.objects if isinstance(each, Dictionary) and each.get("/Type") == "/StructElem"
        )
        found[key] = String("1 000 000")
        return [found]

    return later(change)


def _structure(pdf: Pdf) -> list[pikepdf.Object]:
    made = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    pdf.Root.StructTreeRoot = made
    return [pdf.Root, made]


def _metadata_elsewhere(pdf: Pdf) -> list[pikepdf.Object]:
    made = pdf.make_indirect(
        Stream(pdf, pdf.Root.Metadata.read_bytes(), Dictionary(Type=Name.Metadata, Subtype=Name.XML))
    )
    pdf.Root.Metadata = made
    return [pdf.Root, made]


def _widget_elsewhere(pdf: Pdf) -> list[pikepdf.Object]:
    """The number once more, where the attacker wants it."""
    copy = pdf.make_indirect(Dictionary(field_of(pdf, "number")))
    copy.Rect = Array([100, 400, 230, 418])
    pdf.pages[-1].Annots.append(copy)
    return [pdf.pages[-1].obj, copy]


def _kids(pdf: Pdf) -> list[pikepdf.Object]:
    """The number's field gets a second widget."""
    found = field_of(pdf, "number")
    kid = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([9, 9, 99, 99]), Parent=found))
    found.Kids = Array([kid])
    return [found, kid]


def _states(pdf: Pdf) -> list[pikepdf.Object]:
    """Looks by name, of which a state chooses one."""
    found, looks = field_of(pdf, "official"), [form(pdf, b""), form(pdf)]
    found.AP, found.AS = Dictionary(N=Dictionary(On=looks[0], Off=looks[1])), Name.On
    return [found, *looks]


def _resources(pdf: Pdf) -> list[pikepdf.Object]:
    """Another font under the name that the pages use."""
    fonts = pdf.pages[0].Resources.Font
    names = list(fonts.keys())
    fonts[names[0]], fonts[names[1]] = fonts[names[1]], fonts[names[0]]
    holder = next(each for each in (fonts, pdf.pages[0].Resources, pdf.pages[0].obj) if each.is_indirect)
    return [holder]


def _widths(pdf: Pdf) -> list[pikepdf.Object]:
    found = font_of(pdf).DescendantFonts[0]
    found.W = Array([0, Array([0] * 400)])
    return [found if found.is_indirect else font_of(pdf)]


def _file(pdf: Pdf) -> list[pikepdf.Object]:
    file = pdf.Root.AF[0]
    made = pdf.make_indirect(Stream(pdf, b"{}", Dictionary(Type=Name.EmbeddedFile)))
    file.EF.F = made
    return [file, made]


def _validation_related(pdf: Pdf) -> list[pikepdf.Object]:
    """A stream among the evidence that nobody asks for."""
    made = pdf.make_indirect(Stream(pdf, b"\x30\x00"))
    pdf.Root.DSS.VRI = Dictionary({"/" + "0" * 40: Dictionary(Cert=Array([made]))})
    return [pdf.Root.DSS, made]


def _wrapped_words(pdf: Pdf) -> list[pikepdf.Object]:
    """Words that are a DER value, and no certificate."""
    words = b"1 000 000 dong"
    made = pdf.make_indirect(Stream(pdf, b"\x30" + bytes([len(words) + 2]) + b"\x0c" + bytes([len(words)]) + words))
    pdf.Root.DSS.Certs.append(made)
    return [pdf.Root.DSS, made]


def _list_as_certificate(pdf: Pdf) -> list[pikepdf.Object]:
    """An answer where lists of revoked certificates belong."""
    pdf.Root.DSS.CRLs = Array([*pdf.Root.DSS.get("/CRLs", Array([])), pdf.Root.DSS.OCSPs[0]])
    return [pdf.Root.DSS]


def _timestamp(name: str, **more: object) -> Tampered:
    """A document timestamp's field without a timestamp in it, of this name."""

    def change(pdf: Pdf) -> list[pikepdf.Object]:
        value = pdf.make_indirect(Dictionary(Type=Name.DocTimeStamp))
        entries = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, F=132, Rect=Array([0, 0, 0, 0]))
        made = pdf.make_indirect(
            Dictionary({**entries, "/T": String(name), "/P": pdf.pages[0].obj, "/V": value, **more})
        )
        pdf.Root.AcroForm.Fields.append(made)
        pdf.pages[0].Annots.append(made)
        return [pdf.Root.AcroForm, pdf.pages[0].obj, made, value]

    return later(change)


def _packed(pdf: bytes) -> bytes:
    """A later object stream with another page in it, over the one that was signed."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.pages[0].obj.Rotate = 180
        page_number, content = opened.pages[0].obj.objgen[0], body(opened.pages[0].obj)
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
    head = b"%d 0 " % page_number
    container, position = size_of(pdf), len(pdf)
    packed = b"%d 0 obj\n<< /Type /ObjStm /N 1 /First %d /Length %d >>\nstream\n%s%s\nendstream\nendobj\n"
    first = packed % (container, len(head), len(head) + len(content), head, content)
    last = container + 1
    rows = {
        page_number: b"\x02" + container.to_bytes(4, "big") + bytes(2),
        container: b"\x01" + position.to_bytes(4, "big") + bytes(2),
        last: b"\x01" + (position + len(first)).to_bytes(4, "big") + bytes(2),
    }
    return pdf + first + _references(rows, last, root, info, last_startxref(pdf), position + len(first))


def _references(rows: dict[int, bytes], own: int, root: int, info: int, prev: int, position: int) -> bytes:
    """A cross-reference stream with these rows, and the end of its revision."""
    index = " ".join(f"{number} 1" for number in sorted(rows))
    data = b"".join(rows[number] for number in sorted(rows))
    entries = f"/Type /XRef /W [1 4 2] /Index [{index}] /Size {own + 1} /Root {root} 0 R /Info {info} 0 R"
    entries += f" /Prev {prev} /Length {len(data)}"
    written_out = b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (own, entries.encode(), data)
    return written_out + b"startxref\n%d\n%%%%EOF\n" % position


def _reference_over(pdf: bytes) -> bytes:
    """The cross-references of a revision have the number of the page's content: they are the content from now on."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        own = opened.pages[0].Contents.objgen[0]
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
    rows = {own: b"\x01" + len(pdf).to_bytes(4, "big") + bytes(2)}
    made = _references(rows, own, root, info, last_startxref(pdf), len(pdf))
    return pdf + made.replace(b"/Size %d" % (own + 1), b"/Size %d" % size_of(pdf))


def _other_kind_of_reference(pdf: bytes) -> bytes:
    """A revision that says of one object only that it is packed."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        contents = opened.pages[0].Contents.objgen[0]
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
    own = size_of(pdf)
    rows = {
        contents: b"\x02" + (contents + 1).to_bytes(4, "big") + bytes(2),
        own: b"\x01" + len(pdf).to_bytes(4, "big") + bytes(2),
    }
    return pdf + _references(rows, own, root, info, last_startxref(pdf), len(pdf))


def _freed(pdf: bytes) -> bytes:
    """A revision that says of the catalog's metadata only that they are no more."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        metadata = opened.Root.Metadata.objgen[0]
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
    own = size_of(pdf)
    rows = {metadata: bytes(5) + b"\0\1", own: b"\x01" + len(pdf).to_bytes(4, "big") + bytes(2)}
    return pdf + _references(rows, own, root, info, last_startxref(pdf), len(pdf))


def _table(pdf: bytes) -> bytes:
    """A revision of the old kind, for readers of the old kind."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        root = opened.Root.objgen[0]
    content = b"%d 0 obj\n<< /Type /Catalog >>\nendobj\n" % root
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n"
    table %= (root, len(pdf), size_of(pdf), root, last_startxref(pdf))
    return pdf + content + table + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(content))


def _generation(pdf: bytes) -> bytes:
    """The page's content in another generation."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        number = opened.pages[0].Contents.objgen[0]
    later_revision = appended(pdf, {number: b"<< /Length 0 >>\nstream\n\nendstream"})
    return later_revision[: len(pdf)] + later_revision[len(pdf) :].replace(
        b"%d 0 obj" % number, b"%d 1 obj" % number, 1
    )


def _linearized(pdf: bytes) -> bytes:
    """Said to be made for reading before all of it is there, beginning with another part."""
    return appended(pdf, {size_of(pdf): b"<< /Linearized 1 /L %d /O 9 /E 9 /N 1 /T 9 /H [9 9] >>" % len(pdf)})


def _prev_to_the_first(pdf: bytes) -> bytes:
    """The signed revision is left out of the chain."""
    first = int(re.findall(rb"startxref\s+(\d+)", pdf)[0])
    return appended(pdf, {}, prev=first)


def _unsigned_words(pdf: bytes) -> bytes:
    """Words among the attributes of a signature's value that it does not sign."""
    start = pdf.rindex(b"/Contents <") + 11
    end = pdf.index(b">", start)
    value = cms.ContentInfo.load(bytes.fromhex(pdf[start:end].decode()), strict=False)
    signer = value["content"]["signer_infos"][0]
    words = cms.CMSAttribute({"type": "2.25.1", "values": [core.UTF8String("1 000 000 dong")]})
    signer["unsigned_attrs"] = [*(signer["unsigned_attrs"] or ()), words]
    new = value.dump(force=True).hex().encode().ljust(end - start, b"0")
    assert len(new) == end - start
    return pdf[:start] + new + pdf[end:]


def _range_by_reference(pdf: bytes) -> bytes:
    found = [*re.finditer(rb"/ByteRange \[0 (\d+) (\d+) \d+\] *", pdf)][-1]
    new = b"/ByteRange [0 %s %s 9 0 R]" % found.groups()
    return pdf[: found.start()] + new.ljust(len(found[0])) + pdf[found.end() :]


def _whole_file_again(pdf: bytes) -> bytes:
    """Another file as one revision, under the numbers of the first."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
        objects = {
            each.objgen[0]: body(each)
            for each in opened.objects
            if not (isinstance(each, Stream) and each.get("/Type") in (Name.ObjStm, Name.XRef))
        }
    return pdf + written(HEADER, objects, root, info)


FIELDS: dict[str, tuple[Tampered, str]] = {
    "looks by state": (later(_states), "unexplained-change"),
    "a look when pressed": (
        field("official", "/AP", lambda pdf: Dictionary(N=field_of(pdf, "official").AP.N, D=form(pdf))),
        "unexplained-change",
    ),
    "a chosen state": (field("official", "/AS", Name.On), "unexplained-change"),
    "a caption": (field("official", "/MK", Dictionary(CA=String("x"))), "unexplained-change"),
    "an action of a field": (field("number", "/AA", lambda pdf: Dictionary(F=script(pdf))), "unexplained-change"),
    "a field that is hidden": (field("official", "/F", 134), "unexplained-change"),
    "a field that may be changed": (field("date", "/Ff", 0), "unexplained-change"),
    "a field of true": (retyped("date", b"/Ff 1", b"/Ff true"), "unexplained-change"),
    "a field with a point": (retyped("date", b"/F 4", b"/F 4.0"), "unexplained-change"),
    "another default": (field("number", "/DV", String("99")), "unexplained-change"),
    "other letters for a field": (field("date", "/DA", String("/ChaubanSerif 13 Tf 1 g")), "unexplained-change"),
    "the lock taken away": (field("official", "/Lock", Dictionary(Action=Name.Include)), "unexplained-change"),
    "a widget on another page": (later(_widget_elsewhere), "unknown-annotation"),
    "a second widget of a field": (later(_kids), "unexplained-change"),
    "a timestamp named as the seal is": (_timestamp("seal"), "unknown-field"),
    "a timestamp without a name": (_timestamp(""), "unknown-field"),
    "a timestamp that is seen": (_timestamp("x", **{"/Rect": Array([100, 400, 400, 500])}), "unknown-field"),
    "a timestamp with a look": (_timestamp("x", **{"/MK": Dictionary()}), "unknown-field"),
    "a timestamp without a value": (_timestamp("x"), "bytes-outside-objects"),
}

PAGES: dict[str, tuple[Tampered, str]] = {
    "a cut page": (page("/CropBox", Array([0, 400, 595, 842])), "unexplained-change"),
    "a smaller page": (page("/MediaBox", Array([0, 0, 595, 400])), "unexplained-change"),
    "a turned page": (page("/Rotate", 180), "unexplained-change"),
    "a page of another scale": (page("/UserUnit", 9), "unexplained-change"),
    "actions of a page": (page("/AA", lambda pdf: Dictionary(O=script(pdf))), "unexplained-change"),
    "a page without its annotations": (page("/Annots", Array([])), "unknown-annotation"),
    "other resources": (page("/Resources", Dictionary()), "unexplained-change"),
    "fonts exchanged": (later(_resources), "unexplained-change"),
    "letters of other widths": (later(_widths), "unexplained-change"),
    "numbers of pages": (catalog("/PageLabels", Dictionary(Nums=Array([]))), "unexplained-change"),
    "scripts by name": (
        catalog("/Names", lambda _: Dictionary(JavaScript=Dictionary(Names=Array([])))),
        "unexplained-change",
    ),
    "actions of the document": (catalog("/AA", lambda pdf: Dictionary(WS=script(pdf))), "unexplained-change"),
    "a way of opening": (catalog("/PageMode", Name.UseAttachments), "unexplained-change"),
    "other words for the ear": (_element("/ActualText"), "unexplained-change"),
    "another description": (_element("/Alt"), "unexplained-change"),
    "another structure": (later(_structure), "unexplained-change"),
    "metadata elsewhere": (later(_metadata_elsewhere), "unexplained-change"),
    "another file inside": (later(_file), "unexplained-change"),
    "another colour profile": (
        stream(lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile, b"x"),
        "unexplained-change",
    ),
    "other permissions": (catalog("/Perms", Dictionary(UR3=Dictionary())), "unexplained-change"),
    "an order of calculation": (
        later(lambda pdf: [pdf.Root.AcroForm, pdf.Root.AcroForm.__setitem__("/CO", Array([]))][:1]),
        "unexplained-change",
    ),
    "flags of signatures": (
        later(lambda pdf: [pdf.Root.AcroForm, pdf.Root.AcroForm.__setitem__("/SigFlags", 1)][:1]),
        "unexplained-change",
    ),
    "a picture over the page": (
        later(lambda pdf: [pdf.pages[0].obj, pdf.pages[0].Annots.append(picture(pdf)), pdf.pages[0].Annots[-1]][::2]),
        "unknown-annotation",
    ),
    "a look for later": (later(lambda pdf: [look(pdf).N]), "unexplained-object"),
}

EVIDENCE: dict[str, tuple[Tampered, str]] = {
    "evidence by signature": (later(_validation_related), "unexpected-entry"),
    "words as a certificate": (later(_wrapped_words), "malformed-object"),
    "an answer as a list": (later(_list_as_certificate), "object-in-two-roles"),
}

LAYOUT: dict[str, tuple[Tampered, str]] = {
    "another page in an object stream": (_packed, "unexplained-change"),
    "cross-references in the place of a content": (_reference_over, "unexplained-change"),
    "another kind of cross-reference": (_other_kind_of_reference, "cross-reference-mismatch"),
    "an object that is no more": (_freed, "cross-reference-mismatch"),
    "a table of the old kind": (_table, "cross-reference-table"),
    "another generation": (_generation, "bytes-outside-objects"),
    "a file in pieces": (_linearized, "unexplained-object"),
    "a chain that leaves out a revision": (_prev_to_the_first, "revision-chain"),
    "another file behind it": (_whole_file_again, "bytes-outside-objects"),
    "another file before it": (lambda pdf: HEADER + pdf, "bytes-outside-objects"),
    "ranges that overlap": (byte_range(lambda r: [0, r[2] + 5, r[2], r[3]]), "not-covered"),
    "ranges in another order": (byte_range(lambda r: [r[2], r[3], 0, r[1]]), "not-covered"),
    "a range below nothing": (byte_range(lambda r: [0, r[1], r[2], -1]), "not-covered"),
    "ranges without a gap": (byte_range(lambda r: [0, r[1], r[1], r[3]]), "not-covered"),
    "three ranges": (byte_range(lambda r: [0, 9, 9, 9, *r[2:]]), "not-covered"),
    "a range that is a reference": (_range_by_reference, "not-covered"),
    "words beside the signature": (_unsigned_words, "bytes-outside-objects"),
}

REVISIONS = {**FIELDS, **PAGES, **EVIDENCE}
