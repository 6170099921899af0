"""Files prepared for signing as the service would prepare them, and keys with their certificates."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_HEAD = b"%PDF-1.7\n1 0 obj << /Type /Sig /Contents "
_HOLE = b"<" + b"00" * 32 + b">"


@dataclass(frozen=True)
class Prepared:
    """What a session hands out for one document."""

    document: bytes
    attributes: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.document).hexdigest()

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.attributes).digest()


@dataclass(frozen=True)
class KeyAndCertificate:
    key: PrivateKeyTypes
    certificate: x509.Certificate

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def certified(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> KeyAndCertificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Người Ký Thử")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return KeyAndCertificate(key, certificate)


def document(text: bytes = b"XAC NHAN", hole: bytes = _HOLE, after: bytes = b"") -> bytes:
    def assembled(rest: int) -> bytes:
        numbers = b" /ByteRange [0 %d %d %08d]" % (len(_HEAD), len(_HEAD) + len(hole), rest)
        return _HEAD + hole + numbers + b" /Note (" + text + b") >> endobj\n%%EOF\n"

    return assembled(len(assembled(0)) - len(_HEAD) - len(hole)) + after


def covered_digest(pdf: bytes, hole: bytes = _HOLE) -> bytes:
    return hashlib.sha256(pdf[: len(_HEAD)] + pdf[len(_HEAD) + len(hole) :]).digest()


def attributes(digest: bytes, certificate: x509.Certificate, content_type: str = "data") -> bytes:
    thumbprint = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).digest()
    named = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": thumbprint})]})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [content_type]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [named]}),
        ]
    ).dump()


def seeded(seed: int) -> Random:
    """The same people and answers at every run."""
    return Random(seed)  # noqa: S311  (no secret depends on it)
