"""Text that can be printed and read: no control or hidden characters, and none that the form's fonts lack."""

from collections.abc import Callable, Iterator
from typing import Any

from chauban.errors import FieldError
from chauban.forms.field_errors import field_error
from chauban.forms.glyphs import GlyphCoverage, forbidden, halves
from chauban.forms.messages import Texts

Path = tuple[str | int, ...]
MAX_NAMED = 5
FORBIDDEN = "forbidden-character"


def broken_text(value: Any, base: str, texts: Texts) -> list[FieldError]:
    """A fault for each text with half of a surrogate pair."""
    return _found(halves, value, base, texts)


def forbidden_text(value: Any, base: str, texts: Texts) -> list[FieldError]:
    """A fault for each text with a character that no form takes; for a name with one, at what holds it."""
    return _found(forbidden, value, base, texts)


def _found(search: Callable[[str], list[str]], value: Any, base: str, texts: Texts) -> list[FieldError]:
    faults = []
    for path, text, is_name in _texts(value, ()):
        if found := search(text):
            place = path[:-1] if is_name else path
            faults.append(field_error(base, place, FORBIDDEN, texts, characters=_code_points(found)))
    return faults


def unprintable_text(value: Any, base: str, texts: Texts, glyphs: GlyphCoverage | None) -> list[FieldError]:
    """A fault for each text with a character that the form's fonts lack."""
    if glyphs is None:
        return []
    return [
        field_error(base, path, "glyph", texts, characters=" ".join(missing[:MAX_NAMED]))
        for path, text, is_name in _texts(value, ())
        if not is_name and (missing := glyphs.lacks(text))
    ]


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str, bool]]:
    """Every text with its path, the names in objects too."""
    if isinstance(value, str):
        yield path, value, False
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _texts(item, (*path, position))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield (*path, name), name, True
            yield from _texts(item, (*path, name))


def _code_points(characters: list[str]) -> str:
    return ", ".join(f"U+{ord(character):04X}" for character in characters[:MAX_NAMED])
