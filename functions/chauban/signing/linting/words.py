"""The words that the pages of a document of ours show, in the order in which they are drawn; fields are not among them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from chauban.documents.field_text import glyph_numbers
from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.state import State, read_states
from chauban.signing.linting.syntax import operations
from chauban.signing.linting.values import Entries, Stream, Value, entries_of

# Between what two operators draw, where perhaps a line was broken, which takes its white space away; no character of any text.
_BREAK = "\x00"


def says(pdf: bytes, passages: Sequence[str]) -> list[bool]:
    """Whether the pages of a file have each of these passages, however its lines are broken; none, where they cannot be read."""
    try:
        shown = _BREAK.join(_words(read_states(pdf)[0]))
    except Unfit:
        shown = ""
    return stands_in(shown, passages)


def stands_in(words: str, passages: Sequence[str]) -> list[bool]:
    """The same of the words of a file that others made. A passage is whole words, divided as the file divides them."""
    shown = unicodedata.normalize("NFC", words)
    return [bool(passage.strip()) and _as_shown(passage).search(shown) is not None for passage in passages]


def _as_shown(passage: str) -> re.Pattern[str]:
    """Matches a passage where a word begins and one ends; between its words there is white space, or a line was broken."""
    words = unicodedata.normalize("NFC", passage).split()
    spelled = (f"{_BREAK}*".join(re.escape(letter) for letter in word) for word in words)
    first, last = (r"(?<!\w)" if words[0][0].isalnum() else ""), (r"(?!\w)" if words[-1][-1].isalnum() else "")
    return re.compile(first + rf"[\s{_BREAK}]+".join(spelled) + last)


def _words(state: State) -> Iterator[str]:
    kids = entries_of(state.resolve(state.root.get("Pages"))).get("Kids", [])
    for page in (entries_of(state.resolve(kid)) for kid in kids):
        content = state.resolve(page.get("Contents"))
        fonts = entries_of(state.resolve(entries_of(state.resolve(page.get("Resources"))).get("Font")))
        if isinstance(content, Stream):
            yield from _of_page(state, fonts, content.data())


def _of_page(state: State, fonts: Entries, content: bytes) -> Iterator[str]:
    letters: dict[int, str] = {}
    known: dict[Value, dict[int, str]] = {}
    for operator, operands in operations(content):
        if operator == b"Tf":
            name = operands[0]
            if name not in known:
                code = state.resolve(entries_of(state.resolve(fonts.get(name))).get("ToUnicode"))
                pairs = glyph_numbers(code.data()) if isinstance(code, Stream) else {}
                known[name] = {glyph: text for text, glyph in pairs.items()}
            letters = known[name]
        elif operator in (b"Tj", b"TJ"):
            pieces = operands[0] if isinstance(operands[0], list) else operands
            yield "".join(
                letters.get(int.from_bytes(piece[place : place + 2], "big"), "\ufffd")
                for piece in pieces
                if isinstance(piece, bytes)
                for place in range(0, len(piece), 2)
            )
