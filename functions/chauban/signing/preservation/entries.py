"""What is to be extended, and when: one entry for every document that is kept for good."""

from datetime import datetime, timedelta

from chauban.dossiers.documents import Document
from chauban.values import Frozen

# How long the order that comes with the issuing is left alone with it.
ORDER_KEPT = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(days=7)


class PreservationEntry(Frozen):
    """That a revision of a document is due for another document timestamp at `due_at` (aware).

    `next_at` is when it is tried: as soon as it is due, later where the file itself failed (`failures` times, the last one for
    `reason`).
    """

    document: str
    dossier: str
    revision: int
    due_at: datetime
    next_at: datetime
    failures: int = 0
    reason: str | None = None

    def failed(self, reason: str, now: datetime) -> "PreservationEntry":
        """After its file failed: tried again after an hour, then ever later, up to a week."""
        pause = min(timedelta(hours=2**self.failures), LONGEST_PAUSE)
        return self.model_copy(update={"failures": self.failures + 1, "reason": reason, "next_at": now + pause})

    @classmethod
    def raised_soon(cls, dossier: str, document: Document, now: datetime) -> "PreservationEntry":
        """For a document that was issued now: it is due at once, and an order for it is on its way."""
        return cls(
            document=document.id,
            dossier=dossier,
            revision=document.revisions[-1].revision,
            due_at=now,
            next_at=now + ORDER_KEPT,
        )


def is_preserved(document: Document) -> bool:
    """Whether a document is kept for good: what has a number in an agency's book (Decree 30/2020/ND-CP, Article 15), once issued.

    Receipts and slips speak for days; they stay as they were issued.
    """
    return document.number is not None and bool(document.revisions)
