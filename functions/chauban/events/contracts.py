"""The events that downstream systems consume: CloudEvents 1.0, a JSON Schema each in `docs/events/`.

Envelopes and data hold ids, codes, hashes and times, never a name, a personal number or an answer.
"""

from datetime import UTC, datetime
from typing import Any

from chauban.dossiers.annexes import annexes_of
from chauban.dossiers.changes import OutboxMessage
from chauban.dossiers.documents import AppliedSignature, Document, Revision
from chauban.dossiers.model import Dossier
from chauban.dossiers.signatories import signatories
from chauban.errors import SigningError
from chauban.ports import Clock, Ids

SUBMITTED = "dossier.submitted.v1"
RECEIVED = "dossier.received.v1"
SIGNED = "document.signed.v1"
ISSUED = "result.issued.v1"
SUPPLEMENT_REQUESTED = "dossier.supplement_requested.v1"
SUPPLEMENTED = "dossier.supplemented.v1"
REFUSED = "dossier.refused.v1"
EXTENDED = "dossier.extended.v1"
STOPPED = "dossier.stopped.v1"
WITHDRAWN = "dossier.withdrawn.v1"
RETURNED = "document.returned.v1"
DOCUMENT_EXTENDED = "document.extended.v1"
REPLACED = "result.replaced.v1"
CORRECTED = "result.corrected.v1"
REVOKED = "result.revoked.v1"
ATTACHMENT_ACCEPTED = "attachment.accepted.v1"
ATTACHMENT_REFUSED = "attachment.refused.v1"


class EventMaker:
    """Makes the outbox messages for events; `source` names the installation."""

    def __init__(self, stage: str, clock: Clock, ids: Ids) -> None:
        self._source = f"urn:chauban:{stage}"
        self._clock = clock
        self._ids = ids

    def submitted(self, dossier: Dossier) -> OutboxMessage:
        """A dossier was filed."""
        filing = dossier.filing
        data = {"procedure": filing.procedure, "form": filing.form.model_dump(), "agency": filing.agencies.competent}
        return self._event(SUBMITTED, dossier, {"code": filing.code, **data})

    def received(self, dossier: Dossier, received_at: datetime, due_at: datetime) -> OutboxMessage:
        """A clerk received the dossier; its clock runs."""
        filing = dossier.filing
        times = {"received_at": utc_text(received_at), "due_at": utc_text(due_at)}
        data = {"code": filing.code, "agency": filing.agencies.competent, **times}
        return self._event(RECEIVED, dossier, data)

    def handled(self, kind: str, dossier: Dossier, /, **data: Any) -> OutboxMessage:
        """Something happened to a dossier on its way (one of the types above); moments in `data` become texts. `agency` is the one
        competent to decide, unless `data` names another."""
        filing = dossier.filing
        told = {name: utc_text(value) if isinstance(value, datetime) else value for name, value in data.items()}
        return self._event(kind, dossier, {"code": filing.code, "agency": filing.agencies.competent, **told})

    def signed(self, dossier: Dossier, document: Document, signature: AppliedSignature) -> OutboxMessage:
        """A signature is in the file; `revision` counts the signatures in it by then. An official's tells the capacity."""
        signer = next((one for one in signatories(dossier, document.id) if one["field"] == signature.field), {})
        data = {
            "document": document.id,
            "kind": document.kind.value,
            "revision": len(document.signatures),
            "sha256": signature.sha256,
            "credential": signature.credential,
            "field": signature.field,
            **signer,
        }
        return self._event(SIGNED, dossier, data)

    def issued(self, dossier: Dossier, document: Document, revision: Revision) -> OutboxMessage:
        """A result is signed, numbered and sealed, and its annexes are there."""
        if document.number is None:
            raise SigningError(reason="a result is issued only with its number")
        data = {
            "code": dossier.filing.code,
            "procedure": dossier.filing.procedure,
            "agency": document.agency,
            "document": document.id,
            "kind": document.kind.value,
            "number": document.number.number,
            "symbol": document.number.symbol,
            "book": document.number.book,
            "year": document.number.year,
            "date": document.number.day.isoformat(),
            "revision": revision.revision,
            "sha256": revision.file.sha256,
            "signatories": signatories(dossier, document.id),
            "annexes": [_annex(annex) for annex in annexes_of(dossier, document)],
        }
        return self._event(ISSUED, dossier, data)

    def document_extended(self, dossier: Dossier, document: Document) -> OutboxMessage:
        """A document has another revision: the same file with another document timestamp."""
        before, newest = document.revisions[-2:]
        data = {
            "code": dossier.filing.code,
            "agency": document.agency,
            "document": document.id,
            "kind": document.kind.value,
            "revision": newest.revision,
            "sha256": newest.file.sha256,
            "extends": before.file.sha256,
            "level": newest.level,
        }
        return self._event(DOCUMENT_EXTENDED, dossier, data)

    def _event(self, kind: str, dossier: Dossier, data: dict[str, Any]) -> OutboxMessage:
        now, message = self._clock.now(), self._ids.new()
        body = {
            "specversion": "1.0",
            "id": message,
            "source": self._source,
            "type": kind,
            "subject": dossier.id,
            "time": utc_text(now),
            "datacontenttype": "application/json",
            "dataschema": f"urn:chauban:event:{kind}",
            "data": {"dossier": dossier.id, **data},
        }
        return OutboxMessage(id=message, channel="bus", owner=dossier.id, body=body, at=now)


def _annex(annex: Document) -> dict[str, Any]:
    newest = annex.revisions[-1]
    return {"document": annex.id, "revision": newest.revision, "sha256": newest.file.sha256}


def utc_text(moment: datetime) -> str:
    """An aware moment as RFC 3339 text in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
