"""What a form version's schema and UI schema may not say: each would make page, server and document disagree."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from chauban.forms.checks import Checker
from chauban.forms.findings import Finding
from chauban.forms.formats import FORMATS
from chauban.forms.layout import EFFECTS, Condition, ControlAt, Place, RuleAt, controls, rules
from chauban.forms.refusal_texts import refusal
from chauban.forms.schema_nodes import EVERY, JsonObject, every_node, node_at, scope_names

HEAD, SCHEMA, UISCHEMA = "form.yaml", "schema.json", "uischema.json"
CONDITIONAL = (
    *("if", "then", "else", "allOf", "anyOf", "oneOf", "not"),
    *("dependentRequired", "dependentSchemas", "dependencies"),
)
NodeAt = Callable[[Place], JsonObject | None]
_AS_A_WHOLE = {"const", "enum", "minProperties", "maxProperties", "additionalProperties", "patternProperties"}


def refusals(schema: JsonObject, uischema: JsonObject) -> list[Finding]:
    """All faults of a bundled schema, as written, and its UI schema."""
    shown = list(controls(schema, uischema))
    return [
        *_by_hand(schema),
        *_formats(schema),
        *(fault for rule in rules(schema, uischema) for fault in _rule(schema, rule)),
        *(fault for control in shown for fault in _control(schema, control)),
        *_required_but_hidden(schema, shown),
        *_cycles(shown),
    ]


def check_refusals(schema: JsonObject, checks: Sequence[Checker]) -> list[Finding]:
    """Checks of form.yaml that look for fields which the form does not have."""
    return list(unresolved_checks(lambda place: node_at(schema, place), checks, ("checks",)))


def unresolved_checks(node: NodeAt, checks: Sequence[Checker], where: tuple[object, ...]) -> Iterator[Finding]:
    """Checks that look for fields of which `node` knows nothing; `where` is their place in form.yaml."""
    for number, check in enumerate(checks):
        holder = node(check.place)
        of_items = holder is not None and holder.get("type") == "array"
        base = (*check.place, EVERY) if of_items else check.place

        def has(path: str, base: Place = base) -> bool:
            return node((*base, *path.split("."))) is not None

        if holder is None or (check.of_list and not of_items):
            yield refusal(HEAD, (*where, number, "at"), "check-unresolved", name=check.at)
        elif missing := check.lacking(has):
            yield refusal(HEAD, (*where, number), "check-unresolved", name=", ".join(missing))
        elif (only := check.condition) and only[1] not in (node((*base, *only[0].split("."))) or {}).get("enum", ()):
            yield refusal(HEAD, (*where, number, "when"), "check-unresolved", name=": ".join(only))


def _by_hand(schema: JsonObject) -> Iterator[Finding]:
    for place, node in every_node(schema):
        for keyword in CONDITIONAL:
            if keyword in node:
                yield refusal(SCHEMA, (*place, keyword), "condition-in-schema", name=keyword)


def _formats(schema: JsonObject) -> Iterator[Finding]:
    for place, node in every_node(schema):
        if "format" in node and node["format"] not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            yield refusal(SCHEMA, (*place, "format"), "unknown-format", name=node["format"], known=known)


def _rule(schema: JsonObject, found: RuleAt) -> Iterator[Finding]:
    rule, condition = found.rule, found.rule.get("condition")
    at = found.pointer
    if rule.get("effect") not in EFFECTS:
        yield refusal(UISCHEMA, (*at, "effect"), "effect-unknown", known=", ".join(sorted(EFFECTS)))
    elif not isinstance(condition, dict) or not isinstance(condition.get("schema"), dict) or "scope" not in condition:
        yield refusal(UISCHEMA, (*at, "condition"), "condition-unknown")
    elif any("$ref" in node for _, node in every_node(condition["schema"])):
        yield refusal(UISCHEMA, (*at, "condition", "schema"), "condition-unknown")
    elif (names := scope_names(condition["scope"])) is None or node_at(schema, found.base + names) is None:
        name = f"{condition['scope']} {_where(found.base)}".strip()
        yield refusal(UISCHEMA, (*at, "condition", "scope"), "rule-unresolved", name=name)


def _control(schema: JsonObject, control: ControlAt) -> Iterator[Finding]:
    if node_at(schema, control.place) is None or control.place == control.base:
        yield refusal(UISCHEMA, (*control.pointer, "scope"), "scope-unresolved", name=".".join(control.place))


def _required_but_hidden(schema: JsonObject, shown: list[ControlAt]) -> Iterator[Finding]:
    """Fields that can be hidden, or whose every part can, while the schema always asks for them."""
    always = {
        control.place[:end]
        for control in shown
        if not control.conditions
        for end in range(len(control.base) + 1, len(control.place) + 1)
    }
    for control in shown:
        for end in range(len(control.base) + 1, len(control.place) + 1) if control.conditions else ():
            part = control.place[:end]
            holder = node_at(schema, part[:-1]) or {}
            if part not in always and part[-1] in holder.get("required", ()):
                yield refusal(UISCHEMA, control.pointer, "hidden-but-required", name=".".join(part))


def _cycles(shown: list[ControlAt]) -> Iterator[Finding]:
    """Controls whose showing depends, in the end, on themselves."""
    conditional = [control for control in shown if control.conditions or control.outer]
    leads_to = {
        number: [
            other
            for other, target in enumerate(conditional)
            if any(_touch(read, target.place) for condition in _all(control) for read in _reads(condition))
        ]
        for number, control in enumerate(conditional)
    }
    for number, control in enumerate(conditional):
        if number in _reachable(leads_to, number):
            yield refusal(UISCHEMA, control.pointer, "cycle-of-rules", name=".".join(control.place))


def _all(control: ControlAt) -> Iterable[Condition]:
    return (*control.outer, *control.conditions)


def _reachable(leads_to: dict[int, list[int]], start: int) -> set[int]:
    found: set[int] = set()
    still = list(leads_to[start])
    while still:
        number = still.pop()
        if number not in found:
            found.add(number)
            still += leads_to[number]
    return found


def _touch(one: Place, other: Place) -> bool:
    """Whether one place is the other or lies in it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _reads(condition: Condition) -> set[Place]:
    """The places that a condition looks at: parts of an object where its schema names them, else the value as a whole."""
    return _read(condition.place, condition.schema)


def _read(place: Place, schema: object) -> set[Place]:
    if not isinstance(schema, dict):
        return {place}
    found = {(*place, name) for name in schema.get("required", ())}
    for name, part in schema.get("properties", {}).items():
        found |= _read((*place, name), part)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            found |= _read(place, part)
    for keyword in ("not", "if", "then", "else"):
        if keyword in schema:
            found |= _read(place, schema[keyword])
    whole = not found or _AS_A_WHOLE & set(schema)
    return found | {place} if whole else found


def _where(base: Place) -> str:
    return f"({'.'.join(base)})" if base else ""
