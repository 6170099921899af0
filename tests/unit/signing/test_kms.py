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
        (Algorithm.ECDSA_P384_SHA384, "ECDSA_SHA_384"),
        (Algorithm.RSA_PKCS1_SHA256, "RSASSA_PKCS1_V1_5_SHA_256"),
    ],
)
def test_kms_gets_the_digest_and_nothing_of_the_document(algorithm: Algorithm, name: str) -> None:
    kms, digest = RecordingKms(), hashlib.new(algorithm.digest, b"attributes").digest()
    assert KmsSigner(kms).sign("alias/chauban-test-seal-test", algorithm, digest) == b"value"
    assert kms.asked == {
        "key": "alias/chauban-test-seal-test",
        "message": digest,
        "type": "DIGEST",
        "algorithm": name,
    }


@pytest.mark.parametrize("algorithm", Algorithm)
def test_something_that_is_no_digest_of_the_algorithms_hash_is_not_signed(algorithm: Algorithm) -> None:
    kms = RecordingKms()
    for wrong in (b"the attributes", b"d" * 33, b"d" * (80 - hashlib.new(algorithm.digest).digest_size)):
        with pytest.raises(SigningError):
            KmsSigner(kms).sign("alias/chauban-test-seal-test", algorithm, wrong)
    assert kms.asked == {}
