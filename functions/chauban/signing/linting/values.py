"""The values of a PDF file (ISO 32000-1, 7.3) as the linter reads them: plain Python values, and these."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chauban.signing.linting.findings import Unfit

MOST_BYTES = 64 * 1024 * 1024

# None, bool, int, float, bytes (a string), Name, Reference, Stream, list or dict of values.
Value = Any
Entries = Mapping[str, Value]


class Name(str):
    """A name without its slash; a string of the file is bytes, and never taken for one."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """To an object of generation 0, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A dictionary with its raw data, as it lies in the file."""

    entries: Entries
    raw: bytes

    def data(self) -> bytes:
        """The decoded data; raises `Unfit` where it is not simply deflated, or more lies in it than what is decoded."""
        if "DecodeParms" in self.entries or self.entries.get("Filter") not in (None, "FlateDecode"):
            raise Unfit("undecidable-content", "filter")
        if "Filter" not in self.entries:
            return self.raw
        return unpacked(self.raw)


def unpacked(raw: bytes) -> bytes:
    """What was deflated; raises `Unfit` where more lies in it."""
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(raw, MOST_BYTES)
    except zlib.error as error:
        raise Unfit("malformed-object", "stream") from error
    if unpacking.unconsumed_tail:
        raise Unfit("too-large", "stream")
    if not unpacking.eof or unpacking.unused_data:
        raise Unfit("bytes-outside-objects", "stream")
    return data


def entries_of(value: Value) -> Entries:
    """The dictionary of a dictionary or a stream; empty for anything else."""
    if isinstance(value, Stream):
        return value.entries
    return value if isinstance(value, dict) else {}


def bytes_of(value: Value) -> bytes:
    """A string; empty for anything else."""
    return value if isinstance(value, bytes) else b""


def elements_of(value: Value) -> list[Value]:
    """The elements of an array; none for anything else."""
    return value if isinstance(value, list) else []


def text_of(value: Value) -> str | None:
    """A text string (ISO 32000-1, 7.9.2.2) in UTF-16 or in what PDFDocEncoding shares with Latin 1; None for any other."""
    if not isinstance(value, bytes):
        return None
    try:
        if value.startswith(b"\xfe\xff"):
            return value[2:].decode("utf-16-be")
    except UnicodeDecodeError:
        return None
    plain = all(0x20 <= byte < 0x7F or byte > 0xA0 for byte in value)
    return value.decode("latin-1") if plain else None


def identical(one: Value, other: Value, *, rewritten: bool = False) -> bool:
    """Whether two values are the same in type, too: 1, 1.0 and true are three things to a reader of files.

    Where they may be `rewritten`, a number among others in an array may lose its point, and a text be written in another way."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            identical(value, other[key], rewritten=rewritten) for key, value in one.items()
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(
            identical(*each, rewritten=rewritten) or (rewritten and _is_same_number(*each))
            for each in zip(one, other, strict=True)
        )
    if isinstance(one, Stream):
        return one.raw == other.raw and identical(one.entries, other.entries)
    if rewritten and isinstance(one, bytes):
        return bool(one == other) or (text_of(one) is not None and text_of(one) == text_of(other))
    return bool(one == other)


def _is_same_number(one: Value, other: Value) -> bool:
    return {type(one), type(other)} == {int, float} and bool(one == other)
