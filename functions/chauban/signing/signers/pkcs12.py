"""Signing with a key in a PKCS#12 file (RFC 7292): for development and for a shell, not for a service in production."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from chauban.errors import NotConfigured, SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.pades.raw_signature import PSS_SALT_BYTES
from chauban.signing.signers.digests import require_digest

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class KeyFile:
    """A PKCS#12 file and its password."""

    path: Path
    password: str = field(repr=False)


class Pkcs12Keys:
    """A `KeyHolder` whose `files` go by the credential's `key_ref`; each is read once."""

    def __init__(self, files: Mapping[str, KeyFile]) -> None:
        self._files = dict(files)
        self._keys: dict[str, PrivateKey] = {}

    def sign(self, credential: Credential, digest: bytes) -> bytes:
        """See `KeyHolder.sign`; a key that is not the certificate's signs nothing."""
        if credential.kind is not SignerKind.PKCS12 or credential.key_ref is None:
            raise NotConfigured(what="a PKCS#12 file of the credential")
        require_digest(credential.algorithm, digest)
        key = self._key(credential.key_ref)
        certified = x509.load_pem_x509_certificate(credential.chain_pem.encode()).public_key()
        if key.public_key() != certified:
            raise SigningError(reason="pkcs12-key-of-another-certificate")
        return _value(key, credential.algorithm, digest)

    def public_key(self, key_ref: str, _provider: str | None) -> bytes:
        """See `PublicKeys.public_key`."""
        return self._key(key_ref).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def _key(self, name: str) -> PrivateKey:
        if name not in self._keys:
            file = self._files.get(name)
            if file is None:
                raise NotConfigured(what="the PKCS#12 file of the credential")
            self._keys[name] = _read(file)
        return self._keys[name]


def _read(file: KeyFile) -> PrivateKey:
    try:
        content = file.path.read_bytes()
    except OSError as fault:
        raise SigningError(reason="pkcs12-not-readable") from fault
    try:
        key = load_pkcs12(content, file.password.encode()).key
    except ValueError as fault:
        raise SigningError(reason="pkcs12-wrong-password-or-file") from fault
    if not isinstance(key, PrivateKey):
        raise SigningError(reason="pkcs12-without-a-usable-key")
    return key


def _value(key: PrivateKey, algorithm: Algorithm, digest: bytes) -> bytes:
    hashed = Prehashed(hashes.SHA384() if algorithm.digest == "sha384" else hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        if key.curve.name != _CURVES.get(algorithm):
            raise SigningError(reason="pkcs12-key-of-another-type")
        return key.sign(digest, ec.ECDSA(hashed))
    if algorithm is Algorithm.RSA_PKCS1_SHA256:
        return key.sign(digest, padding.PKCS1v15(), hashed)
    if algorithm is not Algorithm.RSA_PSS_SHA256:
        raise SigningError(reason="pkcs12-key-of-another-type")
    return key.sign(digest, padding.PSS(padding.MGF1(hashes.SHA256()), PSS_SALT_BYTES), hashed)


_CURVES = {Algorithm.ECDSA_P256_SHA256: "secp256r1", Algorithm.ECDSA_P384_SHA384: "secp384r1"}
