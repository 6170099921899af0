"""What a form asks for is asked of every answer: generated answers pass, and with one rule broken the fault is at its place."""

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from chauban.errors import InvalidRequest
from chauban.forms.checks.dates import Adult, DateOrder
from chauban.forms.checks.parts import value_at
from chauban.forms.checks.personal_number import PersonalNumberAgrees
from chauban.forms.checks.persons import SamePerson
from chauban.forms.checks.presence import UniqueRows
from chauban.forms.definition import FormDefinition
from chauban.forms.field_errors import field_pointer
from chauban.forms.layout import controls as controls_of
from chauban.forms.schema_nodes import EVERY, every_node, node_at
from chauban.forms.validation import accepted_decision, examined
from chauban.forms.visibility import controls

from tests.property import values
from tests.property.answers import decisions_of
from tests.property.conftest import drawn
from tests.property.values import TODAY
from tests.property.violations import Path, Violation, missing, violations

Form = FormDefinition
# What publishing adds is no keyword that a form uses: it is the Controls' rules, which are generated from the UI schema.
MADE_BY_PUBLISHING = {"allOf"}


def used_keywords(form: Form) -> Counter[str]:
    plain = {keyword: part for keyword, part in form.form_schema.items() if keyword not in MADE_BY_PUBLISHING}
    return Counter(keyword for _, node in every_node(plain) for keyword in node)


def place(path: Path) -> tuple[str, ...]:
    return tuple(EVERY if isinstance(part, int) else part for part in path)


def found(form: Form, answers: Any) -> set[tuple[str, str]]:
    return {(fault.pointer, fault.code) for fault in examined(form, answers, TODAY).faults}


def test_every_keyword_and_format_in_use_is_generated(form: Form) -> None:
    unknown = set(used_keywords(form)) - values.KEYWORDS
    assert unknown == set(), f"write generators for {unknown}"
    formats = {node["format"] for _, node in every_node(form.form_schema) if "format" in node}
    assert formats <= set(values._FORMATS)


def test_answers_that_are_all_there_are_accepted_as_they_are(form: Form, answers: list[Any]) -> None:
    for given in answers:
        result = examined(form, given, TODAY)
        assert [(fault.pointer, fault.code) for fault in result.faults] == []
        assert result.answers == given


def test_every_rule_of_the_schema_broken_once_is_found_at_its_place(form: Form, answers: list[Any]) -> None:
    seen: set[tuple[tuple[str, ...], str]] = set()
    broken: Counter[str] = Counter()
    for given in answers:
        for violation in (*violations(form.form_schema, given), *_unanswered(form, given)):
            rule = place(violation.path), violation.keyword
            if rule not in seen:
                seen.add(rule)
                broken[violation.keyword] += 1
                expected = field_pointer("#/answers", violation.path), violation.keyword
                assert expected in found(form, violation.answers), f"{violation.keyword} at {'.'.join(rule[0])}"
    asserting = set(used_keywords(form)) - values.ANNOTATIONS - {"$ref", "properties", "items"}
    assert asserting - set(broken) == set(), "some keyword was never broken"
    required_if_shown = {control.place for control in controls_of(form.form_schema, form.uischema) if control.required}
    assert {(where, "required") for where in required_if_shown} <= seen


def _unanswered(form: Form, answers: Any) -> Iterator[Violation]:
    """Each question that is asked because of a rule, left open."""
    required = {control.place for control in controls_of(form.form_schema, form.uischema) if control.required}
    for path, shown in controls(form.uischema, answers).items():
        if shown and place(path) in required:
            yield missing(answers, path)


def test_answers_to_hidden_questions_leave_nothing_behind(form: Form, overfull: list[Any]) -> None:
    for given in overfull:
        result = examined(form, given, TODAY)
        assert [(fault.pointer, fault.code) for fault in result.faults] == []
        assert examined(form, result.answers, TODAY) == result
        for path, shown in controls(form.uischema, result.answers).items():
            assert shown or not _given(result.answers, path)


def _given(answers: Any, path: Path) -> bool:
    for part in path:
        if isinstance(answers, dict) and part not in answers:
            return False
        answers = answers[part]
    return True


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("một \u202eđoạn", "forbidden-character"),
        ("một\x07", "forbidden-character"),
        ("m\ud800", "forbidden-character"),
        ("một\u200b hai", "forbidden-character"),
        ("chữ 好", "glyph"),
        ("🖋 ký", "glyph"),
    ],
)
def test_text_that_cannot_be_printed_is_found_at_its_place(
    form: Form, answers: list[Any], text: str, code: str
) -> None:
    seen = set()
    for given in answers[:10]:
        for path, value in _texts(given, ()):
            if place(path) not in seen:
                seen.add(place(path))
                changed = copy.deepcopy(given)
                _put(changed, path, value + text)
                assert (field_pointer("#/answers", path), code) in found(form, changed)
    assert seen


def test_every_named_check_fails_at_its_place(form: Form, answers: list[Any]) -> None:
    failed = set()
    for given in answers:
        for number, check in enumerate(form.head.checks):
            for path, _ in check.holders(given):
                changed = copy.deepcopy(given)
                holder = changed
                for part in path:
                    holder = holder[part]
                for where, code in _contradict(check, holder):
                    failed.add((number, code))
                    assert (field_pointer("#/answers", (*path, *where.split("."))), code) in found(form, changed)
    assert failed == _possible(form.head.checks, lambda where: node_at(form.form_schema, where))


def test_every_check_of_a_result_fails_at_its_place_in_the_decision(form: Form, answers: list[Any]) -> None:
    failed = set()
    (result,) = form.head.results
    for number, given in enumerate(answers):
        decision = drawn(decisions_of(form, result, given), 20)[number % 20]
        for position, check in enumerate(result.checks):
            both = copy.deepcopy({"answers": given, "decision": decision})
            for path, holder in list(check.holders(both)):
                for where, code in _contradict(check, holder):
                    failed.add((position, code))
                    pointer = field_pointer("#/data", (*path, *where.split("."))[1:])
                    with pytest.raises(InvalidRequest) as refusal:
                        accepted_decision(form, result, both["answers"], both["decision"], TODAY)
                    assert (pointer, code) in {(fault.pointer, fault.code) for fault in refusal.value.errors}
    sides = {"answers": form.form_schema, "decision": form.decision_schemas[result.decision_schema]}
    assert failed == _possible(result.checks, lambda where: node_at(sides[where[0]], where[1:]))


def _possible(checks: Iterable[Any], node: Callable[[tuple[str, ...]], Any]) -> set[tuple[int, str]]:
    """Every fault that a form's checks can find in it, by the check's position; `node` is the schema's node of a place."""
    found = set()
    for number, check in enumerate(checks):
        if not isinstance(check, PersonalNumberAgrees):
            found.add((number, check.rule))
            continue
        of_items = check.place and (node(check.place) or {}).get("type") == "array"
        base = (*check.place, EVERY) if of_items else check.place
        others = {"birth-date": check.fields.birth_date, "sex": check.fields.sex}
        found |= {
            (number, f"personal-number-{what}")
            for what, path in others.items()
            if node((*base, *path.split("."))) is not None
        }
    return found


def _contradict(check: Any, holder: Any) -> Iterator[tuple[str, str]]:
    if isinstance(check, PersonalNumberAgrees):
        number = value_at(holder, check.fields.personal_number)
        born = value_at(holder, check.fields.birth_date)
        if number and born:
            year = (int(number[4:6]) + 1) % 100
            _put(holder, check.fields.personal_number.split("."), f"{number[:4]}{year:02}{number[6:]}")
            yield check.fields.personal_number, "personal-number-birth-date"
        if number and value_at(holder, check.fields.sex):
            # Even for men, odd for women; the century stays.
            _put(holder, check.fields.personal_number.split("."), f"{number[:3]}{int(number[3]) ^ 1}{number[4:]}")
            yield check.fields.personal_number, "personal-number-sex"
    elif isinstance(check, DateOrder):
        start, end = check.paths()
        if value_at(holder, start) and value_at(holder, end):
            _put(holder, start.split("."), "2026-11-22")
            _put(holder, end.split("."), "2026-11-21")
            yield end, "date-order"
    elif isinstance(check, Adult):
        _put(holder, check.fields.birth_date.split("."), "2020-01-31")
        yield check.fields.birth_date, "adult"
    elif isinstance(check, UniqueRows):
        if holder and value_at(holder[0], check.fields.by) is not None:
            holder.append(copy.deepcopy(holder[0]))
            yield f"{len(holder) - 1}.{check.fields.by}", "unique-rows"
    elif isinstance(check, SamePerson):
        applies = check.when is None or value_at(holder, check.when.at) == check.when.equals
        if applies and value_at(holder, check.fields.other) is not None:
            _put(holder, check.blamed.split("."), "Một Người Khác")
            yield check.blamed, "same-person"
    else:
        raise NotImplementedError(f"say how {check.rule} is contradicted")


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    for part, item in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from _texts(item, (*path, part))


def _put(answers: Any, path: Any, value: Any) -> None:
    *parents, last = path
    for part in parents:
        answers = answers[part]
    answers[last] = value
