"""Time-stamping authorities whose behaviour a test chooses while a stack asks them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

TWO_MINUTES = 120


class Mood(Enum):
    """How an authority behaves."""

    GOOD = "as it should"
    LATE = "it answers properly, after two minutes"
    GARBAGE = "with a page of its proxy, as if that were an answer"
    SILENT = "its machine takes connections, and nobody is there to answer"
    GONE = "connections are refused"


class FickleAuthority:
    """An address before a real authority (`behind` gives its address), in one mood after another; `asked` counts its requests."""

    def __init__(self, port: int, behind: Callable[[], str]) -> None:
        self.port, self.behind = port, behind
        self.mood = Mood.GONE
        self.asked = 0
        self._server: ThreadingHTTPServer | None = None
        self._socket: socket.socket | None = None
        self.become(Mood.GOOD)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"

    def become(self, mood: Mood) -> None:
        """From now on it behaves so; whoever waits for it already goes on waiting."""
        self.close()
        self.mood = mood
        if mood is Mood.SILENT:
            self._socket = socket.create_server(("127.0.0.1", self.port))
        elif mood is not Mood.GONE:
            handler = type("Handler", (_Handler,), {"authority": self, "mood": mood})
            self._server = _Server(("127.0.0.1", self.port), handler)
            threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        if self._socket:
            self._count_those_who_wait(self._socket)
            self._socket.close()
        self._server = self._socket = None

    def _count_those_who_wait(self, listening: socket.socket) -> None:
        listening.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                listening.accept()[0].close()
                self.asked += 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever asked does not wait any more."""


class _Handler(BaseHTTPRequestHandler):
    authority: FickleAuthority
    mood: Mood

    def do_POST(self) -> None:
        self.authority.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.mood is Mood.LATE:
            time.sleep(TWO_MINUTES)
        answer = b"<html>502 Bad Gateway</html>"
        if self.mood is not Mood.GARBAGE:
            kind = {"Content-Type": self.headers["Content-Type"]}
            answer = httpx.post(self.authority.behind(), content=body, headers=kind).content
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@contextmanager
def fickle(behind: Mapping[int, Callable[[], str]]) -> Iterator[list[FickleAuthority]]:
    """Authorities on these ports, until the end."""
    made = [FickleAuthority(port, each) for port, each in behind.items()]
    try:
        yield made
    finally:
        for each in made:
            each.close()
