"""docs/forms.md followed literally, from an empty folder to a published form, on an installation that the guide itself makes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.folder import REPOSITORY

# What the tests run in already.
SET_UP = ("make setup", ". .venv/bin/activate")
LOOK = "curl -sf --retry 30 --retry-delay 1 --retry-connrefused http://127.0.0.1:8600/ | grep -o '<title>.*</title>'"
TEN_MINUTES = 600


@dataclass(frozen=True)
class Followed:
    """What each of the guide's blocks printed, and how long all of them took."""

    printed: list[str]
    seconds: float
    errors: str

    def block(self, word: str) -> str:
        """What the first block with that word in it printed."""
        return self.printed[next(place for place, block in enumerate(BLOCKS) if word in block)]


BLOCKS = re.findall(
    r"```sh\n(.*?)```",
    (REPOSITORY / "docs" / "forms.md").read_text(encoding="utf-8").split("\n## The files")[0],
    re.DOTALL,
)


def _tool(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """The guide in one shell, in a copy of the project's shared forms; the installation lies in a folder of the tests' own."""
    home = tmp_path_factory.mktemp("sở tư pháp")
    shutil.copytree(REPOSITORY / "forms" / "_shared", home / "forms" / "_shared")
    data, python = tmp_path_factory.mktemp("kho dữ liệu"), sys.executable
    _tool(home / "bin" / "chauban", f'exec "{python}" -m chauban.cli "$@"')
    local = f'if [ "$2" = infra.local ]; then shift 2; exec "{python}" -m infra.local --data "{data}" "$@"; fi'
    for name in ("python", "python3"):
        _tool(home / "bin" / name, f'{local}\nexec "{python}" "$@"')
    script = ""
    for number, block in enumerate(BLOCKS):
        lines = [line for line in block.splitlines() if not line.startswith(SET_UP)]
        seen = LOOK if "forms preview" in block else ":"
        script += "\n".join([*lines, seen, f'echo "[[end of {number}]]"', ""])
    environment = os.environ | {
        "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'functions'}",
        "PYTHONUTF8": "1",
    }
    began = time.monotonic()
    try:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=home,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=TEN_MINUTES,
        )
        seconds = time.monotonic() - began
    finally:
        down = [python, "-m", "infra.local", "--data", str(data), "down"]
        subprocess.run(down, cwd=REPOSITORY, check=False, capture_output=True)
    printed = re.split(r"\[\[end of \d+\]\]\n", done.stdout)[:-1]
    return Followed(printed, seconds, done.stderr)


def test_every_step_is_reached_and_none_breaks(followed: Followed) -> None:
    assert len(followed.printed) == len(BLOCKS)
    assert "Traceback" not in followed.errors
    assert "No such" not in followed.errors


def test_the_page_is_shown(followed: Followed) -> None:
    assert "<title>xac-nhan-cho-o 1.0</title>" in followed.block("forms preview")


def test_the_check_says_what_is_missing_and_then_nothing(followed: Followed) -> None:
    first, second = [text for text in followed.printed if "xac-nhan-cho-o 1.0" in text and "samples" in text][:1], None
    assert "✗ samples/simple.json: /answers/request/place" in first[0]
    second = followed.block('sed -i \'s|"request"')
    assert "✓ xac-nhan-cho-o 1.0" in second
    assert "✗" not in second


def test_the_form_is_published_with_its_check_and_there_for_every_portal(followed: Followed) -> None:
    assert "✓ xac-nhan-cho-o 1.0 đã công bố" in followed.block("FORMS_BUCKET")
    asked = followed.block("$API")
    assert '"slug":"xac-nhan-cho-o","version":"1.0"' in asked
    assert '"valid":false' in asked


def test_a_new_version_follows_and_is_taken_back(followed: Followed) -> None:
    assert "A minor change" in followed.block("forms diff")
    assert "✓ xac-nhan-cho-o 1.1 đã công bố" in followed.block("forms diff")
    assert "current from now on: 1.0" in followed.block("withdraw")


def test_the_machines_part_of_the_ten_minutes_is_small(followed: Followed) -> None:
    """Most of it is the installation's start; the rest of the time is for reading and writing."""
    assert followed.seconds < TEN_MINUTES / 2
    print(f"the guide's commands took {followed.seconds:.0f} s")  # noqa: T201 - told by `pytest -s`
