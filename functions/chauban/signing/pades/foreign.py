"""Judging signed files that others made, before a copy of one is certified.

Each signature must be intact, trusted at the time of its own timestamp, and followed by nothing but what may follow one; the last
one by nothing but validation material and document timestamps, for what is filled in behind it nobody has signed. What a file does
not carry to prove that is asked for now: an answer that a certificate stands today says that it stood then. Only services are
asked that a certificate names which leads to a configured root by the certificates of the file.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice

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
from chauban.signing.trust.offline import stored_material

_UNREADABLE = (PdfError, SignatureValidationError, CMSExtractionError, ValueError, KeyError, TypeError, IndexError)
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ENDS, _MOST_REVISIONS = re.compile(rb"startxref\s+\d+\s+%%EOF(?:\r\n|\r|\n)?"), 32
_ALTERED = {"altered", "wrong-signature", "changes-not-allowed"}


class PadesForeign:
    """`ForeignFiles` with the trust service of the signing engine; `now` gives an aware time."""

    def __init__(self, trust: TrustService, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._trust, self._now = trust.of_strangers(), now

    def judge(self, pdf: bytes) -> ForeignOpinion:
        """See `ForeignFiles.judge`."""
        try:
            return self._judged(pdf)
        except CertificateNotUsable:
            raise
        except Exception:  # whatever strangers' files make libraries raise, another attempt would raise it again
            return ForeignOpinion(words.UNREADABLE)

    def _judged(self, pdf: bytes) -> ForeignOpinion:
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
            fault, lines, settled = self._verdicts(pdf)
        except (VerificationFailed, SigningError) as found:
            if isinstance(found, CertificateNotUsable):
                raise
            return ForeignOpinion(words.UNREADABLE)
        return ForeignOpinion(
            fault or (None if covered and settled else words.APPENDED),
            lines,
            locked,
            _has_place(pdf, reader),
            is_copy=any(line.field == COPY for line in lines),
            made_as=_made_as(reader),
            revisions=_revisions(pdf, reader),
        )

    def _verdicts(self, pdf: bytes) -> tuple[str | None, tuple[ForeignSignature, ...], bool]:
        """The first thing that is wrong with a signature or a document timestamp, what is known of each signature, and whether the
        last one is followed by validation material and document timestamps alone."""
        verdicts = signature_report(pdf, self._trust.anchors)
        broken = _first_fault([fault for each in verdicts for fault in each.faults])
        material, hindrance = ValidationMaterial(), None
        if broken not in (words.ALTERED, words.NO_TIMESTAMP):
            material, hindrance = self._lacking(pdf)
        report = file_report(add_validation_material(pdf, material), self._trust.anchors)
        faults = [fault for each in report.signatures for fault in each.faults]
        faults += [fault for stamp in report.timestamps for fault in stamp.faults]
        lines = tuple(_described(*each) for each in zip(report.signatures, verdicts, strict=True))
        settled = verdicts[-1].covers_whole_file or verdicts[-1].before_material
        return _first_fault(faults) and (hindrance or _first_fault(faults)), lines, settled

    def _lacking(self, pdf: bytes) -> tuple[ValidationMaterial, str | None]:
        """What the file does not carry, gathered now, and why something cannot be had."""
        trust, now = self._trust.for_one_act(), self._now()
        gathered, hindrance = [], None
        carried = stored_material(PdfFileReader(BytesIO(pdf))).certificates
        for certificate, (chain, usage) in {**uncovered(pdf, trust.anchors), **_unproven(pdf, trust.anchors)}.items():
            try:
                gathered.append(trust.check(certificate, (*chain, *carried), now, usage).material)
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


def _made_as(reader: PdfFileReader) -> str | None:
    """The first part of the identifier with which the file began (ISO 32000-1, 14.4); ours is the document's."""
    try:
        found = reader.get_historical_resolver(0).trailer_view["/ID"][0]
        value = found.original_bytes if hasattr(found, "original_bytes") else bytes(found)
        return str(value.decode("ascii"))
    except (PdfError, KeyError, IndexError, TypeError, ValueError, AttributeError):
        return None


def _revisions(pdf: bytes, reader: PdfFileReader) -> tuple[str, ...]:
    """The SHA-256 of the file, of it as each of its signatures and document timestamps left it, and of its first revisions."""
    ends = {int(each.byte_range[2]) + int(each.byte_range[3]) for each in reader.embedded_signatures}
    ends |= {found.end() for found in islice(_ENDS.finditer(pdf), _MOST_REVISIONS)}
    found, read, begun = [], hashlib.sha256(), 0
    for end in sorted({len(pdf), *ends}):
        read.update(memoryview(pdf)[begun:end])
        found.append(read.hexdigest())
        begun = end
    return tuple(found)


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
