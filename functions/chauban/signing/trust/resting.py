"""Sparing slow services and ourselves: a circuit breaker, whom to ask first, and one answer for one question within one act."""

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from chauban.signing.trust.fetching import Fetch, FetchError

SLOW_SECONDS = 1.0
REST_SECONDS = 60.0
LONGEST_REST_SECONDS = 960.0
LATE_SECONDS = 60.0
T = TypeVar("T")


class CircuitBreaker:
    """Leaves an address alone for a while after it failed slowly, twice as long each time until it answers again; a failure that
    costs no time is simply tried again.

    While an address rests, asking it raises `FetchError` at once, so that the next authority or source is asked instead.
    """

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._rests: dict[str, float] = {}
        self._rest: dict[str, float] = {}

    def get(self, url: str) -> bytes:
        """The answer to a GET; raises `FetchError`."""
        return self._guarded(url, lambda: self._fetch.get(url))

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """The answer to a POST; raises `FetchError`."""
        return self._guarded(url, lambda: self._fetch.post(url, body, content_type))

    def _guarded(self, url: str, ask: Callable[[], bytes]) -> bytes:
        started = self._clock()
        if started < self._rests.get(url, started):
            raise FetchError(f"{url}: left alone after a slow failure")
        try:
            answer = ask()
        except FetchError:
            if self._clock() - started >= SLOW_SECONDS:
                rest = self._rest.get(url, REST_SECONDS)
                self._rests[url] = self._clock() + rest
                self._rest[url] = min(2 * rest, LONGEST_REST_SECONDS)
            raise
        self._rest.pop(url, None)
        return answer


class Punctuality:
    """Who took longer than `in_time` seconds, or gave nothing of use, comes after the others for a minute."""

    def __init__(self, in_time: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._in_time, self._clock = in_time, clock
        self._late: dict[str, float] = {}

    def watched(self, url: str, ask: Callable[[], T]) -> T:
        """What asking the address gives, or raises; how that went is remembered."""
        started = self._clock()
        try:
            answer = ask()
        except Exception:
            self.late(url)
            raise
        if self._clock() - started > self._in_time:
            self.late(url)
        else:
            self._late.pop(url, None)
        return answer

    def late(self, url: str) -> None:
        """It keeps somebody waiting."""
        self._late[url] = self._clock() + LATE_SECONDS

    def is_late(self, url: str) -> bool:
        """Whether it was late within the last minute."""
        return self._clock() < self._late.get(url, 0.0)

    def in_order(self, urls: Iterable[str]) -> list[str]:
        """In the order given, but those that were late after the others."""
        return sorted(urls, key=self.is_late)


class OneAct:
    """Asks each question once: certificates of one file share their issuers, whose status is then the same answer."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._answers: dict[tuple[str, bytes], bytes] = {}

    def get(self, url: str) -> bytes:
        """The answer to a GET; raises `FetchError`."""
        if (url, b"") not in self._answers:
            self._answers[url, b""] = self._fetch.get(url)
        return self._answers[url, b""]

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        """The answer to a POST; raises `FetchError`."""
        if (url, body) not in self._answers:
            self._answers[url, body] = self._fetch.post(url, body, content_type)
        return self._answers[url, body]
