"""Walking a JSON Schema: every subschema with its place, and the subschema that describes a value.

Property names are told from keywords, so that a field may be called `if` or `items`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

JsonObject = dict[str, Any]

_ONE = (
    *("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames", "contains"),
    *("if", "then", "else", "not"),
)
_NAMED = ("properties", "$defs", "patternProperties", "dependentSchemas")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")

# Stands for every position of a list in the place of a field: ("members", "*", "full_name").
EVERY = "*"


def every_node(schema: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], JsonObject]]:
    """The schema and all subschemas that are objects, each with the path of its keywords."""
    if not isinstance(schema, dict):
        return
    yield place, schema
    for keyword in _ONE:
        if keyword in schema:
            yield from every_node(schema[keyword], (*place, keyword))
    for keyword in _NAMED:
        for name, part in schema.get(keyword, {}).items():
            yield from every_node(part, (*place, keyword, name))
    for keyword in _LISTED:
        for position, part in enumerate(schema.get(keyword, ())):
            yield from every_node(part, (*place, keyword, str(position)))


def resolved(schema: JsonObject, node: Any) -> JsonObject | None:
    """The node itself, or what its `$ref` into `#/$defs` stands for; None where there is no such thing."""
    seen: set[str] = set()
    while isinstance(node, dict) and "$ref" in node:
        reference = str(node["$ref"])
        if reference in seen or not reference.startswith("#/$defs/"):
            return None
        seen.add(reference)
        node = schema.get("$defs", {}).get(reference.removeprefix("#/$defs/"))
    return node if isinstance(node, dict) else None


def node_at(schema: JsonObject, place: Sequence[str]) -> JsonObject | None:
    """The subschema of the field at a place (`EVERY` for list positions); None where the schema has no such field."""
    node = resolved(schema, schema)
    for name in place:
        if node is None:
            return None
        part = node.get("items") if name == EVERY else node.get("properties", {}).get(name)
        node = resolved(schema, part)
    return node


def scope_names(scope: object) -> tuple[str, ...] | None:
    """The property names in a scope such as `#/properties/subject/properties/sex`; None if it is no such scope."""
    if scope == "#":
        return ()
    parts = str(scope).split("/")
    names, keywords = parts[2::2], parts[1::2]
    if parts[0] != "#" or not names or len(names) != len(keywords) or set(keywords) != {"properties"}:
        return None
    return tuple(name.replace("~1", "/").replace("~0", "~") for name in names)


def pointer(place: Sequence[object]) -> str:
    """The JSON pointer (RFC 6901) of a place."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)
