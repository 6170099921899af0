"""The trust server and the documents that all signing tests use."""

from tests.unit.signing.conftest import receipt, result, world

__all__ = ["receipt", "result", "world"]
