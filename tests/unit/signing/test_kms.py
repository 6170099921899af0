import hashlib
from typing import Any

import pytest
from chauban.errors import SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.signers.kms import KmsSigner, SignAnswer


class RecordingKms:
    """Keeps what was asked; the real signatures are tested against a KMS that makes them."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def sign(self, *, KeyId: str, Message: bytes, MessageType: str, SigningAlgorithm: str) -> SignAnswer:  # noqa: N803
        self.asked = {"key": KeyId, "message": Message, "type": MessageType, "algorithm": SigningAlgorithm}
        return {"Signature": b"value"}


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        (Algorithm.RSA_PSS_SHA256, "RSASSA_PSS_SHA_256"),
        (Algorithm.ECDSA_P256_SHA256, "ECDSA_SHA_256"),
        (Algorithm.RSA_PKCS1_SHA256, "RSASSA_PKCS1_V1_5_SHA_256"),
    ],
)
def test_kms_gets_the_digest_and_nothing_of_the_document(algorithm: Algorithm, name: str) -> None:
    kms, digest = RecordingKms(), hashlib.sha256(b"attributes").digest()
    assert KmsSigner(kms).sign("alias/chauban-test-seal-test", algorithm, digest) == b"value"
    assert kms.asked == {
        "key": "alias/chauban-test-seal-test",
        "message": digest,
        "type": "DIGEST",
        "algorithm": name,
    }


def test_something_that_is_no_digest_is_not_signed() -> None:
    with pytest.raises(SigningError):
        KmsSigner(RecordingKms()).sign("alias/chauban-test-seal-test", Algorithm.ECDSA_P256_SHA256, b"the attributes")
