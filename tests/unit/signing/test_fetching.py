"""Asking over HTTP: what is too long, too slow, or no answer."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from chauban.signing.trust.fetching import MAXIMUM_ANSWER_BYTES, FetchError, HttpFetch

TIMEOUT = 0.5


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """The address of a server that answers so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked is gone."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def told(content: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def drop_by_drop(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, each of them in time."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(TIMEOUT / 5)


@pytest.mark.parametrize("length", [0, 1, 200_000, MAXIMUM_ANSWER_BYTES])
def test_an_answer_comes_whole(length: int) -> None:
    with answering(told(bytes(length))) as url:
        fetch = HttpFetch(5)
        assert fetch.get(url) == fetch.get(url) == bytes(length)


def test_one_connection_carries_one_question_after_another() -> None:
    callers = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        callers.append(handler.client_address)
        handler.protocol_version = "HTTP/1.1"
        handler.close_connection = False
        told(b"answer", Content_Length="6")(handler)

    with answering(answer) as url:
        fetch = HttpFetch(5)
        assert [fetch.get(url) for _ in range(3)] == [b"answer"] * 3
    assert len(set(callers)) == 1


def test_an_answer_that_was_packed_is_unpacked() -> None:
    with answering(told(gzip.compress(bytes(200_000)), Content_Encoding="gzip")) as url:
        assert HttpFetch(5).get(url) == bytes(200_000)


def test_an_answer_that_never_ends_is_none() -> None:
    with answering(told(bytes(2 * MAXIMUM_ANSWER_BYTES))) as url, pytest.raises(FetchError, match="more than"):
        HttpFetch(5).get(url)


def test_an_answer_in_drops_is_waited_for_only_so_long() -> None:
    started = time.monotonic()
    with answering(drop_by_drop) as url, pytest.raises(FetchError, match="too slowly"):
        HttpFetch(TIMEOUT).get(url)
    assert 3 * TIMEOUT <= time.monotonic() - started < 19 * TIMEOUT


def test_silence_is_waited_for_only_so_long() -> None:
    started = time.monotonic()
    with answering(lambda _: time.sleep(10 * TIMEOUT)) as url, pytest.raises(FetchError, match="Timeout"):
        HttpFetch(TIMEOUT).get(url)
    assert time.monotonic() - started < 9 * TIMEOUT


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ldap://ca.example/", "127.0.0.1"])
def test_other_addresses_than_of_http_are_not_asked(url: str) -> None:
    with pytest.raises(FetchError, match="not an HTTP address"):
        HttpFetch(TIMEOUT).get(url)
