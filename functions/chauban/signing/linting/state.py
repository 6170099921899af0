"""What a file holds after each of its revisions, once its cross-references proved to say exactly what lies in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.layout import RawRevision, read_layout
from chauban.signing.linting.syntax import Word, read_value, skip_space
from chauban.signing.linting.values import Entries, Reference, Stream, Value, entries_of

_TRAILER = frozenset({"Type", "Index", "W", "Size", "Root", "Info", "ID", "Prev", "Filter", "Length"})


@dataclass(frozen=True)
class State:
    """The file as one revision leaves it: objects by number, what the revision itself defines, its trailer, and its end."""

    objects: Mapping[int, Value]
    defined: frozenset[int]
    containers: frozenset[int]
    trailer: Entries
    end: int

    def resolve(self, value: Value) -> Value:
        """What a reference leads to; any other value is itself."""
        return self.objects.get(value.number) if isinstance(value, Reference) else value

    @property
    def root(self) -> Entries:
        """The catalog; empty where the trailer names none."""
        return entries_of(self.resolve(self.trailer.get("Root")))


def read_states(pdf: bytes) -> list[State]:
    """The states of a file, the oldest first; raises `Unfit` for whatever could be read in more than one way."""
    states: list[State] = []
    objects: dict[int, Value] = {}
    before: RawRevision | None = None
    size = 1
    for revision in read_layout(pdf):
        trailer = revision.cross_references.entries
        _check_trailer(trailer, before)
        packed = _unpacked(revision)
        own = {number: placed.value for number, placed in revision.objects.items()}
        contained = {number: value for container in packed.values() for number, value in container.items()}
        _check_entries(revision, packed, first=before is None)
        stated = trailer.get("Size")
        if not isinstance(stated, int) or stated < size or stated != max(size, max([*own, *contained]) + 1):
            raise Unfit("cross-reference-mismatch", "size")
        objects = {**objects, **own, **contained}
        containers = frozenset(packed) | {max(n for n, p in revision.objects.items() if p.start == revision.position)}
        states.append(State(objects, frozenset({**own, **contained}), containers, trailer, revision.end))
        before, size = revision, stated
    return states


def _check_trailer(trailer: Entries, before: RawRevision | None) -> None:
    if "Encrypt" in trailer:
        raise Unfit("encrypted")
    if not isinstance(trailer.get("Root"), Reference) or not isinstance(trailer.get("Info"), Reference):
        raise Unfit("malformed-object", "trailer")
    if set(trailer) - _TRAILER:
        raise Unfit("unexpected-entry", "trailer")
    if trailer.get("Prev") != (before.position if before else None):
        raise Unfit("revision-chain")


def _unpacked(revision: RawRevision) -> dict[int, dict[int, Value]]:
    """The objects in each object stream of a revision, in their order (ISO 32000-1, 7.5.7)."""
    packed: dict[int, dict[int, Value]] = {}
    seen = set(revision.objects)
    for number, placed in revision.objects.items():
        if isinstance(placed.value, Stream) and placed.value.entries.get("Type") == "ObjStm":
            try:
                packed[number] = _contained(placed.value)
            except Unfit as unfit:
                raise Unfit(unfit.finding.code, f"object stream {number}") from unfit
            if seen & set(packed[number]):
                raise Unfit("object-defined-twice", f"object stream {number}")
            seen |= set(packed[number])
    return packed


def _contained(stream: Stream) -> dict[int, Value]:
    count, first = stream.entries.get("N"), stream.entries.get("First")
    if set(stream.entries) - {"Type", "N", "First", "Filter", "Length"} or not isinstance(count, int):
        raise Unfit("unexpected-entry")
    data = stream.data()
    if not isinstance(first, int) or not 0 <= first <= len(data):
        raise Unfit("malformed-object")
    head = data[:first].split()
    if len(head) != 2 * count or not all(part.isdigit() for part in head):
        raise Unfit("malformed-object")
    numbers, offsets = [int(part) for part in head[::2]], [int(part) for part in head[1::2]]
    if len(set(numbers)) != count:
        raise Unfit("object-defined-twice")
    found: dict[int, Value] = {}
    position = first
    for number, offset in zip(numbers, offsets, strict=True):
        if skip_space(data, position) != first + offset:
            raise Unfit("bytes-outside-objects")
        value, position = read_value(data, first + offset)
        if isinstance(value, Word):
            raise Unfit("malformed-object", f"object {number}")
        found[number] = value
    if skip_space(data, position) != len(data):
        raise Unfit("bytes-outside-objects")
    return found


def _check_entries(revision: RawRevision, packed: Mapping[int, Mapping[int, Value]], *, first: bool) -> None:
    """The cross-references name every object of the revision where it stands, and nothing else (ISO 32000-1, 7.5.8)."""
    expected = {number: (1, placed.start, 0) for number, placed in revision.objects.items()}
    for container, contained in packed.items():
        expected.update({number: (2, container, index) for index, number in enumerate(contained)})
    found = _entries(revision.cross_references)
    free = {number for number, entry in found.items() if entry[0] == 0}
    if not free <= {0} or (first and 0 not in free):
        raise Unfit("cross-reference-mismatch", "free objects")
    if {number: entry for number, entry in found.items() if number not in free} != expected:
        wrong = next((n for n in sorted({*found, *expected} - free) if found.get(n) != expected.get(n)), 0)
        raise Unfit("cross-reference-mismatch", f"object {wrong}")


def _entries(stream: Stream) -> dict[int, tuple[int, int, int]]:
    widths = _integers(stream.entries.get("W"), 8)
    index = _integers(stream.entries.get("Index", [0, stream.entries.get("Size")]), 10**9)
    data = stream.data()
    if len(widths) != 3 or len(index) % 2:
        raise Unfit("malformed-object", "cross-references")
    row = sum(widths)
    if row == 0 or widths[0] == 0 or len(data) != row * sum(index[1::2]):
        raise Unfit("malformed-object", "cross-references")
    numbers = [
        number for start, count in zip(index[::2], index[1::2], strict=True) for number in range(start, start + count)
    ]
    if len(set(numbers)) != len(numbers):
        raise Unfit("object-defined-twice", "cross-references")
    one, two = widths[0], widths[0] + widths[1]
    found = {}
    for place, number in enumerate(numbers):
        entry = data[place * row : place * row + row]
        found[number] = (
            int.from_bytes(entry[:one], "big"),
            int.from_bytes(entry[one:two], "big"),
            int.from_bytes(entry[two:], "big"),
        )
    return found


def _integers(value: Value, most: int) -> list[int]:
    if not isinstance(value, list) or not all(type(each) is int and 0 <= each <= most for each in value):
        raise Unfit("malformed-object", "cross-references")
    return value
