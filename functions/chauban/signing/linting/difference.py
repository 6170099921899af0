"""What pyHanko says of the same file: its signatures are whole, and what came after each is what the first permits."""

from collections.abc import Iterator
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from chauban.signing.linting.findings import Finding

_PERMITTED = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


def difference_findings(pdf: bytes) -> list[Finding]:
    """A finding for every signature that pyHanko finds broken, or followed by what may not follow it."""
    try:
        return list(_judged(PdfFileReader(BytesIO(pdf))))
    except (PdfError, SignatureValidationError, CMSExtractionError, ValueError, KeyError, TypeError):
        return [Finding("altered-after-signing")]


def _judged(reader: PdfFileReader) -> Iterator[Finding]:
    signatures = reader.embedded_signatures
    if not signatures:
        yield Finding("no-earlier-signature")
    for embedded in signatures:
        place = f"field {embedded.field_name}"
        embedded.compute_integrity_info()
        if embedded.sig_object.get("/Type", "/Sig") != "/DocTimeStamp" and not _is_whole(embedded):
            yield Finding("altered-after-signing", place)
        if not _brings_only_its_time(embedded):
            yield Finding("bytes-outside-objects", place)
        if embedded is signatures[-1]:
            if embedded.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
                yield Finding("not-covered", place)
        elif (
            not isinstance(embedded.diff_result, DiffResult)
            or embedded.diff_result.modification_level not in _PERMITTED
        ):
            yield Finding("unexplained-change", place)


def _brings_only_its_time(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the attributes that nobody signed are a timestamp at most."""
    attributes = embedded.signer_info["unsigned_attrs"]
    return [each["type"].native for each in attributes or ()] in ([], ["signature_time_stamp_token"])


def _is_whole(embedded: EmbeddedPdfSignature) -> bool:
    intact, valid = validate_sig_integrity(
        embedded.signer_info,
        embedded.signer_cert,
        expected_content_type="data",
        actual_digest=embedded.compute_digest(),
    )
    return bool(intact and valid)
