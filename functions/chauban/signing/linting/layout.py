"""A PDF file as bytes: each of them belongs to the header, to an object, or to the end of a revision (ISO 32000-1, 7.5).

The file is read from its first byte to its last, as its makers wrote it, and never by its own cross-references; those are
then held against what was found. So there is one way to read it, whichever end a reader starts from.
"""

import re
from dataclasses import dataclass

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.syntax import Word, read_value, skip_space
from chauban.signing.linting.values import Entries, Stream, Value

_HEADER = re.compile(rb"%PDF-1\.7\r?\n%[\x80-\xff]{4,8}\r?\n")
_OBJECT = re.compile(rb"([1-9][0-9]{0,8}) 0 obj(?=[\x00\t\n\x0c\r <\[(/])")
_STREAM = re.compile(rb"[\x00\t\n\x0c\r ]*stream\r?\n")
_END_STREAM = re.compile(rb"(?:\r\n|\n|\r)?endstream(?=[\x00\t\n\x0c\r ])")
_END_OBJECT = re.compile(rb"[\x00\t\n\x0c\r ]*endobj(?=[\x00\t\n\x0c\r ])")
_END_REVISION = re.compile(rb"startxref\r?\n([0-9]{1,12})\r?\n%%EOF(?=[\r\n]|$)")
_TABLE = re.compile(rb"xref|trailer")


@dataclass(frozen=True)
class Placed:
    """An object where it stands in the file; `start` is the offset of its number, `end` that after `endobj`."""

    number: int
    start: int
    end: int
    value: Value


@dataclass(frozen=True)
class RawRevision:
    """What one writing of the file added: objects by number, and the cross-reference stream, which is the last of them."""

    objects: dict[int, Placed]
    cross_references: Stream
    position: int
    end: int


def read_layout(pdf: bytes) -> list[RawRevision]:
    """The revisions of a file, the oldest first; raises `Unfit`."""
    header = _HEADER.match(pdf)
    if header is None:
        raise Unfit("not-a-pdf")
    revisions: list[RawRevision] = []
    objects: dict[int, Placed] = {}
    last: Placed | None = None
    position, end = header.end(), len(pdf)
    while (position := skip_space(pdf, position)) < end:
        if placed := _object(pdf, position):
            if placed.number in objects:
                raise Unfit("object-defined-twice", f"object {placed.number}")
            objects[placed.number] = last = placed
            position = placed.end
        else:
            position, stated = _end_of_revision(pdf, position)
            revisions.append(_revision(objects, last, stated, position))
            objects, last = {}, None
    if objects or not revisions:
        raise Unfit("bytes-outside-objects")
    return revisions


def _end_of_revision(pdf: bytes, position: int) -> tuple[int, int]:
    match = _END_REVISION.match(pdf, position)
    if match is None:
        raise Unfit("cross-reference-table" if _TABLE.match(pdf, position) else "bytes-outside-objects")
    after = match.end()
    # One end of line belongs to the marker.
    after += 2 if pdf.startswith(b"\r\n", after) else int(pdf[after : after + 1] in (b"\n", b"\r"))
    return after, int(match[1])


def _revision(objects: dict[int, Placed], last: Placed | None, stated: int, end: int) -> RawRevision:
    if last is None or not isinstance(last.value, Stream) or last.value.entries.get("Type") != "XRef":
        raise Unfit("cross-reference-mismatch", "no cross-reference stream at the end of a revision")
    if last.start != stated:
        raise Unfit("cross-reference-mismatch", "startxref")
    return RawRevision(objects, last.value, stated, end)


def _object(pdf: bytes, position: int) -> Placed | None:
    match = _OBJECT.match(pdf, position)
    if match is None:
        return None
    number = int(match[1])
    try:
        value, after = read_value(pdf, match.end())
        if isinstance(value, Word):
            raise Unfit("malformed-object")
        if isinstance(value, dict) and (stream := _STREAM.match(pdf, after)):
            value, after = _stream(pdf, value, stream.end())
    except Unfit as unfit:
        raise Unfit(unfit.finding.code, f"object {number}") from unfit
    closing = _END_OBJECT.match(pdf, after)
    if closing is None:
        raise Unfit("malformed-object", f"object {number}")
    return Placed(number, position, closing.end(), value)


def _stream(pdf: bytes, entries: Entries, start: int) -> tuple[Stream, int]:
    length = entries.get("Length")
    if not isinstance(length, int) or isinstance(length, bool) or not 0 <= length <= len(pdf) - start:
        raise Unfit("malformed-object")
    closing = _END_STREAM.match(pdf, start + length)
    if closing is None:
        raise Unfit("malformed-object")
    return Stream(entries, pdf[start : start + length]), closing.end()
