"""The native layer cannot be built without a container, so its recipe is held against what rendering really opens."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from infra.local.folder import REPOSITORY

LAYER = REPOSITORY / "infra" / "layer"
# AWS Lambda quotas: function and layers together, unzipped.
LIMIT = 250 * 1024 * 1024
FONT = REPOSITORY / "forms" / "_shared" / "fonts" / "ChaubanText-Regular.ttf"
# With the functions' own configuration and font, whatever the machine has: Pango ends a process that has no font at all.
SCRIPT = """
import sys
from pathlib import Path
from chauban.documents.fonts import LoadedFonts
from weasyprint import HTML
face = f"<style>@font-face {{ font-family: Text; src: url({Path(sys.argv[1]).as_uri()}) }}</style>"
page = face + "<p lang=vi style='font-family: Text'>Ủy ban nhân dân</p>"
HTML(string=page).write_pdf("/dev/null", font_config=LoadedFonts())
print(open("/proc/self/maps").read(), flush=True)
"""


def _names(file: str) -> set[str]:
    lines = (LAYER / file).read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def _asked_for(path: str) -> str:
    """The name that programs ask for (its soname): lib.so.MAJOR, without the rest of the version."""
    name = Path(path).name
    return name if name.startswith("ld-") else re.sub(r"(\.so\.\d+)[\d.]*$", r"\1", name)


@pytest.fixture(scope="module")
def opened() -> dict[str, Path]:
    """Shared libraries outside of Python that a process has open after rendering, by the name asked for."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(FONT)], capture_output=True, text=True, check=True)
    paths = set(re.findall(r"(/\S[^\n]*\.so[.\d]*)$", done.stdout, re.MULTILINE))
    outside = {path for path in paths if "site-packages" not in path and "/lib-dynload/" not in path}
    return {_asked_for(path): Path(path) for path in outside if "libpython" not in path}


def test_every_library_that_rendering_opens_is_in_the_layer_or_in_the_runtime(opened: dict[str, Path]) -> None:
    assert "libpango-1.0.so.0" in opened
    assert set(opened) - _names("libraries.txt") - _names("provided.txt") == set()


def test_the_layer_brings_nothing_that_the_runtime_has() -> None:
    assert not _names("libraries.txt") & _names("provided.txt")


def _pinned() -> list[str]:
    lines = (REPOSITORY / "functions" / "requirements.txt").read_text().splitlines()
    return [line.split("==")[0].split("[")[0] for line in lines if "==" in line]


def _unzipped(package: str) -> int:
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        pytest.fail(f"{package} is pinned for the functions but not installed: run `make lock` and `make setup`")
    paths = [Path(str(file.locate())) for file in files if "__pycache__" not in file.parts]
    return sum(path.stat().st_size for path in paths if path.exists())


def test_function_and_layer_stay_below_the_limit_of_lambda(opened: dict[str, Path]) -> None:
    libraries = sum(_unzipped(package) for package in _pinned())
    own = sum(path.stat().st_size for path in (REPOSITORY / "functions" / "chauban").rglob("*") if path.is_file())
    layer = sum(path.stat().st_size for name, path in opened.items() if name in _names("libraries.txt"))
    assert libraries > 50 * 1024 * 1024, "the measure is broken"
    assert libraries + own + layer < LIMIT
