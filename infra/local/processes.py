"""Start, watch and stop the servers of the embedded stack."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class ServerFailed(Exception):
    """A server ended or did not listen in time; the message ends with the tail of its log."""


@dataclass
class Server:
    """A child process that listens on a loopback port; its output goes to a log file."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise ServerFailed(f"{self.name} ended with code {self.process.returncode}\n{self.tail()}")
            if listens(self.port):
                return
            time.sleep(0.05)
        raise ServerFailed(f"{self.name} does not listen on port {self.port}\n{self.tail()}")

    def stop(self, seconds: float = 30) -> None:
        """SIGTERM, so that it saves what it holds; SIGKILL only if it does not end."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(name: str, command: Sequence[str], port: int, logs: Path, environment: Mapping[str, str]) -> Server:
    """Start a server in a session of its own: a Ctrl-C at the terminal reaches only the one who stops it in order."""
    if listens(port):
        raise ServerFailed(
            f"port {port} of {name} is taken: by another stack of this folder, or by another program "
            "(then `make clean` makes a new stack with new ports)"
        )
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command), stdout=output, stderr=subprocess.STDOUT, env=dict(environment), start_new_session=True
        )
    return Server(name, process, port, log)


def plain_environment() -> dict[str, str]:
    """What a server needs of the caller's environment: no credentials and no settings of the caller's own."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")
    return {name: os.environ[name] for name in kept if name in os.environ}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end(pid: int, seconds: float = 40) -> bool:
    """SIGTERM to a process that is not our child; True when it is gone."""
    if not alive(pid):
        return True
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not alive(pid):
            return True
        time.sleep(0.1)
    return False
