"""The two ways a step can fail: an unexpected answer, or something given to us that is not true."""

from __future__ import annotations

import re
from typing import Any

import httpx


class DemoFailure(Exception):
    """A step did not do what it says; the message is for people."""


class Unexpected(DemoFailure):
    """The service answered something else than the step asks for."""

    def __init__(self, response: httpx.Response, wanted: str) -> None:
        """`wanted` says in words or as status codes what was expected."""
        request = response.request
        super().__init__(f"{request.method} {request.url.path} -> {response.status_code}, wanted {wanted}")
        self.answer = _readable(response)


class NotTrue(DemoFailure):
    """A check of ours failed: a hash, a signature, a schema, a missing event."""


class TooSlow(DemoFailure):
    """What was waited for did not happen in time."""


def _readable(response: httpx.Response) -> str:
    try:
        body: Any = response.json()
    except ValueError:
        # A page: its words are enough.
        return " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", response.text, flags=re.DOTALL).split())[:500]
    if not isinstance(body, dict):
        return str(body)[:500]
    if "title" not in body:
        return str(body.get("message", body))[:500]
    lines = [f"{body.get('code', '')}: {body['title']}. {body.get('detail') or ''}".strip()]
    lines += [f"  {error.get('pointer', '')} {error.get('detail', '')}" for error in body.get("errors") or ()]
    return "\n".join(lines)
