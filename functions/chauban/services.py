"""What each group of routes is given: services already put together by `bootstrap`."""

from collections.abc import Callable
from dataclasses import dataclass

from chauban.attachments.announcing import Announcing
from chauban.attachments.papers import OpeningPapers
from chauban.copying.bringing import SourceDesk
from chauban.copying.ordering import CopyDesk
from chauban.dossiers.amending import Amending
from chauban.dossiers.drafting import Drafting
from chauban.dossiers.handing_over import HandingOver
from chauban.dossiers.handling import Handling
from chauban.dossiers.notices import Notices
from chauban.dossiers.parties import PartyKeys
from chauban.dossiers.previewing import Previewing
from chauban.dossiers.reading import Reading
from chauban.dossiers.submission import Submission
from chauban.dossiers.supplements import Supplements
from chauban.dossiers.withdrawing import Withdrawing
from chauban.ports import Catalogue, Clock, Files, FormLibrary
from chauban.registers.desk import RegisterDesk
from chauban.registers.number_books import NumberBookDesk
from chauban.registry.prefilling import Prefilling
from chauban.signing.seals.releasing import Releasing
from chauban.signing.sessions.acceptance import SignatureDesk
from chauban.signing.sessions.authorising import AuthorisationDesk
from chauban.signing.sessions.callbacks import CallbackDesk
from chauban.signing.sessions.opening import SessionDesk
from chauban.signing.sessions.returning import Returning


@dataclass(frozen=True)
class Services:
    """What all routes use."""

    issuer: str
    clock: Clock
    party_keys: PartyKeys


@dataclass(frozen=True)
class DossierServices(Services):
    """What the routes of catalogue, dossiers and results use."""

    forms: FormLibrary
    drafting: Drafting
    submission: Submission
    handling: Handling
    notices: Notices
    supplements: Supplements
    withdrawing: Withdrawing
    amending: Amending
    copies: CopyDesk
    sources: SourceDesk
    handing_over: HandingOver
    registers: RegisterDesk
    number_books: NumberBookDesk
    reading: Reading
    announcing: Announcing
    papers: OpeningPapers


@dataclass(frozen=True)
class PrefillServices(Services):
    """What the route of prefills uses; the register's secret is read with the first prefill."""

    prefilling: Callable[[], Prefilling]


@dataclass(frozen=True)
class PreviewServices(Services):
    """What the route of previews uses; the renderer is loaded with the first preview."""

    previewing: Callable[[], Previewing]


@dataclass(frozen=True)
class SigningServices(Services):
    """What the routes of signing use."""

    catalogue: Catalogue
    files: Files
    sessions: SessionDesk
    signatures: SignatureDesk
    authorisations: AuthorisationDesk
    callbacks: CallbackDesk
    returning: Returning
    releasing: Releasing
    papers: OpeningPapers
    download_seconds: int
