"""What lies in streams that are not followed as pages are: all of it is what the stream is for, and nothing is behind it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.letters import words_of
from chauban.signing.linting.metadata import facts
from chauban.signing.linting.policy import SOURCES
from chauban.signing.linting.rules import (
    Rule,
    Walk,
    any_name,
    check_entries,
    holds,
    integer,
    just,
    name,
    string,
)
from chauban.signing.linting.values import Entries, Stream, Value, entries_of, identical, unpacked

_BEGINNINGS = dict(SOURCES.values())
_COMPONENTS = {"DeviceGray": 1, "DeviceRGB": 3, "ICCBased": 3}
# What holds where it is left out (ISO 32000-1, table 8).
_LEFT_OUT = {"Colors": 1, "Columns": 1, "BitsPerComponent": 8}
_START, _END, _SCAN, _STUFFED = 0xD8, 0xD9, 0xDA, 0x00
_RESTARTS = range(0xD0, 0xD8)


def colour_profile(walk: Walk, value: Value, place: str) -> None:
    """One of the profiles that documents are made with: any other could give colours another meaning."""
    holds({"N": just(3)}, stream=True)(walk, value, place)
    if isinstance(value, Stream) and hashlib.sha256(value.data()).hexdigest() not in walk.policy.profiles:
        walk.find("unexpected-entry", place)


def character_map(walk: Walk, value: Value, place: str) -> None:
    """What the glyphs of a font stand for, and no other words."""
    holds({}, stream=True)(walk, value, place)
    if isinstance(value, Stream):
        words_of(value.data())


def metadata(walk: Walk, value: Value, place: str) -> None:
    """XML that can be read in one way."""
    holds({"Type": name("Metadata"), "Subtype": name("XML")}, stream=True)(walk, value, place)
    facts(value)


_PARAMETERS = holds({"CheckSum": string, "Size": integer, "CreationDate": string, "ModDate": string})
_FILE = holds({"Type": name("EmbeddedFile"), "Subtype": any_name, "Params": _PARAMETERS}, stream=True)


def embedded_file(walk: Walk, value: Value, place: str) -> None:
    """Data in JSON, each member once, of the size and the sum that are stated."""
    data = _embedded(walk, value, place)
    if data is not None and (entries_of(value).get("Subtype") != "application/json" or not _is_json(data)):
        walk.find("undeclared-file", place)


def embedded_source(walk: Walk, value: Value, place: str) -> None:
    """A PDF file, or the picture of a paper; which one it must be is told by the data (`sources`)."""
    data = _embedded(walk, value, place)
    beginnings = _BEGINNINGS.get(str(entries_of(value).get("Subtype")))
    if data is not None and (beginnings is None or not data.startswith(beginnings)):
        walk.find("undeclared-file", place)


def _embedded(walk: Walk, value: Value, place: str) -> bytes | None:
    _FILE(walk, value, place)
    if not isinstance(value, Stream):
        return None
    data, stated = value.data(), entries_of(value.entries.get("Params"))
    found = {"Size": len(data), "CheckSum": hashlib.md5(data, usedforsecurity=False).digest()}
    if any(not identical(stated.get(key, kept), kept) for key, kept in found.items()):
        walk.find("malformed-object", place)
    return data


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data.decode(), object_pairs_hook=_members)
    except (ValueError, RecursionError):
        return False
    return True


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member twice")
    return dict(pairs)


def picture(walk: Walk, stream: Stream, rules: Mapping[str, Rule], place: str) -> None:
    """A picture as large as it says, with nothing behind it; raises `Unfit`."""
    check_entries(walk, stream.entries, rules, place)
    if stream.entries.get("Filter") == "DCTDecode":
        if not _is_one_jpeg(stream.raw):
            raise Unfit("bytes-outside-objects", place)
    elif len(_samples(stream)) != _size(stream.entries):
        raise Unfit("malformed-object", place)


def _samples(stream: Stream) -> bytes:
    return unpacked(stream.raw) if stream.entries.get("Filter") == "FlateDecode" else stream.raw


def _size(entries: Entries) -> int:
    """How many bytes a picture has once it is unpacked; with a predictor, one more for each row (ISO 32000-1, 7.4.4.4)."""
    space = entries.get("ColorSpace")
    components = _COMPONENTS.get(str(space[0] if isinstance(space, list) and space else space), 0)
    width, height, bits = (entries.get(key) for key in ("Width", "Height", "BitsPerComponent"))
    if not isinstance(width, int) or not isinstance(height, int) or not isinstance(bits, int):
        return -1
    predicted = entries_of(entries.get("DecodeParms"))
    stated = {"Colors": components, "Columns": width, "BitsPerComponent": bits}
    if predicted and any(predicted.get(key, _LEFT_OUT[key]) != expected for key, expected in stated.items()):
        return -1
    rows = 1 if predicted.get("Predictor", 1) >= 10 else 0
    return height * ((width * components * bits + 7) // 8 + rows)


def _is_one_jpeg(data: bytes) -> bool:
    """Whether one picture begins at the first byte and ends at the last (ISO/IEC 10918-1, B.1)."""
    if data[:2] != bytes((0xFF, _START)):
        return False
    place = 2
    while data[place : place + 1] == b"\xff" and place + 1 < len(data):
        marker = data[place + 1]
        if marker == _END:
            return place + 2 == len(data)
        if marker in (_START, _STUFFED):
            return False
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == _SCAN:
            place = _after_scan(data, place)
    return False


def _after_scan(data: bytes, place: int) -> int:
    """The next marker after compressed data."""
    while (place := data.find(b"\xff", place)) >= 0:
        if place + 1 >= len(data) or (data[place + 1] != _STUFFED and data[place + 1] not in _RESTARTS):
            return place
        place += 2
    return len(data)
