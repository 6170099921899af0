"""The official's signing device: it holds the private key, looks at what it is asked to sign, and refuses if in doubt.

The service hands out three things: the file, the DER of the CMS signed attributes (RFC 5652, 5.3) and their SHA-256.
A device that signed the bare hash would sign blindly. This one recomputes the whole way from the file's bytes to the
hash, so that what was seen is what is signed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from asn1crypto import cms, tsp  # noqa: F401  (tsp teaches asn1crypto the attribute signing_certificate_v2)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from infra.local.demo.byte_range import last_byte_range
from infra.local.demo.failures import DemoFailure


class DeviceRefuses(DemoFailure):
    """What should be signed is not what was shown."""


class Device:
    """One private key and the certificate that goes with it."""

    def __init__(self, key_pem: bytes, certificate_pem: bytes) -> None:
        """Raises `DeviceRefuses` if the certificate is for another key."""
        self._key = serialization.load_pem_private_key(key_pem, password=None)
        self._certificate = x509.load_pem_x509_certificate(certificate_pem)
        if self._key.public_key() != self._certificate.public_key():
            raise DeviceRefuses("the credential's certificate is not for the key in this device")

    @classmethod
    def from_file(cls, key: Path, certificate_pem: str) -> Device:
        """The device with the key at a path that only it reads."""
        return cls(key.read_bytes(), certificate_pem.encode())

    @property
    def holder(self) -> str:
        """The name in the certificate."""
        names = self._certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else self._certificate.subject.rfc4514_string()

    def examine(self, document: bytes, document_sha256: str, signed_attributes: bytes, digest: bytes) -> None:
        """Follow the hashes from the file to the value to be signed; raises `DeviceRefuses` at the first that is off.

        `document` is the file with its reserved place still empty, `document_sha256` hex, `signed_attributes` a DER
        SET OF Attribute, `digest` announced as the hash to be signed: SHA-256, or SHA-384 for a key on P-384.
        """
        _demand(hashlib.sha256(document).hexdigest() == document_sha256, "the file is not the one announced")
        hashed = hashlib.new(self._hash.name, signed_attributes).digest()
        _demand(hashed == digest, "the hash is not that of the signed attributes")
        attributes = _attributes(signed_attributes)
        covered = last_byte_range(document, self._hash.name)
        _demand(covered.is_empty, "the place for the signature is not empty")
        _demand(covered.reaches_end, "the signature would not cover the whole file")
        _demand(attributes.get("message_digest") == covered.digest, "the attributes speak of another document")
        _demand(attributes.get("content_type") == "data", "the content type is not plain data")
        mine = hashlib.sha256(self._certificate.public_bytes(serialization.Encoding.DER)).digest()
        _demand(attributes.get("signing_certificate_v2") == mine, "the attributes name another certificate")

    @property
    def _hash(self) -> hashes.HashAlgorithm:
        on_p384 = isinstance(self._key, ec.EllipticCurvePrivateKey) and isinstance(self._key.curve, ec.SECP384R1)
        return hashes.SHA384() if on_p384 else hashes.SHA256()

    def sign(self, digest: bytes, algorithm: str) -> bytes:
        """The raw signature over a SHA-256: RSASSA-PSS (salt 32), PKCS#1 v1.5, ECDSA as DER; over a SHA-384: ECDSA on P-384."""
        hashed = Prehashed(self._hash)
        curve = "ECDSA_P384_SHA384" if self._hash.name == "sha384" else "ECDSA_P256_SHA256"
        if isinstance(self._key, ec.EllipticCurvePrivateKey) and algorithm == curve:
            return self._key.sign(digest, ec.ECDSA(hashed))
        if isinstance(self._key, rsa.RSAPrivateKey) and algorithm == "RSA_PSS_SHA256":
            return self._key.sign(digest, padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32), hashed)
        if isinstance(self._key, rsa.RSAPrivateKey) and algorithm == "RSA_PKCS1_SHA256":
            return self._key.sign(digest, padding.PKCS1v15(), hashed)
        raise DeviceRefuses(f"this key does not make {algorithm} signatures")


def _demand(holds: bool, refusal: str) -> None:
    if not holds:
        raise DeviceRefuses(refusal)


def _attributes(signed_attributes: bytes) -> dict[str, object]:
    """Each attribute's single value; of signing_certificate_v2 the SHA-256 of the first certificate."""
    try:
        parsed = cms.CMSAttributes.load(signed_attributes, strict=True)
        found: dict[str, object] = {}
        for attribute in parsed:
            name = attribute["type"].native
            _demand(name not in found and len(attribute["values"]) == 1, f"attribute {name} is given twice")
            found[name] = attribute["values"][0].native
    except ValueError as broken:
        raise DeviceRefuses("the signed attributes are not DER") from broken
    named = found.get("signing_certificate_v2")
    if isinstance(named, dict):
        first = named["certs"][0]
        found["signing_certificate_v2"] = (
            first["cert_hash"] if first["hash_algorithm"]["algorithm"] == "sha256" else None
        )
    return found
