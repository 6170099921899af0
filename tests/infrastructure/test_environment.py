"""A function's environment is what its code asks for: nothing missing, and nothing that it has no use for.

What it asks for is read from the source of bootstrap: every setting that is named in the functions that the handler's
module uses, and in those that they use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from infra.local.folder import REPOSITORY
from tests.infrastructure.expanded import Resource, of_kind

PACKAGE = REPOSITORY / "functions" / "chauban"
# `files()` is made of all buckets; which of them a function's services touch is known here only.
BUCKETS = {"forms_bucket", "work_bucket", "archive_bucket", "lock_mode", "retention_days"}
TOUCHED = {
    "PreviewFunction": {"work_bucket"},
    "RenderFunction": {"work_bucket", "archive_bucket", "lock_mode", "retention_days"},
    "SignFunction": {"work_bucket"},
    "SealFunction": {"work_bucket", "archive_bucket", "lock_mode", "retention_days"},
    "ExtendFunction": {"archive_bucket", "lock_mode", "retention_days"},
}
# Have defaults in settings.py that nobody has had a reason to change.
LEFT_TO_THEIR_DEFAULTS = {"session_minutes"}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _parts() -> dict[str, ast.FunctionDef]:
    sources = sorted((PACKAGE / "bootstrap").glob("*.py"))
    found = [node for source in sources for node in _tree(source).body if isinstance(node, ast.FunctionDef)]
    assert len({node.name for node in found}) == len(found), "two parts of one name cannot be told apart"
    return {node.name: node for node in found}


def _names(node: ast.AST) -> set[str]:
    """Parts of bootstrap that a piece of code names, as `name`, `bootstrap.name` or `state.name`."""
    inner = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    imported = {one.name for each in ast.walk(node) if isinstance(each, ast.ImportFrom) for one in each.names}
    attributes = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return (inner | imported | attributes) & set(_parts())


def _used(module: str) -> set[str]:
    """The parts of bootstrap behind a handler's module."""
    sources = [PACKAGE / "handlers" / f"{module}.py"]
    if "work_off" in sources[0].read_text(encoding="utf-8"):
        sources += [PACKAGE / "handlers" / f"{part}.py" for part in ("work", "failures")]
    found: set[str] = set()
    open_ones = set().union(*(_names(_tree(source)) for source in sources))
    while open_ones:
        found |= open_ones
        open_ones = set().union(*(_names(_parts()[name]) for name in open_ones)) - found
    return found


def _settings(node: ast.AST) -> Iterator[str]:
    """The settings that a part asks for: `known.x`, `settings().x`, `need("x")`."""
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and one.attr != "need":
            owner = one.value
            called = isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "settings"
            if called or (isinstance(owner, ast.Name) and owner.id == "known"):
                yield one.attr
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "need":
            (name,) = one.args
            if isinstance(name, ast.Constant):
                yield str(name.value)
            else:
                assert ast.unparse(name) == "f'queue_{channel}'"
                yield from ("queue_render", "queue_sign", "queue_seal", "queue_extend")


def _asked_for(function: Resource) -> set[str]:
    module = function.properties["Handler"].split(".")[-2]
    parts = _used(module)
    asked = {name for part in parts if part != "files" for name in _settings(_parts()[part])}
    if "files" in parts:
        assert set(_settings(_parts()["files"])) == BUCKETS
        asked |= TOUCHED.get(function.name, set())
    return asked - LEFT_TO_THEIR_DEFAULTS


@pytest.mark.parametrize("function", of_kind("AWS::Lambda::Function"), ids=lambda function: function.name)
def test_a_function_is_given_what_it_asks_for_and_nothing_else(function: Resource) -> None:
    variables = function.properties["Environment"]["Variables"]
    given = {name.removeprefix("CHAUBAN_").lower() for name in variables if name.startswith("CHAUBAN_")}
    assert given == _asked_for(function)


def test_the_reading_of_bootstrap_finds_settings_behind_several_steps() -> None:
    seal = next(one for one in of_kind("AWS::Lambda::Function") if one.name == "SealFunction")
    assert {"table", "stage", "tsa_urls", "tsa_seconds", "queue"} <= _asked_for(seal)
