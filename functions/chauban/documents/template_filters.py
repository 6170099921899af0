"""Jinja2's own filters that templates may use, and those of them that are bounded here."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as _JINJA
from jinja2.filters import do_batch, do_sum
from markupsafe import Markup, escape

from chauban.documents.sandbox import MAX_ITEMS, MAX_TEXT, TOO_MUCH

_AS_THEY_ARE = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "groupby", "int"),
    *("items", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round"),
    *(
        "select",
        "selectattr",
        "sort",
        "string",
        "striptags",
        "title",
        "trim",
        "truncate",
        "unique",
        "upper",
        "wordcount",
    ),
)


def limited_range(*arguments: int) -> range:
    """`range` of at most MAX_ITEMS numbers."""
    numbers = range(*arguments)
    if len(numbers) > MAX_ITEMS:
        raise SecurityError(f"range longer than {MAX_ITEMS}")
    return numbers


def _join(values: Iterable[Any], separator: str = "") -> Markup:
    """Escaped texts with an escaped separator between them."""
    parts = [escape(value) for value in values]
    between = escape(separator)
    if sum(map(len, parts)) + len(between) * len(parts) > MAX_TEXT:
        raise SecurityError(TOO_MUCH)
    return between.join(parts)


def _replace(text: Any, old: str, new: str) -> Any:
    kept = text if isinstance(text, str) else str(text)
    if not old or len(kept) + kept.count(old) * len(new) > MAX_TEXT:
        raise SecurityError(TOO_MUCH)
    return kept.replace(old, new)


def _batch(values: Iterable[Any], size: int, fill_with: Any = None) -> Iterator[list[Any]]:
    if not 0 < size <= MAX_ITEMS:
        raise SecurityError(TOO_MUCH)
    return do_batch(values, size, fill_with)


def _sum(environment: Any, values: Iterable[Any], attribute: str | int | None = None) -> Any:
    return do_sum(environment, values, attribute, 0)


_sum.jinja_pass_arg = do_sum.jinja_pass_arg  # type: ignore[attr-defined]


def allowed_filters() -> dict[str, Callable[..., Any]]:
    """The filters by name."""
    kept = {name: _JINJA[name] for name in _AS_THEY_ARE}
    return {**kept, "batch": _batch, "join": _join, "replace": _replace, "sum": _sum}
