"""docs/forms.md followed literally: its commands, on a scratch copy, without those that need a running installation."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.unit.forms_publishing.conftest import ROOT

ELSEWHERE = ("make setup", "preview", "FORMS_BUCKET", "infra.local", "$API")


def blocks(guide: str) -> list[str]:
    text = (ROOT / "docs" / guide).read_text(encoding="utf-8").split("\n## The files")[0]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def test_both_languages_have_the_same_commands() -> None:
    assert blocks("forms.md") == blocks("forms.vi.md")
    assert len(blocks("forms.md")) >= 8


def test_a_clerk_who_follows_the_guide_gets_a_form_that_passes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "forms" / "_shared", tmp_path / "forms" / "_shared")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "chauban").write_text(f'#!/bin/sh\nexec {sys.executable} -m chauban.cli "$@"\n')
    (tools / "chauban").chmod(0o755)
    path = {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "functions"), "PYTHONUTF8": "1"}
    told = []
    for block in blocks("forms.md"):
        commands = "\n".join(line for line in block.splitlines() if not any(word in line for word in ELSEWHERE))
        done = subprocess.run(
            ["bash", "-c", commands], cwd=tmp_path, env=os.environ | path, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        told.append(done.stdout)
    checked = [text for text in told if "xac-nhan-cho-o 1.0" in text]
    assert "✗ samples/simple.json: /answers/request/place" in checked[0]
    assert "✓ xac-nhan-cho-o 1.0" in checked[1]
    assert any("A minor change" in text for text in told)
