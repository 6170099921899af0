"""Entries for what was issued before there were any, and the items by which documents are found by their id alone.

Reads every document of the table once, page by page. Each page is settled before its place is kept, so that whoever is killed goes
on there; what is there already is left as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chauban.dossiers.documents import Document
from chauban.ports import Clock
from chauban.signing.preservation.algorithm_policy import share_of
from chauban.signing.preservation.entries import PreservationEntry, is_preserved
from chauban.values import Frozen


@dataclass(frozen=True)
class FoundDocument:
    """A document of a dossier, or that of an agency's register, by the one of the two ids that is given."""

    document: Document
    dossier: str | None = None
    agency_register: str | None = None


class Progress(Frozen):
    """How far it has come: documents `seen`, those of them that are `kept` for good, new `entries`, documents that are `found` by
    id only now; `cursor` is where it goes on, None at the end. A page that is settled twice counts as new once at the most."""

    cursor: str | None = None
    seen: int = 0
    kept: int = 0
    entries: int = 0
    found: int = 0


class BackfillStore(Protocol):
    """All documents, and what may lack beside them."""

    def documents(self, cursor: str | None) -> tuple[Sequence[FoundDocument], str | None]:
        """Some documents, and the cursor for those after them."""
        ...

    def lacking(
        self, entries: Sequence[PreservationEntry], places: Sequence[FoundDocument]
    ) -> tuple[Sequence[PreservationEntry], Sequence[FoundDocument]]:
        """Which of the entries are not there, and which of the documents are not found by their id."""
        ...

    def add(self, entries: Sequence[PreservationEntry], places: Sequence[FoundDocument]) -> None:
        """Writes them; one that somebody else has written meanwhile stays."""
        ...

    def progress(self) -> Progress | None:
        """Where an earlier run stopped; None where none is unfinished."""
        ...

    def keep(self, progress: Progress) -> None:
        """Keeps how far it has come."""
        ...


@dataclass(frozen=True)
class Backfilling:
    """Gives entries that come due one after another over `days`, so that the backlog holds up nothing that is issued meanwhile."""

    store: BackfillStore
    clock: Clock
    days: int

    def run(self) -> Iterator[Progress]:
        """Settles page after page, from where an earlier run stopped; how far it has come after each."""
        progress = self.store.progress() or Progress()
        while True:
            progress = self._page(progress, write=True)
            self.store.keep(progress)
            yield progress
            if progress.cursor is None:
                return

    def counted(self) -> Iterator[Progress]:
        """What a run from the beginning would do; nothing is written."""
        progress = Progress()
        while True:
            progress = self._page(progress, write=False)
            yield progress
            if progress.cursor is None:
                return

    def _page(self, before: Progress, *, write: bool) -> Progress:
        documents, cursor = self.store.documents(before.cursor)
        now = self.clock.now()
        kept = [self._entry(found, now) for found in documents if is_preserved(found.document)]
        entries, places = self.store.lacking(kept, [found for found in documents if found.dossier])
        if write:
            self.store.add(entries, places)
        return Progress(
            cursor=cursor,
            seen=before.seen + len(documents),
            kept=before.kept + len(kept),
            entries=before.entries + len(entries),
            found=before.found + len(places),
        )

    def _entry(self, found: FoundDocument, now: datetime) -> PreservationEntry:
        due = now + timedelta(days=self.days) * share_of(found.document.id)
        return PreservationEntry(
            document=found.document.id,
            dossier=found.dossier,
            agency_register=found.agency_register,
            revision=found.document.revisions[-1].revision,
            due_at=due,
            next_at=due,
        )
