"""The machine's clock and randomness."""

from datetime import UTC, datetime

from ulid import ULID


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        present = datetime.now(UTC)
        return present.replace(microsecond=present.microsecond // 1000 * 1000)


class Ulids:
    """ULIDs from the machine's clock and randomness."""

    def new(self) -> str:
        """See `Ids.new`."""
        return str(ULID())
