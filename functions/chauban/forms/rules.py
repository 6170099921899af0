"""Rules are written once, in the UI schema; publishing makes the schema say the same.

A Control with `options.required` is required while it is shown: its conditions become an `if` at the object that holds both
the condition and the field, also inside the items of a list, and the requirement its `then`. All of them stand in the
published schema's `allOf`, so that the definitions of single fields remain as they were written.
"""

from copy import deepcopy

from chauban.forms.layout import Condition, ControlAt, Place, controls, elements
from chauban.forms.schema_nodes import EVERY, JsonObject


def with_conditions(schema: JsonObject, uischema: JsonObject) -> JsonObject:
    """The bundled schema with an `if/then` for every Control that is required while it is shown."""
    published = deepcopy(schema)
    required = [_requirement(control) for control in controls(schema, uischema) if control.required]
    if required:
        published["allOf"] = required
    return published


def with_strict_conditions(uischema: JsonObject) -> JsonObject:
    """The UI schema in which no rule's condition holds for a value that is not there, as on the server."""
    published = deepcopy(uischema)
    for element in elements(published):
        if "rule" in element:
            element["rule"]["condition"]["failWhenUndefined"] = True
    return published


def _requirement(control: ControlAt) -> JsonObject:
    """What is asked of the answers for one Control."""
    holder = _holder(control)
    asked = _present(control.place[len(holder) :])
    conditions = [_holds(condition, holder) for condition in control.conditions]
    if conditions:
        condition = conditions[0] if len(conditions) == 1 else {"allOf": conditions}
        asked = {"if": condition, "then": asked}
    for name in reversed(holder):
        asked = {"items": asked} if name == EVERY else {"properties": {name: asked}}
    return asked


def _holder(control: ControlAt) -> Place:
    """The innermost object that holds the field and all that its conditions look at."""
    holder = control.place[:-1]
    for condition in control.conditions:
        seen = condition.place[:-1] if len(condition.place) > len(control.base) else condition.place
        while seen[: len(holder)] != holder:
            holder = holder[:-1]
    return holder


def _present(place: Place) -> JsonObject:
    name, *rest = place
    asked: JsonObject = {"required": [name]}
    if rest:
        asked["properties"] = {name: _present(tuple(rest))}
    return asked


def _holds(condition: Condition, holder: Place) -> JsonObject:
    """The condition as a schema of the holder: false for a value that is not there or lies in something else."""
    schema = deepcopy(condition.schema)
    for name in reversed(condition.place[len(holder) :]):
        schema = {"type": "object", "required": [name], "properties": {name: schema}}
    return schema if condition.shows else {"not": schema}
