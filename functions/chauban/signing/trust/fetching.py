"""Asking trust services (TSA, OCSP, CRL, CA) over HTTP: short, bounded, no redirects."""

from typing import Protocol

import urllib3
from urllib3.exceptions import HTTPError

MAXIMUM_ANSWER_BYTES = 8_000_000


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
    """`Fetch` over plain HTTP(S). `timeout` is in seconds, for connecting and for each read."""

    def __init__(self, timeout: float = 10.0) -> None:
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
        try:
            answer = self._pool.request(
                method, url, body=body, headers=headers, redirect=False, preload_content=False, decode_content=True
            )
            try:
                content = answer.read(MAXIMUM_ANSWER_BYTES + 1)
            finally:
                answer.release_conn()
        except HTTPError as error:
            raise FetchError(f"{url}: {type(error).__name__}") from error
        if answer.status != 200 or len(content) > MAXIMUM_ANSWER_BYTES:
            raise FetchError(f"{url}: status {answer.status}, {len(content)} bytes")
        return content
