"""Which of its attempts an order has, and what follows from that for whoever waits."""

from typing import NamedTuple

from chauban.handlers.failures import GIVEN_UP


class Attempt(NamedTuple):
    """Which attempt of how many that an order has."""

    number: int
    of: int

    @property
    def given_up(self) -> bool:
        """Whether nobody waits any longer, should this one fail."""
        return self.number >= self._patience

    @property
    def too_late(self) -> bool:
        """Whether it comes after the one with which it should have been given up: each worker before was killed."""
        return self.number > self._patience

    @property
    def last(self) -> bool:
        """Whether the dead-letter queue is next."""
        return self.number >= self.of

    @property
    def _patience(self) -> int:
        return min(GIVEN_UP, self.of - 1)
