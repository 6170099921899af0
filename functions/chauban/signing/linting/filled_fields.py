"""Fields that a later revision fills: a picture in a signature's box, a text that shows exactly the field's value."""

import re

from chauban.documents.field_text import LINES_SIZE, appearance_content, lines_content
from chauban.signing.linting.field_rules import fits
from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.letters import read_font
from chauban.signing.linting.rules import Walk
from chauban.signing.linting.state import State
from chauban.signing.linting.values import Entries, Reference, Stream, Value, bytes_of, entries_of, text_of

_DEFAULT_APPEARANCE = re.compile(rb"/(\w+) (\d{1,2}) Tf 0 g")
_LETTERS = re.compile(rb"<([0-9a-f]*)> Tj")
_LINES = re.compile(rb"<([0-9a-f]+)> Tj")
_COPY_FORMS = ("SAO Y", "SAO LỤC", "TRÍCH SAO")
_AND_TIME = re.compile(r"\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00")
_PICTURE = re.compile(rb"q [0-9.]+ 0 0 [0-9.]+ -?[0-9.]+ -?[0-9.]+ cm /Image Do Q")


def check_picture(walk: Walk, state: State, widget: Entries, place: str) -> None:
    """The look of a signature: one picture and nothing else, or nothing at all."""
    shown = state.resolve(entries_of(widget.get("AP")).get("N"))
    if not _is_form(shown, widget):
        walk.find("unexplained-change", place)
        return
    resources = entries_of(shown.entries.get("Resources"))
    if shown.raw or resources:
        pictures = entries_of(resources.get("XObject"))
        picture = entries_of(state.resolve(pictures.get("Image")))
        only = set(resources) == {"XObject"} and set(pictures) == {"Image"} and picture.get("Subtype") == "Image"
        if not only or _PICTURE.fullmatch(shown.data()) is None:
            walk.find("unexplained-change", place)


def check_copy(walk: Walk, state: State, widget: Entries, fonts: Value, place: str) -> None:
    """The look of a certified copy's signature: words that begin with the form of copy, in the form's font."""
    said = _said(walk, state, widget, fonts, place)
    if said is not None and not said.startswith(_COPY_FORMS):
        walk.find("value-not-shown", place)


def check_annex(walk: Walk, state: State, widget: Entries, fonts: Value, number: str, place: str) -> None:
    """The look of an annex's signature: the number that its field `number` has, and a time of Vietnam, in the form's font."""
    said = _said(walk, state, widget, fonts, place)
    if said is None:
        return
    # The field of the number has less room than this one: both always have a line of their own.
    if not number or not said.startswith(number) or _AND_TIME.fullmatch(said.removeprefix(number)) is None:
        walk.find("value-not-shown", place)


def _said(walk: Walk, state: State, widget: Entries, fonts: Value, place: str) -> str | None:
    """What a signature says in words, line after line, as they are drawn here; None where that was found at fault."""
    shown = state.resolve(entries_of(widget.get("AP")).get("N"))
    if not _is_form(shown, widget):
        walk.find("unexplained-change", place)
        return None
    names = list(entries_of(shown.entries.get("Resources")).get("Font", {}))
    name = names[0] if len(names) == 1 else ""
    font = entries_of(state.resolve(fonts)).get(name)
    code = state.resolve(entries_of(state.resolve(font)).get("ToUnicode"))
    if shown.entries.get("Resources") != {"Font": {name: font}} or not isinstance(code, Stream):
        walk.find("value-not-shown", place)
        return None
    lines = [bytes.fromhex(line.decode()) for line in _LINES.findall(shown.data()) if len(line) % 4 == 0]
    left, bottom, right, top = widget["Rect"]
    try:
        letters = read_font(state, font)
        words = [[letters.words[line[at] << 8 | line[at + 1]] for at in range(0, len(line), 2)] for line in lines]
        said = ["".join(line) for line in words]
        expected = lines_content(said, to_unicode=code.data(), font=name, height=abs(top - bottom))
        widest = max(sum(width for width, _ in letters.letters(line)) for line in lines) * LINES_SIZE / 1000
    except (KeyError, ValueError, Unfit):
        said, expected, widest = [], b"", 0.0
    if not said or shown.data() != expected or widest > abs(right - left):
        walk.find("value-not-shown", place)
        return None
    return "\n".join(said)


def check_text(walk: Walk, state: State, widget: Entries, fonts: Value, place: str) -> None:
    """The look of a text field is what its value gives in the font of the form, and no other."""
    shown, value = state.resolve(entries_of(widget.get("AP")).get("N")), text_of(widget.get("V"))
    described = _DEFAULT_APPEARANCE.fullmatch(bytes_of(widget.get("DA")))
    if not _is_form(shown, widget) or described is None or value is None:
        walk.find("value-not-shown", place)
        return
    name = described[1].decode()
    font = entries_of(state.resolve(fonts)).get(name)
    code = state.resolve(entries_of(state.resolve(font)).get("ToUnicode"))
    if shown.entries.get("Resources") != {"Font": {name: font}} or not isinstance(code, Stream):
        walk.find("value-not-shown", place)
        return
    size = int(described[2])
    try:
        expected = appearance_content(value, to_unicode=code.data(), font=name, size=size)
    except (ValueError, Unfit):
        expected = None
    # All of the value, and not only as much of it as there is room for.
    written = _LETTERS.search(expected or b"")
    letters = read_font(state, font).letters(bytes.fromhex(written[1].decode())) if written else []
    left, _, right, _ = widget["Rect"]
    if shown.data() != expected or sum(width for width, _ in letters) * size / 1000 > abs(right - left):
        walk.find("value-not-shown", place)


def _is_form(shown: Value, widget: Entries) -> bool:
    appearances = widget.get("AP")
    plain = isinstance(appearances, dict) and set(appearances) == {"N"} and isinstance(appearances["N"], Reference)
    allowed = {"Type", "Subtype", "BBox", "Resources", "Length", "Filter"}
    return (
        plain
        and isinstance(shown, Stream)
        and shown.entries.get("Subtype") == "Form"
        and set(shown.entries) <= allowed
        and fits(shown.entries.get("BBox"), widget.get("Rect"))
    )
