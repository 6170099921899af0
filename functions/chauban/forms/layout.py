"""The UI schema read once: every Control with the place of its field and the conditions under which it is shown.

Places are property names from the root, `EVERY` standing for each position of a list. Below a Control with `options.detail`
everything is relative to that Control's value (to each item, if it is a list), as in JSON Forms.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chauban.forms.schema_nodes import EVERY, JsonObject, node_at, scope_names

EFFECTS = {"SHOW", "HIDE", "ENABLE", "DISABLE"}
DECIDING = {"SHOW", "HIDE"}

Place = tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """A field is shown if the value at `place` satisfies `schema` (`shows`), or if it does not. No value satisfies nothing."""

    place: Place
    schema: JsonObject
    shows: bool


@dataclass(frozen=True)
class ControlAt:
    """A Control: its field, the detail it stands in (`base`), the conditions inside that detail, and those further out."""

    place: Place
    base: Place
    conditions: tuple[Condition, ...]
    outer: tuple[Condition, ...]
    required: bool
    pointer: Place = field(compare=False)


@dataclass(frozen=True)
class RuleAt:
    """A rule as written; `base` as for a Control."""

    rule: JsonObject
    base: Place
    pointer: Place


def controls(schema: JsonObject, uischema: JsonObject) -> Iterator[ControlAt]:
    """Every Control whose scope can be read. `schema` is bundled; it tells lists from objects."""
    yield from _controls(schema, uischema, (), (), (), ())


def rules(schema: JsonObject, uischema: JsonObject) -> Iterator[RuleAt]:
    """Every rule of every element."""
    yield from _rules(schema, uischema, (), ())


def elements(uischema: JsonObject) -> Iterator[JsonObject]:
    """Every element of the layout, those in details too."""
    yield uischema
    for child in uischema.get("elements", ()):
        yield from elements(child)
    if detail := _detail(uischema):
        yield from elements(detail)


def _controls(
    schema: JsonObject,
    element: JsonObject,
    base: Place,
    inner: tuple[Condition, ...],
    outer: tuple[Condition, ...],
    at: Place,
) -> Iterator[ControlAt]:
    inner = (*inner, *_condition(element.get("rule"), base))
    names = scope_names(element["scope"]) if "scope" in element else None
    if names is not None:
        place = base + names
        required = element.get("options", {}).get("required") is True
        yield ControlAt(place, base, inner, outer, required, at)
        if detail := _detail(element):
            below = _inside(schema, place)
            yield from _controls(schema, detail, below, (), outer + inner, (*at, "options", "detail"))
    for number, child in enumerate(element.get("elements", ())):
        yield from _controls(schema, child, base, inner, outer, (*at, "elements", str(number)))


def _rules(schema: JsonObject, element: JsonObject, base: Place, at: Place) -> Iterator[RuleAt]:
    if "rule" in element:
        yield RuleAt(element["rule"], base, (*at, "rule"))
    for number, child in enumerate(element.get("elements", ())):
        yield from _rules(schema, child, base, (*at, "elements", str(number)))
    names = scope_names(element.get("scope"))
    if names is not None and (detail := _detail(element)):
        yield from _rules(schema, detail, _inside(schema, base + names), (*at, "options", "detail"))


def _condition(rule: JsonObject | None, base: Place) -> Iterator[Condition]:
    """The rule's condition if it decides about showing and can be read; what cannot be read is `faults_of_rules`' matter."""
    if rule is None or rule.get("effect") not in DECIDING:
        return
    condition = rule.get("condition", {})
    names = scope_names(condition.get("scope"))
    if names is not None and isinstance(condition.get("schema"), dict):
        yield Condition(base + names, condition["schema"], rule["effect"] == "SHOW")


def _detail(element: JsonObject) -> JsonObject | None:
    detail = element.get("options", {}).get("detail")
    # JSON Forms also knows the words "GENERATED", "DEFAULT" and "REGISTERED" here.
    return detail if isinstance(detail, dict) else None


def _inside(schema: JsonObject, place: Place) -> Place:
    node = node_at(schema, place) or {}
    return (*place, EVERY) if node.get("type") == "array" else place
