"""What a file says of itself in words (title, author, and the like): whether that is still what was signed.

Other validators take a change there for no change at all; behind the last signature, where nothing covers it, it is one.
"""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.metadata import facts_of

# What every writing of a file may change: when, and with which program.
_OF_WRITING = ("/ModDate", "/Producer")


def says_the_same(embedded: EmbeddedPdfSignature) -> bool:
    """Whether the file's information and metadata are those of the revision that a signature covers, but for the time and the
    program of writing."""
    reader = embedded.reader
    then = reader.get_historical_resolver(embedded.signed_revision)
    return _information(reader) == _information(then) and _same(_metadata(reader), _metadata(then))


def _information(file: PdfHandler) -> dict[str, generic.PdfObject]:
    held = file.trailer_view.raw_get("/Info") if "/Info" in file.trailer_view else {}
    # A revision's trailer would resolve it in the newest one.
    held = file.get_object(held.reference) if isinstance(held, generic.IndirectObject) else held
    return {key: value for key, value in held.items() if key not in _OF_WRITING}


def _metadata(file: PdfHandler) -> bytes:
    found: bytes = getattr(file.root.get("/Metadata"), "data", b"")
    return found


def _same(one: bytes, other: bytes) -> bool:
    try:
        return one == other or facts_of(one) == facts_of(other)
    except Unfit:
        return False
