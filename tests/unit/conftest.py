"""What unit tests share: the service on fakes."""

import pytest

from tests.unit.fakes.world import World


@pytest.fixture
def world() -> World:
    """A fresh service at nine o'clock on an ordinary Monday."""
    return World()
