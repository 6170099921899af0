"""Verifying a finished file with nothing but the file and the anchors: the gate before the archive.

Each signature must be intact, trusted at the time of its own timestamp with the material that the file carries, and
followed only by what the certification allows; the last one must cover the whole file. Nothing is fetched.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import CMSExtractionError, UnacceptableSignerError
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType

from chauban.errors import VerificationFailed

# EN 319 102-1, 5.2.5.4, item 2: what says that a certificate stood is at most this much older than the timestamp. An answer is
# gathered before the signature, so that a worker which stops in between may go on within that time.
FRESHNESS = timedelta(hours=24)
_REVOCATION_POLICY = CertRevTrustPolicy(
    REQUIRE_REVINFO,
    freshness=FRESHNESS,
    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
)
_SIGNING_USAGE = KeyUsageConstraints(key_usage={"non_repudiation"})


@dataclass(frozen=True)
class SignatureVerdict:
    """What was found about one signature, in the order of signing. `faults` is empty when everything holds.

    `timestamp` is the time of its signature timestamp (aware), `certificate_sha256` the signer's certificate in hex.
    """

    field: str
    faults: tuple[str, ...]
    covers_whole_file: bool
    timestamp: datetime | None = None
    certificate_sha256: str | None = None


def signature_report(pdf: bytes, anchors: Sequence[bytes]) -> list[SignatureVerdict]:
    """A verdict per signature against anchors (DER); raises `VerificationFailed` for a file that cannot be read."""
    roots = [x509.Certificate.load(anchor) for anchor in anchors]
    try:
        reader = PdfFileReader(BytesIO(pdf))
        embedded = reader.embedded_regular_signatures
    except (PdfError, SignatureValidationError, CMSExtractionError, ValueError, TypeError, KeyError) as error:
        raise VerificationFailed(reason="unreadable") from error
    return [_verdict(reader, each, roots) for each in embedded]


def require_valid(pdf: bytes, anchors: Sequence[bytes], fields: Sequence[str] | None = None) -> list[SignatureVerdict]:
    """The report of a signed file in which every verdict holds and the last signature covers the whole file.

    `fields`, if given, are the fields that must be signed, in that order. No signature at all is a failure, too. Raises
    `VerificationFailed`; its reason names the first fault.
    """
    report = signature_report(pdf, anchors)
    if not report or (fields is not None and [verdict.field for verdict in report] != list(fields)):
        raise VerificationFailed(reason="other-signatures-than-expected")
    for verdict in report:
        if verdict.faults:
            raise VerificationFailed(reason=f"{verdict.field}: {verdict.faults[0]}")
    if not report[-1].covers_whole_file:
        raise VerificationFailed(reason="changed-after-last-signature")
    return report


def _verdict(reader: PdfFileReader, embedded: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> SignatureVerdict:
    field = str(embedded.field_name)
    try:
        embedded.compute_integrity_info()
        covers = embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE
        moment = _timestamp(embedded)
        if moment is None:
            return SignatureVerdict(field, ("no-timestamp",), covers)
        status = asyncio.run(_status(reader, embedded, roots, moment))
    except (PdfError, SignatureValidationError, CMSExtractionError, UnacceptableSignerError, ValueError) as error:
        return SignatureVerdict(field, (f"invalid: {type(error).__name__}",), False)
    certificate = embedded.signer_cert.sha256.hex()
    return SignatureVerdict(field, tuple(_faults(status)), covers, moment, certificate)


async def _status(
    reader: PdfFileReader, embedded: EmbeddedPdfSignature, roots: list[x509.Certificate], moment: datetime
) -> PdfSignatureStatus:
    return await async_validate_pdf_signature(
        embedded,
        signer_validation_context=_context(reader, roots, moment),
        ts_validation_context=_context(reader, roots, moment),
        key_usage_settings=_SIGNING_USAGE,
    )


def _context(reader: PdfFileReader, roots: list[x509.Certificate], moment: datetime) -> ValidationContext:
    """Offline, as of `moment`, with status required; material gathered after the moment speaks for it, too."""
    settings: dict[str, Any] = {
        "trust_roots": roots,
        "moment": moment,
        "revinfo_policy": _REVOCATION_POLICY,
        "ocsps": [],
        "crls": [],
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    except ValidationInfoReadingError:
        return ValidationContext(**settings)


def _faults(status: PdfSignatureStatus) -> list[str]:
    allowed = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
    checks = (
        (status.intact, "altered"),
        (status.valid, "wrong-signature"),
        (status.trusted, "not-trusted"),
        (status.docmdp_ok is not False and status.modification_level in allowed, "changes-not-allowed"),
        (status.timestamp_validity is not None and status.timestamp_validity.valid, "timestamp-invalid"),
        (status.timestamp_validity is not None and status.timestamp_validity.trusted, "timestamp-not-trusted"),
        (status.bottom_line, "not-valid"),
    )
    return [fault for holds, fault in checks if not holds]


def _timestamp(embedded: EmbeddedPdfSignature) -> datetime | None:
    token = next(iter(extract_tst_data_iter(embedded.signer_info, signed=False)), None)
    if token is None:
        return None
    moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment.astimezone(UTC)
