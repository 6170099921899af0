"""Services of the embedded stack that are there and answer nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local import processes
from tests.integration.running_stack import RunningStack


@contextmanager
def trust_services_asleep(stack: RunningStack) -> Iterator[None]:
    """CA, OCSP and TSA take connections and answer nothing, as an overloaded authority does."""
    pid = _process_with("infra.local.trust.server", str(stack.stack.folder.trust))
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def trust_services_down(stack: RunningStack) -> Iterator[None]:
    """CA, OCSP and TSA refuse every connection, as after a crash; afterwards they are there again, at the same place."""
    servers = stack.stack.servers
    server = next(one for one in servers if one.name == "trust")
    command, variables = (
        Path(f"/proc/{server.process.pid}/{part}").read_text(encoding="utf-8").rstrip("\0").split("\0")
        for part in ("cmdline", "environ")
    )
    server.stop()
    try:
        yield
    finally:
        environment = dict(one.split("=", 1) for one in variables)
        again = processes.start(server.name, command, server.port, server.log.parent, environment)
        again.wait()
        servers[servers.index(server)] = again


def _process_with(*arguments: str) -> int:
    """The process whose command line holds all of these arguments."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            given = (process / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if set(arguments) <= set(given):
            return int(process.name)
    raise AssertionError(f"no process with {arguments}")
