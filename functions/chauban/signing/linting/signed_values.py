"""Signature dictionaries and the room in which their values lie (ISO 32000-1, 12.8; EN 319 142-1, 5)."""

from collections.abc import Mapping

from chauban.signing.linting.rules import Rule, Walk, check_entries, is_plain, name, of, plain, string
from chauban.signing.linting.values import Entries, Name, Value, elements_of, entries_of, identical

_SIGNATURE = {
    "Type": name("Sig"),
    "Filter": name("Adobe.PPKLite"),
    "SubFilter": name("ETSI.CAdES.detached"),
    "Reference": of(lambda value: isinstance(value, list)),
    **dict.fromkeys(("M", "Name", "Location", "Reason", "Contents"), string),
    "ByteRange": plain,
}
_TIMESTAMP = {
    "Type": name("DocTimeStamp"),
    "Filter": name("Adobe.PPKLite"),
    "SubFilter": name("ETSI.RFC3161"),
    "Contents": string,
    "ByteRange": plain,
}


def _signed(rules: Mapping[str, Rule]) -> Rule:
    def check(walk: Walk, value: Value, place: str) -> None:
        check_entries(walk, entries_of(value), rules, place)
        if not _is_one_der_value(entries_of(value).get("Contents")):
            walk.find("bytes-outside-objects", place)

    return check


signature, timestamp = _signed(_SIGNATURE), _signed(_TIMESTAMP)


def covers(pdf: bytes, end: int, entries: Entries) -> bool:
    """Whether all of the file up to `end` is signed but for the value itself, which is all that lies in the gap."""
    ranges, contents = entries.get("ByteRange"), entries.get("Contents")
    if not isinstance(ranges, list) or len(ranges) != 4 or not all(type(each) is int for each in ranges):
        return False
    start, before, after, rest = ranges
    if start != 0 or not 0 < before < after or after + rest != end or not isinstance(contents, bytes):
        return False
    gap = pdf[before:after]
    return gap[:1] == b"<" and gap[-1:] == b">" and gap[1:-1].lower() == contents.hex().encode("ascii")


def certifies(entries: Entries) -> bool:
    """Whether a signature certifies the file, so that after it only fields may be filled and signed (DocMDP 2)."""
    parameters = _transforms(entries).get("DocMDP")
    return identical(parameters, {"Type": Name("TransformParams"), "V": Name("1.2"), "P": 2})


def keeps_lock(entries: Entries, lock: Entries | None, root: Value) -> bool:
    """Whether the fields that a signature locks are those that the lock on its field names; and it refers to nothing else."""
    references = elements_of(entries.get("Reference"))
    if len(_transforms(entries)) != len(references):
        return False
    for reference in references:
        if set(reference) - {"Type", "TransformMethod", "TransformParams", "Data"} or not _is_on(reference, root):
            return False
    locked = _transforms(entries).get("FieldMDP")
    if lock is None or locked is None:
        return lock is None
    return all(locked.get(key) == lock.get(key) for key in ("Action", "Fields")) and is_plain([*locked.values()])


def _is_on(reference: Entries, root: Value) -> bool:
    return reference.get("Data", root) == root and set(reference.get("TransformParams", {})) <= {
        "Type",
        "V",
        "P",
        "Action",
        "Fields",
    }


def _transforms(entries: Entries) -> dict[str, Entries]:
    found = [each for each in elements_of(entries.get("Reference")) if isinstance(each, dict)]
    return {
        str(each.get("TransformMethod")): each["TransformParams"]
        for each in found
        if isinstance(each.get("TransformParams"), dict)
    }


def _is_one_der_value(value: Value) -> bool:
    """Whether there is one DER value and then zeros: no room for anything else."""
    if not isinstance(value, bytes) or (end := der_end(value)) is None:
        return False
    return not value[end:].strip(b"\x00")


def der_end(value: bytes) -> int | None:
    """Where the DER sequence ends that `value` begins with (X.690, 8.1.3); None where there is none."""
    return _extent(value, 0)[1] if value[:1] == b"\x30" else None


def members(value: bytes) -> tuple[int, ...] | None:
    """The tags of the values in a DER sequence, one after the other; None where they do not fill it."""
    place, end = _extent(value, 0)
    found: list[int] = []
    while end is not None and place < end:
        found.append(value[place])
        _, after = _extent(value, place)
        if after is None or after > end:
            return None
        place = after
    return tuple(found)


def _extent(value: bytes, at: int) -> tuple[int, int | None]:
    """Where the content of the DER value at a place begins, and where it ends; None where there is no end."""
    if len(value) < at + 2:
        return at, None
    length, start = value[at + 1], at + 2
    if length & 0x80:
        start = at + 2 + (length & 0x7F)
        length = int.from_bytes(value[at + 2 : start], "big")
    return start, start + length if start + length <= len(value) else None
