"""Judging signed files that others made, before a copy of one is certified.

Each signature must be intact, trusted at the time of its own timestamp, and followed by nothing but what may follow one. What
a file does not carry to prove that is asked for now: an answer that a certificate stands today says that it stood then.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from chauban.errors import CertificateNotUsable, SigningError, VerificationFailed
from chauban.signing import foreign_files as words
from chauban.signing.foreign_files import ForeignOpinion, ForeignSignature
from chauban.signing.linting import Mode, lint
from chauban.signing.linting.policy import COPY
from chauban.signing.pades.document_timestamps import add_validation_material, document_timestamps
from chauban.signing.pades.evidence import Wanted, uncovered
from chauban.signing.pades.file_report import SignatureLine, file_report
from chauban.signing.pades.inspection import SignatureVerdict, signature_report
from chauban.signing.pades.lasting import timestamp_report
from chauban.signing.pades.revisions import reading_pdf
from chauban.signing.trust.certificates import TIMESTAMPING, TrustService
from chauban.signing.trust.material import ValidationMaterial

_UNREADABLE = (PdfError, SignatureValidationError, CMSExtractionError, ValueError, KeyError, TypeError, IndexError)
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ALTERED = {"altered", "wrong-signature", "changes-not-allowed"}


class PadesForeign:
    """`ForeignFiles` with the trust service of the signing engine; `now` gives an aware time."""

    def __init__(self, trust: TrustService, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._trust, self._now = trust, now

    def judge(self, pdf: bytes) -> ForeignOpinion:
        """See `ForeignFiles.judge`."""
        try:
            reader = PdfFileReader(BytesIO(pdf))
            if reader.encrypted:
                return ForeignOpinion(words.ENCRYPTED)
            signatures = reader.embedded_regular_signatures
            if not signatures:
                return ForeignOpinion(words.NOT_SIGNED)
            covered, locked = _is_covered(pdf, reader), any(_locks(each) for each in signatures)
        except _UNREADABLE:
            return ForeignOpinion(words.UNREADABLE)
        try:
            fault, lines = self._verdicts(pdf)
        except (VerificationFailed, SigningError) as found:
            if isinstance(found, CertificateNotUsable):
                raise
            return ForeignOpinion(words.UNREADABLE)
        found_out = fault or (None if covered else words.APPENDED)
        return ForeignOpinion(found_out, lines, locked, _has_place(pdf, reader))

    def _verdicts(self, pdf: bytes) -> tuple[str | None, tuple[ForeignSignature, ...]]:
        """The first thing that is wrong with a signature or a document timestamp, and what is known of each signature."""
        verdicts = signature_report(pdf, self._trust.anchors)
        broken = _first_fault([fault for each in verdicts for fault in each.faults])
        material, hindrance = ValidationMaterial(), None
        if broken not in (words.ALTERED, words.NO_TIMESTAMP):
            material, hindrance = self._lacking(pdf)
        report = file_report(add_validation_material(pdf, material), self._trust.anchors)
        faults = [fault for each in report.signatures for fault in each.faults]
        faults += [fault for stamp in report.timestamps for fault in stamp.faults]
        lines = tuple(_described(*each) for each in zip(report.signatures, verdicts, strict=True))
        return _first_fault(faults) and (hindrance or _first_fault(faults)), lines

    def _lacking(self, pdf: bytes) -> tuple[ValidationMaterial, str | None]:
        """What the file does not carry, gathered now, and why something cannot be had."""
        trust, now = self._trust.for_one_act(), self._now()
        gathered, hindrance = [], None
        for certificate, (chain, usage) in {**uncovered(pdf, trust.anchors), **_unproven(pdf, trust.anchors)}.items():
            try:
                gathered.append(trust.check(certificate, chain, now, usage).material)
            except CertificateNotUsable as found:
                reason = str(found.values.get("reason"))
                if reason == "status_unavailable":
                    raise
                hindrance = words.UNTRUSTED if reason == "unknown_issuer" else words.NO_STATUS
        return ValidationMaterial.union(gathered), hindrance


def _unproven(pdf: bytes, anchors: Sequence[bytes]) -> Wanted:
    """The authorities of document timestamps that the file alone does not prove: many programs leave out those of the last one."""
    with reading_pdf():
        reader = PdfFileReader(BytesIO(pdf))
        found = zip(document_timestamps(reader), timestamp_report(pdf, anchors, reader), strict=True)
        held = [extract_certs_for_validation(each.signed_data) for each, verdict in found if verdict.faults]
    return {each.signer_cert.dump(): (tuple(other.dump() for other in each.other_certs), TIMESTAMPING) for each in held}


def _first_fault(faults: Sequence[str]) -> str | None:
    """The word for what weighs most."""
    if any(fault in _ALTERED or fault.startswith("invalid") for fault in faults):
        return words.ALTERED
    if "no-timestamp" in faults:
        return words.NO_TIMESTAMP
    return words.UNTRUSTED if faults else None


def _is_covered(pdf: bytes, reader: PdfFileReader) -> bool:
    """Whether nothing stands behind the last signature or timestamp but a revision, which the verdicts judge, to the last byte."""
    end = _END.search(pdf[-2048:])
    if end is None or int(end[1]) != reader.last_startxref:
        return False
    last = reader.embedded_signatures[-1]
    if last.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE:
        return True
    covered = int(last.byte_range[2]) + int(last.byte_range[3])
    return last.signed_revision + 1 < reader.xrefs.total_revisions or not pdf[covered:].strip()


def _locks(signature: EmbeddedPdfSignature) -> bool:
    """Whether a signature certifies the file (ISO 32000-1, 12.8.2.2), or forbids the field of a copy (12.8.2.4)."""
    lock = signature.fieldmdp
    return signature.docmdp_level is not None or (lock is not None and bool(lock.is_locked(COPY)))


def _has_place(pdf: bytes, reader: PdfFileReader) -> bool:
    empty = {name for name, _, _ in enumerate_sig_fields(reader, filled_status=False)}
    return COPY in empty and not lint(pdf, Mode.NEXT)


def _described(line: SignatureLine, verdict: SignatureVerdict) -> ForeignSignature:
    return ForeignSignature(
        field=line.field,
        signer=line.signer,
        organisation=line.organisation,
        issuer=line.issuer,
        certificate_sha256=hashlib.sha256(verdict.certificate).hexdigest() if verdict.certificate else None,
        timestamp=line.timestamp,
        level=line.level,
    )
