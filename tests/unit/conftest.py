"""What unit tests share: the service on fakes, and its log."""

import io

import pytest
from chauban.observability import logger

from tests.unit.fakes.world import World


@pytest.fixture
def world() -> World:
    """A fresh service at nine o'clock on an ordinary Monday."""
    return World()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the service writes into its log from here on."""
    written = io.StringIO()
    monkeypatch.setattr(logger().registered_handler, "stream", written)
    return written
