"""A result of a real form before, between and after its signatures."""

from collections.abc import Iterator

import pytest
from chauban.dossiers.documents import DocumentKind

from tests.unit.documents.material import document, first_sample
from tests.unit.linting.files import plain
from tests.unit.signing.world import NUMBER, World, running_world

SLUG = "xac-nhan-tinh-trang-hon-nhan"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("linting") / "Huế") as started:
        yield started


@pytest.fixture(scope="session")
def result() -> bytes:
    """As it was rendered."""
    return document(first_sample(SLUG), DocumentKind.RESULT).pdf


@pytest.fixture(scope="session")
def simple(result: bytes) -> bytes:
    """The same, written plainly."""
    return plain(result)


@pytest.fixture(scope="session")
def signed(world: World, result: bytes) -> bytes:
    return world.by_official(result, world.owner("official-rsa"))


@pytest.fixture(scope="session")
def sealed(world: World, signed: bytes) -> bytes:
    return world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
