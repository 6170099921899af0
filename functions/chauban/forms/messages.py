"""A fault found in answers, as a sentence that says what to do, in Vietnamese and English.

A form may say it better for a field of its own: `texts/<language>.json` may have `errors`, by path and code
(`"trades.code.pattern": "..."`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chauban.forms.message_texts import COUNTED, FORMATS, OTHERWISE, SENTENCES, TYPES

Texts = Mapping[str, Mapping[str, Any]]
LANGUAGES = ("vi", "en")


def explain(keyword: str, details: Mapping[str, Any], place: Sequence[str | int], texts: Texts) -> dict[str, str]:
    """The sentences for a fault: `keyword` and `details` as the validator names them, `place` the path of the value."""
    chosen = SENTENCES.get(keyword, OTHERWISE)
    if keyword == "format":
        chosen = FORMATS.get(str(details.get("format")), OTHERWISE)
    elif keyword == "type":
        chosen = TYPES.get(tuple(details.get("types", ())), OTHERWISE)
    limit = details.get("limit", details.get("multiple_of", ""))
    return _filled(
        chosen, keyword, place, texts, {"limit": limit, "unit": COUNTED.get(keyword, {}).get(limit == 1, "")}
    )


def sentence(code: str, place: Sequence[str | int], texts: Texts, **values: object) -> dict[str, str]:
    """The sentences for a fault that no keyword of a schema stands for; a `Label` among the values names a field."""
    return _filled(SENTENCES[code], code, place, texts, values)


def _filled(
    chosen: tuple[str, str], code: str, place: Sequence[str | int], texts: Texts, values: Mapping[str, object]
) -> dict[str, str]:
    path = ".".join(part for part in map(str, place) if not part.isdigit())
    filled = {}
    for language, general in zip(LANGUAGES, chosen, strict=True):
        own = texts.get(language, {}).get("errors", {}).get(f"{path}.{code}")
        named = {name: _label(texts, language, value) for name, value in values.items()}
        filled[language] = str(own) if own else general.format(label=_label(texts, language, Label(path)), **named)
    return filled


class Label(str):
    """A dotted path of a field, of which the label is shown."""

    __slots__ = ()


def _label(texts: Texts, language: str, value: object) -> object:
    if not isinstance(value, Label):
        return value
    return texts.get(language, {}).get("labels", {}).get(str(value), str(value) or _WHOLE[language])


_WHOLE = {"vi": "nội dung", "en": "answers"}
