"""HTTP with a signing provider: JSON or a form out, a JSON object back; bounded in time and size, no redirects, nothing logged."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError, ReadTimeoutError

from chauban.errors import NotConfigured, ProviderAnswerUnusable, ProviderUnavailable
from chauban.signing.signers.deadline import seconds_left

MAXIMUM_ANSWER_BYTES = 4_000_000
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_BUSY = 429
_CONNECT_SECONDS = 3.0


@dataclass(frozen=True)
class Answer:
    """A status from 200 to 499 without redirects, and the JSON object that came with it (empty where an error brought none)."""

    status: int
    content: Mapping[str, Any] = field(repr=False)

    @property
    def good(self) -> bool:
        """Whether the provider did what it was asked."""
        return self.status < 300


class HttpCall(Protocol):
    """A provider's address being asked; raises `ProviderUnavailable`, `ProviderAnswerUnusable`."""

    def json(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a POST of JSON."""
        ...

    def form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a POST of a form, as token endpoints take it."""
        ...


class ProviderHttp:
    """`HttpCall` that waits `seconds` for a whole answer, or until `ending_in` says, where that is sooner; it asks once, and
    speaks TLS unless `plain` allows development."""

    def __init__(self, seconds: float, *, plain: bool = False) -> None:
        self._seconds = seconds
        self._schemes = ("https://", "http://") if plain else ("https://",)
        self._pool = urllib3.PoolManager(retries=False)

    def json(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        """See `HttpCall.json`."""
        return self._post(url, json.dumps(body, ensure_ascii=False).encode(), _JSON, headers)

    def form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """See `HttpCall.form`."""
        return self._post(url, urlencode(fields).encode(), _FORM, headers)

    def _post(self, url: str, body: bytes, content_type: str, headers: Mapping[str, str] | None) -> Answer:
        if not url.startswith(self._schemes):
            raise NotConfigured(what="provider over HTTPS")
        sent = {"Content-Type": content_type, "Accept": _JSON, **(headers or {})}
        seconds = min(self._seconds, seconds_left())
        if seconds <= 0:
            raise ProviderUnavailable(reason="too-little-time")
        deadline, limits = time.monotonic() + seconds, _limits(seconds)
        try:
            answer = self._pool.request(
                "POST", url, body=body, headers=sent, redirect=False, preload_content=False, timeout=limits
            )
            try:
                content = _read(answer, deadline)
            finally:
                # What was not read to its end is not read on for the next request.
                answer.close()
        except ReadTimeoutError:
            raise ProviderUnavailable(reason="too-slow") from None
        # The cause would carry the address, and a provider's address may carry what is secret.
        except HTTPError:
            raise ProviderUnavailable(reason="no-answer") from None
        return _answer(answer.status, content)


def _limits(seconds: float) -> urllib3.Timeout:
    return urllib3.Timeout(connect=min(seconds, _CONNECT_SECONDS), total=seconds)


def _read(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The body; one that comes drop by drop is cut off at the deadline, also between two drops."""
    content = b""
    cut = threading.Timer(max(0.0, deadline - time.monotonic()), answer.shutdown)
    cut.start()
    try:
        while part := answer.read1(65_536):
            content += part
            if len(content) > MAXIMUM_ANSWER_BYTES:
                raise ProviderAnswerUnusable(reason="too-large")
    finally:
        cut.cancel()
    if time.monotonic() > deadline:
        raise ProviderUnavailable(reason="too-slow")
    return content


def _answer(status: int, content: bytes) -> Answer:
    if status >= 500 or status == _BUSY:
        raise ProviderUnavailable(reason="busy" if status == _BUSY else "provider-fault")
    if 300 <= status < 400:
        raise ProviderAnswerUnusable(reason="redirect")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        return Answer(status, told)
    if status >= 400:
        return Answer(status, {})
    raise ProviderAnswerUnusable(reason="not-json")
