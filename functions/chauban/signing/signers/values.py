"""Signature values as their makers give them, made into what a CMS takes."""

from base64 import b64decode

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from chauban.signing.algorithms import Algorithm

_CURVE_BYTES = {Algorithm.ECDSA_P256_SHA256: 32, Algorithm.ECDSA_P384_SHA384: 48}


def is_ecdsa(algorithm: Algorithm) -> bool:
    """Whether the key is on a curve."""
    return algorithm in _CURVE_BYTES


def cms_value(algorithm: Algorithm, value: bytes) -> bytes:
    """An RSA value as it is, an ECDSA value as `Ecdsa-Sig-Value` (RFC 3279, 2.2.3), given so or as r and s in a row.

    Raises `ValueError` for what cannot be a value by this algorithm.
    """
    size = _CURVE_BYTES.get(algorithm)
    if not value:
        raise ValueError("an empty signature value")
    if size is None:
        return value
    if len(value) == 2 * size:
        return encode_dss_signature(int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big"))
    decode_dss_signature(value)
    return value


def cms_value_from_base64(algorithm: Algorithm, text: str) -> bytes:
    """The same from base64, which may be broken into lines; raises `ValueError`."""
    return cms_value(algorithm, b64decode("".join(text.split()), validate=True))
