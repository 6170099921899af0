"""Whether a file with document timestamps stands on its own: each covers all that was there, and the next came in time.

A signature is judged at the time of its own timestamp (`inspection.py`); what keeps that judgement true later is the chain of
document timestamps: each one must have stood when the next was made, and the last is the last thing in the file (EN 319 102-1,
5.6). Nothing is fetched.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import pairwise

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSExtractionError, extract_signer_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_tst_data_iter,
    validate_sig_integrity,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from chauban.errors import VerificationFailed
from chauban.signing.pades.document_timestamps import document_timestamps, imprint_of, time_of
from chauban.signing.pades.inspection import signature_report
from chauban.signing.pades.levels import Level
from chauban.signing.trust.certificates import TIMESTAMPING
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.offline import stood, stored_material

_UNREADABLE = (PdfError, SignatureValidationError, CMSExtractionError, ValueError, TypeError, KeyError)


@dataclass(frozen=True)
class TimestampVerdict:
    """What was found about one document timestamp, oldest first; `faults` is empty when it holds.

    `certificate` is the authority's in DER; `covers_whole_file` is true of the last thing in a file.
    """

    field: str
    time: datetime
    certificate: bytes
    covers_whole_file: bool
    faults: tuple[str, ...]


def timestamp_report(
    pdf: bytes, anchors: Sequence[bytes], reader: PdfFileReader | None = None
) -> list[TimestampVerdict]:
    """A verdict per document timestamp against anchors (DER); raises `VerificationFailed` for a file that cannot be read.

    `reader` is one of the same file, where there is one already.
    """
    try:
        reader = reader or PdfFileReader(BytesIO(pdf))
        stamps = document_timestamps(reader)
        material = stored_material(reader)
        times = [time_of(each) for each in stamps]
        # The last one is judged at its own time: the material for it was put in before.
        judged_at = [*times[1:], *times[-1:]]
        found = [
            _verdict(stamp, material, anchors, time, until)
            for stamp, time, until in zip(stamps, times, judged_at, strict=True)
        ]
        if found and not all(stood(each, material, anchors, times[0], TIMESTAMPING) for each in _authorities(reader)):
            found[0] = replace(found[0], faults=(*found[0].faults, "came-too-late"))
        return found
    except _UNREADABLE as error:
        raise VerificationFailed(reason="unreadable") from error


def require_lasting(pdf: bytes, anchors: Sequence[bytes]) -> Level:
    """The level of a file whose signatures and document timestamps all hold, with one of those as the last thing in it.

    Raises `VerificationFailed`; its reason names the first fault.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf))
    except _UNREADABLE as error:
        raise VerificationFailed(reason="unreadable") from error
    report, stamps = signature_report(pdf, anchors, reader), timestamp_report(pdf, anchors, reader)
    if not report or not stamps:
        raise VerificationFailed(reason="other-signatures-than-expected")
    for field, faults in [(each.field, each.faults) for each in report] + [
        (each.field, each.faults) for each in stamps
    ]:
        if faults:
            raise VerificationFailed(reason=f"{field}: {faults[0]}")
    if not stamps[-1].covers_whole_file or any(later.time < earlier.time for earlier, later in pairwise(stamps)):
        raise VerificationFailed(reason="changed-after-last-timestamp")
    return Level.LTA


def _authorities(reader: PdfFileReader) -> set[bytes]:
    """Who gave the signatures their timestamps, which must have stood when the first document timestamp was made."""
    tokens = (
        token
        for signature in reader.embedded_regular_signatures
        for token in extract_tst_data_iter(signature.signer_info, signed=False)
    )
    return {extract_certs_for_validation(token).signer_cert.dump() for token in tokens}


def _verdict(
    stamp: EmbeddedPdfSignature,
    material: ValidationMaterial,
    anchors: Sequence[bytes],
    time: datetime,
    until: datetime,
) -> TimestampVerdict:
    coverage = stamp.evaluate_signature_coverage()
    faults = tuple(_faults(stamp, coverage, material, anchors, {time, until}))
    authority = extract_certs_for_validation(stamp.signed_data).signer_cert.dump()
    whole = coverage is SignatureCoverageLevel.ENTIRE_FILE
    return TimestampVerdict(str(stamp.field_name), time, authority, whole, faults)


def _faults(
    stamp: EmbeddedPdfSignature,
    coverage: SignatureCoverageLevel,
    material: ValidationMaterial,
    anchors: Sequence[bytes],
    moments: set[datetime],
) -> Iterator[str]:
    signed = stamp.signed_data
    imprint = imprint_of(stamp)
    if coverage not in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION):
        yield "does-not-cover-its-revision"
    if stamp.compute_digest(imprint["hash_algorithm"]["algorithm"].native) != imprint["hashed_message"].native:
        yield "altered"
    authority: x509.Certificate = extract_certs_for_validation(signed).signer_cert
    content = bytes(signed["encap_content_info"]["content"])
    algorithm = signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    intact, valid = validate_sig_integrity(
        extract_signer_info(signed),
        authority,
        expected_content_type="tst_info",
        actual_digest=hashlib.new(algorithm, content).digest(),
    )
    if not (intact and valid):
        yield "wrong-signature"
    if not all(stood(authority.dump(), material, anchors, moment, TIMESTAMPING) for moment in moments):
        yield "not-trusted"
