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
    DOCUMENT_RELEASED = "document_released"
    NUMBER_ISSUED = "number_issued"
    NUMBER_VOIDED = "number_voided"
    SEALING_STOPPED = "sealing_stopped"
    RENDERING_REPEATED = "rendering_repeated"
    DOCUMENT_ISSUED = "document_issued"
    DOCUMENT_EXTENDED = "document_extended"
    DOCUMENT_RETURNED = "document_returned"
    DOCUMENT_CANCELLED = "document_cancelled"
    NOTICE_DRAFTED = "notice_drafted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    SUPPLEMENTED = "supplemented"
    REFUSED = "refused"
    EXTENDED = "extended"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    CONTROL_SLIP_MADE = "control_slip_made"
    REGISTRY_CONSULTED = "registry_consulted"
    AMENDMENT_DRAFTED = "amendment_drafted"
    RESULT_REPLACED = "result_replaced"
    RESULT_CORRECTED = "result_corrected"
    RESULT_REVOKED = "result_revoked"
    COPY_ORDERED = "copy_ordered"
    COPY_REFUSED = "copy_refused"
    ATTACHMENT_ACCEPTED = "attachment_accepted"
    ATTACHMENT_REFUSED = "attachment_refused"


class DossierStatus(StrEnum):
    """The business status of a dossier."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    PROCESSING = "processing"
    SIGNING = "signing"
    PROCESSED = "processed"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    REFUSED = "refused"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


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


# What ends a dossier without a result, or starts a step of it.
_STATUS_OF = {
    FactType.RECEIVED: DossierStatus.RECEIVED,
    FactType.DECISION_DRAFTED: DossierStatus.PROCESSING,
    FactType.SUPPLEMENT_REQUESTED: DossierStatus.SUPPLEMENT_REQUESTED,
    FactType.REFUSED: DossierStatus.REFUSED,
    FactType.STOPPED: DossierStatus.STOPPED,
    FactType.WITHDRAWN: DossierStatus.WITHDRAWN,
}
_STATUS_OF_RESULT = {
    FactType.DOCUMENT_RENDERED: DossierStatus.SIGNING,
    FactType.DOCUMENT_ISSUED: DossierStatus.PROCESSED,
    # The clerk can draft again.
    FactType.DOCUMENT_RETURNED: DossierStatus.RECEIVED,
}


def settling(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts of settling the dossier, without those about documents that came after its result: amendments and copies."""
    begun = {FactType.AMENDMENT_DRAFTED, FactType.COPY_ORDERED}
    later = {fact.data["document"] for fact in facts if fact.type in begun}
    return tuple(fact for fact in facts if fact.data.get("document") not in later) if later else facts


def status_after(facts: tuple[Fact, ...]) -> DossierStatus:
    """The status that follows from a dossier's facts, read in order; a supplement brings back the one before its request, and what
    is issued about a result leaves it `processed`."""
    status = interrupted = DossierStatus.SUBMITTED
    for fact in settling(facts):
        if fact.type is FactType.SUPPLEMENT_REQUESTED:
            interrupted = status
        if fact.type is FactType.SUPPLEMENTED:
            status = interrupted
        elif fact.data.get("kind") == DocumentKind.RESULT:
            status = _STATUS_OF_RESULT.get(fact.type, status)
        else:
            status = _STATUS_OF.get(fact.type, status)
    return status
