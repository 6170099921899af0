"""Every signature of a PDF, checked with asn1crypto and cryptography alone, up to a given root.

This is a second opinion, not a validator: it looks at the hash over the file, the signature value, the chain and the
presence of a timestamp. Revocation and changes between signatures are for `pdfsig` and other readers.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import pikepdf
from asn1crypto import cms, tsp  # noqa: F401  (tsp teaches asn1crypto the content of a timestamp)
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from infra.local.demo.byte_range import ByteRange, read_byte_range
from infra.local.demo.failures import NotTrue


@dataclass(frozen=True)
class Signed:
    """One signature that holds: its field, the certificate's name, and whether it covers the whole file."""

    field: str
    signer: str
    covers_all: bool


def signatures_of(pdf: bytes, root_pem: bytes) -> list[Signed]:
    """The signatures in the order they were made; raises `NotTrue` at the first that does not hold."""
    root = x509.load_pem_x509_certificate(root_pem)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        fields = [field for field in file.Root.AcroForm.Fields if field.get("/FT") == "/Sig" and "/V" in field]
        values = [
            (str(f.T), [int(n) for n in f.V.ByteRange], bytes(f.V.Contents)) for f in fields if "/ByteRange" in f.V
        ]
    if not values:
        raise NotTrue("the file has no signature")
    values.sort(key=lambda value: value[1][2] + value[1][3])
    return [_check(pdf, name, numbers, contents, root) for name, numbers, contents in values]


def _covered(pdf: bytes, numbers: list[int], data: cms.SignedData) -> tuple[ByteRange, bytes]:
    """What a signature covers, and what its digest attribute must be: a document timestamp's is that of its own content."""
    covered = read_byte_range(pdf, numbers)
    content = data["encap_content_info"]
    if content["content_type"].native != "tst_info":
        return covered, covered.digest
    imprint = content["content"].parsed["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != covered.digest:
        raise NotTrue("a document timestamp is over something else than the file before it")
    return covered, hashlib.sha256(bytes(content["content"])).digest()


def _check(pdf: bytes, name: str, numbers: list[int], contents: bytes, root: x509.Certificate) -> Signed:
    data = cms.ContentInfo.load(contents)["content"]
    covered, expected = _covered(pdf, numbers, data)
    signer = data["signer_infos"][0]
    attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    if attributes["message_digest"][0].native != expected:
        raise NotTrue(f"signature {name}: the file was changed after it was signed")
    certificates = [x509.load_der_x509_certificate(choice.chosen.dump()) for choice in data["certificates"]]
    serial = signer["sid"].chosen["serial_number"].native
    own = next((c for c in certificates if c.serial_number == serial), None)
    if own is None:
        raise NotTrue(f"signature {name}: the signer's certificate is not in the file")
    try:
        _verify(own, signer)
        _climb(own, certificates, root)
    except InvalidSignature as invalid:
        raise NotTrue(f"signature {name}: the value does not fit the certificate or its chain") from invalid
    stamps = {attribute["type"].native for attribute in signer["unsigned_attrs"] or ()}
    is_timestamp = data["encap_content_info"]["content_type"].native == "tst_info"
    if not is_timestamp and "signature_time_stamp_token" not in stamps:
        raise NotTrue(f"signature {name} carries no timestamp")
    common = own.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return Signed(name, str(common[0].value), covered.reaches_end)


def _verify(certificate: x509.Certificate, signer: cms.SignerInfo) -> None:
    # What is signed is the DER of the attributes as a SET OF, not as the [0] that they are in the file.
    message, value = signer["signed_attrs"].untag().dump(), signer["signature"].native
    key, algorithm = certificate.public_key(), signer["signature_algorithm"]
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, message, ec.ECDSA(hashes.SHA256()))
    elif isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pss":
        key.verify(value, message, padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32), hashes.SHA256())
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(value, message, padding.PKCS1v15(), hashes.SHA256())
    else:
        raise NotTrue("the certificate's key is neither RSA nor ECDSA")


def _climb(certificate: x509.Certificate, others: list[x509.Certificate], root: x509.Certificate) -> None:
    current = certificate
    for _ in range(len(others) + 1):
        if current.issuer == root.subject:
            current.verify_directly_issued_by(root)
            return
        above = next((other for other in others if other.subject == current.issuer), None)
        if above is None:
            break
        current.verify_directly_issued_by(above)
        current = above
    raise NotTrue("the certificate's chain does not reach the root")
