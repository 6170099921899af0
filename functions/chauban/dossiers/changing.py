"""Load, decide, write: repeated when somebody else wrote in between, so that every change is decided on what it changes."""

import random
import time
from collections.abc import Callable

from chauban.dossiers.changes import Change
from chauban.dossiers.model import Dossier
from chauban.errors import ConcurrentChange
from chauban.ports import DossierStore

ATTEMPTS = 8


def changing(
    store: DossierStore,
    dossier: str,
    decide: Callable[[Dossier], Change | None],
    pause: Callable[[float], None] = time.sleep,
) -> Dossier:
    """The dossier after `decide` was applied to its present state; `decide` answers None when nothing is left to do.

    Raises what `decide` raises, and `ConcurrentChange` after 8 attempts (pauses grow from 10 ms, at random, up to 1 s).
    """
    for attempt in range(ATTEMPTS):
        present = store.load(dossier)
        change = decide(present)
        if change is None:
            return present
        try:
            store.commit(change)
        except ConcurrentChange:
            if attempt + 1 == ATTEMPTS:
                raise
            pause(random.uniform(0, min(1.0, 0.01 * 2**attempt)))  # noqa: S311 - spreads retries, guards nothing
        else:
            return change.after
    raise ConcurrentChange
