"""The dossier register (form 07): a document of an agency, not of a dossier, for the dossiers filed in some days."""

from datetime import date, datetime

from chauban.dossiers.documents import Document
from chauban.dossiers.facts import Actor
from chauban.dossiers.model import FormRef
from chauban.values import Frozen

TITLE = "Sổ theo dõi hồ sơ"


class Register(Frozen):
    """A register as it was asked for, and its document. What it lists is what was true at `taken_at`.

    `printed_with` names the form version whose shared print files it is made with; `version` guards every change.
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
