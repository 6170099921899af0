"""The services behind the routes.

What needs WeasyPrint or the network is made with the first request that needs it.
"""

from functools import cache, partial

from chauban.adapters.attachments import S3UploadPlaces
from chauban.adapters.machine import Ulids
from chauban.adapters.raw_signatures import read_certificate, verify_raw
from chauban.attachments.announcing import Announcing
from chauban.attachments.ports import UploadPlaces
from chauban.bootstrap import state
from chauban.copying.bringing import SourceDesk
from chauban.copying.ordering import CopyDesk
from chauban.dossiers.amending import Amending
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.drafting import Drafting
from chauban.dossiers.handing_over import HandingOver
from chauban.dossiers.handling import Handling
from chauban.dossiers.notices import Notices
from chauban.dossiers.parties import Scheme
from chauban.dossiers.previewing import Previewing
from chauban.dossiers.reading import Reading
from chauban.dossiers.submission import Submission
from chauban.dossiers.supplements import Supplements
from chauban.dossiers.withdrawing import Withdrawing
from chauban.registers.desk import RegisterDesk
from chauban.registers.number_books import NumberBookDesk
from chauban.registry.checking import PrefillCheck
from chauban.registry.inquiry import Registry
from chauban.registry.prefilling import Prefilling
from chauban.services import DossierServices, PrefillServices, PreviewServices, SigningServices
from chauban.settings import settings
from chauban.signing.policy import SigningPolicy
from chauban.signing.seals.releasing import Releasing
from chauban.signing.sessions.acceptance import SignatureDesk
from chauban.signing.sessions.authorising import AuthorisationDesk
from chauban.signing.sessions.callbacks import CallbackDesk
from chauban.signing.sessions.opening import SessionDesk
from chauban.signing.sessions.returning import Returning


@cache
def dossier_services() -> DossierServices:
    """The services behind the routes of catalogue, dossiers and results."""
    known, rights, prefills = settings(), state.rights(), PrefillCheck(state.prefills())
    store, forms, catalogue, clock = state.dossiers(), state.forms(), state.catalogue(), state.clock()
    keys, events, orders, seconds = state.party_keys(), state.events(), state.orders(), known.download_seconds
    cancelling = Cancelling(state.signing_store())
    registers = RegisterDesk(state.registers(), store, forms, state.files(), rights, orders, clock, Ulids(), seconds)
    submission = Submission(
        store, state.drafts(), forms, catalogue, rights, keys, events, orders, clock, Ulids(), prefills
    )
    return DossierServices(
        issuer=known.need("issuer"),
        clock=clock,
        party_keys=keys,
        forms=forms,
        drafting=Drafting(state.drafts(), forms, rights, clock),
        submission=submission,
        handling=Handling(store, forms, catalogue, rights, events, orders, clock),
        notices=Notices(store, forms, catalogue, rights, state.effects(), orders, clock),
        supplements=Supplements(store, forms, catalogue, rights, cancelling, events, orders, clock, prefills),
        withdrawing=Withdrawing(store, cancelling, rights, events, clock),
        amending=Amending(store, forms, catalogue, rights, orders, clock),
        sources=SourceDesk(store, rights, _upload_places(), clock, Ulids()),
        copies=CopyDesk(store, forms, state.files(), rights, orders, clock),
        handing_over=HandingOver(store, forms, catalogue, rights, orders, clock),
        registers=registers,
        number_books=NumberBookDesk(store, state.number_books(), registers, forms, rights, clock),
        reading=Reading(store, state.files(), rights, clock, seconds),
        announcing=Announcing(store, forms, rights, _upload_places(), clock, Ulids()),
        papers=state.papers(),
    )


@cache
def _upload_places() -> UploadPlaces:
    return S3UploadPlaces(state.client("s3"), settings().need("uploads_bucket"))


@cache
def prefill_services() -> PrefillServices:
    """The services behind the route of prefills."""
    return PrefillServices(settings().need("issuer"), state.clock(), state.party_keys(), _prefilling)


@cache
def _prefilling() -> Prefilling:
    return Prefilling(
        state.dossiers(),
        state.prefills(),
        _population(),
        state.forms(),
        state.rights(),
        state.party_keys(),
        state.clock(),
        Ulids(),
        settings().registry_login_level,
    )


@cache
def _population() -> Registry:
    from chauban.registry.population.adapter import PopulationDatabase

    secret = state.client("secretsmanager").get_secret_value(SecretId=settings().need("registry_secret_arn"))
    return PopulationDatabase.at(settings().need("registry_url"), secret["SecretString"])


@cache
def preview_services() -> PreviewServices:
    """The services behind the route of previews."""
    return PreviewServices(settings().need("issuer"), state.clock(), state.party_keys(), _previewing)


@cache
def _previewing() -> Previewing:
    from chauban.documents.rendering import WeasyPrintRenderer

    seconds = settings().download_seconds
    return Previewing(
        state.forms(), state.catalogue(), state.files(), state.rights(), WeasyPrintRenderer(), state.clock(), seconds
    )


@cache
def signing_services() -> SigningServices:
    """The services behind the routes of signing."""
    known, rights = settings(), state.rights()
    store, signing, catalogue, orders, clock = (
        state.dossiers(),
        state.signing_store(),
        state.catalogue(),
        state.orders(),
        state.clock(),
    )
    authorisations, box, signers = state.authorisations(), state.secret_box(), state.signers()
    policy = SigningPolicy(catalogue, read_certificate, partial(state.party_keys().key, Scheme.PERSONAL_NUMBER))
    return SigningServices(
        issuer=known.need("issuer"),
        clock=clock,
        party_keys=state.party_keys(),
        catalogue=catalogue,
        files=state.files(),
        sessions=SessionDesk(store, signing, catalogue, rights, orders, clock, Ulids(), known.session_minutes, policy),
        signatures=SignatureDesk(store, signing, catalogue, rights, orders, verify_raw, clock, policy),
        authorisations=AuthorisationDesk(
            signing, authorisations, catalogue, rights, signers, box, orders, clock, Ulids(), policy
        ),
        callbacks=CallbackDesk(signing, authorisations, orders, clock),
        returning=Returning(store, signing, rights, state.events(), clock),
        releasing=Releasing(store, signing, rights, state.events(), orders, clock),
        papers=state.papers(),
        download_seconds=known.download_seconds,
    )
