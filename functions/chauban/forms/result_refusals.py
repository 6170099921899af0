"""What a result's `checks`, `derived` and `annexes` may not say: fields that are not there, faults that no clerk could mend."""

from collections.abc import Iterator

from chauban.forms.definition import ResultTemplate
from chauban.forms.derived import Derivation
from chauban.forms.findings import Finding
from chauban.forms.layout import Place
from chauban.forms.refusal_texts import refusal
from chauban.forms.refusals import HEAD, NodeAt, unresolved_checks
from chauban.forms.schema_nodes import JsonObject, node_at, resolved

_NUMBERS = {"integer", "number"}


def result_refusals(schema: JsonObject, decision: JsonObject, result: ResultTemplate, number: int) -> list[Finding]:
    """All faults of the result at position `number`; the schemas of answers and decision are bundled."""
    node, where = _both(schema, decision), ("results", number)
    return [
        *unresolved_checks(node, result.checks, (*where, "checks")),
        *_blaming_answers(result, (*where, "checks")),
        *(
            fault
            for index, one in enumerate(result.derived)
            for fault in _derived(
                node, one, {later.name for later in result.derived[index:]}, (*where, "derived", index)
            )
        ),
        *_writable(decision, result),
        *_annexes(node, result, (*where, "annexes")),
    ]


def _both(schema: JsonObject, decision: JsonObject) -> NodeAt:
    sides = {"answers": schema, "decision": decision}

    def node(place: Place) -> JsonObject | None:
        if not place:
            return {"type": "object"}
        return node_at(sides[place[0]], place[1:]) if place[0] in sides else None

    return node


def _blaming_answers(result: ResultTemplate, where: tuple[object, ...]) -> Iterator[Finding]:
    for number, check in enumerate(result.checks):
        place = (*check.place, *check.blamed.split("."))
        if place[0] == "answers":
            yield refusal(HEAD, (*where, number), "check-blames-answers", name=".".join(place))


def _derived(node: NodeAt, one: Derivation, later: set[str], where: tuple[object, ...]) -> Iterator[Finding]:
    """`later` are the values that are computed only with this one or after it."""
    for position, path in enumerate((one.to, *one.paths())):
        place, factor = tuple(path.split(".")), position > 0
        if (node(place) or {}).get("type") not in _NUMBERS:
            yield refusal(HEAD, where, "derived-unresolved", name=path)
        elif factor and not _always(node, place):
            yield refusal(HEAD, where, "derived-optional", name=path)
        elif factor and place[0] == "decision" and place[1] in later:
            yield refusal(HEAD, where, "derived-later", name=path)


def _always(node: NodeAt, place: Place) -> bool:
    """Whether the field is there in all answers and decisions: every part of its path is required."""
    return all(place[end] in (node(place[:end]) or {}).get("required", ()) for end in range(1, len(place)))


def _annexes(node: NodeAt, result: ResultTemplate, where: tuple[object, ...]) -> Iterator[Finding]:
    for number, annex in enumerate(result.annexes):
        if annex.given and node(tuple(annex.given.split("."))) is None:
            yield refusal(HEAD, (*where, number, "given"), "annex-unresolved", name=annex.given)


def _writable(decision: JsonObject, result: ResultTemplate) -> Iterator[Finding]:
    """Fields that are computed and not marked, or marked and not computed."""
    computed = {one.name for one in result.derived}
    for name, raw in decision.get("properties", {}).items():
        marked = bool({**(resolved(decision, raw) or {}), **raw}.get("readOnly"))
        if marked != (name in computed):
            yield refusal(result.decision_schema, ("properties", name), "derived-writable", name=name)
