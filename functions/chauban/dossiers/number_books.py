"""What a number book holds: every number that was taken, for which document, and the void ones with their reason."""

from datetime import datetime

from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import Actor
from chauban.dossiers.numbering import IssuedNumber
from chauban.values import Frozen


class VoidedNumber(Frozen):
    """Why a number belongs to no document any more, since when, and by whom."""

    reason: str
    at: datetime
    by: Actor


class NumberEntry(Frozen):
    """A number of an agency's book and the document that took it; it is in the book for good, void or not."""

    agency: str
    issued: IssuedNumber
    dossier: str
    code: str
    document: str
    kind: DocumentKind
    title: str
    taken_at: datetime
    void: VoidedNumber | None = None

    def at(self, moment: datetime) -> "NumberEntry | None":
        """The entry as it was at an aware moment; None before the number was taken."""
        if self.taken_at > moment:
            return None
        later = self.void is not None and self.void.at > moment
        return self.model_copy(update={"void": None}) if later else self
