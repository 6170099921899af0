"""The revisions of a file: what may be signed at all, and where the room for a signature lies."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils.misc import FormFillingError, PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel

from chauban.errors import SignatureLost, SigningError
from chauban.signing.pades import quick_reading

quick_reading.install()


@contextmanager
def reading_pdf() -> Iterator[None]:
    """Turns whatever pyHanko says about a file that it cannot work with into `SigningError`."""
    try:
        yield
    except (PdfError, FormFillingError, SignatureValidationError, CMSExtractionError) as error:
        raise SigningError(reason="unfit-file") from error


def require_signable(reader: PdfFileReader, *, first: bool) -> None:
    """Refuse a file with anything in it that its makers did not put there.

    A first signature takes a file of one revision without signatures; a later one takes a file whose last signature
    covers all of it. Raises `SigningError`.
    """
    if first:
        if reader.xrefs.total_revisions != 1 or "/Perms" in reader.root:
            raise SigningError(reason="not-a-single-revision")
        return
    signatures = reader.embedded_signatures
    if not signatures:
        raise SigningError(reason="no-earlier-signature")
    if signatures[-1].evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
        raise SigningError(reason="changed-after-last-signature")


def is_signed(pdf: bytes) -> bool:
    """Whether any signature field of the file is filled; raises `SigningError` for a file that is no PDF."""
    with reading_pdf():
        return any(True for _ in enumerate_sig_fields(PdfFileReader(BytesIO(pdf)), filled_status=True))


def places_left(reader: PdfFileReader) -> set[str]:
    """The names of the signature fields that are still empty, but for the one of later copies."""
    return {name for name, _, _ in enumerate_sig_fields(reader, filled_status=False)} - {"copy"}


@dataclass(frozen=True)
class SignedRegion:
    """The room for a signature's CMS: the offsets of its `<` and of the byte after its `>`; all else is signed."""

    start: int
    end: int

    @classmethod
    def find(cls, pdf: bytes, field: str) -> "SignedRegion":
        """The still empty room of the named signature field; raises `SignatureLost` where the file has none."""
        try:
            reader = PdfFileReader(BytesIO(pdf))
            (found,) = enumerate_sig_fields(reader, filled_status=True, with_name=field)
            offset, length, next_offset, next_length = (int(value) for value in found[1].get_object()["/ByteRange"])
        except (PdfError, KeyError, TypeError, ValueError) as error:
            raise SignatureLost(reason="no-prepared-signature") from error
        region = cls(offset + length, next_offset)
        covers_all = offset == 0 and next_offset + next_length == len(pdf)
        if not covers_all or pdf[region.start : region.end].strip(b"<0>") or region.end - region.start < 2:
            raise SignatureLost(reason="no-prepared-signature")
        return region

    def digest(self, pdf: bytes, algorithm: str) -> bytes:
        """The hash, by `hashlib`'s name, over what the signature covers."""
        covered = hashlib.new(algorithm, memoryview(pdf)[: self.start])
        covered.update(memoryview(pdf)[self.end :])
        return covered.digest()

    def fill(self, pdf: bytes, content: bytes) -> bytes:
        """The file with `content` in hexadecimal in this room, padded with zeros; raises `SignatureLost` if it is too
        small.
        """
        room = self.end - self.start - 2
        written = content.hex().upper().encode("ascii")
        if len(written) > room:
            raise SignatureLost(reason="signature-larger-than-its-room")
        return b"".join((pdf[: self.start + 1], written.ljust(room, b"0"), pdf[self.end - 1 :]))
