"""Documents of the real form, a trust server, and the judges that look at what is signed."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from chauban.documents.rendering import WeasyPrintRenderer

from tests.conformance.judge import Judge, missing_programs, running_judge
from tests.unit.documents.conftest import context_of, request_for
from tests.unit.signing.world import World, running_world

CASE = "never-married"


def require(missing: list[str]) -> None:
    """Skip where something is not installed, but not in CI: there, what is not tested has failed."""
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("trust") / "Huế") as started:
        yield started


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    require(missing_programs())
    with running_judge() as started:
        yield started


@pytest.fixture
def programs() -> Callable[..., None]:
    """`programs("pdfsig", ...)`: the test needs these."""
    return lambda *names: require([name for name in names if shutil.which(name) is None])


@pytest.fixture(scope="session")
def result() -> bytes:
    return WeasyPrintRenderer().render(request_for("result", context_of(CASE))).pdf


@pytest.fixture(scope="session")
def receipt() -> bytes:
    return WeasyPrintRenderer().render(request_for("receipt", context_of(CASE))).pdf
