"""Algorithms by the object identifiers that the API uses for them."""

import base64
from collections.abc import Collection
from dataclasses import dataclass

from chauban.errors import ProviderAnswerUnusable
from chauban.signing.algorithms import Algorithm

_HASHES = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2"}
_SIGNATURES = {
    Algorithm.RSA_PSS_SHA256: "1.2.840.113549.1.1.10",
    Algorithm.RSA_PKCS1_SHA256: "1.2.840.113549.1.1.11",
    Algorithm.ECDSA_P256_SHA256: "1.2.840.10045.4.3.2",
    Algorithm.ECDSA_P384_SHA384: "1.2.840.10045.4.3.3",
}
# Some providers list the key's type where the specification means the algorithm; the hash then stands beside it.
_TYPES = {
    Algorithm.RSA_PKCS1_SHA256: "1.2.840.113549.1.1.1",
    Algorithm.ECDSA_P256_SHA256: "1.2.840.10045.2.1",
    Algorithm.ECDSA_P384_SHA384: "1.2.840.10045.2.1",
}
# DER of RSASSA-PSS-params (RFC 4055, 3.1): SHA-256, MGF1 with SHA-256, 32 bytes of salt.
_PSS_SHA256 = bytes.fromhex(
    "3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"
)


@dataclass(frozen=True)
class Named:
    """What signatures/signHash is told: `signAlgo`, the hash, and `signAlgoParams` in Base64 where the algorithm has any."""

    signature: str
    hash: str
    parameters: str | None


def hash_oid(algorithm: Algorithm) -> str:
    """The algorithm's hash."""
    return _HASHES[algorithm.digest]


def named(algorithm: Algorithm, offered: Collection[str]) -> Named:
    """The algorithm as this credential offers it; raises `ProviderAnswerUnusable` where it does not."""
    pss = algorithm is Algorithm.RSA_PSS_SHA256
    parameters = base64.b64encode(_PSS_SHA256).decode() if pss else None
    for oid in (_SIGNATURES[algorithm], _TYPES.get(algorithm, "")):
        if oid in offered:
            return Named(oid, hash_oid(algorithm), parameters)
    raise ProviderAnswerUnusable(reason="algorithm-not-offered")
