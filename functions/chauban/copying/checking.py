"""Judging a signed file of others before anything is copied from it: its signatures as of their timestamps, that it is another
agency's original and no file of this service, and whether it can take one more signature. Runs in the seal worker, which knows the
anchors; what was found is kept with the file and shown to staff."""

from dataclasses import dataclass

from chauban.attachments import reasons
from chauban.attachments.examining import settling
from chauban.dossiers.attachments import AttachmentStatus, CopySource, SourceSignature
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.model import Dossier
from chauban.errors import NotFound
from chauban.events.contracts import EventMaker
from chauban.ports import Clock, DossierStore, Files
from chauban.signing import foreign_files as words
from chauban.signing.foreign_files import ForeignFiles, ForeignOpinion


@dataclass(frozen=True)
class SourceChecking:
    """Checks files to be copied, each as often as it is told to; all but the first time find it done."""

    store: DossierStore
    files: Files
    foreign: ForeignFiles
    events: EventMaker
    clock: Clock

    def check(self, dossier: str, attachment: str) -> str | None:
        """The word for what became of the file; None where nobody waits for it. Raises `CertificateNotUsable` where whoever answers
        for a certificate cannot be asked now, and the order comes again."""
        waiting = self.store.load(dossier).attachment(attachment)
        if waiting.status is not AttachmentStatus.SCANNING or waiting.file is None:
            return None
        opinion = self.foreign.judge(self.files.read(waiting.file))
        return self._settled(dossier, attachment, opinion, opinion.fault or self._not_of_others(opinion))

    def give_up(self, dossier: str, attachment: str) -> str | None:
        """Refuses a file that could not be judged however often it was tried, so that nobody waits for it."""
        waiting = self.store.load(dossier).attachment(attachment)
        if waiting.status is not AttachmentStatus.SCANNING:
            return None
        return self._settled(dossier, attachment, ForeignOpinion(None), words.NOT_CHECKED)

    def _not_of_others(self, opinion: ForeignOpinion) -> str | None:
        """Why sound signatures are not those of another agency's original: the file, or what it grew from, is of this service; it
        is a copy itself; no organisation signed it."""
        if any(self.files.is_archived(one) for one in opinion.revisions) or self._is_known(opinion.made_as):
            return words.ISSUED_HERE
        if opinion.is_copy:
            return words.IS_COPY
        return None if any(one.organisation for one in opinion.signatures) else words.NO_ORGANISATION

    def _is_known(self, document: str | None) -> bool:
        if not document:
            return False
        try:
            return bool(self.store.dossier_of(document))
        except NotFound:
            return False

    def _settled(self, dossier: str, attachment: str, opinion: ForeignOpinion, fault: str | None) -> str | None:
        def decide(present: Dossier) -> Change | None:
            found = present.attachment(attachment)
            if found.status is not AttachmentStatus.SCANNING or found.source is None:
                return None
            now = self.clock.now()
            known = _with(found.source, opinion).model_copy(update={"checked_at": now})
            return settling(present, found.model_copy(update={"source": known}), fault, now, self.events)

        settled = changing(self.store, dossier, decide).attachment(attachment)
        return settled.reason or settled.status.value


def _with(source: CopySource, opinion: ForeignOpinion) -> CopySource:
    hindrance = reasons.LOCKED if opinion.locked else None if source.place else reasons.NO_PLACE
    return source.model_copy(
        update={
            "signatures": tuple(SourceSignature(**vars(one)) for one in opinion.signatures),
            "has_place": opinion.has_place,
            "no_sao_y": None if opinion.has_place else hindrance,
        }
    )
