"""Until when calls to a provider may take while somebody waits for an answer of ours.

Whoever serves a request is itself ended at a fixed moment. A provider that is asked shortly before would take a PIN or a
one-time password, and nobody would be left to write down what it grants.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chauban.errors import ProviderUnavailable

# For what is done once the provider has answered: sealing what it granted, and the transaction that keeps it.
AFTERWARDS_SECONDS = 4.0

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


@contextmanager
def ending_in(seconds: float) -> Iterator[None]:
    """All calls to providers within the block are over in so many seconds, however many they are."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float:
    """How long calls may still take; without an end, for ever."""
    ends = _ends.get()
    return math.inf if ends is None else ends - time.monotonic()


def require_left(seconds: float) -> None:
    """Before something is sent that can be used once: raises `ProviderUnavailable` unless its answer can be waited for."""
    if seconds_left() < seconds:
        raise ProviderUnavailable(reason="too-little-time")
