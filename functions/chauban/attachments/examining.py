"""Examining an uploaded file: it is what was announced and does nothing by itself, or it is refused with a reason and removed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chauban.attachments import reasons
from chauban.attachments.ports import Examiner, Papers, Scan, Seen, SeenPage, Uploads
from chauban.attachments.rules import TAKING
from chauban.dossiers.attachments import WAITING, Attachment, AttachmentStatus, CopySource, ScannedPage, SourceKind
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import StoredFile
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.errors import ChaubanError, NotFound
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
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
    orders: OrderMaker
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
        if waiting.source:
            return self._looked_at(dossier, waiting, waiting.source, reason, content)
        reason = reason or self.examiner.fault(content, waiting.type)
        file = None if reason else self.papers.keep(content, waiting.type)
        return self._settled(dossier, attachment, reason, file)

    def _looked_at(
        self, dossier: str, waiting: Attachment, source: CopySource, fault: str | None, content: bytes
    ) -> str | None:
        """Keeps what was seen of a file to be copied. A scan is settled with that; whoever knows the anchors judges signatures."""
        seen = Seen(fault) if fault else self.examiner.look(content, waiting.type, source.kind)
        if seen.fault:
            return self._settled(dossier, waiting.id, seen.fault, None)
        pages = [ScannedPage(file=self.papers.keep(one.content, one.type), **_measures(one)) for one in seen.pages]
        words = self.papers.keep(seen.words.encode(), "text/plain; charset=utf-8") if seen.words else None
        known = source.model_copy(
            update={"place": seen.place, "turned": seen.turned, "words": words, "pages": tuple(pages)}
        )
        file = self.papers.keep(content, waiting.type)
        if source.kind is SourceKind.PAPER_SCAN:
            known = known.model_copy(update={"checked_at": self.clock.now()})
            return self._settled(dossier, waiting.id, None, file, known)

        def decide(present: Dossier) -> Change | None:
            found = present.attachment(waiting.id)
            if found.status is not AttachmentStatus.SCANNING:
                return None
            kept = present.with_attachment(found.model_copy(update={"file": file, "source": known}))
            return Change(present, kept, (self.orders.check_source(dossier, waiting.id),))

        changing(self.store, dossier, decide)
        self.uploads.remove(dossier, waiting.id)
        return AttachmentStatus.SCANNING.value

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
        return _SCANNED[found]

    def _settled(
        self,
        dossier: str,
        attachment: str,
        fault: str | None,
        file: StoredFile | None,
        source: CopySource | None = None,
    ) -> str | None:
        def decide(present: Dossier) -> Change | None:
            found = present.attachment(attachment)
            if found.status not in WAITING:
                return None
            # The clerk decided, and the official will sign, without it; what is copied has nothing to do with that.
            late = present.status not in TAKING and found.source is None
            update = {"file": file, "source": source or found.source}
            return settling(
                present,
                found.model_copy(update=update),
                fault or (reasons.TOO_LATE if late else None),
                self.clock.now(),
                self.events,
            )

        settled = changing(self.store, dossier, decide).attachment(attachment)
        self.uploads.remove(dossier, attachment)
        return settled.reason or settled.status.value


def settling(before: Dossier, settled: Attachment, reason: str | None, now: datetime, events: EventMaker) -> Change:
    """Accepts an attachment, or refuses it for a reason, with the fact; a paper's sender is told, of files to be copied nobody
    is."""
    status = AttachmentStatus.REFUSED if reason else AttachmentStatus.ACCEPTED
    file = None if reason else settled.file
    settled = settled.model_copy(update={"status": status, "reason": reason, "settled_at": now, "file": file})
    fact = FactType.ATTACHMENT_REFUSED if reason else FactType.ATTACHMENT_ACCEPTED
    told = {"attachment": settled.id, "component": settled.component, "request": settled.request}
    told |= {"reason": reason} if reason else {"sha256": settled.sha256, "type": settled.type}
    if settled.source:
        found = [one.model_dump(mode="json", exclude={"signer"}) for one in settled.source.signatures]
        more = {"source": settled.source.kind.value, "issuer": settled.source.issuer, "signatures": found}
        after = before.with_fact(fact, now, SERVICE, **told, **more, bytes=settled.size)
        return Change(before, after.with_attachment(settled))
    after = before.with_fact(fact, now, SERVICE, **told, bytes=settled.size).with_attachment(settled)
    kind = contracts.ATTACHMENT_REFUSED if reason else contracts.ATTACHMENT_ACCEPTED
    return Change(before, after, (events.handled(kind, after, **told),))


def _measures(page: SeenPage) -> dict[str, Any]:
    return {"type": page.type, "width": page.width, "height": page.height, "resolution": page.resolution}


def _now(attachment: Attachment, status: AttachmentStatus) -> Attachment:
    return attachment.model_copy(update={"status": status})
