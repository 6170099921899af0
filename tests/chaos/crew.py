"""Extend workers as processes of their own, which can be killed: the real handler on the real adapters."""

import multiprocessing
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.unit.fakes.disturbance import Steps, Watched, kill, watched

# Of a worker that finds nothing to do.
PAUSE = 0.05
# So many seconds without any file are too many, whatever else the machine does.
STUCK = 120
# Processes are forked from one that has imported everything, so that one more costs a moment.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.chaos.preload"])


@dataclass(frozen=True)
class Desk:
    """What workers and their test share: files in a folder."""

    folder: Path

    @property
    def clock(self) -> "SharedClock":
        return SharedClock(self.folder / "offset")

    @property
    def extended(self) -> Path:
        """Grows by a byte for each file that an engine has extended."""
        return self.folder / "extended"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def quiet(self) -> Path:
        """Is there from when nobody is killed any more."""
        return self.folder / "quiet"

    def step(self, name: str) -> Path:
        """The last call that a worker made."""
        return self.folder / f"step-{name}"


@dataclass(frozen=True)
class SharedClock:
    """A `Clock` of all workers: the system's, moved on by a test."""

    file: Path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset())

    def forward(self, step: timedelta) -> None:
        following = self.file.with_suffix(".new")
        following.write_text(str(self._offset() + step.total_seconds()))
        following.replace(self.file)

    def _offset(self) -> float:
        return float(self.file.read_text()) if self.file.exists() else 0.0


class Told(Steps):
    """Writes down each step of a worker where its test can read it."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(0, kill)
        self._step = os.open(desk.step(name), os.O_WRONLY | os.O_CREAT)
        self._extended = os.open(desk.extended, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def passed(self, name: str) -> None:
        os.pwrite(self._step, name.ljust(20).encode(), 0)
        if name == "engine.extend":
            os.write(self._extended, b".")


def work(desk: Desk, name: str, environment: dict[str, str], cheap: bool) -> None:
    """A worker's life: runs of the schedule, one after another; once nobody is killed any more, until one finds nothing to do."""
    from chauban import bootstrap
    from chauban.bootstrap import state, workers
    from chauban.handlers import extend
    from chauban.handlers.failures import reason_of

    from tests.unit.fakes.preservation import FakePreservation

    os.environ.update(environment)
    log = os.open(desk.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    state.clock = lambda: desk.clock  # type: ignore[assignment]
    if cheap:
        workers._engine = lambda: SimpleNamespace(trust=SimpleNamespace(remembering=lambda: None), timestamps=None)  # type: ignore[assignment]
    real, told = workers.renewing(reason_of), Told(desk, name)
    extending = replace(real.extending, engine=FakePreservation(desk.clock)) if cheap else real.extending
    extending = watched(extending, told, "store", "files", "engine")
    renewing = replace(real, store=Watched(real.store, "due", told), extending=extending)  # type: ignore[arg-type]
    bootstrap.renewing = lambda _explain: renewing  # type: ignore[assignment]
    idle = False
    while not (idle and desk.quiet.exists()):
        report = extend.handler({"renewal": True}, _context())
        # A run also ends when the clock was moved on beyond its time.
        idle = not report["done"] and not report["budget_spent"]
        time.sleep(PAUSE if idle else 0)


def _context() -> Any:
    return SimpleNamespace(function_name="extend")


@dataclass
class Crew:
    """Workers side by side; whoever is killed is replaced."""

    desk: Desk
    environment: dict[str, str]
    cheap: bool
    workers: dict[str, BaseProcess] = field(default_factory=dict)
    killed_after: list[str] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)

    def begin(self, name: str) -> None:
        self.desk.step(name).unlink(missing_ok=True)
        process = _FORKS.Process(target=work, args=(self.desk, name, self.environment, self.cheap))
        process.start()
        self.workers[name] = process

    @property
    def working(self) -> Sequence[str]:
        return [name for name, process in self.workers.items() if process.is_alive()]

    def kill(self, name: str) -> None:
        """SIGKILL, wherever it is."""
        process = self.workers.pop(name)
        process.kill()
        process.join()
        self.codes.append(process.exitcode)
        step = self.desk.step(name)
        self.killed_after.append((step.read_text().strip() if step.exists() else "") or "start")

    def end(self) -> None:
        """Waits until they find nothing to do; nobody is killed any more."""
        self.desk.quiet.touch()
        for process in self.workers.values():
            process.join()
        self.workers.clear()

    def extended(self) -> int:
        """How many times an engine has extended a file."""
        return self.desk.extended.stat().st_size if self.desk.extended.exists() else 0

    def until(self, extended: int) -> bool:
        """Waits until so many were extended; False where nobody works any more, or nothing gets done."""
        last, since = self.extended(), time.monotonic()
        while last < extended:
            time.sleep(0.002)
            if (now := self.extended()) > last:
                last, since = now, time.monotonic()
            if not self.working or time.monotonic() - since > STUCK:
                return False
        return True
