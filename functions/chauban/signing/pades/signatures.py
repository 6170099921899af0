"""PAdES signatures on finished files, in two steps that may be hours and processes apart.

`prepare` writes the revision to be signed, with room for the signature, and fixes the one set of signed attributes;
somebody who holds the key signs those; `complete` puts the CMS into the room. What lies between is plain bytes that can
be stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TypedDict

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.form_tools import get_single_field_annot
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore

from chauban.errors import SignatureLost, SigningError
from chauban.signing.pades import cms
from chauban.signing.pades.appearance import image_appearance, show
from chauban.signing.pades.copy_field import add_copy_field
from chauban.signing.pades.form_filling import fill_text_fields
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.pades.raw_signature import verify_raw_signature
from chauban.signing.pades.revisions import SignedRegion, places_left, reading_pdf, require_signable
from chauban.signing.pades.wording import words_appearance
from chauban.signing.ports import NewField
from chauban.signing.terms import SignaturePolicy
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.timestamping import is_over

# Room for the attributes and the CMS around them; for a timestamp token with its chain, at least; and by how much a token may be
# longer than those that its authority gave before (another certificate above it, a longer serial number).
CMS_ALLOWANCE_BYTES = 1_024
TIMESTAMP_ALLOWANCE_BYTES = 8_192
TOKEN_MARGIN_BYTES = 4_096


class Description(TypedDict):
    """What the signature dictionary may say of the signature in words (ISO 32000-1, table 252)."""

    name: str | None
    location: str | None
    reason: str | None


@dataclass(frozen=True)
class PreparedSignature:
    """A file that waits for its signature value: the exact bytes, what is to be signed (DER SET OF), and in which
    field.

    Kept as these three values, it can be made again in another process. Hashes are the algorithm's own.
    """

    pdf: bytes
    signed_attributes: bytes
    field: str

    @property
    def document_digest(self) -> bytes:
        """The hash over the file's ByteRange."""
        return cms.message_digest(self.signed_attributes)


def prepare(
    pdf: bytes,
    *,
    field: str,
    signer: SignerIdentity,
    appearance: bytes | None,
    signed_at: datetime,
    first: bool,
    fill: Mapping[str, str] | None = None,
    validation: ValidationMaterial | None = None,
    policy: SignaturePolicy | None = None,
    reason: str | None = None,
    location: str | None = None,
    name: str | None = None,
    words: Sequence[str] = (),
    token_bytes: int = 0,
    certificate_digest: str = "sha256",
    new_field: NewField | None = None,
) -> PreparedSignature:
    """Write the revision that signs the empty signature `field` of `pdf`.

    `first` certifies the document so that afterwards only form fields may be filled (DocMDP 2); otherwise the file must
    end with an untouched signed revision. `fill` holds text fields to fill in this revision: number and date, for which a
    file where others have yet to sign is too early. A field with a lock (ISO 32000-1, 12.7.4.5) gets it as FieldMDP, and
    whoever fills fields locks all. `validation` goes into the same revision's security store, the identifier of the form's
    signature `policy` into what is signed, where the certificate is named by its hash `certificate_digest`. `token_bytes` is the
    length of the longest timestamp token known. `appearance` is a PNG with transparency; `words` stand in its place where there are
    any; `signed_at` is an aware time. `new_field` is made in a file of others, which the caller has judged. Raises `SigningError`
    where the file or field is not fit.
    """
    description = Description(name=name, location=location, reason=reason)
    with reading_pdf():
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        if new_field is None:
            require_signable(writer.prev, first=first)
        added = add_copy_field(writer, field, new_field) if new_field else None
        if fill and places_left(writer.prev) - {field}:
            raise SigningError(reason="number-before-signature")
        embedding = PdfCMSEmbedder().write_cms(field_name=field, writer=writer, existing_fields_only=True)
        signature_field = next(embedding).get_object()
        fill_text_fields(writer, fill or {})
        if words or appearance is not None:
            widget = get_single_field_annot(signature_field)
            said = words_appearance(writer, widget, words, added.font if added else None) if words else None
            show(writer, widget, said or image_appearance(writer, widget, appearance or b""))
        if validation is not None:
            store_validation_material(writer, validation)
        permissions = SigMDPSetup(
            md_algorithm=signer.algorithm.digest,
            certify=first,
            docmdp_perms=MDPPerm.FILL_FORMS if first else None,
            field_lock=_lock(signature_field, fills=bool(fill)),
        )
        room = _reserved_bytes(signer, policy, token_bytes)
        placeholder = _placeholder(writer, room, signed_at, description)
        embedding.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=permissions))
        prepared, output = embedding.send(SigIOSetup(md_algorithm=signer.algorithm.digest, in_place=True))
    attributes = cms.signed_attributes(prepared.document_digest, signer.certificate, policy, digest=certificate_digest)
    return PreparedSignature(output.getvalue(), attributes, field)


def complete(
    prepared: PreparedSignature, *, signer: SignerIdentity, signature: bytes, timestamp_token: bytes | None
) -> bytes:
    """The signed file: the CMS of `signature` and its timestamp in the room that `prepare` left; level B-B without one.

    Everything is checked again before: the value against the certificate (`SignatureMismatch`); the attributes against
    the file and the certificate, and their room (`SignatureLost`); the timestamp against the value (`SigningError`).
    The file's other bytes stay as
    they are.
    """
    region = SignedRegion.find(prepared.pdf, prepared.field)
    if region.digest(prepared.pdf, signer.algorithm.digest) != prepared.document_digest:
        raise SignatureLost(reason="stale-signed-attributes")
    if not cms.names_certificate(prepared.signed_attributes, signer.certificate):
        raise SignatureLost(reason="attributes-of-another-certificate")
    verify_raw_signature(signer.certificate, signer.algorithm, prepared.signed_attributes, signature)
    if timestamp_token is not None and not is_over(timestamp_token, signature):
        raise SigningError(reason="timestamp-of-another-signature")
    content = cms.signature_cms(signer, prepared.signed_attributes, signature, timestamp_token)
    return region.fill(prepared.pdf, content)


def _placeholder(
    writer: IncrementalPdfFileWriter, room: int, signed_at: datetime, description: Description
) -> SignatureObject:
    if writer.prev.input_version < (2, 0):
        writer.register_extension(ESIC_EXTENSION_1)
    return SignatureObject(
        timestamp=signed_at,
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=2 * room,
        **description,
    )


def _reserved_bytes(signer: SignerIdentity, policy: SignaturePolicy | None, token_bytes: int) -> int:
    """What the CMS can need at most, in bytes: it follows from the certificates, the key, the policy and the timestamp."""
    certificate = x509.Certificate.load(signer.certificate)
    certificates = sum(len(value) for value in (signer.certificate, *signer.chain))
    # The issuer is named with the serial number in the attributes and again in the signer's identifier.
    names = 2 * len(bytes(certificate.issuer.dump()))
    # An RSA value is as long as its key; an ECDSA value is two numbers of the key's length in DER.
    value = int(certificate.public_key.bit_size) // 4 + 16
    named = len(policy.model_dump_json()) if policy else 0
    timestamp = max(TIMESTAMP_ALLOWANCE_BYTES, token_bytes + TOKEN_MARGIN_BYTES)
    return certificates + names + value + named + CMS_ALLOWANCE_BYTES + timestamp


def _lock(signature_field: generic.DictionaryObject, *, fills: bool) -> FieldMDPSpec | None:
    if "/Lock" in signature_field:
        return FieldMDPSpec.from_pdf_object(signature_field["/Lock"])
    return FieldMDPSpec(FieldMDPAction.ALL) if fills else None


def store_validation_material(writer: IncrementalPdfFileWriter, material: ValidationMaterial) -> None:
    """Into the file's DSS, with no VRI: EN 319 142-1, 5.4.2.3, leaves it optional and no validator needs it."""
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[x509.Certificate.load(value) for value in material.certificates],
        ocsps=[ocsp.OCSPResponse.load(value) for value in material.ocsp_responses],
        crls=[crl.CertificateList.load(value) for value in material.crls],
    )
