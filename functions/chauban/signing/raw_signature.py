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


def verify_raw_signature(
    certificate_der: bytes, algorithm: Algorithm, signed_attributes: bytes, signature: bytes
) -> None:
    """Check `signature` over the DER SET OF `signed_attributes` (RFC 5652, 5.4) with the certificate's key.

    ECDSA values are DER (`Ecdsa-Sig-Value`). Raises `SignatureMismatch` when the value is wrong, when the key is not of
    the algorithm's kind, and when an RSA key is shorter than Circular 15/2025 asks.
    """
    try:
        key = x509.load_der_x509_certificate(certificate_der).public_key()
        if algorithm is Algorithm.ECDSA_P256_SHA256:
            if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
                raise SignatureMismatch
            key.verify(signature, signed_attributes, ec.ECDSA(hashes.SHA256()))
        else:
            if not isinstance(key, rsa.RSAPublicKey) or key.key_size < MINIMUM_RSA_BITS:
                raise SignatureMismatch
            key.verify(signature, signed_attributes, _padding(algorithm), hashes.SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
        raise SignatureMismatch from error


def _padding(algorithm: Algorithm) -> padding.AsymmetricPadding:
    if algorithm is Algorithm.RSA_PSS_SHA256:
        return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=PSS_SALT_BYTES)
    return padding.PKCS1v15()
