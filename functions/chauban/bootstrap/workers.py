"""The services of the workers and of the publisher; WeasyPrint and pyHanko are imported by those who need them."""

from collections.abc import Callable
from functools import cache
from typing import Any

from chauban.adapters.attachments import S3Papers, S3Uploads
from chauban.adapters.file_examiner import FileExaminer
from chauban.adapters.messaging import CHANNELS, EventBridgeBus, SqsOwnQueue, SqsQueues
from chauban.adapters.raw_signatures import read_certificate, verify_raw
from chauban.attachments.examining import Examining
from chauban.bootstrap import state
from chauban.copying.certifying import Certifying
from chauban.copying.checking import SourceChecking
from chauban.copying.printing import CopyPrinting
from chauban.dossiers.cancelling import Cancelling
from chauban.dossiers.rendering import DocumentMaking
from chauban.events.publication import Publisher
from chauban.ports import OwnQueue
from chauban.registers.extending import RegisterExtending
from chauban.registers.printing import RegisterPrinting
from chauban.registers.sealing import RegisterSealing
from chauban.settings import settings
from chauban.signing.credential_records import CredentialRecords, CredentialWatch
from chauban.signing.foreign_files import ForeignFiles
from chauban.signing.policy import SigningPolicy
from chauban.signing.ports import KeyHolder
from chauban.signing.preservation.extending import Extending
from chauban.signing.preservation.renewing import Renewing
from chauban.signing.seals.issuing import Issuing
from chauban.signing.seals.sealing import Sealing
from chauban.signing.sessions.hindrances import Hindrances
from chauban.signing.sessions.official import OfficialSigning
from chauban.signing.sessions.remote_signing import RemoteSigning


@cache
def document_making() -> DocumentMaking:
    """The render worker's service."""
    from chauban.documents.rendering import WeasyPrintRenderer

    return DocumentMaking(
        state.dossiers(),
        state.forms(),
        state.catalogue(),
        state.files(),
        WeasyPrintRenderer(),
        state.orders(),
        state.clock(),
        settings().public_url,
    )


@cache
def _engine() -> Any:
    from chauban.signing.pades.engine import PadesEngine
    from chauban.signing.pades.identity import certificates_from_pem

    known = settings()
    anchors = state.client("s3").get_object(Bucket=known.need("forms_bucket"), Key=known.trust_anchors)["Body"].read()
    return PadesEngine(
        certificates_from_pem(anchors.decode()),
        known.need("tsa_urls").split(","),
        policy=state.algorithm_policies().algorithms,
        tsa_seconds=known.tsa_seconds,
    )


@cache
def _seal_keys() -> KeyHolder:
    from chauban.adapters.kms import KmsKeys
    from chauban.adapters.seal_keys import SealKeys

    return SealKeys(KmsKeys(state.client("kms")), state.catalogue(), state.provider_secrets())


@cache
def register_printing() -> RegisterPrinting:
    """The render worker's service for registers."""
    from chauban.documents.rendering import WeasyPrintRenderer

    return RegisterPrinting(
        state.registers(),
        state.dossiers(),
        state.forms(),
        state.catalogue(),
        state.files(),
        WeasyPrintRenderer(),
        state.orders(),
        state.clock(),
        state.number_books(),
    )


@cache
def register_sealing() -> RegisterSealing:
    """The seal worker's service for registers."""
    return RegisterSealing(
        state.registers(),
        state.catalogue(),
        state.files(),
        _engine(),
        _seal_keys(),
        verify_raw,
        state.orders(),
        state.clock(),
    )


@cache
def official_signing() -> OfficialSigning:
    """The sign worker's service."""
    return OfficialSigning(
        state.dossiers(),
        state.signing_store(),
        state.catalogue(),
        state.files(),
        _engine(),
        state.events(),
        state.orders(),
        state.clock(),
        SigningPolicy(state.catalogue(), read_certificate),
    )


@cache
def remote_signing() -> RemoteSigning:
    """The sign worker's service for remote keys."""
    return RemoteSigning(
        state.dossiers(),
        state.signing_store(),
        state.authorisations(),
        state.catalogue(),
        state.signers(),
        state.secret_box(),
        state.orders(),
        verify_raw,
        state.clock(),
        SigningPolicy(state.catalogue(), read_certificate),
    )


@cache
def sealing() -> Sealing:
    """The seal worker's service."""
    return Sealing(
        state.dossiers(),
        state.forms(),
        state.catalogue(),
        state.files(),
        _engine(),
        _seal_keys(),
        verify_raw,
        Issuing(state.effects(), Cancelling(state.signing_store()), state.events(), state.orders(), state.clock()),
        state.clock(),
    )


@cache
def renewing(explain: Callable[[Exception], str]) -> Renewing:
    """The extend worker's service; `explain` gives a stable text for a fault."""
    from chauban.signing.pades.preservation import PadesPreservation

    engine = _engine()
    preserving = PadesPreservation(engine.trust.remembering(), engine.timestamps)
    making = (state.files(), preserving, state.algorithm_policies())
    extending = Extending(state.dossiers(), *making, state.events(), state.clock())
    registers = RegisterExtending(state.registers(), *making, state.clock())
    return Renewing(state.preservation(), extending, state.clock(), explain, registers)


def renewal_budget() -> tuple[int, int]:
    """For how many seconds, and for how many files, a run of the schedule begins new work."""
    known = settings()
    return known.renewal_seconds, known.renewal_files


@cache
def copy_printing() -> CopyPrinting:
    """The render worker's service for copies."""
    from chauban.documents.rendering import WeasyPrintRenderer

    return CopyPrinting(
        state.dossiers(),
        state.forms(),
        state.catalogue(),
        state.files(),
        WeasyPrintRenderer(),
        state.orders(),
        state.clock(),
        settings().public_url,
    )


@cache
def _foreign() -> ForeignFiles:
    from chauban.signing.pades.foreign import PadesForeign

    return PadesForeign(_engine().trust)


@cache
def source_checking() -> SourceChecking:
    """The seal worker's service for files to be copied."""
    return SourceChecking(state.dossiers(), state.files(), _foreign(), state.events(), state.clock())


@cache
def certifying() -> Certifying:
    """The seal worker's service for copies."""
    return Certifying(
        state.dossiers(),
        state.forms(),
        state.catalogue(),
        state.files(),
        _engine(),
        _foreign(),
        _seal_keys(),
        verify_raw,
        state.events(),
        state.orders(),
        state.clock(),
    )


@cache
def examining() -> Examining:
    """The examining worker's service."""
    known, s3 = settings(), state.client("s3")
    scanned = known.malware_scan == "guardduty"
    return Examining(
        state.dossiers(),
        S3Uploads(s3, known.need("uploads_bucket"), scanned),
        S3Papers(s3, known.need("work_bucket")),
        FileExaminer(),
        state.events(),
        state.orders(),
        state.clock(),
    )


@cache
def credential_watch() -> CredentialWatch:
    """The watch's service."""
    return CredentialWatch(CredentialRecords(state.credential_records()), state.clock())


@cache
def own_queue() -> OwnQueue:
    """The queue of this worker."""
    return SqsOwnQueue(state.client("sqs"), settings().need("queue"))


def attempts() -> int:
    """How often an order of this worker's queue comes before it goes to the dead-letter queue."""
    return settings().attempts


@cache
def hindrances() -> Hindrances:
    """Tells the officials of sessions what became of the sign worker's orders."""
    return Hindrances(state.signing_store(), state.authorisations(), state.clock())


@cache
def publisher() -> Publisher:
    """The publisher's service."""
    known = settings()
    urls = {channel: known.need(f"queue_{channel}") for channel in CHANNELS}
    bus = EventBridgeBus(state.client("events"), known.need("bus"))
    return Publisher(state.outbox(), bus, SqsQueues(state.client("sqs"), urls))
