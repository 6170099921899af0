"""All forms of the repository, and answers to them that are generated once for all tests."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from chauban.forms.definition import FormDefinition
from chauban.forms.layout import controls as controls_of
from chauban.forms.packaging import read_definition, versions
from chauban.forms.schema_nodes import EVERY
from chauban.forms.visibility import controls
from hypothesis import HealthCheck, Phase, given, settings

from tests.property.answers import answers_of, with_hidden_answers
from tests.property.values import Values

FORMS = Path(__file__).parents[2] / "forms"
FOLDERS = list(versions(FORMS))
EXAMPLES, MOST_EXAMPLES = 30, 480


@cache
def form_in(folder: Path) -> FormDefinition:
    return read_definition(folder)


@pytest.fixture(params=FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def form(request: pytest.FixtureRequest) -> FormDefinition:
    return form_in(request.param)


def drawn(strategy: Values, count: int) -> list[Any]:
    """The same values every time, for tests that go through them one by one."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


@cache
def _answers(slug: str, version: str) -> list[Any]:
    form = form_in(FORMS / slug / version)
    asked = {control.place for control in controls_of(form.form_schema, form.uischema) if control.required}
    count = EXAMPLES
    # Hypothesis favours what resembles its last example: more are drawn until every conditional question was shown.
    while not asked <= _shown(form, found := drawn(answers_of(form), count)) and count < MOST_EXAMPLES:
        count *= 2
    return found


def _shown(form: FormDefinition, generated: list[Any]) -> set[tuple[str, ...]]:
    return {
        tuple(EVERY if isinstance(part, int) else part for part in path)
        for answers in generated
        for path, shown in controls(form.uischema, answers).items()
        if shown
    }


@pytest.fixture
def answers(form: FormDefinition) -> list[Any]:
    """Answers that hold to everything the form asks."""
    return _answers(form.slug, form.version)


@pytest.fixture
def overfull(form: FormDefinition) -> list[Any]:
    """Answers with others to questions that are not shown."""
    return drawn(with_hidden_answers(form), EXAMPLES)
