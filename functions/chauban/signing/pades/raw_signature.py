"""Checking a raw signature value against a certificate, before it is accepted and again before it is embedded.

Nothing heavier than `cryptography` is imported here, for the function that receives signatures answers while the caller
waits.
"""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from chauban.errors import SignatureMismatch
from chauban.signing.algorithms import Algorithm

# RFC 4055: SHA-256, MGF1 with SHA-256; the salt is as long as the hash, which is what KMS, tokens and remote signers
# make.
PSS_SALT_BYTES = 32
MINIMUM_RSA_BITS = 2048

_CURVES = {Algorithm.ECDSA_P256_SHA256: "secp256r1", Algorithm.ECDSA_P384_SHA384: "secp384r1"}
_HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}


def fits_key(certificate_der: bytes, algorithm: Algorithm) -> bool:
    """Whether the certificate's key is of the algorithm's kind and as long as Circular 15/2025 asks.

    Raises `ValueError` where there is no such certificate, `UnsupportedAlgorithm` for a key that nobody knows.
    """
    return key_fits(x509.load_der_x509_certificate(certificate_der).public_key(), algorithm)


def key_fits(key: object, algorithm: Algorithm) -> bool:
    """Whether a public key (of `cryptography`) is of the algorithm's kind and as long as Circular 15/2025 asks."""
    if algorithm in _CURVES:
        return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == _CURVES[algorithm]
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= MINIMUM_RSA_BITS


def verify_raw_signature(
    certificate_der: bytes, algorithm: Algorithm, signed_attributes: bytes, signature: bytes
) -> None:
    """Check `signature` over the DER SET OF `signed_attributes` (RFC 5652, 5.4) with the certificate's key.

    ECDSA values are DER (`Ecdsa-Sig-Value`). Raises `SignatureMismatch` when the value is wrong, when the key is not of
    the algorithm's kind, and when an RSA key is shorter than Circular 15/2025 asks.
    """
    try:
        if not fits_key(certificate_der, algorithm):
            raise SignatureMismatch
        key = x509.load_der_x509_certificate(certificate_der).public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed_attributes, ec.ECDSA(_HASHES[algorithm.digest]))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed_attributes, _padding(algorithm), _HASHES[algorithm.digest])
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
        raise SignatureMismatch from error


def _padding(algorithm: Algorithm) -> padding.AsymmetricPadding:
    if algorithm is Algorithm.RSA_PSS_SHA256:
        return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=PSS_SALT_BYTES)
    return padding.PKCS1v15()
