"""Processes forked from one that has their libraries loaded are as if each had been started by itself."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.nursery import Nursery, Worker

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")

TELL = """
import json, os, sys
print(json.dumps({"given": sys.argv[1:], "name": __name__, "folder": os.getcwd(), "environment": dict(os.environ),
    "loaded": [each for each in ("boto3", "pyhanko", "weasyprint", "chauban") if each in sys.modules],
    "beside": sys.path[0], "asked": sys.stdin.readline()}))
print("of errors", file=sys.stderr)
sys.exit(3)
"""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery(sys.executable)
    yield made
    made.close()


def started(nursery: Nursery, folder: Path, text: str, *given: str) -> Worker:
    script = folder / "script.py"
    script.write_text(text, encoding="utf-8")
    return nursery.start([str(script), *given], cwd=str(folder), env={"OWN": "của riêng"})


def test_a_script_has_its_own_arguments_folder_environment_and_pipes(nursery: Nursery, tmp_path: Path) -> None:
    worker = started(nursery, tmp_path, TELL, "một", "hai")
    worker.stdin.write("câu hỏi\n")
    told = json.loads(worker.stdout.readline())
    assert told == {
        "given": ["một", "hai"],
        "name": "__main__",
        "folder": str(tmp_path),
        "environment": {"OWN": "của riêng"},
        "loaded": ["boto3", "pyhanko", "weasyprint"],
        "beside": str(tmp_path),
        "asked": "câu hỏi\n",
    }
    assert worker.stderr.read() == "of errors\n"
    assert worker.wait(timeout=10) == 3
    assert worker.poll() == 3


def test_each_has_random_numbers_of_its_own(nursery: Nursery, tmp_path: Path) -> None:
    text = "import random, uuid, os; print(random.random(), uuid.uuid4(), os.getpid())"
    told = [started(nursery, tmp_path, text).stdout.read().split() for _ in range(3)]
    assert all(len(set(kind)) == 3 for kind in zip(*told, strict=True))


def test_it_is_ended_as_any_process(nursery: Nursery, tmp_path: Path) -> None:
    worker = started(nursery, tmp_path, "import sys; print('there', flush=True); sys.stdin.read()")
    assert worker.stdout.readline() == "there\n"
    assert worker.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(timeout=0.05)
    worker.kill()
    assert worker.wait(timeout=10) == -signal.SIGKILL
    # Nothing happens to whoever has the number of a process that has ended.
    worker.terminate()


def test_a_script_that_breaks_says_so_and_the_next_one_runs(nursery: Nursery, tmp_path: Path) -> None:
    broken = started(nursery, tmp_path, "raise RuntimeError('this one breaks')")
    assert "this one breaks" in broken.stderr.read()
    assert broken.wait(timeout=10) == 1
    assert started(nursery, tmp_path, "print('well')").stdout.read() == "well\n"


def test_one_that_reads_to_the_end_ends_when_nobody_asks_any_more(nursery: Nursery, tmp_path: Path) -> None:
    first = started(nursery, tmp_path, "import sys; sys.stdin.read()")
    second = started(nursery, tmp_path, "import sys; sys.stdin.read()")
    first.stdin.close()
    assert first.wait(timeout=10) == 0
    assert second.poll() is None
    second.stdin.close()
    assert second.wait(timeout=10) == 0


def test_without_the_nursery_there_are_no_more_and_whoever_is_there_goes_on(tmp_path: Path) -> None:
    nursery = Nursery(sys.executable)
    worker = started(nursery, tmp_path, "import sys; print(sys.stdin.read())")
    nursery.close()
    with pytest.raises(OSError, match="closed|Bad file|Broken"):
        started(nursery, tmp_path, "print()")
    worker.stdin.write("still there")
    worker.stdin.close()
    assert worker.stdout.read() == "still there\n"
    assert worker.wait(timeout=10) == 0
