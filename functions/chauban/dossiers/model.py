"""The dossier (hồ sơ): what was filed, by and for whom, with the facts and documents that follow."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from chauban.dossiers.attachments import Attachment
from chauban.dossiers.clock import deadline
from chauban.dossiers.documents import OPEN, Document, DocumentKind
from chauban.dossiers.facts import Actor, DossierStatus, Fact, FactType, status_after
from chauban.dossiers.parties import Contact, Party
from chauban.errors import NotFound
from chauban.values import Frozen

# The facts that name the document which they caused.
_CAUSES = {
    FactType.DECISION_DRAFTED,
    FactType.SUPPLEMENT_REQUESTED,
    FactType.SUPPLEMENTED,
    FactType.REFUSED,
    FactType.EXTENDED,
    FactType.STOPPED,
    FactType.CONTROL_SLIP_MADE,
    FactType.NOTICE_DRAFTED,
    FactType.AMENDMENT_DRAFTED,
    FactType.COPY_ORDERED,
}
_OF_WHO_ACTS = {DocumentKind.SUPPLEMENT_REQUEST, DocumentKind.REFUSAL}


class Channel(StrEnum):
    """How the dossier was filed."""

    ONLINE = "online"
    COUNTER = "counter"
    POST = "post"


class FormRef(Frozen):
    """A form version; a dossier stays with the one it was filed with."""

    slug: str
    version: str


class Agencies(Frozen):
    """The three organisations of a dossier, by id: competent to decide, receiving, supporting the citizen."""

    competent: str
    receiving: str
    supporting: str


class Assertion(Frozen):
    """Who vouched for the requester's identity, and at which level of assurance."""

    client: str
    assurance: str | None = None


class Filing(Frozen):
    """What was filed; nothing of it changes afterwards. `party_keys` are the access keys of its parties."""

    id: str
    code: str
    former_code: str | None
    procedure: str
    procedure_name: str
    form: FormRef
    agencies: Agencies
    channel: Channel
    contact: Contact
    requester: Party
    owner: Party
    representative: Party | None
    asserted: Assertion
    answers: dict[str, Any]
    party_keys: tuple[str, ...]
    submitted_at: datetime


class DossierLine(Frozen):
    """A dossier as a line of a list; kept beside it, so that lists need not read whole dossiers."""

    id: str
    code: str
    status: DossierStatus
    procedure: str
    agency: str
    requester_name: str
    submitted_at: datetime
    due_at: datetime | None


class IssuedResult(Frozen):
    """An issued document and the line of its dossier."""

    dossier: DossierLine
    document: Document


class Dossier(Frozen):
    """A filing with its facts, documents and attachments; `version` is the number of facts, and guards every change."""

    filing: Filing
    facts: tuple[Fact, ...]
    documents: tuple[Document, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def id(self) -> str:
        return self.filing.id

    @property
    def version(self) -> int:
        return len(self.facts)

    @property
    def status(self) -> DossierStatus:
        return status_after(self.facts)

    @property
    def due_at(self) -> datetime | None:
        """When the result is due, in UTC: None before the dossier was received, while its clock stands still, and after its end."""
        due = deadline(self.facts).due_at
        return due.astimezone(UTC) if due else None

    def at(self, seq: int) -> "Dossier":
        """The dossier right after the fact with that number: its facts only, its documents being as they are."""
        return self.model_copy(update={"facts": self.facts[:seq]})

    @property
    def answers(self) -> dict[str, Any]:
        """The form's answers as they are now: those filed, or those of the newest supplement that brought others."""
        supplements = (fact for fact in self.facts if fact.type is FactType.SUPPLEMENTED)
        given = [fact.data["answers"] for fact in supplements if fact.data.get("answers")]
        answers: dict[str, Any] = given[-1] if given else self.filing.answers
        return answers

    @property
    def from_registry(self) -> dict[str, str]:
        """Which of these answers are a register's own: pointers, each with the inquiry that gave it. All others are declared."""
        telling = [
            fact
            for fact in self.facts
            if fact.type is FactType.SUBMITTED or (fact.type is FactType.SUPPLEMENTED and fact.data.get("answers"))
        ]
        return dict(telling[-1].data.get("from_registry", {})) if telling else {}

    @property
    def line(self) -> DossierLine:
        """The dossier as a line of a list."""
        filing = self.filing
        return DossierLine(
            id=filing.id,
            code=filing.code,
            status=self.status,
            procedure=filing.procedure,
            agency=filing.agencies.competent,
            requester_name=filing.requester.name,
            submitted_at=filing.submitted_at,
            due_at=self.due_at,
        )

    def fact(self, kind: FactType) -> Fact | None:
        """The newest fact of a type."""
        return next((fact for fact in reversed(self.facts) if fact.type is kind), None)

    def issuer(self, kind: DocumentKind, acting: str | None = None) -> str:
        """Whose a document is that is made now: the desk gives the receipt; who finds fault with a dossier (requests to
        supplement, refusals) says so itself, `acting` being the agency of the clerk; all else is the competent agency's."""
        agencies = self.filing.agencies
        if kind is DocumentKind.RECEIPT:
            return agencies.receiving
        return (acting if kind in _OF_WHO_ACTS else None) or agencies.competent

    def document(self, document: str) -> Document:
        """The document with that id; raises `NotFound`."""
        for candidate in self.documents:
            if candidate.id == document:
                return candidate
        raise NotFound

    def document_of(self, kind: DocumentKind) -> Document | None:
        """The newest document of a kind."""
        return next((document for document in reversed(self.documents) if document.kind is kind), None)

    @property
    def for_officials(self) -> tuple[Document, ...]:
        """The documents on their way that an official is to sign, or has signed; annexes go with theirs."""
        going = (document for document in self.documents if document.status in OPEN and not document.annex_of)
        causes = ((document, self.cause_of(document)) for document in going)
        return tuple(document for document, cause in causes if cause and cause.data.get("official"))

    def cause_of(self, document: Document) -> Fact | None:
        """The fact that made a document necessary; of an annex, that of the document that it belongs to."""
        about = document.annex_of or document.id
        named = next((fact for fact in self.facts if fact.type in _CAUSES and fact.data.get("document") == about), None)
        return named or self.fact(
            FactType.SUBMITTED if document.kind is DocumentKind.APPLICATION else FactType.RECEIVED
        )

    def with_fact(self, fact_type: FactType, /, at: datetime, by: Actor, **data: Any) -> "Dossier":
        """The dossier after one more fact."""
        fact = Fact(seq=self.version + 1, type=fact_type, at=at, by=by, data=data)
        return self.model_copy(update={"facts": (*self.facts, fact)})

    def with_document(self, document: Document) -> "Dossier":
        """The dossier with that document added, or put in the place of the one with the same id."""
        kept = tuple(document if old.id == document.id else old for old in self.documents)
        if all(old.id != document.id for old in self.documents):
            kept = (*kept, document)
        return self.model_copy(update={"documents": kept})

    def as_of(self, now: datetime) -> "Dossier":
        """The dossier with its attachments as they are at that time: nobody writes down that one never came."""
        return self.model_copy(update={"attachments": tuple(one.as_of(now) for one in self.attachments)})

    @property
    def papers(self) -> tuple[Attachment, ...]:
        """The papers that came with the dossier: all attachments but the files that the records office has copied."""
        return tuple(one for one in self.attachments if one.source is None)

    def attachment(self, attachment: str) -> Attachment:
        """The attachment with that id; raises `NotFound`."""
        for candidate in self.attachments:
            if candidate.id == attachment:
                return candidate
        raise NotFound

    def with_attachment(self, attachment: Attachment) -> "Dossier":
        """The dossier with that attachment added, or put in the place of the one with the same id."""
        others = tuple(kept for kept in self.attachments if kept.id != attachment.id)
        ordered = sorted((*others, attachment), key=lambda kept: kept.id)
        return self.model_copy(update={"attachments": tuple(ordered)})
