"""Which questions a person was shown, by the UI schema's rules; answers to the others are dropped.

A JSON Forms rule is `{effect, condition: {scope, schema}}` on a control or a layout: SHOW and HIDE decide here, ENABLE and
DISABLE are for the page alone. Dropping an answer can hide further questions, so it is repeated until nothing changes.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema_rs

JsonObject = dict[str, Any]
_ABSENT = object()


def without_hidden(uischema: JsonObject, answers: JsonObject) -> JsonObject:
    """The answers to visible questions only; `answers` itself is left alone."""
    kept = deepcopy(answers)
    while True:
        hidden = [scope for scope in _hidden_scopes(uischema, kept, False) if _find(kept, scope) is not _ABSENT]
        if not hidden:
            return kept
        for scope in hidden:
            # A part may be gone with its whole.
            if _find(kept, scope) is not _ABSENT:
                _remove(kept, scope)


def _hidden_scopes(element: JsonObject, answers: JsonObject, above: bool) -> Iterator[str]:
    hidden = above or not _shown(element.get("rule"), answers)
    if hidden and element.get("type") == "Control":
        yield element["scope"]
    for child in element.get("elements", ()):
        yield from _hidden_scopes(child, answers, hidden)


def _shown(rule: JsonObject | None, answers: JsonObject) -> bool:
    if rule is None or rule["effect"] not in {"SHOW", "HIDE"}:
        return True
    return _holds(rule["condition"], answers) is (rule["effect"] == "SHOW")


def _holds(condition: JsonObject, answers: JsonObject) -> bool:
    value = _find(answers, condition["scope"])
    # An unanswered question never satisfies a condition, whatever its schema would accept.
    return value is not _ABSENT and jsonschema_rs.is_valid(condition["schema"], value)


def _path(scope: str) -> list[str]:
    """The property names in a scope such as `#/properties/subject/properties/sex`."""
    return scope.removeprefix("#/").split("/")[1::2]


def _find(answers: JsonObject, scope: str) -> Any:
    value: Any = answers
    for name in _path(scope):
        if not isinstance(value, dict) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _remove(answers: JsonObject, scope: str) -> None:
    *parents, last = _path(scope)
    holder: Any = answers
    for name in parents:
        holder = holder[name]
    del holder[last]
