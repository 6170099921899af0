"""The file as bytes: only what can be read in one way is read at all."""

import re
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from chauban.signing import linting
from chauban.signing.linting import Mode, lint
from chauban.signing.linting.findings import TEXTS, Finding

from tests.unit.linting.files import HEADER, appended, body, last_startxref, plain, size_of, written
from tests.unit.test_architecture import imports

Spoiled = Callable[[bytes], bytes]


def codes(pdf: bytes) -> list[str]:
    return [finding.code for finding in lint(pdf, Mode.FIRST)]


def before_the_end(addition: bytes) -> Spoiled:
    """Something between the last object and `startxref`."""
    return lambda pdf: pdf.replace(b"startxref\n", addition + b"startxref\n")


def entry(**changes: bytes) -> Spoiled:
    """Another value for an entry of the cross-reference stream."""

    def spoil(pdf: bytes) -> bytes:
        start = last_startxref(pdf)
        last = pdf[start:]
        for key, value in changes.items():
            last = re.sub(
                rb"/%s (\[[^\]]*\]|\d+( 0 R)?)" % key.encode(), b"/%s %s" % (key.encode(), value), last, count=1
            )
        return pdf[:start] + last

    return spoil


def row(number: int, value: bytes) -> Spoiled:
    """Another cross-reference for an object."""

    def spoil(pdf: bytes) -> bytes:
        start = last_startxref(pdf)
        place = pdf.index(b"stream\n", start) + 7 + 7 * number
        return pdf[:place] + value + pdf[place + 7 :]

    return spoil


def twice(pdf: bytes) -> bytes:
    """The catalog again, and this time with something else in it: which one a reader takes is up to the reader."""
    start = last_startxref(pdf)
    root = re.search(rb"\n(\d+) 0 obj\n(<<[^\n]*/Type /Catalog[^\n]*)", pdf)
    assert root
    added = b"%s 0 obj\n%s\nendobj\n" % (root[1], root[2].replace(b"(vi)", b"(en)"))
    moved = pdf[:start] + added + pdf[start:]
    return moved.replace(b"startxref\n%d\n" % start, b"startxref\n%d\n" % (start + len(added)))


def hybrid(pdf: bytes) -> bytes:
    """An old table, with a cross-reference stream for new readers only."""
    start = last_startxref(pdf)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R /XRefStm %d >>\n" % start
    position = pdf.rindex(b"startxref")
    return pdf[:position] + table + b"startxref\n%d\n%%%%EOF\n" % position


def loop(pdf: bytes) -> bytes:
    return entry(Root=b"2 0 R /Prev %d" % last_startxref(pdf))(pdf)


LAYOUTS: dict[str, tuple[Spoiled, str]] = {
    "something before the header": (lambda pdf: b"\n" + pdf, "not-a-pdf"),
    "another file before it": (lambda pdf: b"PK\x03\x04" + pdf, "not-a-pdf"),
    "an old version": (lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-1.3", 1), "not-a-pdf"),
    "something after the end": (lambda pdf: pdf + b"<html>", "bytes-outside-objects"),
    "a comment between objects": (before_the_end(b"% 1 000 000\n"), "bytes-outside-objects"),
    "words between objects": (before_the_end(b"hidden\n"), "bytes-outside-objects"),
    "an old table": (
        before_the_end(b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\n"),
        "cross-reference-table",
    ),
    "a hybrid file": (hybrid, "cross-reference-table"),
    "an object twice": (twice, "object-defined-twice"),
    "startxref elsewhere": (lambda pdf: re.sub(rb"startxref\n\d+", b"startxref\n15", pdf), "cross-reference-mismatch"),
    "no end": (lambda pdf: pdf[: pdf.rindex(b"startxref")], "bytes-outside-objects"),
    "an offset elsewhere": (row(2, b"\x01\x00\x00\x00\x10\x00\x00"), "cross-reference-mismatch"),
    "an object said to be free": (row(2, bytes(7)), "cross-reference-mismatch"),
    "an object said to be packed": (row(2, b"\x02\x00\x00\x00\x03\x00\x00"), "cross-reference-mismatch"),
    "a generation": (row(2, b"\x01\x00\x00\x00\x10\x00\x01"), "cross-reference-mismatch"),
    "a loop of revisions": (loop, "revision-chain"),
    "a revision that is not there": (lambda pdf: entry(Root=b"2 0 R /Prev 9")(pdf), "revision-chain"),
    "encrypted": (lambda pdf: entry(Root=b"2 0 R /Encrypt << /Filter /Standard >>")(pdf), "encrypted"),
    "an unknown trailer entry": (lambda pdf: entry(Root=b"2 0 R /XRefStm 15")(pdf), "unexpected-entry"),
    "a size that is too large": (entry(Size=b"90000"), "cross-reference-mismatch"),
    "rows of no width": (entry(W=b"[0 0 0]"), "malformed-object"),
    "more rows than said": (entry(W=b"[1 3 2]"), "malformed-object"),
    "a second revision": (lambda pdf: appended(pdf, {}), "several-revisions"),
    "a key twice": (lambda pdf: shifted(pdf, b"/Type /Catalog", b"/Type /Catalog /Lang (en)"), "malformed-object"),
    "a key twice, once escaped": (
        lambda pdf: shifted(pdf, b"/Type /Catalog", b"/Type /Catalog /L#61ng (en)"),
        "malformed-object",
    ),
    "a comment in an object": (lambda pdf: shifted(pdf, b"/Type /Catalog", b"% x\n/Type /Catalog"), "malformed-object"),
    "a string that closes by itself": (lambda pdf: shifted(pdf, b"(vi)", b"(v(i))"), "malformed-object"),
    "an object of another generation": (
        lambda pdf: shifted(pdf, b"/Type /Catalog", b"/X 2 1 R /Type /Catalog"),
        "malformed-object",
    ),
    "depth without end": (lambda pdf: shifted(pdf, b"(vi)", b"[" * 400 + b"]" * 400), "too-large"),
}


def shifted(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """Something else in an object of a file written plainly, with the cross-references put right."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
        objects = {item.objgen[0]: body(item) for item in opened.objects if item.get("/Type") != "/XRef"}
    assert any(old in content for content in objects.values())
    return written(HEADER, {n: content.replace(old, new) for n, content in objects.items()}, root, info)


@pytest.mark.parametrize(("spoil", "code"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_what_could_be_read_in_two_ways_is_refused(simple: bytes, spoil: Spoiled, code: str) -> None:
    assert codes(spoil(simple)) == [code]


def test_an_object_shifted_into_place_is_clean(simple: bytes) -> None:
    """So the changes above that go this way are found for what they change."""
    assert codes(shifted(simple, b"(vi)", b"<7669>")) == []


@pytest.mark.parametrize("more", [b"\n<< /Amount 1 >>", zlib.compress(b"more")])
def test_nothing_lies_behind_what_is_unpacked(result: bytes, more: bytes) -> None:
    def hide(pdf: pikepdf.Pdf) -> None:
        contents = pdf.pages[0].Contents
        contents.write(contents.read_raw_bytes() + more, filter=pikepdf.Name.FlateDecode)

    assert "bytes-outside-objects" in codes(plain(result, hide))


def test_a_stream_ends_where_it_says(simple: bytes) -> None:
    for length in (b"/Length 3 >>", b"/Length 99999999 >>"):
        spoiled = re.sub(rb"/Length \d+ >>", length, simple, count=1)
        assert codes(spoiled) == ["malformed-object"]


def test_what_unpacks_without_end_is_refused(result: bytes) -> None:
    def bomb(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Contents.write(zlib.compress(bytes(80 * 1024 * 1024)), filter=pikepdf.Name.FlateDecode)

    assert "too-large" in codes(plain(result, bomb))


def test_packed_objects_are_held_against_the_references(result: bytes) -> None:
    """What WeasyPrint packs into an object stream: an object more in it, or one twice, is found."""
    with pikepdf.open(BytesIO(result)) as opened:
        root, info = opened.Root.objgen[0], opened.trailer.Info.objgen[0]
        kept = {o.objgen[0]: body(o) for o in opened.objects if o.get("/Type") not in ("/ObjStm", "/XRef")}
    number = max(kept) + 1
    for content in (b"%d 0 << /Amount 1 >>" % (number + 5), b"%d 0 << /Type /Catalog >>" % root):
        stream = b"<< /Type /ObjStm /N 1 /First %d /Length %d >>\nstream\n%s\nendstream"
        objects = {**kept, number: stream % (content.index(b"<<"), len(content), content)}
        assert codes(written(HEADER, objects, root, info))[0] in ("cross-reference-mismatch", "object-defined-twice")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"not a file", bytes(100), HEADER, HEADER * 2])
def test_what_is_no_file_of_ours_is_refused(content: bytes) -> None:
    assert len(codes(content)) == 1
    assert len(lint(content, Mode.NEXT)) == 1


def test_cut_or_changed_anywhere_it_never_breaks_the_linter(result: bytes) -> None:
    for place in range(0, len(result), 997):
        assert codes(result[:place])
        assert isinstance(codes(result[:place] + b"\x00(" + result[place + 2 :]), list)


def test_every_code_has_a_text_in_both_languages() -> None:
    for code in TEXTS:
        finding = Finding(code, "object 1")
        assert finding.detail("vi") != finding.detail("en")
        assert finding.detail("vi").endswith("(object 1)")


def test_the_size_that_the_tests_read_is_the_files_own(simple: bytes) -> None:
    assert size_of(simple) == max(int(number) for number in re.findall(rb"\n(\d+) 0 obj", simple)) + 1


def test_the_reader_shares_nothing_with_the_libraries_that_make_and_sign_files() -> None:
    folder = Path(linting.__file__).parent
    users = {
        path.name
        for path in folder.glob("*.py")
        if any(module.split(".")[0] in {"pyhanko", "pikepdf", "pydyf", "weasyprint"} for module, _ in imports(path))
    }
    assert users == {"difference.py"}
