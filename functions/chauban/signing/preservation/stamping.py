"""What another document timestamp makes of a document, for those of dossiers and of agencies alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.dossiers.documents import Document, DocumentTimestamp, Revision, StoredFile
from chauban.ports import Files
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.ports import ExtendedFile, PolicySource, PreservationEngine


@dataclass(frozen=True)
class Stamped:
    """A file that was extended by a `policy` and archived; `of` is the number of the revision that it was made of."""

    of: int
    file: StoredFile
    extended: ExtendedFile
    policy: AlgorithmPolicy

    def fits(self, document: Document) -> bool:
        """Whether the document still ends with the revision that was extended."""
        return _newest(document) == self.of

    def on(self, document: Document, now: datetime) -> Document:
        """The document with the file as its newest revision."""
        extended = self.extended
        timestamp = DocumentTimestamp(
            timestamped_at=extended.timestamped_at,
            authority=extended.authority,
            certificate_check=extended.certificate_check,
        )
        made = Revision(revision=self.of + 1, file=self.file, level=extended.level, made_at=now, timestamp=timestamp)
        return document.model_copy(update={"current": self.file, "revisions": (*document.revisions, made)})

    def entry(
        self, document: str, *, dossier: str | None = None, agency_register: str | None = None
    ) -> PreservationEntry:
        """When the document is due again."""
        extended = self.extended
        entry = PreservationEntry(
            document=document,
            dossier=dossier,
            agency_register=agency_register,
            revision=self.of + 1,
            due_at=extended.ends_at,
            next_at=extended.ends_at,
            made_at=extended.timestamped_at,
            ends_at=extended.ends_at,
            rests_on=extended.rests_on,
        )
        return entry.planned(self.policy)

    @property
    def said(self) -> dict[str, Any]:
        """What a fact keeps of it."""
        extended = self.extended
        return {
            "revision": self.of + 1,
            "sha256": self.file.sha256,
            "level": extended.level,
            "authority": extended.authority,
            "timestamped_at": extended.timestamped_at.isoformat(),
            "certificate_check": extended.certificate_check,
        }


@dataclass(frozen=True)
class Stamping:
    """Extends files and archives them."""

    files: Files
    engine: PreservationEngine
    policies: PolicySource

    def stamp(self, document: Document, revision: int) -> Stamped | None:
        """That revision of a document extended; None where it is not the newest any more.

        The archive keeps the new file before anything points to it: a worker that dies in between leaves a file that nobody is
        shown. Raises `TimestampUnavailable` where no authority answers, and what the engine and the archive raise.
        """
        if _newest(document) != revision:
            return None
        policy = self.policies.algorithms()
        extended = self.engine.extend(self.files.read(document.revisions[-1].file), policy)
        return Stamped(revision, self.files.archive(extended.pdf), extended, policy)


def _newest(document: Document) -> int | None:
    return document.revisions[-1].revision if document.revisions else None
