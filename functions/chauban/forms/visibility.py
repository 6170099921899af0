"""Which questions a person was shown, by the UI schema's rules; answers to the others are dropped.

A JSON Forms rule is `{effect, condition: {scope, schema}}` on a control or a layout: SHOW and HIDE decide here, ENABLE and
DISABLE are for the page alone. Below `options.detail` scopes are relative to the object, or to each item of the list. An
answer that is dropped no longer satisfies any condition, so dropping is repeated until nothing changes; publishing refuses
rules that depend on themselves, so that there is exactly one end.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema_rs

from chauban.forms.schema_nodes import scope_names

JsonObject = dict[str, Any]
Path = tuple[str | int, ...]
_ABSENT = object()
MAX_ROUNDS = 100


def without_hidden(uischema: JsonObject, answers: JsonObject) -> JsonObject:
    """The answers to visible questions only; `answers` itself is left alone."""
    kept = answers
    for _ in range(MAX_ROUNDS):
        # Always from the beginning: what was hidden by an answer that is now dropped itself comes back.
        now = _dropped(answers, [path for path, shown in controls(uischema, kept).items() if not shown])
        if now == kept:
            return now
        kept = now
    raise ValueError("the rules of the form depend on each other in a circle")


def controls(uischema: JsonObject, answers: JsonObject) -> dict[Path, bool]:
    """Every question, by its path, with whether these answers show it; one asked in two places is shown if either is."""
    found: dict[Path, bool] = {}
    for path, shown in _walk(uischema, answers, (), True):
        found[path] = shown or found.get(path, False)
    return found


def _walk(element: JsonObject, value: Any, base: Path, above: bool) -> Iterator[tuple[Path, bool]]:
    """`value` is what the element's scopes are relative to, at the path `base`."""
    shown = above and _shows(element.get("rule"), value)
    for child in element.get("elements", ()):
        yield from _walk(child, value, base, shown)
    names = scope_names(element.get("scope"))
    if not names:
        return
    yield (*base, *names), shown
    detail = element.get("options", {}).get("detail")
    below = _find(value, names)
    if not isinstance(detail, dict) or below is _ABSENT:
        return
    if isinstance(below, list):
        for position, item in enumerate(below):
            yield from _walk(detail, item, (*base, *names, position), shown)
    else:
        yield from _walk(detail, below, (*base, *names), shown)


def _shows(rule: JsonObject | None, value: Any) -> bool:
    if rule is None or rule["effect"] not in {"SHOW", "HIDE"}:
        return True
    return _holds(rule["condition"], value) is (rule["effect"] == "SHOW")


def _holds(condition: JsonObject, value: Any) -> bool:
    found = _find(value, scope_names(condition["scope"]) or ())
    # An unanswered question never satisfies a condition, whatever its schema would accept.
    return found is not _ABSENT and jsonschema_rs.is_valid(condition["schema"], found)


def _find(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        if not isinstance(value, dict) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _dropped(answers: JsonObject, paths: list[Path]) -> JsonObject:
    kept = deepcopy(answers)
    for *parents, last in paths:
        holder: Any = kept
        for part in parents:
            # A part may be gone with its whole.
            holder = _step(holder, part)
        if isinstance(holder, dict):
            holder.pop(last, None)
    return kept


def _step(holder: Any, part: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(part)
    if isinstance(holder, list) and isinstance(part, int):
        return holder[part]
    return None
