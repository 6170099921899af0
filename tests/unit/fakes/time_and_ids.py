"""A clock that tests set, and ids that count."""

from datetime import UTC, datetime, timedelta
from itertools import count

# A Monday, 9:00 in Huế: an ordinary working morning.
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class SettableClock:
    """A `Clock` that stands still until it is moved."""

    def __init__(self, moment: datetime = MORNING) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def forward(self, **step: float) -> None:
        """Moves the clock on, `forward(minutes=5)`."""
        self.moment += timedelta(**step)


class CountingIds:
    """`Ids` of the right length whose order is that of their making."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        return f"01KARX5T9V{next(self._numbers):016d}"
