"""Keys in KMS sign documents, against the emulator that the embedded stack runs."""

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
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


def test_a_key_that_was_disabled_signs_nothing_until_it_is_enabled(world: World, result: bytes, kms: Any) -> None:
    algorithm = Algorithm.ECDSA_P256_SHA256
    key, public = made_in_kms(kms, algorithm)
    credential = credential_at(SignerKind.KMS, algorithm, certified(world, "kms-disabled", public), key_ref=key)
    name = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=name)
    with pytest.raises(SigningError, match="kms-DisabledException"):
        KmsKeys(kms).sign(credential, b"d" * 32)
    kms.enable_key(KeyId=name)
    signed = signed_document(world, result, credential, lambda digest: KmsKeys(kms).sign(credential, digest))
    assert world.engine().verify(signed, ["official"]) == "PAdES-BASELINE-LT"


def test_an_answer_that_comes_too_late_is_no_value() -> None:
    """KMS is asked once, waited for, and given up: the order is tried again."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        late = boto3.client(
            "kms",
            region_name="ap-southeast-1",
            endpoint_url=f"http://127.0.0.1:{silent.getsockname()[1]}",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 0}, connect_timeout=1, read_timeout=0.3),
        )
        credential = credential_at(SignerKind.KMS, Algorithm.ECDSA_P256_SHA256, "chain", key_ref="alias/late")
        with pytest.raises(SigningError, match="kms-ReadTimeoutError"):
            KmsKeys(late).sign(credential, b"d" * 32)
