"""`python -m infra.local up | ensure | deploy | environment | down | clean`: the embedded stack."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from infra.local import processes, welcome
from infra.local.deployer import CannotChange
from infra.local.folder import REPOSITORY, Folder
from infra.local.processes import ServerFailed
from infra.local.seeding import SeedingFailed
from infra.local.stack import Stack
from infra.local.template import TemplateRefused
from infra.local.tools import NotInstalled

# What a developer can put right; anything else is a defect of ours and shows where it happened.
REFUSALS = (ServerFailed, SeedingFailed, TemplateRefused, NotInstalled, CannotChange)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def running(folder: Folder) -> int | None:
    """The process that keeps this folder's stack up, if it lives."""
    if not folder.process_file.exists():
        return None
    pid = int(folder.process_file.read_text())
    return pid if processes.alive(pid) else None


class StopAsked(BaseException):
    """SIGTERM or Ctrl-C came; raised where the main thread happens to be, so that a start is broken off too."""


def _ignore_further_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    _ignore_further_signals()
    raise StopAsked


def up(stack: Stack) -> int:
    """Keep the stack up until SIGTERM or Ctrl-C, then stop it in order."""
    folder = stack.folder
    if pid := running(folder):
        say(f"the stack is already up (process {pid}); `make down` stops it")
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ask_to_stop)
    folder.root.mkdir(parents=True, exist_ok=True)
    folder.process_file.write_text(str(os.getpid()))
    try:
        return _keep_up(stack)
    except StopAsked:
        return 0
    finally:
        _ignore_further_signals()
        say("stopping")
        stack.stop()
        folder.process_file.unlink(missing_ok=True)


def _keep_up(stack: Stack) -> int:
    """Start the stack and watch it; returns only if one of its servers ends by itself."""
    began = time.monotonic()
    description = stack.start()
    say(welcome.text(description, stack.folder))
    say(f"up in {time.monotonic() - began:.1f} s; Ctrl-C stops it, and the next start finds its data again")
    while not (failed := stack.failed()):
        time.sleep(0.5)
    say(f"{failed.name} has ended:\n{failed.tail()}")
    return 1


def ensure(stack: Stack, options: argparse.Namespace) -> int:
    """Start the stack in the background unless it is up; returns when it can be used."""
    folder = stack.folder
    if running(folder) and folder.description.exists():
        return 0
    log = folder.logs / "up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "infra.local",
        "--data",
        str(folder.root),
        "up",
        "--template",
        str(options.template),
        "--functions",
        str(options.functions),
    ]
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd=REPOSITORY
        )
    deadline = time.monotonic() + 180
    while not folder.description.exists() or running(folder) != child.pid:
        if child.poll() is not None or time.monotonic() > deadline:
            say(f"the stack did not start; the end of {log}:\n" + "\n".join(log.read_text().splitlines()[-25:]))
            return 1
        time.sleep(0.1)
    return 0


def down(folder: Folder) -> int:
    pid = running(folder)
    return 0 if pid is None or processes.end(pid) else 1


def deploy(stack: Stack) -> int:
    """Bring a running stack to the working copy's template, code and seeds."""
    if not running(stack.folder):
        say("the stack is not up: `make up` deploys as it starts")
        return 1
    stack.deploy()
    return 0


def environment(folder: Folder) -> int:
    """What a shell needs to work on the stack as its administrator: `eval "$(python -m infra.local environment)"`."""
    if not running(folder) or not folder.description.exists():
        sys.stderr.write("the stack is not up: `make up` starts it\n")
        return 1
    description = json.loads(folder.description.read_text(encoding="utf-8"))
    for name, value in welcome.environment(description).items():
        say(f"export {name}={shlex.quote(value)}")
    return 0


def clean(folder: Folder) -> int:
    code = down(folder)
    shutil.rmtree(folder.root, ignore_errors=True)
    return code


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--data", type=Path, default=REPOSITORY / ".stack", help="data folder (default: .stack)")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("up", "ensure", "deploy"):
        command = commands.add_parser(name)
        command.add_argument("--template", type=Path, default=REPOSITORY / "template.yaml")
        command.add_argument("--functions", type=Path, default=REPOSITORY / "functions")
        command.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
    commands.add_parser("down")
    commands.add_parser("clean")
    commands.add_parser("environment")
    options = parser.parse_args()
    folder = Folder(options.data.resolve())
    alone = {"down": down, "clean": clean, "environment": environment}
    if options.command in alone:
        return alone[options.command](folder)
    parameters = dict(item.split("=", 1) for item in options.parameter)
    stack = Stack(folder, options.template.resolve(), parameters, options.functions.resolve(), say)
    try:
        if options.command == "ensure":
            return ensure(stack, options)
        return up(stack) if options.command == "up" else deploy(stack)
    except REFUSALS as refusal:
        say(str(refusal))
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
