"""Each rule of a schema broken once, at one place of valid answers: what is changed, where, and the fault that must be found."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
from chauban.forms.formats import formats

from tests.property.values import ANNOTATIONS, TODAY, Node, target

Path = tuple[str | int, ...]
STRANGER = "không_có_trong_mẫu"
# Texts that some pattern or format does not take.
_ODD = ("!", "§ 5", "2026-02-30", "x", "12", "an@", "999999999999", "+", "##########", "hai\ndòng")
_WRONG_TYPE: dict[str, Any] = {
    "string": 7,
    "integer": "bảy",
    "number": "bảy",
    "boolean": "có",
    "object": "một",
    "array": {},
}


@dataclass(frozen=True)
class Violation:
    """Answers with one rule broken; `path` and `keyword` are what the fault must say."""

    answers: Any
    path: Path
    keyword: str


def violations(schema: Node, answers: Node) -> Iterator[Violation]:
    """Every single violation that these answers allow, for every keyword that asks for something."""
    for path, node, value in _nodes(schema, target(schema, schema), answers, ()):
        for keyword, where, broken in _broken(node, value):
            yield Violation(_with(answers, path, broken), (*path, *where), keyword)


def missing(answers: Node, path: Path) -> Violation:
    """The answers without the one at `path`, which must be asked for."""
    changed = copy.deepcopy(answers)
    holder = changed
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    return Violation(changed, path, "required")


def _nodes(schema: Node, node: Node, value: Any, path: Path) -> Iterator[tuple[Path, Node, Any]]:
    yield path, node, value
    if isinstance(value, dict):
        for name, part in node["properties"].items():
            if name in value:
                yield from _nodes(schema, target(schema, part), value[name], (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _nodes(schema, target(schema, node["items"]), item, (*path, position))


def _broken(node: Node, value: Any) -> Iterator[tuple[str, Path, Any]]:
    """The keyword, where below the node its fault will be, and the value that breaks it."""
    for keyword in sorted(set(node) - ANNOTATIONS):
        if keyword == "type":
            yield keyword, (), _WRONG_TYPE[node["type"]]
        elif keyword == "required":
            for name in node["required"]:
                yield keyword, (name,), {key: part for key, part in value.items() if key != name}
        elif keyword == "additionalProperties":
            yield keyword, (STRANGER,), {**value, STRANGER: 1}
        elif (broken := _BREAK[keyword](node, value) if keyword in _BREAK else None) is not None:
            yield keyword, (), broken


def _unfit(keyword: str, node: Node) -> str | None:
    alone = {keyword: node[keyword]}
    rule = jsonschema_rs.Draft202012Validator(alone, validate_formats=True, formats=dict(formats(TODAY)))
    return next((text for text in _ODD if not rule.is_valid(text)), None)


def _shorter(node: Node, value: Any) -> Any:
    return value[: node["minLength"] - 1] if node["minLength"] else None


_BREAK: dict[str, Any] = {
    "enum": lambda _node, _value: STRANGER,
    "const": lambda _node, _value: STRANGER,
    "pattern": lambda node, _value: _unfit("pattern", node),
    "format": lambda node, _value: _unfit("format", node),
    "minLength": _shorter,
    "maxLength": lambda node, value: "x" * (node["maxLength"] + 1),
    "minimum": lambda node, _value: node["minimum"] - 1,
    "maximum": lambda node, _value: node["maximum"] + 1,
    "exclusiveMinimum": lambda node, _value: node["exclusiveMinimum"],
    "exclusiveMaximum": lambda node, _value: node["exclusiveMaximum"],
    "multipleOf": lambda node, value: value + node["multipleOf"] / 2,
    "minItems": lambda node, value: value[: node["minItems"] - 1] if node["minItems"] else None,
    "maxItems": lambda node, value: (value * (node["maxItems"] + 1))[: node["maxItems"] + 1] if value else None,
    "uniqueItems": lambda _node, value: [*value, value[0]] if value else None,
}


def _with(answers: Any, path: Path, value: Any) -> Any:
    if not path:
        return copy.deepcopy(value)
    changed = copy.deepcopy(answers)
    holder = changed
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = copy.deepcopy(value)
    return changed
