"""Asking trust services (TSA, OCSP, CRL, CA) over HTTP: short, bounded, no redirects."""

import time
from typing import Protocol

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

MAXIMUM_ANSWER_BYTES = 8_000_000
_PIECE_BYTES = 65_536
# An answer that comes in drops is an answer as well, up to so many times what is waited for each of them.
_LONGEST_ANSWER = 3


class FetchError(Exception):
    """A trust service was not reached, took too long, or answered with something else than 200."""


class Fetch(Protocol):
    """Bytes from a URL; raises `FetchError`."""

    def get(self, url: str) -> bytes:
        """The answer to a GET."""
        ...

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """The answer to a POST."""
        ...


class HttpFetch:
    """`Fetch` over plain HTTP(S). `timeout` is in seconds, for connecting and for each read; all reads have three times as long."""

    def __init__(self, timeout: float = 10.0) -> None:
        self._longest = _LONGEST_ANSWER * timeout
        limits = urllib3.Timeout(connect=min(timeout, 3.0), read=timeout)
        self._pool = urllib3.PoolManager(timeout=limits, retries=False)

    def get(self, url: str) -> bytes:
        """The answer to a GET; raises `FetchError`."""
        return self._request("GET", url, None, None)

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """The answer to a POST; raises `FetchError`."""
        return self._request("POST", url, body, content_type)

    def _request(self, method: str, url: str, body: bytes | None, content_type: str | None) -> bytes:
        if not url.startswith(("http://", "https://")):
            raise FetchError(f"not an HTTP address: {url}")
        headers = {"Content-Type": content_type} if content_type else {}
        until = time.monotonic() + self._longest
        try:
            answer = self._pool.request(
                method, url, body=body, headers=headers, redirect=False, preload_content=False, decode_content=True
            )
            try:
                content = _content(answer, until)
            except BaseException:
                # What is left in the middle can carry no other question.
                answer.close()
                raise
            answer.release_conn()
        except HTTPError as error:
            raise FetchError(f"{url}: {type(error).__name__}") from error
        if answer.status != 200:
            raise FetchError(f"{url}: status {answer.status}, {len(content)} bytes")
        return content


def _content(answer: BaseHTTPResponse, until: float) -> bytes:
    """All of an answer; raises `FetchError` where it is too long, or comes too slowly."""
    content = b""
    while piece := answer.read1(_PIECE_BYTES, decode_content=True):
        content += piece
        if len(content) > MAXIMUM_ANSWER_BYTES:
            raise FetchError(f"more than {MAXIMUM_ANSWER_BYTES} bytes")
        if time.monotonic() > until:
            raise FetchError("the answer came too slowly")
    return content
