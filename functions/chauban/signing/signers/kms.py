"""Signing with a key in AWS KMS: an organisation's seal."""

from typing import Protocol, TypedDict

from chauban.signing.algorithms import Algorithm
from chauban.signing.signers.digests import require_digest

_KMS_NAMES = {
    Algorithm.RSA_PSS_SHA256: "RSASSA_PSS_SHA_256",
    Algorithm.RSA_PKCS1_SHA256: "RSASSA_PKCS1_V1_5_SHA_256",
    Algorithm.ECDSA_P256_SHA256: "ECDSA_SHA_256",
    Algorithm.ECDSA_P384_SHA384: "ECDSA_SHA_384",
}


class SignAnswer(TypedDict):
    """What is used of KMS's answer."""

    Signature: bytes


class KmsClient(Protocol):
    """The one call of boto3's KMS client that is needed."""

    def sign(self, *, KeyId: str, Message: bytes, MessageType: str, SigningAlgorithm: str) -> SignAnswer:  # noqa: N803
        """`Sign` of the KMS API."""
        ...


class KmsSigner:
    """Signs digests of signed attributes; the private key never leaves KMS."""

    def __init__(self, client: KmsClient) -> None:
        self._client = client

    def sign(self, key_ref: str, algorithm: Algorithm, digest: bytes) -> bytes:
        """The raw signature value over a digest by the algorithm's hash; ECDSA values are DER. botocore's errors pass through."""
        require_digest(algorithm, digest)
        # MessageType=DIGEST: KMS hashes nothing itself, and the file's content is never sent to it.
        answer = self._client.sign(
            KeyId=key_ref, Message=digest, MessageType="DIGEST", SigningAlgorithm=_KMS_NAMES[algorithm]
        )
        return bytes(answer["Signature"])
