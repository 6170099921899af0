"""A form's questions as a flat list: what two versions are compared by, and what a check goes through.

A field's path is dotted, with list positions left out (`members.full_name`), as in the texts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from chauban.forms.definition import FormDefinition

JsonObject = dict[str, Any]
LIMITS = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")
KINDS = ("type", "format", "pattern", "const", "uniqueItems")


@dataclass(frozen=True)
class Field:
    """One field of a schema. `rules` are the canonical texts of the rules that it lies under, outermost first."""

    path: str
    kind: JsonObject
    limits: dict[str, float]
    options: tuple[Any, ...] | None
    required: bool
    rules: tuple[bytes, ...] = ()
    required_when_shown: bool = False


@dataclass
class _Controls:
    rules: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


def fields_of(form: FormDefinition) -> dict[str, Field]:
    """The fields of a form's answers, by path."""
    controls = _Controls()
    _read_controls(form.uischema, "", (), controls)
    found = {}
    for plain in schema_fields(form.form_schema):
        rules, required = controls.rules.get(plain.path, ()), plain.path in controls.required
        found[plain.path] = Field(**{**vars(plain), "rules": rules, "required_when_shown": required and bool(rules)})
    return found


def schema_fields(schema: JsonObject) -> Iterator[Field]:
    """The fields of a schema, parents before children, with references followed. Conditions are left out: they are rules."""
    yield from _properties(resolved(schema, schema), schema, "", 0)


def resolved(part: JsonObject, schema: JsonObject) -> JsonObject:
    """A part of a schema with its local reference followed; what stands beside the reference stays."""
    reference = part.get("$ref", "")
    name = reference.removeprefix("#/$defs/") if reference.startswith("#/$defs/") else None
    if name is None or name not in schema.get("$defs", {}):
        return part
    return {**resolved(schema["$defs"][name], schema), **{key: value for key, value in part.items() if key != "$ref"}}


def _properties(part: JsonObject, schema: JsonObject, prefix: str, depth: int) -> Iterator[Field]:
    if depth > 20:
        return
    for name, raw in part.get("properties", {}).items():
        one = resolved(raw, schema)
        path = f"{prefix}{name}"
        options = one.get("enum", resolved(one.get("items", {}), schema).get("enum"))
        yield Field(
            path=path,
            kind={key: one[key] for key in KINDS if key in one},
            limits={key: one[key] for key in LIMITS if key in one},
            options=tuple(options) if options is not None else None,
            required=name in part.get("required", ()),
        )
        yield from _properties(one, schema, f"{path}.", depth + 1)
        if isinstance(one.get("items"), dict):
            yield from _properties(resolved(one["items"], schema), schema, f"{path}.", depth + 1)


def path_of_scope(scope: str) -> str:
    """The dotted path of a scope such as `#/properties/subject/properties/sex`."""
    return ".".join(part for part in scope.removeprefix("#").split("/") if part not in {"", "properties", "items"})


def _read_controls(element: JsonObject, prefix: str, above: tuple[bytes, ...], found: _Controls) -> None:
    rules = (*above, rfc8785.dumps(element["rule"])) if "rule" in element else above
    if element.get("type") == "Control":
        path = prefix + path_of_scope(element["scope"])
        found.rules[path] = rules
        options = element.get("options") or {}
        if options.get("required"):
            found.required.add(path)
        if isinstance(options.get("detail"), dict):
            _read_controls(options["detail"], f"{path}.", rules, found)
    for child in element.get("elements", ()):
        _read_controls(child, prefix, rules, found)
