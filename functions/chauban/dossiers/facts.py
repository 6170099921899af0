"""What happened to a dossier, one fact after another, and the status that follows from them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from chauban.dossiers.documents import DocumentKind
from chauban.values import Frozen


class FactType(StrEnum):
    """The kinds of facts."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    DECISION_DRAFTED = "decision_drafted"
    DOCUMENT_RENDERED = "document_rendered"
    SIGNATURE_PREPARED = "signature_prepared"
    SIGNATURE_ACCEPTED = "signature_accepted"
    SIGNATURE_GIVEN_UP = "signature_given_up"
    FILE_FINISHED = "file_finished"
    DOCUMENT_SIGNED = "document_signed"
    NUMBER_ISSUED = "number_issued"
    DOCUMENT_ISSUED = "document_issued"


class DossierStatus(StrEnum):
    """The business status of a dossier."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    PROCESSING = "processing"
    SIGNING = "signing"
    PROCESSED = "processed"


class Actor(Frozen):
    """Who did it: a person's subject or a service, through which client. Never a name or a personal number."""

    kind: str
    id: str
    client: str | None = None
    appointment: str | None = None


SERVICE = Actor(kind="service", id="chauban")


class Fact(Frozen):
    """One thing that happened; `seq` counts from 1 within the dossier, `data` depends on the type."""

    seq: int
    type: FactType
    at: datetime
    by: Actor
    data: dict[str, Any] = {}


def status_after(facts: tuple[Fact, ...]) -> DossierStatus:
    """The status that follows from a dossier's facts, read in order."""
    status = DossierStatus.SUBMITTED
    for fact in facts:
        of_result = fact.data.get("kind") == DocumentKind.RESULT
        if fact.type is FactType.RECEIVED:
            status = DossierStatus.RECEIVED
        elif fact.type is FactType.DECISION_DRAFTED:
            status = DossierStatus.PROCESSING
        elif fact.type is FactType.DOCUMENT_RENDERED and of_result:
            status = DossierStatus.SIGNING
        elif fact.type is FactType.DOCUMENT_ISSUED and of_result:
            status = DossierStatus.PROCESSED
    return status
