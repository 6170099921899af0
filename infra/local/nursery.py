"""Processes for the functions of the embedded stack, forked from one that has their libraries loaded, as SnapStart restores them.

A function's worker needs most of a second to import its libraries, and the tests alone start hundreds of workers. The nursery is
a process with the functions' interpreter: it imports the libraries once, and forks a child for each worker, which then runs the
emulator's own script as any process would. Both ends are here; nothing but the standard library is needed, and none of the
project's code is loaded before the fork. Linux alone lets the emulator adopt the children; elsewhere each worker is started anew.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any

# Whatever a handler imports of these it finds there; one that does not exist is left to whoever misses it.
LIBRARIES = (
    "aws_lambda_powertools.event_handler.middlewares",
    "aws_lambda_powertools.event_handler.types",
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.typing",
    "boto3.dynamodb.types",
    "boto3.s3.transfer",
    "botocore.docs",
    "cedarpy",
    "cryptography.hazmat.primitives.serialization.pkcs12",
    "cryptography.x509.ocsp",
    "jinja2.sandbox",
    "jsonschema_rs",
    "pydantic.dataclasses",
    "pydantic.main",
    "pydantic.type_adapter",
    "pyhanko.pdf_utils.writer",
    "pyhanko.sign.signers",
    "pyhanko.sign.validation",
    "pypdfium2",
    "rfc8785",
    "segno",
    "ulid",
    "weasyprint",
    "yaml",
)
_ADOPT = 36  # PR_SET_CHILD_SUBREAPER: whose parent has ended becomes the child of whoever asked for it
_LENGTH = 4


class Nursery:
    """The emulator's end: starts the nursery, and asks it for processes. One process may ask from several threads."""

    def __init__(self, python: str) -> None:
        adopt = ctypes.CDLL(None, use_errno=True).prctl(_ADOPT, 1, 0, 0, 0)
        if adopt != 0:
            raise OSError(ctypes.get_errno(), "the emulator cannot adopt processes")
        self._asking = threading.Lock()
        self._here, there = socket.socketpair()
        command = [python, os.path.abspath(__file__), str(there.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL)
        there.close()

    def start(self, arguments: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> Worker:
        """A process of its own that runs a Python script (`arguments`: the script and what it is given)."""
        to_child, of_child, errors = os.pipe(), os.pipe(), os.pipe()
        theirs = (to_child[0], of_child[1], errors[1])
        request = json.dumps({"arguments": list(arguments), "cwd": cwd, "env": dict(env)}).encode()
        try:
            with self._asking:
                socket.send_fds(self._here, [len(request).to_bytes(_LENGTH, "big")], theirs)
                self._here.sendall(request)
                pid = int.from_bytes(_received(self._here, _LENGTH), "big")
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        return Worker(pid, to_child[1], of_child[0], errors[0])

    def close(self) -> None:
        """Ends the nursery; the processes that it made go on."""
        self._here.close()
        self._process.wait()


class Worker:
    """A process that the nursery made, with pipes for text: as much of `subprocess.Popen` as its users need."""

    def __init__(self, pid: int, stdin: int, stdout: int, stderr: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin: IO[str] = os.fdopen(stdin, "w", encoding="utf-8", buffering=1)
        self.stdout: IO[str] = os.fdopen(stdout, encoding="utf-8")
        self.stderr: IO[str] = os.fdopen(stderr, encoding="utf-8")
        self._ending = threading.Lock()

    def poll(self) -> int | None:
        """How it ended, as `subprocess` tells it; None as long as it runs."""
        with self._ending:
            if self.returncode is None:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
                if ended:
                    self.returncode = os.waitstatus_to_exitcode(status)
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; raises `subprocess.TimeoutExpired` where it did not, after so many seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """A signal, unless it has ended already."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _received(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        more = connection.recv(length - len(received))
        if not more:
            raise EOFError
        received += more
    return received


def serve(connection: socket.socket) -> dict[str, Any] | None:
    """Forks a child for each request; returns the request in the child, and None where nobody asks any more."""
    while True:
        head, descriptors, _, _ = socket.recv_fds(connection, _LENGTH, 3)
        if not head:
            return None
        request = json.loads(_received(connection, int.from_bytes(head, "big")))
        answers, questions = os.pipe()
        between = os.fork()
        if between == 0:
            # Its own child becomes the emulator's as soon as it has ended.
            child = os.fork()
            if child:
                os.write(questions, child.to_bytes(_LENGTH, "big"))
                os._exit(0)
            for descriptor in (answers, questions, connection.fileno()):
                os.close(descriptor)
            for place, descriptor in enumerate(descriptors):
                os.dup2(descriptor, place)
                os.close(descriptor)
            connection.detach()
            return dict(request)
        os.waitpid(between, 0)
        for descriptor in (*descriptors, questions):
            os.close(descriptor)
        connection.sendall(os.read(answers, _LENGTH))
        os.close(answers)


def become(request: Mapping[str, Any]) -> None:
    """Runs the script of a request, as its interpreter would that was started for it."""
    script = request["arguments"][0]
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.argv[:] = request["arguments"]
    sys.path[0] = os.path.dirname(script)
    runpy.run_path(script, run_name="__main__")


def main() -> None:
    connection = socket.socket(fileno=int(sys.argv[1]))
    for library in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    # What is there is there for good: it is not looked through, and so not copied, in any child.
    gc.collect()
    gc.freeze()
    if request := serve(connection):
        become(request)


if __name__ == "__main__":
    main()
