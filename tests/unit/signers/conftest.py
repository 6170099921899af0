"""The trust server and the unsigned result that all signing tests use."""

from tests.unit.signing.conftest import result, world

__all__ = ["result", "world"]
