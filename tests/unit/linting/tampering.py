"""Everything that somebody could do to a result of ours after it was signed, by name: another file, and what the linter says."""

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.unit.linting.files import appended, body, changed, last_startxref
from tests.unit.linting.hiding import field_of, font_of, form, look, picture, script

Tampered = Callable[[bytes], bytes]


def later(change: Callable[[Pdf], list[pikepdf.Object]]) -> Tampered:
    """A later revision with what `change` changed or made."""
    return lambda pdf: changed(pdf, change)


def catalog(key: str, value: object) -> Tampered:
    """A later catalog with another entry; None takes one away."""

    def change(pdf: Pdf) -> list[pikepdf.Object]:
        if value is None:
            del pdf.Root[key]
        else:
            pdf.Root[key] = value(pdf) if callable(value) else value
        return [pdf.Root]

    return later(change)


def field(name: str, key: str, value: object) -> Tampered:
    """A later field with another entry."""

    def change(pdf: Pdf) -> list[pikepdf.Object]:
        found = field_of(pdf, name)
        made = value(pdf) if callable(value) else value
        found[key] = made
        new = [made.N] if isinstance(made, Dictionary) and "/N" in made else []
        return [found, *new]

    return later(change)


def stream(find: Callable[[Pdf], pikepdf.Object], content: bytes) -> Tampered:
    """A later stream with other data."""

    def change(pdf: Pdf) -> list[pikepdf.Object]:
        found = find(pdf)
        found.write(content)
        return [found]

    return later(change)


def _annotated(subtype: str) -> Tampered:
    def change(pdf: Pdf) -> list[pikepdf.Object]:
        shown = look(pdf)
        made = pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array([100, 400, 400, 500]), F=4, AP=shown)
        )
        pdf.pages[0].Annots.append(made)
        return [pdf.pages[0].obj, made, shown.N]

    return later(change)


def _white_over_the_page(pdf: Pdf) -> list[pikepdf.Object]:
    contents = pdf.pages[0].Contents
    contents.write(b"q\n" + contents.read_bytes() + b"\nQ 1 1 1 rg 0 0 595 842 re f")
    return [contents]


def _another_content(pdf: Pdf) -> list[pikepdf.Object]:
    made = pdf.make_indirect(Stream(pdf, b"0 g 100 100 200 200 re f"))
    pdf.pages[0].Contents = made
    return [pdf.pages[0].obj, made]


def _page_before(pdf: Pdf) -> list[pikepdf.Object]:
    made = pdf.make_indirect(Dictionary(pdf.pages[0].obj))
    kids = pdf.Root.Pages.Kids
    pdf.Root.Pages.Kids = Array([made, *kids])
    pdf.Root.Pages.Count = len(kids) + 1
    return [pdf.Root.Pages, made]


def _other_pages(pdf: Pdf) -> list[pikepdf.Object]:
    made = pdf.make_indirect(Dictionary(pdf.Root.Pages))
    pdf.Root.Pages = made
    return [pdf.Root, made]


def _layer(pdf: Pdf) -> list[pikepdf.Object]:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
    return [pdf.Root, group]


def _glyphs(pdf: Pdf) -> list[pikepdf.Object]:
    found = font_of(pdf).DescendantFonts[0]
    made = pdf.make_indirect(Stream(pdf, bytes(512)))
    found.CIDToGIDMap = made
    return [found, made]


def _form_entry(key: str, value: object) -> Tampered:
    def change(pdf: Pdf) -> list[pikepdf.Object]:
        pdf.Root.AcroForm[key] = value(pdf) if callable(value) else value
        return [pdf.Root.AcroForm]

    return later(change)


def _another_field(pdf: Pdf) -> list[pikepdf.Object]:
    made = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("x"), Rect=Array([100, 400, 400, 500]), F=4
        )
    )
    pdf.Root.AcroForm.Fields.append(made)
    pdf.pages[0].Annots.append(made)
    return [pdf.Root.AcroForm, pdf.pages[0].obj, made]


def _other_title(pdf: Pdf) -> list[pikepdf.Object]:
    pdf.trailer.Info.Title = String("Other")
    return [pdf.trailer.Info]


def _other_metadata(pdf: Pdf) -> list[pikepdf.Object]:
    metadata = pdf.Root.Metadata
    metadata.write(metadata.read_bytes().replace("tình trạng".encode(), b"tinh trang"))
    assert b"tinh trang" in metadata.read_bytes()
    return [metadata]


def _entity_in_metadata(pdf: Pdf) -> list[pikepdf.Object]:
    metadata = pdf.Root.Metadata
    metadata.write(b'<!DOCTYPE x [<!ENTITY a "b">]>' + metadata.read_bytes())
    return [metadata]


def _deep_metadata(pdf: Pdf) -> list[pikepdf.Object]:
    metadata = pdf.Root.Metadata
    metadata.write(b"<a>" * 2000 + b"</a>" * 2000)
    return [metadata]


def _evidence(change: Callable[[Pdf, pikepdf.Object], list[pikepdf.Object]]) -> Tampered:
    return later(lambda pdf: change(pdf, pdf.Root.DSS))


def _evidence_with_words(pdf: Pdf, dss: pikepdf.Object) -> list[pikepdf.Object]:
    made = pdf.make_indirect(Stream(pdf, b"not a certificate"))
    dss.Certs.append(made)
    return [dss, made]


def _evidence_taken_away(_: Pdf, dss: pikepdf.Object) -> list[pikepdf.Object]:
    dss.OCSPs = Array([])
    return [dss]


def _evidence_changed(_: Pdf, dss: pikepdf.Object) -> list[pikepdf.Object]:
    dss.Certs[0].write(dss.Certs[1].read_bytes())
    return [dss.Certs[0]]


def other_root(pdf: bytes) -> bytes:
    """The trailer names another catalog, as good as the first but for its pages."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        copy = opened.make_indirect(Dictionary(opened.Root))
        copy.Lang = String("en")
        return appended(pdf, {copy.objgen[0]: body(copy)}, root=copy.objgen[0])


def value(old: bytes, new: bytes) -> Tampered:
    """Other bytes of the same number at the last place where these stand."""

    def tamper(pdf: bytes) -> bytes:
        place = pdf.rindex(old)
        assert len(old) == len(new)
        return pdf[:place] + new + pdf[place + len(old) :]

    return tamper


def byte_range(change: Callable[[list[int]], list[int]]) -> Tampered:
    """Other numbers in the last signature's /ByteRange."""

    def tamper(pdf: bytes) -> bytes:
        found = [*re.finditer(rb"/ByteRange \[([0-9 ]+)\] *", pdf)][-1]
        numbers = change([int(each) for each in found[1].split()])
        written = b"/ByteRange [%s]" % b" ".join(b"%d" % each for each in numbers)
        return pdf[: found.start()] + written.ljust(len(found[0])) + pdf[found.end() :]

    return tamper


def _contents(change: Callable[[bytes], bytes]) -> Tampered:
    """Another value in the last signature, of the same length, in hexadecimal."""

    def tamper(pdf: bytes) -> bytes:
        start = pdf.rindex(b"/Contents <") + 11
        end = pdf.index(b">", start)
        new = change(pdf[start:end])
        assert len(new) == end - start
        return pdf[:start] + new + pdf[end:]

    return tamper


def _in_the_gap(pdf: bytes) -> bytes:
    """Signature wrapping: the second part of what is signed moves back, and makes room for another catalog."""
    found = [*re.finditer(rb"/ByteRange \[([0-9 ]+)\] *", pdf)][-1]
    _, before, after, rest = (int(each) for each in found[1].split())
    evil = b"\n2 0 obj\n<< /Type /Catalog >>\nendobj\n"
    moved = pdf[:after] + evil + pdf[after:]
    return byte_range(lambda _: [0, before, after + len(evil), rest])(moved)


def only_references(offsets: Callable[[bytes], dict[int, int]]) -> Tampered:
    """A later revision without a body: cross-references that lead to other places of the file."""

    def tamper(pdf: bytes) -> bytes:
        places = offsets(pdf)
        with pikepdf.open(BytesIO(pdf)) as opened:
            size, root, info = int(opened.trailer.Size), opened.Root.objgen[0], opened.trailer.Info.objgen[0]
        position = len(pdf)
        rows = {**places, size: position}
        index = " ".join(f"{number} 1" for number in sorted(rows))
        data = b"".join(b"\x01" + rows[number].to_bytes(4, "big") + bytes(2) for number in sorted(rows))
        entries = f"/Type /XRef /W [1 4 2] /Index [{index}] /Size {size + 1} /Root {root} 0 R /Info {info} 0 R"
        entries += f" /Prev {last_startxref(pdf)} /Length {len(data)}"
        written = b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (size, entries.encode(), data)
        return pdf + written + b"startxref\n%d\n%%%%EOF\n" % position

    return tamper


def _offset_of_contents(pdf: bytes) -> dict[int, int]:
    """The content of the first page, found where another stream of the file is."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        contents = opened.pages[0].Contents.objgen[0]
        other = opened.Root.Metadata.objgen[0]
    return {contents: pdf.rindex(b"\n%d 0 obj" % other) + 1}


REVISIONS: dict[str, tuple[Tampered, str]] = {
    "white over the page": (later(_white_over_the_page), "unexplained-change"),
    "another content": (later(_another_content), "unexplained-change"),
    "another page before": (later(_page_before), "unexplained-change"),
    "other pages": (later(_other_pages), "unexplained-change"),
    "another catalog": (other_root, "unexplained-change"),
    "a layer": (later(_layer), "unexplained-change"),
    "a script": (catalog("/OpenAction", script), "unexplained-change"),
    "no certification any more": (catalog("/Perms", None), "unexplained-change"),
    "no validation material any more": (catalog("/DSS", None), "unexplained-change"),
    "another language": (catalog("/Lang", String("en")), "unexplained-change"),
    "another extension": (catalog("/Extensions", Dictionary()), "unexplained-change"),
    "a white stamp": (_annotated("Stamp"), "unknown-annotation"),
    "a text over the text": (_annotated("FreeText"), "unknown-annotation"),
    "an empty picture": (_annotated("Square"), "unknown-annotation"),
    "another field": (later(_another_field), "unknown-field"),
    "fields drawn by the reader": (_form_entry("/NeedAppearances", True), "need-appearances"),
    "other fonts for fields": (_form_entry("/DR", Dictionary()), "unexplained-change"),
    "letters with other shapes": (later(_glyphs), "unexplained-change"),
    "another font file": (
        stream(lambda pdf: font_of(pdf).DescendantFonts[0].FontDescriptor.FontFile2, b"x"),
        "unexplained-change",
    ),
    "other letters for machines": (stream(lambda pdf: font_of(pdf).ToUnicode, b"x"), "unexplained-change"),
    "other data inside": (stream(lambda pdf: pdf.Root.AF[0].EF.F, b"{}"), "unexplained-change"),
    "another title": (later(_other_title), "unexplained-change"),
    "other metadata": (later(_other_metadata), "unexplained-change"),
    "metadata with an entity": (later(_entity_in_metadata), "unexpected-entry"),
    "metadata without end": (later(_deep_metadata), "too-large"),
    "another look of the signature": (field("official", "/AP", look), "unexplained-change"),
    "no look of the signature": (
        field("official", "/AP", lambda pdf: Dictionary(N=form(pdf, b""))),
        "unexplained-change",
    ),
    "the signature elsewhere": (field("official", "/Rect", Array([0, 0, 595, 842])), "unexplained-change"),
    "the number's field elsewhere": (field("number", "/Rect", Array([100, 400, 230, 418])), "unexplained-change"),
    "a value without a look": (field("number", "/V", String("99/QĐ")), "unexplained-change"),
    "a look without a value": (field("number", "/AP", look), "unexplained-change"),
    "evidence that is none": (_evidence(_evidence_with_words), "malformed-object"),
    "evidence taken away": (_evidence(_evidence_taken_away), "unexplained-change"),
    "evidence changed": (_evidence(_evidence_changed), "unexplained-change"),
    "an object for later": (lambda pdf: appended(pdf, {9000: b"<< /Amount 1 >>"}), "unexplained-object"),
    "a picture for later": (later(lambda pdf: [picture(pdf)]), "unexplained-object"),
    "nothing at all": (lambda pdf: appended(pdf, {}), "unexplained-change"),
    "cross-references alone": (only_references(_offset_of_contents), "cross-reference-mismatch"),
    "empty cross-references": (only_references(lambda _: {}), "unexplained-change"),
    "a revision beside the chain": (lambda pdf: appended(pdf, {}, prev=15), "revision-chain"),
    "words after the end": (lambda pdf: pdf + b"\nhidden", "bytes-outside-objects"),
    "a body without references": (
        lambda pdf: pdf + b"2 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "bytes-outside-objects",
    ),
}

VALUES: dict[str, tuple[Tampered, str]] = {
    "what was signed is changed": (value(b"/ID [ <3030", b"/ID [ <3130"), "altered-after-signing"),
    "the picture of the signature is changed": (value(b"/Width 500", b"/Width 400"), "malformed-object"),
    "no range": (value(b"/ByteRange", b"/ByteRang_"), "not-covered"),
    "a range of nothing": (byte_range(lambda _: [0, 0, 0, 0]), "not-covered"),
    "a range that ends early": (byte_range(lambda r: [*r[:3], r[3] - 5]), "not-covered"),
    "a range that begins late": (byte_range(lambda r: [1, r[1] - 1, *r[2:]]), "not-covered"),
    "a wider gap": (byte_range(lambda r: [0, r[1] - 9, *r[2:]]), "not-covered"),
    "something in the gap": (_in_the_gap, "malformed-object"),
    "no signature value": (_contents(lambda old: b"0" * len(old)), "bytes-outside-objects"),
    "something behind the signature value": (_contents(lambda old: old[:-8] + b"DEADBEEF"), "bytes-outside-objects"),
    "another signature value": (_contents(lambda old: old[:2000] + b"00" * 40 + old[2080:]), "altered-after-signing"),
    "another kind of signature": (value(b"/ETSI.CAdES.detached", b"/ETSI.CAdES.attached"), "unexpected-entry"),
    "a signature that permits more": (value(b"/V /1.2\n/P 2", b"/V /1.2\n/P 3"), "unexplained-change"),
}
