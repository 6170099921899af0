"""The local deployer hands every property of the template on: change one, and some call must change.

An emulator that ignores a property looks like AWS until the day it matters, so what has no meaning here is named with
its reason in the handler's `left_out`, and everything else is proved to arrive.
"""

from __future__ import annotations

import copy
import fnmatch
from typing import Any

import pytest

from infra.local.resources import HANDLERS
from infra.local.resources.handler import Deployed, Handler
from tests.infrastructure.expanded import GIVEN, Resource, leaves, resources
from tests.infrastructure.recorder import Recorder
from tests.infrastructure.test_tokens_reached import REACHED

EVERYTHING = [*resources(), *resources("Observability")]
# With what only some installations have.
KNOWN = [*EVERYTHING, *resources(given=tuple({**GIVEN, **REACHED}.items()))]
Path = tuple[str | int, ...]


def _changed(properties: dict[str, Any], path: Path) -> dict[str, Any]:
    """The properties with another value at one place."""
    copied = copy.deepcopy(properties)
    place: Any = copied
    for step in path[:-1]:
        place = place[step]
    before = place[path[-1]]
    if isinstance(before, bool):
        place[path[-1]] = not before
    elif isinstance(before, int | float) or (isinstance(before, str) and before.isdigit()):
        place[path[-1]] = int(before) + 1
    elif isinstance(before, str):
        place[path[-1]] = f"{before}-changed"
    else:
        place[path[-1]] = ["changed"]
    return copied


def _calls(handler: Handler, resource: Resource, properties: dict[str, Any], *, again: bool) -> list[str]:
    """What the handler asks for, or the fact that it refuses the value."""
    recorder = Recorder()
    try:
        if again:
            deployed = Deployed("ref", {"Arn": "arn", "Version": "1"})
            handler.update(recorder, deployed, properties)
        else:
            handler.create(recorder, resource.name, properties)
    except (KeyError, TypeError, ValueError, AttributeError) as refused:
        return [*recorder.calls, repr(refused)]
    return recorder.calls


def _is_left_out(handler: Handler, path: Path) -> bool:
    dotted = ".".join(str(step) for step in path)
    return any(
        fnmatch.fnmatchcase(dotted, pattern) or fnmatch.fnmatchcase(dotted, f"{pattern}.*")
        for pattern in handler.left_out
    )


def _dropped(resource: Resource, *, again: bool) -> list[str]:
    handler = HANDLERS[resource.kind]
    usual = _calls(handler, resource, resource.properties, again=again)
    return [
        ".".join(str(step) for step in path)
        for path, _value in leaves(resource.properties)
        if not _is_left_out(handler, path)
        and not (again and path[0] in handler.fixed)
        and _calls(handler, resource, _changed(resource.properties, path), again=again) == usual
    ]


@pytest.mark.parametrize("resource", EVERYTHING, ids=lambda resource: resource.name)
def test_every_property_arrives_when_the_resource_is_made(resource: Resource) -> None:
    assert resource.kind in HANDLERS, f"nothing makes {resource.kind}"
    assert _dropped(resource, again=False) == []


@pytest.mark.parametrize("resource", EVERYTHING, ids=lambda resource: resource.name)
def test_every_property_arrives_when_the_resource_is_changed(resource: Resource) -> None:
    assert _dropped(resource, again=True) == []


def test_the_recorded_calls_do_not_change_by_themselves() -> None:
    for resource in EVERYTHING:
        handler = HANDLERS[resource.kind]
        twice = [_calls(handler, resource, copy.deepcopy(resource.properties), again=False) for _ in range(2)]
        assert twice[0] == twice[1]


@pytest.mark.parametrize("kind", ["AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Lambda::Function"])
def test_a_property_that_nobody_handles_is_found(kind: str) -> None:
    resource = next(one for one in EVERYTHING if one.kind == kind)
    unheard = Resource(resource.name, kind, {**resource.properties, "UnheardOf": "value"})
    assert _dropped(unheard, again=False) == ["UnheardOf"]


def test_what_is_left_out_is_really_in_the_template_and_has_a_reason() -> None:
    for kind, handler in HANDLERS.items():
        for pattern, reason in handler.left_out.items():
            paths = [path for one in KNOWN if one.kind == kind for path, _value in leaves(one.properties)]
            only_this = Handler(handler.create, handler.update, left_out={pattern: reason})
            assert reason
            assert any(_is_left_out(only_this, path) for path in paths), f"{kind}: {pattern} is not in the template"
