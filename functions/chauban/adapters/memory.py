"""Answers kept in memory for a while, so that a warm function does not ask again for what seldom changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chauban.ports import Clock

Answer = TypeVar("Answer")
MAX_KEPT = 1_000


class Remembered(Generic[Answer]):
    """Calls `ask(key)` unless it answered for that key less than `kept` ago."""

    def __init__(self, clock: Clock, kept: timedelta, ask: Callable[[str], Answer]) -> None:
        self._clock = clock
        self._kept = kept
        self._ask = ask
        self._answers: dict[str, tuple[datetime, Answer]] = {}

    def __call__(self, key: str) -> Answer:
        """The answer for a key, at most `kept` old."""
        now = self._clock.now()
        known = self._answers.get(key)
        if known and now - known[0] < self._kept:
            return known[1]
        if len(self._answers) >= MAX_KEPT:
            self._answers.clear()
        answer = self._ask(key)
        self._answers[key] = (now, answer)
        return answer

    def forget(self) -> None:
        """Asks again from now on."""
        self._answers.clear()
