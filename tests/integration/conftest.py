"""Every test here runs against an embedded stack that is started for the session, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.folder import Folder
from infra.local.stack import Stack
from tests.integration.running_stack import RunningStack

# What waits longest begins, so that no process is alone with it at the end; the other files follow in the order of their names.
LONGEST = (
    "lasting",
    "remote_signing",
    "many_decisions",
    "faults",
    "restart",
    "guide",
    "dead_letters",
    "notices",
    "publishing",
    "up",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.stack)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    name = item.path.stem.removeprefix("test_")
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The running stack; its folder has a space and a diacritic in its name, as a user's may."""
    running = RunningStack(Stack(Folder(tmp_path_factory.mktemp("kho dữ liệu"))))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[RunningStack]:
    """A stack for one test alone: for those that stop it, kill it or deploy another template."""
    running = RunningStack(Stack(Folder(tmp_path / "kho dữ liệu")))
    running.start()
    yield running
    running.stop()
