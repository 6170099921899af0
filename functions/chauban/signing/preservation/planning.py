"""Planning anew after the policy on algorithms changed: what rests on something that ends earlier now comes forward.

Each entry says what its file rests on, so no file is read. It may be stopped anywhere and begun again: an entry that is as it
should be is left alone, and so is one on which somebody works: what comes of that is planned by the policy of that moment.
"""

from dataclasses import dataclass

from chauban.signing.preservation.ports import PolicySource, PreservationStore

PAGE = 200


@dataclass(frozen=True)
class Planning:
    """Plans entries by the policy as it is now."""

    store: PreservationStore
    policies: PolicySource

    def plan(self) -> tuple[int, int]:
        """How many entries there are, and how many are due at another time now."""
        policy = self.policies.algorithms()
        seen = changed = 0
        cursor: str | None = None
        while True:
            entries, cursor = self.store.page(cursor, PAGE)
            for entry in entries:
                planned = entry.planned(policy)
                if planned != entry and entry.taken_until is None:
                    changed += self.store.put_back(planned)
            seen += len(entries)
            if cursor is None:
                return seen, changed
