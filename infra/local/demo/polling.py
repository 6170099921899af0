"""Waiting for a change: often at first, then less, and never longer than the patience given."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from infra.local.demo.failures import TooSlow

_FIRST, _GROWTH, _LONGEST = 0.1, 1.5, 1.5
"""Seconds before the second look, factor per look, and the most seconds between two looks."""


def wait_for(
    look: Callable[[], httpx.Response], ready: Callable[[httpx.Response], bool], *, what: str, patience: float
) -> httpx.Response:
    """Look until `ready`; a `Retry-After` of the service is kept to. Raises `TooSlow` with the last answer."""
    end = time.monotonic() + patience
    pause = _FIRST
    while True:
        answer = look()
        if ready(answer):
            return answer
        if time.monotonic() > end:
            raise TooSlow(f"{what}: not after {patience:.0f} s; the last answer was {answer.text[:600]}")
        asked = answer.headers.get("Retry-After", "")
        time.sleep(float(asked) if asked.isdigit() else pause)
        pause = min(pause * _GROWTH, _LONGEST)
