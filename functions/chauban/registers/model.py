"""Documents of an agency, not of a dossier: the dossier register (form 07) of some days, and the printed number book."""

from datetime import date, datetime

from chauban.dossiers.documents import Document
from chauban.dossiers.facts import Actor
from chauban.dossiers.model import FormRef
from chauban.values import Frozen

TITLE = "Sổ theo dõi hồ sơ"


class BookExtract(Frozen):
    """Numbers of a book of a year, from one to another, both included."""

    book: str
    year: int
    first: int
    last: int


class Register(Frozen):
    """A register as it was asked for, and its document. What it lists is what was true at `taken_at`: the dossiers filed from
    `first` to `last`, or the `numbers` of a book.

    `printed_with` names the form version whose shared print files it is made with; `version` guards every change. `accountable`
    is the appointment that answers for its seal.
    """

    id: str
    agency: str
    first: date
    last: date
    taken_at: datetime
    by: Actor
    printed_with: FormRef
    document: Document
    version: int = 1
    numbers: BookExtract | None = None
    accountable: str | None = None

    def with_document(self, document: Document) -> "Register":
        """The register with the next state of its document."""
        return self.model_copy(update={"document": document, "version": self.version + 1})


class RegisterRow(Frozen):
    """One dossier of a register. `result` says whether it ended early, on time or late."""

    code: str
    procedure: str
    requester: str
    channel: str
    submitted_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    status: str
    result: str
