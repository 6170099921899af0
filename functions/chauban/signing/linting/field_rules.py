"""The rules for form fields before anybody has signed: known names, nothing filled, nothing shown (ISO 32000-1, 12.7)."""

import re

from chauban.signing.linting.policy import TEXT
from chauban.signing.linting.rules import Walk, box, holds, integer, just, name, of, plain, string, to
from chauban.signing.linting.values import Entries, Stream, Value, entries_of

PRINT, LOCKED, READ_ONLY = 1 << 2, 1 << 7, 1

_DEFAULT_APPEARANCE = re.compile(rb"/(\w+) (?:[6-9]|[1-3]\d) Tf 0 g")
_COMMON = {
    "Type": name("Annot"),
    "Subtype": name("Widget"),
    "FT": name("Sig", "Tx"),
    "T": string,
    "TU": string,
    "Rect": box,
    "P": to("page"),
    "StructParent": integer,
    "AP": holds({"N": to("external object")}, needs=("N",)),
}
_SIGNATURE = {
    **_COMMON,
    "F": just(PRINT | LOCKED),
    "Lock": to("lock"),
}
_TEXT = {
    **_COMMON,
    "F": just(PRINT),
    "Ff": just(READ_ONLY),
    "V": of(lambda value: isinstance(value, bytes)),
    "DA": of(lambda value: isinstance(value, bytes) and _DEFAULT_APPEARANCE.fullmatch(value) is not None),
}


def field_name(entries: Entries) -> str:
    """The partial name of a field; empty where it has none that can be read."""
    found = entries.get("T")
    return found.decode("ascii", "replace") if isinstance(found, bytes) else ""


lock = holds({"Type": name("SigFieldLock"), "Action": name("All", "Exclude"), "Fields": plain}, needs=("Action",))


def widget(walk: Walk, value: Value, place: str) -> None:
    """A field with its widget in one dictionary: one that the policy names, empty, of its type."""
    entries = entries_of(value)
    kind = walk.policy.kind(field_name(entries))
    if kind is None or entries.get("FT") != kind or "Kids" in entries or "Parent" in entries:
        walk.find("unknown-field", place)
        return
    if entries.get("V", b"") != b"" or not shows_nothing(walk, entries):
        walk.find("filled-before-signing", place)
    elif kind == TEXT:
        holds(_TEXT, needs=("Rect", "P", "AP", "DA", "F", "Ff"))(walk, value, place)
    else:
        holds(_SIGNATURE, needs=("Rect", "P", "AP", "F"))(walk, value, place)


def shows_nothing(walk: Walk, entries: Entries) -> bool:
    """Whether the one appearance of a widget draws nothing, in a box as large as the field."""
    shown = walk.state.resolve(entries_of(entries.get("AP")).get("N"))
    empty = isinstance(shown, Stream) and not shown.raw and shown.entries.get("Resources") == {}
    return empty and "Matrix" not in shown.entries and fits(shown.entries.get("BBox"), entries.get("Rect"))


def fits(box_of_appearance: Value, rectangle: Value) -> bool:
    """Whether an appearance is drawn at its own size and begins in its own corner."""
    try:
        (x1, y1, x2, y2), (left, bottom, right, top) = box_of_appearance, rectangle
        same = (abs(x2 - x1), abs(y2 - y1)) == (abs(right - left), abs(top - bottom))
        return same and min(x1, x2) == 0 and min(y1, y2) == 0
    except (TypeError, ValueError):
        return False
