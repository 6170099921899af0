"""What may be seen: dossiers, lists, results, and links to documents."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.amendments import as_it_stands, not_told
from chauban.dossiers.documents import Document, Revision
from chauban.dossiers.model import Dossier, DossierLine, IssuedResult
from chauban.dossiers.notice_documents import INTERNAL
from chauban.dossiers.notice_effects import untold
from chauban.dossiers.numbering import local_day
from chauban.errors import NotAllowed, NotFound
from chauban.ports import Clock, DossierStore, Files, Page


class Download(NamedTuple):
    """A link to a file and what will come from it."""

    url: str
    expires_at: datetime
    sha256: str
    revision: int | None


class IssuedDownload(NamedTuple):
    """A link to an issued revision, and the document as it stands today."""

    file: Download
    document: Document


@dataclass(frozen=True)
class Reading:
    """Reads dossiers for those who may see them."""

    store: DossierStore
    files: Files
    authorisation: Authorisation
    clock: Clock
    download_seconds: int

    def dossier(self, caller: Caller, dossier: str) -> Dossier:
        """The dossier; raises `NotFound` where it does not exist for the caller."""
        found = self.store.load(dossier)
        self.authorisation.see_dossier(caller, found)
        return found

    def sees_drafts(self, caller: Caller, dossier: Dossier) -> bool:
        """Whether the caller, who may see the dossier, sees it from inside the administration, with notices not issued yet."""
        return self.authorisation.may(caller, "view-drafts", dossier)

    def dossiers(
        self, caller: Caller, agency: str | None, day: date | None, limit: int, cursor: str | None
    ) -> Page[DossierLine]:
        """An agency's dossiers of a day (today, where none is named), or the caller's own where no agency is named."""
        if agency is None:
            return self.store.of_party(self._party(caller, "dossiers:read"), limit, cursor)
        self.authorisation.list_agency(caller, agency)
        return self.store.of_agency(agency, day or local_day(self.clock.now()), limit, cursor)

    def results(self, caller: Caller, limit: int, cursor: str | None) -> Page[IssuedResult]:
        """The caller's issued results."""
        return self.store.results_of_party(self._party(caller, "results:read"), limit, cursor)

    def one_document(self, caller: Caller, document: str) -> tuple[Dossier, Document]:
        """A document by its id alone, with its dossier; raises `NotFound` where it does not exist for the caller."""
        found = self.dossier(caller, self.store.dossier_of(document))
        wanted = found.document(document)
        if document in untold(found) | not_told(found) and not self.sees_drafts(caller, found):
            raise NotFound
        if wanted.kind in INTERNAL and not self.authorisation.may(caller, "download-internal", found):
            raise NotFound
        return found, as_it_stands(found, wanted)

    def document(self, caller: Caller, dossier: str, document: str, revision: int | None) -> IssuedDownload:
        """A link to an issued revision, the newest where none is named; raises `NotFound` before there is one."""
        found = self.store.load(dossier)
        self.authorisation.on_dossier(caller, "download-issued", found)
        wanted = found.document(document)
        if wanted.kind in INTERNAL and not self.authorisation.may(caller, "download-internal", found):
            raise NotFound
        chosen = _revision(wanted, revision)
        expires = self.clock.now() + timedelta(seconds=self.download_seconds)
        place = f"-{wanted.ordinal}" if wanted.annex_of else ""
        name = f"{found.filing.code}-{wanted.kind.value}{place}.pdf"
        url = self.files.link(chosen.file, name, self.download_seconds)
        return IssuedDownload(Download(url, expires, chosen.file.sha256, chosen.revision), as_it_stands(found, wanted))

    def _party(self, caller: Caller, scope: str) -> str:
        if caller.party_key is None or scope not in caller.scopes:
            raise NotAllowed
        return caller.party_key


def _revision(document: Document, wanted: int | None) -> Revision:
    matching = [revision for revision in document.revisions if wanted in (None, revision.revision)]
    if not matching:
        raise NotFound
    return matching[-1]
