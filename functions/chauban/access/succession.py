"""Which agency stands where another one stood: agencies are merged and dissolved, and what they issued goes on to bind."""

from collections.abc import Callable
from datetime import datetime

from chauban.access.catalogue import Agency


def in_place_of(find: Callable[[str], Agency | None], agency: str, now: datetime) -> str:
    """The id of the agency that does at an aware moment what `agency` once did: itself until it ends, then its successor, or the
    successor of that one. One that ended without a successor has nobody in its place, and stays itself."""
    seen: set[str] = set()
    while agency not in seen:
        seen.add(agency)
        found = find(agency)
        if found is None or found.successor is None or not found.ended_at(now):
            break
        agency = found.successor
    return agency
