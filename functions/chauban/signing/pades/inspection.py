"""Verifying a finished file with nothing but the file and the anchors: the gate before the archive.

Each signature must be intact, trusted at the time of its own timestamp with the material that the file carries, and
followed only by what the certification allows; the last one must cover the whole file. Nothing is fetched.

The moment of each judgement is the signature's own timestamp, never the day of asking: certificates may have expired or
been revoked since, and a file that held when it was issued holds years later. What time can take away is the trust in
the algorithms and in the keys of the time-stamping authority; against that, only a later document timestamp helps.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import CMSExtractionError, UnacceptableSignerError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from chauban.errors import VerificationFailed
from chauban.signing.pades.field_structure import LATER_REVISIONS
from chauban.signing.pades.levels import Level
from chauban.signing.pades.self_description import says_the_same
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.offline import offline_context, stored_material

_SIGNING_USAGE = KeyUsageConstraints(key_usage={"non_repudiation"})


@dataclass(frozen=True)
class SignatureVerdict:
    """What was found about one signature, in the order of signing. `faults` is empty when everything holds.

    `timestamp` is the time of its signature timestamp (aware), `certificate` the signer's in DER, `level` what the signature
    really has, whatever else is wrong with it. `before_material` says that nothing but validation material follows it.
    """

    field: str
    faults: tuple[str, ...]
    covers_whole_file: bool
    timestamp: datetime | None = None
    certificate: bytes | None = None
    level: Level = Level.B
    before_material: bool = False


@dataclass(frozen=True)
class Beside:
    """What whoever asks knows beside the file: material, and the moment (aware) as of which a signature without timestamp is
    judged."""

    material: ValidationMaterial
    at: datetime


def signature_report(
    pdf: bytes, anchors: Sequence[bytes], reader: PdfFileReader | None = None, beside: Beside | None = None
) -> list[SignatureVerdict]:
    """A verdict per signature against anchors (DER); raises `VerificationFailed` for a file that cannot be read.

    `reader` is one of the same file, where there is one already. What is known `beside` it can save a signature that lacks it, and
    gives it no higher level.
    """
    roots = [x509.Certificate.load(anchor) for anchor in anchors]
    try:
        reader = reader or PdfFileReader(BytesIO(pdf))
        embedded = reader.embedded_regular_signatures
        material = stored_material(reader)
    except (PdfError, SignatureValidationError, CMSExtractionError, ValueError, TypeError, KeyError) as error:
        raise VerificationFailed(reason="unreadable") from error
    alone = [_verdict(each, material, roots) for each in embedded]
    if beside is None:
        return alone
    both = ValidationMaterial.union([material, beside.material])
    together = (_verdict(each, both, roots, beside.at) for each in embedded)
    return [replace(whole, level=own.level) for whole, own in zip(together, alone, strict=True)]


def require_valid(
    pdf: bytes, anchors: Sequence[bytes], fields: Sequence[str] | None = None, beside: Beside | None = None
) -> list[SignatureVerdict]:
    """The report of a signed file in which every verdict holds and the last signature covers the whole file, or what follows it are
    validation material and document timestamps alone, the last of which covers the whole file.

    `fields`, if given, are the fields that must be signed, in that order. No signature at all is a failure, too. Raises
    `VerificationFailed`; its reason names the first fault.
    """
    report = signature_report(pdf, anchors, beside=beside)
    if not report or (fields is not None and [verdict.field for verdict in report] != list(fields)):
        raise VerificationFailed(reason="other-signatures-than-expected")
    for verdict in report:
        if verdict.faults:
            raise VerificationFailed(reason=f"{verdict.field}: {verdict.faults[0]}")
    if not report[-1].covers_whole_file and not _ends_with_timestamp(pdf):
        raise VerificationFailed(reason="changed-after-last-signature")
    return report


def _ends_with_timestamp(pdf: bytes) -> bool:
    """Whether the last thing in the file is a document timestamp over all of it; what else follows a signature is its verdict's."""
    try:
        last = PdfFileReader(BytesIO(pdf)).embedded_signatures[-1]
        stamped = last.sig_object_type == "/DocTimeStamp"
        return stamped and last.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    except (PdfError, SignatureValidationError, CMSExtractionError, ValueError):
        return False


def _verdict(
    embedded: EmbeddedPdfSignature,
    material: ValidationMaterial,
    roots: list[x509.Certificate],
    otherwise: datetime | None = None,
) -> SignatureVerdict:
    """As of the signature's timestamp; of one without, as of the moment given for it, if there is one."""
    field = str(embedded.field_name)
    try:
        embedded.compute_integrity_info(LATER_REVISIONS)
        covers = embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE
        stamped = _timestamp(embedded)
        moment = stamped or otherwise
        if moment is None:
            return SignatureVerdict(field, ("no-timestamp",), covers, certificate=embedded.signer_cert.dump())
        status = asyncio.run(_status(embedded, material, roots, moment))
    except (PdfError, SignatureValidationError, CMSExtractionError, UnacceptableSignerError, ValueError) as error:
        return SignatureVerdict(field, (f"invalid: {type(error).__name__}",), False)
    certificate = embedded.signer_cert.dump()
    followed = not covers and status.modification_level is ModificationLevel.LTA_UPDATES and says_the_same(embedded)
    faults = tuple(_faults(status, stamped=stamped is not None))
    return SignatureVerdict(field, faults, covers, stamped, certificate, _level(status), followed)


async def _status(
    embedded: EmbeddedPdfSignature, material: ValidationMaterial, roots: list[x509.Certificate], moment: datetime
) -> PdfSignatureStatus:
    return await async_validate_pdf_signature(
        embedded,
        signer_validation_context=offline_context(material, roots, moment),
        ts_validation_context=offline_context(material, roots, moment),
        key_usage_settings=_SIGNING_USAGE,
        diff_policy=LATER_REVISIONS,
    )


def _level(status: PdfSignatureStatus) -> Level:
    """LT demands that the file's own material covers the signer and the authority at the time of the timestamp.

    Others (EU DSS) call a signature whose material lies in its own revision T until a later revision repeats it.
    """
    timestamp = status.timestamp_validity
    if timestamp is None or not timestamp.valid:
        return Level.B
    return Level.LT if status.trusted and timestamp.trusted else Level.T


def _faults(status: PdfSignatureStatus, *, stamped: bool) -> list[str]:
    timestamp = status.timestamp_validity
    allowed = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
    checks = (
        (status.intact, "altered"),
        (status.valid, "wrong-signature"),
        (status.trusted, "not-trusted"),
        (status.docmdp_ok is not False and status.modification_level in allowed, "changes-not-allowed"),
        (not stamped or (timestamp is not None and timestamp.valid), "timestamp-invalid"),
        (not stamped or (timestamp is not None and timestamp.trusted), "timestamp-not-trusted"),
        (status.bottom_line, "not-valid"),
    )
    return [fault for holds, fault in checks if not holds]


def _timestamp(embedded: EmbeddedPdfSignature) -> datetime | None:
    token = next(iter(extract_tst_data_iter(embedded.signer_info, signed=False)), None)
    if token is None:
        return None
    moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment.astimezone(UTC)
