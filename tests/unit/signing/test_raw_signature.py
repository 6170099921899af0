import subprocess
import sys

import pytest
from chauban.errors import SignatureMismatch
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.raw_signature import verify_raw_signature

from tests.unit.signing.world import KeyOwner, World

ATTRIBUTES = b"what was to be signed"


@pytest.mark.parametrize("who", ["official", "seal"])
def test_a_value_of_the_certified_key_is_accepted(who: str, request: pytest.FixtureRequest) -> None:
    owner: KeyOwner = request.getfixturevalue(who)
    identity = owner.identity
    verify_raw_signature(identity.certificate, identity.algorithm, ATTRIBUTES, owner.sign(ATTRIBUTES))


def test_pkcs1_serves_only_a_credential_that_says_so(official: KeyOwner) -> None:
    pkcs1 = KeyOwner(
        official.key,
        type(official.identity)(official.identity.certificate, official.identity.chain, Algorithm.RSA_PKCS1_SHA256),
    )
    value = pkcs1.sign(ATTRIBUTES)
    verify_raw_signature(pkcs1.identity.certificate, Algorithm.RSA_PKCS1_SHA256, ATTRIBUTES, value)
    with pytest.raises(SignatureMismatch):
        verify_raw_signature(pkcs1.identity.certificate, Algorithm.RSA_PSS_SHA256, ATTRIBUTES, value)


def test_values_over_other_attributes_of_other_keys_and_garbage_are_refused(
    world: World, official: KeyOwner, seal: KeyOwner
) -> None:
    identity = official.identity
    other = world.owner("somebody-else")
    for value in (official.sign(b"other"), other.sign(ATTRIBUTES), seal.sign(ATTRIBUTES), b"", b"\x30\x00", b"0" * 256):
        with pytest.raises(SignatureMismatch):
            verify_raw_signature(identity.certificate, identity.algorithm, ATTRIBUTES, value)


def test_the_algorithm_must_be_of_the_keys_kind(official: KeyOwner, seal: KeyOwner) -> None:
    with pytest.raises(SignatureMismatch):
        verify_raw_signature(
            official.identity.certificate, Algorithm.ECDSA_P256_SHA256, ATTRIBUTES, official.sign(ATTRIBUTES)
        )
    with pytest.raises(SignatureMismatch):
        verify_raw_signature(seal.identity.certificate, Algorithm.RSA_PSS_SHA256, ATTRIBUTES, seal.sign(ATTRIBUTES))


def test_the_check_imports_neither_pyhanko_nor_boto3() -> None:
    code = "import sys, chauban.signing.pades.raw_signature, chauban.signing.pades.identity; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "cryptography" in loaded
    assert all(heavy not in loaded for heavy in ("pyhanko", "asn1crypto", "boto3", "weasyprint"))
