"""The published `if/then` ask for exactly what the rules show: two ways to the same questions, compared."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from chauban.forms.definition import FormDefinition
from chauban.forms.layout import controls as controls_of
from chauban.forms.schema_nodes import EVERY
from chauban.forms.visibility import Path, controls, without_hidden

from tests.property.answers import with_hidden_answers
from tests.property.conftest import FOLDERS, drawn, form_in
from tests.property.nested_form import nested_form
from tests.property.variants import variants
from tests.property.violations import missing

EXAMPLES = 20
FORMS = [*FOLDERS, None]


@pytest.mark.parametrize("folder", FORMS, ids=lambda folder: folder.parent.name if folder else "nested")
def test_what_is_shown_and_required_is_asked_for_and_nothing_else(folder: Any) -> None:
    form = form_in(folder) if folder else nested_form()
    whole = jsonschema_rs.Draft202012Validator(form.form_schema)
    plain = jsonschema_rs.Draft202012Validator({key: part for key, part in form.form_schema.items() if key != "allOf"})
    asked = 0
    generated = drawn(with_hidden_answers(form), EXAMPLES)
    for given in (*variants(form, generated), *_without_one(form, generated)):
        answers = without_hidden(form.uischema, given)
        expected = _open_questions(form, answers)
        assert _missing(whole, answers) == _missing(plain, answers) | expected
        asked += len(expected)
    assert asked > EXAMPLES


def _asked(form: FormDefinition, answers: Any) -> Iterator[Path]:
    """By the rules alone: what is shown and required while it is shown."""
    required = {control.place for control in controls_of(form.form_schema, form.uischema) if control.required}
    for path, shown in controls(form.uischema, answers).items():
        if shown and tuple(EVERY if isinstance(part, int) else part for part in path) in required:
            yield path


def _without_one(form: FormDefinition, generated: list[Any]) -> Iterator[Any]:
    for given in generated:
        answers = without_hidden(form.uischema, given)
        for path in _asked(form, answers):
            yield missing(answers, path).answers


def _open_questions(form: FormDefinition, answers: Any) -> set[Path]:
    """What is asked for and not there, or the first part of its path that is not."""
    return {absent for path in _asked(form, answers) for absent in _first_absent(answers, path)}


def _first_absent(answers: Any, path: Path) -> set[Path]:
    for number, part in enumerate(path):
        if isinstance(answers, dict) and part not in answers:
            return {path[: number + 1]}
        if not isinstance(answers, dict | list):
            return set()
        answers = answers[part]
    return set()


def _missing(validator: jsonschema_rs.Draft202012Validator, answers: Any) -> set[Path]:
    return {
        (*error.instance_path, error.kind.as_dict()["property"])
        for error in validator.iter_errors(answers)
        if error.kind.name == "required"
    }
