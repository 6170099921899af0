"""What is read quickly is what pyHanko reads, whatever the file looks like, and it takes no more than the file's size asks."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from chauban.signing.pades import quick_reading, revisions
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

OWN = quick_reading._from_object_stream, quick_reading._read_hex_string


@pytest.fixture
def pyhankos(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """pyHanko as it comes, until the block ends."""
    with monkeypatch.context() as patched:
        patched.setattr(PdfFileReader, "_get_object_from_stream", OWN[0])
        patched.setattr(generic, "read_hex_string_from_stream", OWN[1])
        yield patched


def everything(pdf: bytes) -> dict[int, str]:
    """Every object of the newest revision, as it would be written."""
    reader = PdfFileReader(BytesIO(pdf))
    found = {}
    for number in range(1, int(reader.trailer["/Size"])):
        written = BytesIO()
        try:
            reader.get_object(generic.Reference(number, 0, reader)).write_to_stream(written, None)
        except PdfError as absent:
            written.write(str(absent).encode())
        found[number] = written.getvalue().hex()
    return found


def test_all_that_reads_signed_files_reads_quickly() -> None:
    assert revisions.PdfFileReader is PdfFileReader
    assert PdfFileReader._get_object_from_stream is quick_reading.object_from_stream
    assert generic.read_hex_string_from_stream is quick_reading.hex_string


def test_a_document_and_its_signatures_are_read_as_pyhanko_reads_them(
    result: bytes, sealed: bytes, pyhankos: pytest.MonkeyPatch
) -> None:
    slowly = [everything(result), everything(sealed)]
    pyhankos.undo()
    assert [everything(result), everything(sealed)] == slowly
    assert len(slowly[0]) > 50


def test_reading_takes_what_the_size_of_a_file_asks(sealed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"numbers": 0}
    read = NumberObject.read_from_stream

    def counted(stream: Any) -> Any:
        asked["numbers"] += 1
        return read(stream)

    monkeypatch.setattr(NumberObject, "read_from_stream", staticmethod(counted))
    everything(sealed)
    assert asked["numbers"] < len(sealed) / 20


# The header of an object stream and what follows it; the object asked for is number 7, at index 1.
HEADERS = [
    (b"5 0 7 3 ", b"10 20 ", 1),
    (b"5 0 7 3\n", b"10 20", 1),
    (b"5 0\r\n7 3\t", b"10 <0a0b>", 1),
    (b"5 0 7 3", b" 10 << /A [7 0 R] >>", 1),
    (b"5 0 7 3", b"10 20 30 ", 1),
    (b" 5 0 7 3 ", b"10 20 ", 1),
    (b"5 0 % 7 9\n7 3 ", b"10 20 ", 1),
    (b"5 0 +7 3 ", b"10 20 ", 1),
    (b"5 0 7 -1 ", b"10 20 ", 1),
    (b"5 0 7 3.0 ", b"10 20 ", 1),
    (b"7 0 7 3 ", b"10 20 ", 1),
    (b"7 0 5 3 ", b"10 20 ", 1),
    (b"5 0 7 3 ", b"10 20 ", 0),
    (b"5 0 7 3 ", b"10 20 ", 2),
    (b"5 0 7 99 ", b"10 20 ", 1),
    (b"5 0 7 3 ", b"10 8 0 R ", 1),
    (b"5 0 7 3 ", b"10 << /A ", 1),
    (b"5 0 7 3 ", b"10 <0z> ", 1),
    (b"5 0 7 x ", b"10 20 ", 1),
    (b"5 0 ", b"10 20 ", 1),
    (b"", b"10 20 ", 1),
]


def taken(pdf: bytes, head: bytes, body: bytes, index: int) -> str:
    """The object number 7 of an object stream like that, or the error."""
    reader = PdfFileReader(BytesIO(pdf))
    container = next(
        number
        for number in range(1, int(reader.trailer["/Size"]))
        if isinstance(found := reader.get_object(generic.Reference(number, 0, reader)), generic.StreamObject)
        and found.get("/Type") == "/ObjStm"
    )
    stream = reader.get_object(generic.Reference(container, 0, reader))
    for forgotten in [name for name in vars(stream) if name == quick_reading._PLACES]:
        delattr(stream, forgotten)
    stream.read_data(DecodePurpose.OBJECT_STREAM)
    stream._data = head + body
    stream[NameObject("/N")], stream[NameObject("/First")] = NumberObject(2), NumberObject(len(head))
    try:
        return repr(PdfFileReader._get_object_from_stream(reader, 7, container, index))
    except Exception as error:  # whatever pyHanko says
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize(("head", "body", "index"), HEADERS, ids=range(len(HEADERS)))
def test_an_object_stream_is_read_or_refused_as_pyhanko_does(
    result: bytes, head: bytes, body: bytes, index: int, pyhankos: pytest.MonkeyPatch
) -> None:
    slowly = taken(result, head, body, index)
    pyhankos.undo()
    assert taken(result, head, body, index) == slowly


@pytest.mark.parametrize(
    "written",
    [
        b"<>/",
        b"<0a0B>/",
        b"<0a0>/",
        b"< 0a\r\n0b\t0\x0cc\x00 > /",
        b"<" + b"3031" * 40_000 + b">/",
        b"<" + b"3" * 255 + b">/",
        b"<" + b"3" * 256 + b">/",
        b"<FEFF00410042>/",
        b"<0a % ff>\n0b>/",
        b"<0a0x>/",
        b"<0a(>/",
        b"<0a0b",
        b"<",
    ],
    ids=range(13),
)
def test_a_hex_string_is_read_or_refused_as_pyhanko_does(written: bytes) -> None:
    def read(by: Any) -> tuple[str, int]:
        stream = BytesIO(b"[" + written)
        stream.seek(1)
        try:
            found = by(stream)
            return f"{type(found).__name__} {found!r}", stream.tell()
        except Exception as error:  # whatever pyHanko says
            return f"{type(error).__name__}: {error}", 0

    assert read(quick_reading.hex_string) == read(OWN[1])
