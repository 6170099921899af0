"""Raw signature values as providers send them, in the form that a CMS takes."""

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from chauban.errors import ProviderAnswerUnusable
from chauban.signing.algorithms import Algorithm

# How long r and s are each.
_COORDINATE_BYTES = {Algorithm.ECDSA_P256_SHA256: 32, Algorithm.ECDSA_P384_SHA384: 48}


def is_ecdsa(algorithm: Algorithm) -> bool:
    """Whether the key is on a curve."""
    return algorithm in _COORDINATE_BYTES


def from_base64(text: str) -> bytes:
    """The bytes of a Base64 text (RFC 4648, 4), with or without line breaks; raises `ProviderAnswerUnusable`."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ProviderAnswerUnusable(reason="not-base64") from None


def normalised(algorithm: Algorithm, value: bytes) -> bytes:
    """RSA values as they are; ECDSA values as `Ecdsa-Sig-Value` (RFC 3279, 2.2.3), also where r and s came one after the other.

    Raises `ProviderAnswerUnusable` for what is neither.
    """
    size = _COORDINATE_BYTES.get(algorithm)
    if size is None:
        return value
    try:
        if encode_dss_signature(*decode_dss_signature(value)) == value:
            return value
    except ValueError:
        pass
    if len(value) != 2 * size:
        raise ProviderAnswerUnusable(reason="not-an-ecdsa-value")
    return encode_dss_signature(int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big"))
