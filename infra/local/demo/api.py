"""A small HTTP client of the service: one token, one language, answers checked for their status."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

import httpx

from infra.local.demo.failures import NotTrue, Unexpected


class Api:
    """The service as one person or machine sees it."""

    def __init__(self, http: httpx.Client, base: str, token: str | None = None, language: str = "vi") -> None:
        """`base` is the address before `/v1`; without `token` only public routes answer."""
        self._http = http
        self._base = base
        self._headers = {"Accept-Language": language}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, *, expect: int = 200, **query: str | int) -> httpx.Response:
        """GET; raises `Unexpected` unless the status is `expect`."""
        response = self._http.get(self._base + path, params=query, headers=self._headers)
        return _expected(response, expect)

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, *, expect: int, if_match: str | None = None
    ) -> httpx.Response:
        """POST with `If-Match` if given, else with a fresh `Idempotency-Key`."""
        condition = {"If-Match": if_match} if if_match else {"Idempotency-Key": str(uuid.uuid4())}
        return self.post_again(path, body, condition, expect=expect)

    def post_again(
        self, path: str, body: Mapping[str, Any] | None, condition: Mapping[str, str], *, expect: int
    ) -> httpx.Response:
        """POST with given conditional headers, for repeating a request exactly."""
        response = self._http.post(self._base + path, json=body or {}, headers={**self._headers, **condition})
        return _expected(response, expect)

    def download(self, link: Mapping[str, Any]) -> bytes:
        """Fetch the bytes behind `{url, sha256}` (a presigned URL: no token) and check their hash."""
        response = _expected(self._http.get(link["url"]), 200)
        found = hashlib.sha256(response.content).hexdigest()
        if found != link["sha256"]:
            raise NotTrue(f"downloaded bytes have SHA-256 {found}, announced was {link['sha256']}")
        return response.content


def _expected(response: httpx.Response, status: int) -> httpx.Response:
    if response.status_code != status:
        raise Unexpected(response, str(status))
    return response
