"""Many sets of answers out of few: whole ones, with answers to hidden questions, with rules broken, with parts left out."""

import copy
import random
from collections.abc import Iterator
from typing import Any

from chauban.forms.definition import FormDefinition

from tests.property.values import Node, target
from tests.property.violations import Path, violations

OF_EACH = 10


def variants(form: FormDefinition, overfull: list[Any], seed: int = 2026) -> Iterator[Any]:
    """`OF_EACH` variants of every set of answers, the same ones every time."""
    chance = random.Random(seed)  # noqa: S311 -- for variety, not secrecy
    for answers in overfull:
        broken = list(violations(form.form_schema, answers))
        yield answers
        yield from (one.answers for one in chance.sample(broken, 4))
        for _ in range(2):
            yield _without_some(chance, answers)
        for _ in range(2):
            yield _other_choices(chance, form.form_schema, answers)
        yield _without_some(chance, _other_choices(chance, form.form_schema, answers))


def _without_some(chance: random.Random, answers: Any) -> Any:
    changed = copy.deepcopy(answers)
    for _ in range(3):
        places = [path for path in _places(changed, ()) if isinstance(path[-1], str)]
        if places:
            holder, last = _holder(changed, chance.choice(places))
            del holder[last]
    return changed


def _other_choices(chance: random.Random, schema: Node, answers: Any) -> Any:
    """Some answers out of a list replaced by others of the list: other questions are shown."""
    changed = copy.deepcopy(answers)
    choices = list(_choices(schema, target(schema, schema), changed, ()))
    for path, options in chance.sample(choices, min(3, len(choices))):
        holder, last = _holder(changed, path)
        holder[last] = chance.choice(options)
    return changed


def _choices(schema: Node, node: Node, value: Any, path: Path) -> Iterator[tuple[Path, list[Any]]]:
    if "enum" in node:
        yield path, node["enum"]
    elif isinstance(value, dict):
        for name, part in node["properties"].items():
            if name in value:
                yield from _choices(schema, target(schema, part), value[name], (*path, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _choices(schema, target(schema, node["items"]), item, (*path, position))


def _places(value: Any, path: Path) -> Iterator[Path]:
    if path:
        yield path
    for part, item in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from _places(item, (*path, part))


def _holder(answers: Any, path: Path) -> tuple[Any, Any]:
    for part in path[:-1]:
        answers = answers[part]
    return answers, path[-1]
