"""What is kept and where: clients, stores, buckets, secrets, and what every service is made with."""

from functools import cache
from typing import Any

import boto3

from chauban.access.authorisation import Authorisation
from chauban.adapters.attachments import S3PaperLinks
from chauban.adapters.dynamodb.authorisations import DynamoAuthorisations
from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.drafts import DynamoDrafts
from chauban.adapters.dynamodb.number_books import DynamoNumberBooks
from chauban.adapters.dynamodb.outbox import DynamoOutbox
from chauban.adapters.dynamodb.prefills import DynamoPrefills
from chauban.adapters.dynamodb.preservation import DynamoPreservation
from chauban.adapters.dynamodb.registers import DynamoRegisters
from chauban.adapters.dynamodb.signing import DynamoSigning
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.forms import S3Forms
from chauban.adapters.machine import SystemClock, Ulids
from chauban.adapters.provider_secrets import ProviderSecrets
from chauban.adapters.providers import ProviderSigners
from chauban.adapters.s3 import S3Files
from chauban.adapters.secret_box import KmsBox
from chauban.attachments.papers import OpeningPapers
from chauban.dossiers.notice_effects import NoticeEffects
from chauban.dossiers.parties import PartyKeys
from chauban.events.contracts import EventMaker
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, DraftStore, Files, FormLibrary, Outbox, SigningStore
from chauban.registers.ports import NumberBookStore, RegisterStore
from chauban.registry.inquiry import PrefillStore
from chauban.settings import settings
from chauban.signing.credential_records import CredentialStore
from chauban.signing.preservation.ports import PolicySource, PreservationStore
from chauban.signing.sessions.authorisations import AuthorisationStore, SecretBox, Signers


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
def preservation() -> PreservationStore:
    return DynamoPreservation(table())


@cache
def algorithm_policies() -> PolicySource:
    return DynamoCatalogue(table(), clock())


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
def authorisations() -> AuthorisationStore:
    return DynamoAuthorisations(table())


@cache
def secret_box() -> SecretBox:
    return KmsBox(client("kms"), settings().need("session_key"))


@cache
def signers() -> Signers:
    return ProviderSigners(catalogue(), provider_secrets(), settings().stage)


@cache
def provider_secrets() -> ProviderSecrets:
    return ProviderSecrets(client("secretsmanager"), clock())


@cache
def credential_records() -> CredentialStore:
    return DynamoCatalogue(table(), clock())


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


def orders() -> OrderMaker:
    return OrderMaker(clock(), Ulids())


def effects() -> NoticeEffects:
    return NoticeEffects(catalogue(), events())


def events() -> EventMaker:
    return EventMaker(settings().stage, clock(), Ulids())


@cache
def rights() -> Authorisation:
    return Authorisation(catalogue(), clock())


@cache
def prefills() -> PrefillStore:
    return DynamoPrefills(table(), clock())


@cache
def registers() -> RegisterStore:
    return DynamoRegisters(table())


@cache
def number_books() -> NumberBookStore:
    return DynamoNumberBooks(table())


@cache
def papers() -> OpeningPapers:
    return OpeningPapers(dossiers(), S3PaperLinks(client("s3")), rights(), clock(), settings().download_seconds)
