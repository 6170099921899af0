"""Document timestamps (EN 319 142-1, 5.4.3): what lets a file outlive the certificates and algorithms that it was signed with.

Each one is the last thing in the file and covers all of it, with the validation material that stands right before it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from chauban.errors import SigningError
from chauban.signing.pades.revisions import reading_pdf
from chauban.signing.pades.signatures import store_validation_material
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.offline import stored_material

# What a token needs beside the certificates in it: the signature of a long key, and names.
TOKEN_ALLOWANCE_BYTES = 3_072
_NAME = "document-timestamp"


@dataclass(frozen=True)
class StampedFile:
    """A file that ends with a new document timestamp, and the time that it states (aware)."""

    pdf: bytes
    time: datetime


def add_validation_material(pdf: bytes, material: ValidationMaterial) -> bytes:
    """The file with a revision that adds what its security store lacks of `material`; the same file where nothing does."""
    with reading_pdf():
        held = stored_material(PdfFileReader(BytesIO(pdf)))
        if not _missing(material, held):
            return pdf
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        store_validation_material(writer, material)
        written = BytesIO()
        writer.write(written)
    return written.getvalue()


def add_document_timestamp(pdf: bytes, *, algorithm: str, room: int, stamp: Callable[[bytes], bytes]) -> bytes:
    """The file with an invisible document timestamp as its last revision.

    `stamp` gives the token (DER ContentInfo) of at most `room` bytes for a digest by `algorithm` (a name of hashlib's). Raises what
    `stamp` raises, and `SigningError` for a file that cannot be read, or a token that is larger than its room.
    """
    with reading_pdf():
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        if writer.prev.input_version < (2, 0):
            writer.register_extension(ESIC_EXTENSION_1)
        name = f"{_NAME}-{_before(writer.prev) + 1}"
        off_page = InvisSigSettings(box_out_of_bounds=True)
        field = SigFieldSpec(sig_field_name=name, invis_sig_settings=off_page, readable_field_name=name)
        embedding = PdfCMSEmbedder(new_field_spec=field).write_cms(field_name=name, writer=writer)
        next(embedding)
        embedding.send(SigObjSetup(sig_placeholder=DocumentTimestamp(bytes_reserved=2 * room)))
        prepared, output = embedding.send(SigIOSetup(md_algorithm=algorithm, in_place=True))
    token = stamp(prepared.document_digest)
    if len(token) > room:
        raise SigningError(reason="timestamp-larger-than-its-room")
    prepared.fill_with_cms(output, token)
    return bytes(output.getvalue())


def _before(reader: PdfFileReader) -> int:
    """How many document timestamps of ours there are, by the names of their fields: nothing else has to be read for it."""
    names = (str(name) for name, _, _ in enumerate_sig_fields(reader, filled_status=True))
    return sum(name.startswith(f"{_NAME}-") for name in names)


def document_timestamps(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """The document timestamps of a file, oldest first."""
    found: list[EmbeddedPdfSignature] = reader.embedded_timestamp_signatures
    return found


def time_of(timestamp: EmbeddedPdfSignature) -> datetime:
    """The time that a document timestamp states (aware, UTC)."""
    stated: datetime = timestamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return stated.astimezone(UTC)


def imprint_of(timestamp: EmbeddedPdfSignature) -> tsp.MessageImprint:
    """What a document timestamp is over: a digest, and by which hash."""
    return timestamp.signed_data["encap_content_info"]["content"].parsed["message_imprint"]


def _missing(wanted: ValidationMaterial, held: ValidationMaterial) -> bool:
    pairs = (
        (wanted.certificates, held.certificates),
        (wanted.ocsp_responses, held.ocsp_responses),
        (wanted.crls, held.crls),
    )
    return any(set(asked) - set(there) for asked, there in pairs)
