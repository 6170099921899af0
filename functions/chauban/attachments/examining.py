"""Examining an uploaded file: it is what was announced and does nothing by itself, or it is refused with a reason and removed."""

import hashlib
from dataclasses import dataclass

from chauban.attachments import reasons
from chauban.attachments.ports import Examiner, Papers, Scan, Uploads
from chauban.attachments.rules import TAKING
from chauban.dossiers.attachments import WAITING, Attachment, AttachmentStatus
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.errors import ChaubanError, NotFound
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.ports import Clock, DossierStore

_SCANNED = {Scan.CLEAN: None, Scan.FOUND: reasons.MALWARE, Scan.IMPOSSIBLE: reasons.NOT_SCANNED}


class NotScannedYet(ChaubanError):
    """The scanner for malware has not said anything yet; the order comes again."""

    code = "not-scanned-yet"


@dataclass(frozen=True)
class Examining:
    """Examines uploads, each as often as it is told of; all but the first time find it done."""

    store: DossierStore
    uploads: Uploads
    papers: Papers
    examiner: Examiner
    events: EventMaker
    clock: Clock

    def examine(self, dossier: str, attachment: str) -> str | None:
        """The word for what became of the file, None where nobody waits for it (any more). The upload is removed.

        Raises `NotScannedYet`, and whatever a passing fault raises: then the file is still there.
        """
        waiting = self._begun(dossier, attachment)
        if waiting is None:
            self.uploads.remove(dossier, attachment)
            return None
        size = self.uploads.size(dossier, attachment)
        if size is None:
            return None
        content = self.uploads.read(dossier, attachment) if size == waiting.size else b""
        reason = self._fault(dossier, waiting, content)
        file = None if reason else self.papers.keep(content, waiting.type)
        return self._settled(dossier, attachment, reason, file)

    def give_up(self, dossier: str, attachment: str) -> str | None:
        """Refuses a file that could not be examined however often it was tried, so that nothing waits for it."""
        if self._begun(dossier, attachment) is None:
            self.uploads.remove(dossier, attachment)
            return None
        return self._settled(dossier, attachment, reasons.NOT_EXAMINED, None)

    def _begun(self, dossier: str, attachment: str) -> Attachment | None:
        """The attachment, `scanning` from now on; None where it is not waited for."""

        def decide(present: Dossier) -> Change | None:
            expected = present.attachment(attachment)
            if expected.status is not AttachmentStatus.EXPECTED:
                return None
            return Change(present, present.with_attachment(_now(expected, AttachmentStatus.SCANNING)))

        try:
            begun = changing(self.store, dossier, decide).attachment(attachment)
        except NotFound:
            return None
        return begun if begun.status is AttachmentStatus.SCANNING else None

    def _fault(self, dossier: str, announced: Attachment, content: bytes) -> str | None:
        if len(content) != announced.size:
            return reasons.SIZE
        if hashlib.sha256(content).hexdigest() != announced.sha256:
            return reasons.HASH
        found = self.uploads.scan(dossier, announced.id)
        if found is Scan.WAITING:
            raise NotScannedYet
        return _SCANNED[found] or self.examiner.fault(content, announced.type)

    def _settled(self, dossier: str, attachment: str, fault: str | None, file: StoredFile | None) -> str | None:
        def decide(present: Dossier) -> Change | None:
            found = present.attachment(attachment)
            if found.status not in WAITING:
                return None
            # The clerk decided, and the official will sign, without it.
            reason = fault or (None if present.status in TAKING else reasons.TOO_LATE)
            status = AttachmentStatus.REFUSED if reason else AttachmentStatus.ACCEPTED
            kept = {"reason": reason, "settled_at": self.clock.now(), "file": None if reason else file}
            return self._change(present, _now(found, status).model_copy(update=kept))

        settled = changing(self.store, dossier, decide).attachment(attachment)
        self.uploads.remove(dossier, attachment)
        return settled.reason or settled.status.value

    def _change(self, before: Dossier, settled: Attachment) -> Change:
        refused = settled.status is AttachmentStatus.REFUSED
        fact = FactType.ATTACHMENT_REFUSED if refused else FactType.ATTACHMENT_ACCEPTED
        told = {"attachment": settled.id, "component": settled.component, "request": settled.request}
        told |= {"reason": settled.reason} if refused else {"sha256": settled.sha256, "type": settled.type}
        now = self.clock.now()
        after = before.with_fact(fact, now, SERVICE, **told, bytes=settled.size).with_attachment(settled)
        kind = contracts.ATTACHMENT_REFUSED if refused else contracts.ATTACHMENT_ACCEPTED
        return Change(before, after, (self.events.handled(kind, after, **told),))


def _now(attachment: Attachment, status: AttachmentStatus) -> Attachment:
    return attachment.model_copy(update={"status": status})
