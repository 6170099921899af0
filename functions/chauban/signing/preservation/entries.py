"""What is to be extended, and when: one entry for every document that is kept for good."""

from datetime import datetime, timedelta
from typing import Any, Self

from pydantic import model_validator

from chauban.dossiers.documents import COPIES, Document, DocumentKind
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy, UsedAlgorithm
from chauban.values import Frozen

# How long the order that comes with the issuing is left alone with it.
ORDER_KEPT = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(days=7)
# What is said of a file with which workers ended again and again without a word: they were killed, or ran out of memory or time.
KILLED = "worker-killed"


class PreservationEntry(Frozen):
    """That a revision of a document is due for another document timestamp at `due_at` (aware). The document is one of a `dossier`,
    or that of an agency's register: exactly one of the two is named.

    `next_at` is when it is tried: as soon as it is due, later where the file itself failed (`failures` times, the last one for
    `reason`). The revision's document timestamp was made at `made_at`, and stands until `ends_at` by its certificates, and as long
    as the algorithms that it `rests_on`; all three are empty where there is none yet.

    Somebody works on it until `taken_until`; `unfinished` times nobody said what became of it. Each write has another `edition`.
    """

    document: str
    dossier: str | None = None
    agency_register: str | None = None
    revision: int
    due_at: datetime
    next_at: datetime
    failures: int = 0
    reason: str | None = None
    made_at: datetime | None = None
    ends_at: datetime | None = None
    rests_on: tuple[UsedAlgorithm, ...] = ()
    taken_until: datetime | None = None
    unfinished: int = 0
    edition: int = 0

    @model_validator(mode="after")
    def _belongs_somewhere(self) -> Self:
        if (self.dossier is None) is (self.agency_register is None):
            raise ValueError("a document belongs to a dossier or to a register")
        return self

    def planned(self, policy: AlgorithmPolicy) -> "PreservationEntry":
        """When it is due by a policy: in time before a certificate or an algorithm ends; unchanged where nothing is stamped yet."""
        if self.made_at is None or self.ends_at is None:
            return self
        due = policy.due(self.document, self.made_at, policy.limit_of(self.ends_at, self.rests_on))
        return self.model_copy(update={"due_at": due, "next_at": max(due, self.next_at) if self.failures else due})

    def failed(self, reason: str, now: datetime) -> "PreservationEntry":
        """After its file failed: tried again after an hour, then ever later, up to a week."""
        again = {"failures": self.failures + 1, "reason": reason, "next_at": now + _pause(self.failures)}
        return self.model_copy(update={**again, "taken_until": None, "unfinished": 0})

    def taken(self, until: datetime) -> "PreservationEntry":
        """While somebody works on it. Should nothing be heard of it, it is tried again at `until`; and ever later, where that was
        not the first time.
        """
        pause = _pause(self.unfinished - 1) if self.unfinished else timedelta()
        return self.model_copy(
            update={"taken_until": until, "unfinished": self.unfinished + 1, "next_at": until + pause}
        )

    def released(self) -> "PreservationEntry":
        """After somebody worked on it to no effect, and the file has no part in that: tried as soon as it is due."""
        return self.model_copy(update={"taken_until": None, "unfinished": 0, "next_at": min(self.next_at, self.due_at)})

    @property
    def trouble(self) -> str | None:
        """Why its file could not be extended when that was tried last."""
        return (self.reason or "?") if self.failures else KILLED if self.unfinished > 1 else None

    @classmethod
    def raised_soon(cls, dossier: str, document: Document, now: datetime) -> "PreservationEntry":
        """For a document of a dossier that was issued now: it is due at once, and an order for it is on its way."""
        return cls(**_issued(document, now), dossier=dossier)

    @classmethod
    def register_raised_soon(cls, register: str, document: Document, now: datetime) -> "PreservationEntry":
        """The same for the document of an agency's register."""
        return cls(**_issued(document, now), agency_register=register)


def _pause(times: int) -> timedelta:
    return min(timedelta(hours=2 ** min(times, 8)), LONGEST_PAUSE)


def _issued(document: Document, now: datetime) -> dict[str, Any]:
    newest = document.revisions[-1].revision
    return {"document": document.id, "revision": newest, "due_at": now, "next_at": now + ORDER_KEPT}


def is_preserved(document: Document) -> bool:
    """Whether a document is kept for good, once issued: what has a number in an agency's book, certified copies, which have no
    number and are worth as much as their originals (Decree 30/2020/ND-CP, Articles 15 and 26), and an agency's registers and books.

    Receipts and slips speak for days; they stay as they were issued.
    """
    kept = document.kind in COPIES or document.kind is DocumentKind.REGISTER
    return (document.number is not None or kept) and bool(document.revisions)
