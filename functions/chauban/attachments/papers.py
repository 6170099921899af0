"""Opening attachments: links for who may read the dossier, and what lies beside a draft for the official who signs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.attachments.ports import PaperLinks
from chauban.attachments.rules import Asked, missing_papers
from chauban.dossiers.annexes import annexes_of
from chauban.dossiers.attachments import Attachment, AttachmentStatus
from chauban.dossiers.documents import Document, DocumentKind, StoredFile
from chauban.dossiers.model import Dossier
from chauban.errors import NotFound
from chauban.ports import Clock, DossierStore, Files, FormLibrary

_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif"}


class Paper(NamedTuple):
    """An attachment; with a link, and until when that works, where it was accepted."""

    attachment: Attachment
    url: str | None
    expires_at: datetime | None


class OwnAnnex(NamedTuple):
    """An annex of a draft, with its file as the draft names it and a link to that."""

    document: Document
    file: StoredFile
    url: str


class Beside(NamedTuple):
    """What is read beside a draft: the application as it stands now (None until it is archived), every attachment, and the draft's
    own annexes in files of their own."""

    application: StoredFile | None
    application_url: str | None
    papers: tuple[Paper, ...]
    annexes: tuple[OwnAnnex, ...]
    expires_at: datetime


@dataclass(frozen=True)
class OpeningPapers:
    """Gives links to accepted attachments."""

    store: DossierStore
    links: PaperLinks
    authorisation: Authorisation
    clock: Clock
    seconds: int

    def one(self, caller: Caller, dossier: str, attachment: str) -> Paper:
        """One attachment of a dossier; raises `NotFound` for who may not read the dossier."""
        found = self._seen(caller, dossier)
        wanted = found.attachment(attachment)
        if wanted.source:
            raise NotFound
        return self._opened(found, wanted)

    def sources(self, caller: Caller, dossier: str, source: str | None = None) -> tuple[Paper, ...]:
        """The files to be copied, or the one named, for staff that may bring such; raises `NotFound`, `NotAllowed`."""
        found = self._seen(caller, dossier)
        self.authorisation.bring_copy_source(caller, found)
        wanted = [one for one in found.attachments if one.source and source in (None, one.id)]
        if source and not wanted:
            raise NotFound
        return tuple(self._opened(found, one) for one in wanted)

    def all(self, caller: Caller, dossier: str, forms: FormLibrary) -> tuple[Dossier, tuple[Asked, ...]]:
        """A dossier with its attachments, and the required papers of which no file was accepted; raises `NotFound`."""
        found = self._seen(caller, dossier)
        return found, missing_papers(forms.version(found.filing.form.slug, found.filing.form.version), found)

    def beside(self, dossier: str, draft: str, files: Files) -> Beside:
        """What is read beside that draft of a dossier, for a caller who is known to see its task or session."""
        found = self.store.load(dossier)
        document = found.document_of(DocumentKind.APPLICATION)
        application = document.revisions[-1].file if document and document.revisions else None
        name = f"{found.filing.code}-{DocumentKind.APPLICATION.value}.pdf"
        url = files.link(application, name, self.seconds) if application else None
        papers = tuple(self._opened(found, attachment) for attachment in found.papers)
        annexes = tuple(
            OwnAnnex(one, one.current, files.link(one.current, f"annex-{one.ordinal}.pdf", self.seconds))
            for one in annexes_of(found, found.document(draft))
            if one.current
        )
        return Beside(application, url, papers, annexes, self._until())

    def _seen(self, caller: Caller, dossier: str) -> Dossier:
        found = self.store.load(dossier)
        self.authorisation.see_dossier(caller, found)
        return found

    def _opened(self, dossier: Dossier, attachment: Attachment) -> Paper:
        if attachment.status is not AttachmentStatus.ACCEPTED:
            return Paper(attachment, None, None)
        return Paper(
            attachment, self.links.link(attachment, neutral_name(dossier, attachment), self.seconds), self._until()
        )

    def _until(self) -> datetime:
        return self.clock.now() + timedelta(seconds=self.seconds)


def neutral_name(dossier: Dossier, attachment: Attachment) -> str:
    """Under which a file is downloaded: the form's component and its place among the dossier's files, for the sender's own name is
    personal data and a link's query stays in histories and logs."""
    place = 1 + [each.id for each in dossier.attachments].index(attachment.id)
    return f"{attachment.component}-{place}.{_EXTENSIONS[attachment.type]}"
