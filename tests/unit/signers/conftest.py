"""The trust server that all signing tests use, and the unsigned result of a real form."""

import pytest
from chauban.documents.rendering import WeasyPrintRenderer

from tests.unit.documents.conftest import context_of, request_for
from tests.unit.signing.conftest import world

__all__ = ["result", "world"]


@pytest.fixture(scope="session")
def result() -> bytes:
    return WeasyPrintRenderer().render(request_for("result", context_of("never-married"))).pdf
