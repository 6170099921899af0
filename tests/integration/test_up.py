"""`python -m infra.local`: what a developer types."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.folder import REPOSITORY
from infra.local.processes import alive, listens
from tests.integration.running_stack import eventually


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "kho của tôi"
    yield path
    _run(path, "down")


def _run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "infra.local", "--data", str(folder), command]
    return subprocess.run(arguments, capture_output=True, text=True, cwd=REPOSITORY, check=False, timeout=200)


def test_up_prints_how_to_use_it_and_ctrl_c_stops_everything(folder: Path) -> None:
    arguments = [sys.executable, "-m", "infra.local", "--data", str(folder), "up"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    eventually(lambda: (folder / "stack.json").exists(), seconds=120, what="the stack to start")
    description = json.loads((folder / "stack.json").read_text())
    assert (folder / "stack.json").stat().st_mode & 0o777 == 0o600
    assert httpx.get(f"{description['api_url']}/v1/procedures").status_code == 200
    ports = json.loads((folder / "ports.json").read_text()).values()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert description["api_url"] in output
    for account in description["accounts"]:
        assert account["username"] in output
    assert not [port for port in ports if listens(port)]
    assert not (folder / "stack.json").exists()


def test_ctrl_c_while_it_starts_leaves_nothing_behind(folder: Path) -> None:
    arguments = [sys.executable, "-m", "infra.local", "--data", str(folder), "up"]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, cwd=REPOSITORY)
    eventually(lambda: (folder / "ports.json").exists(), seconds=60, what="the servers to be started")
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    ports = json.loads((folder / "ports.json").read_text()).values()
    assert not [port for port in ports if listens(port)]


def test_ensure_starts_once_and_down_stops(folder: Path) -> None:
    assert _run(folder, "ensure").returncode == 0
    pid = int((folder / "up.pid").read_text())
    assert _run(folder, "ensure").returncode == 0
    assert int((folder / "up.pid").read_text()) == pid
    assert "already up" in _run(folder, "up").stdout
    assert _run(folder, "down").returncode == 0
    assert not alive(pid)
    assert os.listdir(folder)
    assert _run(folder, "clean").returncode == 0
    assert not folder.exists()
