"""Files read in time that grows as they do: what pyHanko reads, sooner.

pyHanko 0.38 goes through the header of an object stream anew for each object that it takes out, and reads a signature's value one
digit at a time; together that is about half of what signing a document takes. Here the header is read once, and the digits at once.
What is not written in the plainest way is left to pyHanko's own functions, so that what they refuse stays refused.
"""

import binascii
import re
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader

_BLANKS = b" \n\r\t\f\x00"
_HEADER = re.compile(rb"(?:[0-9]{1,10}[ \n\r\t]+)*")
_DIGITS = re.compile(rb"[0-9A-Fa-f]*")
_IN_NUMBERS = tuple(bytes([byte]) for byte in b"+-.0123456789")
_PLACES = "chauban_places"
_CHUNK, _LONGEST = 256, 4 * 1024 * 1024

_from_object_stream: Any = PdfFileReader._get_object_from_stream
_read_hex_string: Any = generic.read_hex_string_from_stream


def install() -> None:
    """Has pyHanko read so; once or more often, with the same effect."""
    PdfFileReader._get_object_from_stream = object_from_stream  # type: ignore[method-assign]
    generic.read_hex_string_from_stream = hex_string


def object_from_stream(reader: PdfFileReader, number: int, container: int, index: int) -> Any:
    """The object `number` that stands at `index` in the object stream `container`."""
    stream: Any = generic.Reference(container, 0, reader).get_object()
    place = _places(stream).get(number)
    if place is None or place[0] != index:
        return _from_object_stream(reader, number, container, index)
    data = BytesIO(stream.read_data(DecodePurpose.OBJECT_STREAM))
    data.seek(place[1])
    try:
        found = generic.read_object(data, generic.Reference(number, 0, reader))
    except misc.PdfError:
        return _from_object_stream(reader, number, container, index)
    if isinstance(found, generic.StreamObject | generic.IndirectObject):
        return _from_object_stream(reader, number, container, index)
    misc.read_non_whitespace(data, seek_back=True, allow_eof=True)
    return found


def _places(stream: Any) -> dict[int, tuple[int, int]]:
    """Index and position of each object in an object stream, by number; nothing where its header is not a plain one."""
    places: dict[int, tuple[int, int]] | None = getattr(stream, _PLACES, None)
    if places is None:
        places = _read_places(stream)
        if isinstance(stream, generic.StreamObject):
            setattr(stream, _PLACES, places)
    return places


def _read_places(stream: Any) -> dict[int, tuple[int, int]]:
    if not isinstance(stream, generic.StreamObject) or stream.get("/Type") != "/ObjStm":
        return {}
    count, first = stream.get("/N"), stream.get("/First")
    if not isinstance(count, int) or not isinstance(first, int) or first < 0:
        return {}
    data = stream.read_data(DecodePurpose.OBJECT_STREAM)
    header = data[:first]
    # The last blank may be missing, but the first object must not look like more of the last number.
    if not _HEADER.fullmatch(header + b" ") or data[first : first + 1] in _IN_NUMBERS:
        return {}
    words = [int(word) for word in header.split()]
    if len(words) != 2 * count or len(set(words[::2])) != count:
        return {}
    return {number: (index, first + words[2 * index + 1]) for index, number in enumerate(words[::2])}


def hex_string(stream: Any) -> Any:
    """The hex string at which `stream` stands."""
    start = stream.tell()
    raw, size, closed = bytearray(), _CHUNK, -1
    stream.seek(start + 1)
    while closed < 0 and len(raw) < _LONGEST and (part := stream.read(size)):
        found = part.find(b">")
        closed = len(raw) + found if found >= 0 else -1
        raw += part
        size *= 2
    digits = bytes(raw[: max(closed, 0)]).translate(None, _BLANKS)
    if closed < 0 or not _DIGITS.fullmatch(digits):
        stream.seek(start)
        return _read_hex_string(stream)
    stream.seek(start + 1 + closed + 1)
    return generic.pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
