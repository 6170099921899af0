"""The trust server and the documents that all signing tests use, an account of AWS, and a shell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chauban import bootstrap
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.machine import SystemClock
from chauban.cli import main
from chauban.cli.keys import SECRET
from chauban.signing.signers.pkcs11 import Token

from tests.unit.adapters.conftest import aws, table
from tests.unit.signers import softhsm
from tests.unit.signing.conftest import receipt, result, world
from tests.unit.signing.world import World, handwriting

__all__ = ["aws", "receipt", "result", "table", "world"]


class Shell:
    """A folder with files, and the commands run in it; an answer is exit code, output and errors."""

    def __init__(self, folder: Path, world: World, said: Callable[[], tuple[str, str]]) -> None:
        self.folder, self.world, self._said = folder, world, said
        self.roots = world.authority.root_file

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        return (code, *self._said())


@pytest.fixture
def shell(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv(SECRET, softhsm.PIN)
    return Shell(tmp_path, world, capsys.readouterr)


@pytest.fixture
def records(shell: Shell, aws: Callable[[str], Any], table: Table, monkeypatch: pytest.MonkeyPatch) -> DynamoCatalogue:
    """The catalogue of the repository in a table, a bucket for pictures, and the shell's access to both."""
    store = DynamoCatalogue(table, SystemClock())
    aws("s3").create_bucket(Bucket="forms", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    monkeypatch.setattr(bootstrap, "client", aws)
    monkeypatch.setattr(bootstrap, "clock", SystemClock)
    code, _, err = shell("catalogue", "load", "--table", "chauban", Path(__file__).parents[3] / "catalogue")
    assert (code, err) == (0, "")
    return store


@pytest.fixture
def token() -> Token:
    return softhsm.token_of_the_run()


@pytest.fixture
def picture(shell: Shell) -> Path:
    return shell.file("picture.png", handwriting())
