"""PAdES baseline levels (EN 319 142-1, 6), as far as they are measured here."""

from collections.abc import Iterable
from enum import StrEnum


class Level(StrEnum):
    """What a signature has, from least to most: itself, a timestamp of its value, validation material for both, and a document
    timestamp over all of it."""

    B = "PAdES-BASELINE-B"
    T = "PAdES-BASELINE-T"
    LT = "PAdES-BASELINE-LT"
    LTA = "PAdES-BASELINE-LTA"

    @property
    def has_material(self) -> bool:
        """Whether a signature at this level brings its validation material."""
        return self in {Level.LT, Level.LTA}

    @classmethod
    def named(cls, short: str) -> "Level":
        """The level by its short name, as the standard writes it: B-B, B-T, B-LT, B-LTA; raises `ValueError`."""
        return cls(f"PAdES-BASELINE-{short.removeprefix('B-')}")


def lowest(levels: Iterable[Level]) -> Level:
    """The level that all of them reach; raises `ValueError` for none at all."""
    return min(levels, key=list(Level).index)
