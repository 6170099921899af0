"""Keys in KMS sign documents, against the emulator that the embedded stack runs."""

from collections.abc import Iterator
from typing import Any

import pytest
from chauban.adapters.kms import KmsKeys
from chauban.errors import SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import SignerKind

from tests.unit.signers.documents import certified, credential_at, signed_document
from tests.unit.signers.emulated_kms import made_in_kms, running_kms
from tests.unit.signing.world import World


@pytest.fixture(scope="module")
def kms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with running_kms(tmp_path_factory.mktemp("kms")) as client:
        yield client


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_key_in_kms_signs_a_document(world: World, result: bytes, kms: Any, algorithm: Algorithm) -> None:
    key, public = made_in_kms(kms, algorithm)
    chain = certified(world, f"kms-alone-{algorithm.value.lower().replace('_', '-')}", public)
    credential = credential_at(SignerKind.KMS, algorithm, chain, key_ref=key)
    signed = signed_document(world, result, credential, lambda digest: KmsKeys(kms).sign(credential, digest))
    assert world.engine().verify(signed, ["official"]) == "PAdES-BASELINE-LT"


def test_a_key_that_is_not_there_is_told_by_its_code(kms: Any) -> None:
    credential = credential_at(SignerKind.KMS, Algorithm.ECDSA_P256_SHA256, "chain", key_ref="alias/none")
    with pytest.raises(SigningError, match="kms-NotFoundException"):
        KmsKeys(kms).sign(credential, b"d" * 32)
