"""Answers to a form as a careful person gives them: all that is asked for, nothing else, and what the checks want."""

import copy
from collections.abc import Callable
from typing import Any

from chauban.forms.checks.dates import Adult, DateOrder
from chauban.forms.checks.parts import value_at
from chauban.forms.checks.personal_number import PersonalNumberAgrees
from chauban.forms.checks.persons import SamePerson
from chauban.forms.checks.presence import AtLeastOne, UniqueRows
from chauban.forms.definition import FormDefinition, ResultTemplate
from chauban.forms.formats import as_days
from chauban.forms.layout import controls
from chauban.forms.visibility import without_hidden

from tests.property.values import Node, Values, personal_number, values

# Putting one pair of dates in order may disturb another pair.
ROUNDS = 4


def answers_of(form: FormDefinition) -> Values:
    """Answers that hold to the schema, the rules and the checks (the tests say so)."""
    return with_hidden_answers(form).map(lambda given: without_hidden(form.uischema, given))


def with_hidden_answers(form: FormDefinition) -> Values:
    """The same, with answers to questions that are not shown."""
    shown_or_not = controls(form.form_schema, form.uischema)
    always = frozenset(control.place for control in shown_or_not if control.required)
    return values(form.form_schema, form.form_schema, always).map(lambda given: mended(form, given))


def decisions_of(form: FormDefinition, result: ResultTemplate, answers: Node) -> Values:
    """Decisions on these answers as a careful clerk sends them; conditions of the schema are left to the caller to sort out."""
    schema = form.decision_schemas[result.decision_schema]
    computed = {one.name for one in result.derived}
    typed = {
        **schema,
        "properties": {name: part for name, part in schema["properties"].items() if name not in computed},
        "required": [name for name in schema.get("required", ()) if name not in computed],
    }
    return values(typed, typed, frozenset()).map(lambda given: _decided(result, answers, given))


def _decided(result: ResultTemplate, answers: Node, given: Node) -> Node:
    """The decision with what contradicts itself or the answers put right."""
    decision = copy.deepcopy(given)
    for check in result.checks * ROUNDS:
        for _, holder in check.holders({"answers": answers, "decision": decision}):
            (_follow if isinstance(check, DateOrder) else _MEND[type(check)])(check, holder)
    return decision


def _follow(check: DateOrder, holder: Any) -> None:
    """The later day put to the earlier one's, in the decision's own way of writing it."""
    start, end = (value_at(holder, path) for path in check.paths())
    first, last = as_days(start), as_days(end)
    if first and last and last[1] < first[0]:
        _put(holder, check.fields.end, first[0].isoformat()[: len(end)])


def mended(form: FormDefinition, given: Node) -> Node:
    """The answers with what several fields must agree on put right: dates first, numbers that depend on them last."""
    answers = copy.deepcopy(given)
    dates, numbers, same = (
        [check for check in form.head.checks if isinstance(check, kind)]
        for kind in (DateOrder, PersonalNumberAgrees, SamePerson)
    )
    others = [check for check in form.head.checks if check not in (*numbers, *same)]
    for check in dates * ROUNDS + others + numbers + same + numbers:
        for _, holder in check.holders(answers):
            _MEND[type(check)](check, holder)
    return answers


def _fit_number(check: PersonalNumberAgrees, holder: Any) -> None:
    number, born = value_at(holder, check.fields.personal_number), as_days(value_at(holder, check.fields.birth_date))
    if number is None or born is None:
        return
    sex = value_at(holder, check.fields.sex)
    woman = sex == "female" if sex else bool(int(number[3]) % 2)
    _put(holder, check.fields.personal_number, personal_number(int(number[:3]), born[0], woman, int(number[6:])))


def _order(check: DateOrder, holder: Any) -> None:
    start, end = (value_at(holder, path) for path in check.paths())
    first, last = as_days(start), as_days(end)
    if first and last and last[1] < first[0]:
        # In its own way of writing a day: of a birth perhaps only the year is given.
        _put(holder, check.fields.start, last[0].isoformat()[: len(start)])


def _grow_up(check: Adult, holder: Any) -> None:
    if value_at(holder, check.fields.birth_date):
        _put(holder, check.fields.birth_date, "1951-01-31")


def _answer_first(check: AtLeastOne, holder: Any) -> None:
    raise NotImplementedError("no form asks for one of several answers yet")


def _tell_apart(check: UniqueRows, rows: Any) -> None:
    seen = set()
    for row in list(rows):
        value = value_at(row, check.fields.by)
        if value in seen:
            rows.remove(row)
        seen.add(value)


def _be_one(check: SamePerson, holder: Any) -> None:
    one, other = value_at(holder, check.fields.one), value_at(holder, check.fields.other)
    if other is None or (check.when and value_at(holder, check.when.at) != check.when.equals):
        return
    for name in {*check.fields.by} & one.keys() & other.keys():
        _put(one, name, other[name])


def _put(holder: Any, dotted: str, value: Any) -> None:
    *parents, last = dotted.split(".")
    for name in parents:
        holder = holder[name]
    holder[last] = value


_MEND: dict[type, Callable[[Any, Any], None]] = {
    PersonalNumberAgrees: _fit_number,
    DateOrder: _order,
    Adult: _grow_up,
    AtLeastOne: _answer_first,
    UniqueRows: _tell_apart,
    SamePerson: _be_one,
}
