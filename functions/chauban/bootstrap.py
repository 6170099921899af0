"""Puts the service together: the only place that knows which adapter fulfils which port.

Everything is made on first use and kept. What needs WeasyPrint or pyHanko is imported where it is made, not by the API.
"""

from functools import cache
from typing import Any

import boto3

from chauban.access.authorisation import Authorisation
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.drafts import DynamoDrafts
from chauban.adapters.dynamodb.outbox import DynamoOutbox
from chauban.adapters.dynamodb.prefills import DynamoPrefills
from chauban.adapters.dynamodb.registers import DynamoRegisters
from chauban.adapters.dynamodb.signing import DynamoSigning
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.forms import S3Forms
from chauban.adapters.machine import SystemClock, Ulids
from chauban.adapters.messaging import CHANNELS, EventBridgeBus, SqsOwnQueue, SqsQueues
from chauban.adapters.raw_signatures import verify_raw
from chauban.adapters.s3 import S3Files
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.drafting import Drafting
from chauban.dossiers.handing_over import HandingOver
from chauban.dossiers.handling import Handling
from chauban.dossiers.notice_effects import NoticeEffects
from chauban.dossiers.notices import Notices
from chauban.dossiers.parties import PartyKeys
from chauban.dossiers.previewing import Previewing
from chauban.dossiers.reading import Reading
from chauban.dossiers.rendering import DocumentMaking
from chauban.dossiers.submission import Submission
from chauban.dossiers.supplements import Supplements
from chauban.dossiers.withdrawing import Withdrawing
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.events.publication import Publisher
from chauban.ports import Catalogue, Clock, DossierStore, DraftStore, Files, FormLibrary, Outbox, OwnQueue, SigningStore
from chauban.registers.desk import RegisterDesk
from chauban.registers.ports import RegisterStore
from chauban.registers.printing import RegisterPrinting
from chauban.registers.sealing import RegisterSealing
from chauban.registry.checking import PrefillCheck
from chauban.registry.inquiry import PrefillStore, Registry
from chauban.registry.prefilling import Prefilling
from chauban.services import DossierServices, PrefillServices, PreviewServices, SigningServices
from chauban.settings import settings
from chauban.signing.acceptance import SignatureDesk
from chauban.signing.issuing import Issuing
from chauban.signing.official import OfficialSigning
from chauban.signing.opening import SessionDesk
from chauban.signing.returning import Returning
from chauban.signing.sealing import Sealing


@cache
def client(service: str) -> Any:
    """The AWS client of a service; one for the process."""
    from botocore.config import Config

    # Presigned URLs must be of signature version 4 and of the bucket's region.
    return boto3.client(service, config=Config(signature_version="s3v4") if service == "s3" else None)


@cache
def clock() -> Clock:
    return SystemClock()


@cache
def table() -> Table:
    return Table(client("dynamodb"), settings().need("table"))


@cache
def dossiers() -> DossierStore:
    return DynamoDossiers(table(), clock())


@cache
def drafts() -> DraftStore:
    return DynamoDrafts(table(), clock())


@cache
def signing_store() -> SigningStore:
    return DynamoSigning(table())


@cache
def catalogue() -> Catalogue:
    return DynamoCatalogue(table(), clock())


@cache
def forms() -> FormLibrary:
    return S3Forms(client("s3"), settings().need("forms_bucket"), clock())


@cache
def files() -> Files:
    known = settings()
    return S3Files(
        client=client("s3"),
        forms_bucket=known.forms_bucket or "",
        work_bucket=known.work_bucket or "",
        archive_bucket=known.archive_bucket or "",
        lock_mode=known.lock_mode,
        retention_days=known.retention_days,
        clock=clock(),
    )


@cache
def outbox() -> Outbox:
    return DynamoOutbox(table(), clock())


@cache
def party_keys() -> PartyKeys:
    secret = client("secretsmanager").get_secret_value(SecretId=settings().need("access_secret_arn"))
    return PartyKeys(secret["SecretString"].encode())


def _orders() -> OrderMaker:
    return OrderMaker(clock(), Ulids())


def _events() -> EventMaker:
    return EventMaker(settings().stage, clock(), Ulids())


def _effects() -> NoticeEffects:
    return NoticeEffects(catalogue(), _events())


@cache
def _rights() -> Authorisation:
    return Authorisation(catalogue(), clock())


@cache
def dossier_services() -> DossierServices:
    """The services behind the routes of catalogue, dossiers and results."""
    known, rights, events, orders = settings(), _rights(), _events(), _orders()
    prefill, cancelling, seconds = PrefillCheck(_prefills()), Cancelling(signing_store()), known.download_seconds
    return DossierServices(
        issuer=known.need("issuer"),
        clock=clock(),
        party_keys=party_keys(),
        forms=forms(),
        drafting=Drafting(drafts(), forms(), rights, clock()),
        submission=Submission(
            *(dossiers(), drafts(), forms(), catalogue(), rights, party_keys()),
            *(events, orders, clock(), Ulids(), prefill),
        ),
        handling=Handling(dossiers(), forms(), catalogue(), rights, events, orders, clock()),
        notices=Notices(dossiers(), forms(), catalogue(), rights, _effects(), orders, clock()),
        supplements=Supplements(dossiers(), forms(), catalogue(), rights, cancelling, events, orders, clock(), prefill),
        withdrawing=Withdrawing(dossiers(), cancelling, rights, events, clock()),
        handing_over=HandingOver(dossiers(), forms(), catalogue(), rights, orders, clock()),
        registers=RegisterDesk(_registers(), dossiers(), forms(), files(), rights, orders, clock(), Ulids(), seconds),
        reading=Reading(dossiers(), files(), rights, clock(), seconds),
    )


@cache
def prefill_services() -> PrefillServices:
    """The services behind the route of prefills."""
    return PrefillServices(settings().need("issuer"), clock(), party_keys(), _prefilling)


@cache
def _prefilling() -> Prefilling:
    level = settings().registry_login_level
    return Prefilling(dossiers(), _prefills(), _population(), forms(), _rights(), party_keys(), clock(), Ulids(), level)


@cache
def _prefills() -> PrefillStore:
    return DynamoPrefills(table(), clock())


@cache
def _population() -> Registry:
    from chauban.registry.population.adapter import PopulationDatabase

    secret = client("secretsmanager").get_secret_value(SecretId=settings().need("registry_secret_arn"))
    return PopulationDatabase.at(settings().need("registry_url"), secret["SecretString"])


@cache
def preview_services() -> PreviewServices:
    """The services behind the route of previews."""
    return PreviewServices(settings().need("issuer"), clock(), party_keys(), _previewing)


@cache
def _previewing() -> Previewing:
    from chauban.documents.rendering import WeasyPrintRenderer

    seconds = settings().download_seconds
    return Previewing(forms(), catalogue(), files(), _rights(), WeasyPrintRenderer(), clock(), seconds)


@cache
def signing_services() -> SigningServices:
    """The services behind the routes of signing."""
    known, rights = settings(), _rights()
    return SigningServices(
        issuer=known.need("issuer"),
        clock=clock(),
        party_keys=party_keys(),
        catalogue=catalogue(),
        files=files(),
        sessions=SessionDesk(
            dossiers(), signing_store(), catalogue(), rights, _orders(), clock(), Ulids(), known.session_minutes
        ),
        signatures=SignatureDesk(dossiers(), signing_store(), catalogue(), rights, _orders(), verify_raw, clock()),
        returning=Returning(dossiers(), signing_store(), rights, _events(), clock()),
        download_seconds=known.download_seconds,
    )


@cache
def document_making() -> DocumentMaking:
    """The render worker's service."""
    from chauban.documents.rendering import WeasyPrintRenderer

    return DocumentMaking(
        dossiers(), forms(), catalogue(), files(), WeasyPrintRenderer(), _orders(), clock(), settings().public_url
    )


@cache
def _engine() -> Any:
    from chauban.signing.engine import PadesEngine
    from chauban.signing.identity import certificates_from_pem

    known = settings()
    anchors = client("s3").get_object(Bucket=known.need("forms_bucket"), Key=known.trust_anchors)["Body"].read()
    return PadesEngine(
        certificates_from_pem(anchors.decode()), known.need("tsa_urls").split(","), tsa_seconds=known.tsa_seconds
    )


@cache
def _registers() -> RegisterStore:
    return DynamoRegisters(table())


@cache
def register_printing() -> RegisterPrinting:
    """The render worker's service for registers."""
    from chauban.documents.rendering import WeasyPrintRenderer

    return RegisterPrinting(
        _registers(), dossiers(), forms(), catalogue(), files(), WeasyPrintRenderer(), _orders(), clock()
    )


@cache
def register_sealing() -> RegisterSealing:
    """The seal worker's service for registers."""
    from chauban.adapters.kms import KmsKeys

    return RegisterSealing(_registers(), catalogue(), files(), _engine(), KmsKeys(client("kms")), clock())


@cache
def official_signing() -> OfficialSigning:
    """The sign worker's service."""
    return OfficialSigning(dossiers(), signing_store(), catalogue(), files(), _engine(), _events(), _orders(), clock())


@cache
def sealing() -> Sealing:
    """The seal worker's service."""
    from chauban.adapters.kms import KmsKeys

    issuing = Issuing(_effects(), Cancelling(signing_store()), _events(), clock())
    return Sealing(dossiers(), forms(), catalogue(), files(), _engine(), KmsKeys(client("kms")), issuing, clock())


@cache
def own_queue() -> OwnQueue:
    """The queue of this worker."""
    return SqsOwnQueue(client("sqs"), settings().need("queue"))


@cache
def publisher() -> Publisher:
    """The publisher's service."""
    urls = {channel: settings().need(f"queue_{channel}") for channel in CHANNELS}
    bus = EventBridgeBus(client("events"), settings().need("bus"))
    return Publisher(outbox(), bus, SqsQueues(client("sqs"), urls))
