"""Previews: the application as it would look, marked as one, for a look before filing; nothing of it is kept for long."""

from dataclasses import dataclass
from datetime import timedelta

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.admission import unknown
from chauban.dossiers.applicant import Applying, own_faults
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.model import FormRef
from chauban.dossiers.numbering import local_day
from chauban.dossiers.parties import Party
from chauban.dossiers.reading import Download
from chauban.dossiers.rendering import Renderer
from chauban.dossiers.requests import PreviewApplication
from chauban.dossiers.specimen import print_request, specimen, specimen_filing
from chauban.errors import InvalidRequest
from chauban.forms.validation import accepted_answers
from chauban.ports import Catalogue, Clock, Files, FormLibrary

WATERMARK = "BẢN XEM TRƯỚC"
FOLDER = "previews"


@dataclass(frozen=True)
class Previewing:
    """Makes previews while the caller waits."""

    forms: FormLibrary
    catalogue: Catalogue
    files: Files
    authorisation: Authorisation
    renderer: Renderer
    clock: Clock
    download_seconds: int

    def application(
        self, caller: Caller, wanted: FormRef, request: PreviewApplication, login: Party | None = None
    ) -> Download:
        """A link to the preview; raises `NotAllowed`, `NotFound`, `InvalidRequest` (the answers must be complete).

        A citizen sees what she may file: `login` is she as the token names her.
        """
        self.authorisation.prepare(caller)
        form = self.forms.version(wanted.slug, wanted.version)
        now = self.clock.now()
        agency = self.catalogue.agency(request.agency)
        if agency is None or not agency.valid_at(now) or agency.competent_level != form.head.competent_level:
            raise InvalidRequest([unknown("#/agency", "unknown-agency")])
        if form.procedure(request.procedure, local_day(now)) is None:
            raise InvalidRequest([unknown("#/procedure", "unknown-procedure")])
        answers = accepted_answers(form, request.answers, local_day(now))
        people = Applying(request.requester, request.owner, request.representative)
        if caller.party_key and (faults := own_faults(form, answers, people, login)):
            raise InvalidRequest(faults)
        filing = specimen_filing(form, request.procedure, agency, request.requester, answers, now).model_copy(
            update={
                "owner": request.owner or request.requester,
                "representative": request.representative,
                "channel": request.channel,
                "contact": request.contact,
            }
        )
        asked = print_request(
            specimen(filing, form, None), form, agency, self.forms, DocumentKind.APPLICATION, WATERMARK
        )
        stored = self.files.put_draft(FOLDER, self.renderer.render(asked).pdf)
        url = self.files.link(stored, f"xem-truoc-{form.slug}.pdf", self.download_seconds)
        return Download(url, now + timedelta(seconds=self.download_seconds), stored.sha256, None)
