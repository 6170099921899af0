"""What EU DSS and veraPDF say of a result that each signer has signed, and that the organisation's seal follows."""

import os
from collections.abc import Iterator

import pytest
from chauban.signing.algorithms import Algorithm

from tests.conformance.judge import Judge
from tests.unit.signers.documents import signed_document
from tests.unit.signers.holders import NAMES, Holder, algorithms_of, all_holders
from tests.unit.signers.own_device import DeviceDesk, desk_at_the_api
from tests.unit.signing.world import NUMBER, World

pytestmark = pytest.mark.java

CASES = [(name, algorithm) for name in NAMES for algorithm in algorithms_of(name)]
ENCRYPTION = {
    Algorithm.RSA_PSS_SHA256: "RSASSA_PSS",
    Algorithm.RSA_PKCS1_SHA256: "RSA",
    Algorithm.ECDSA_P256_SHA256: "ECDSA",
    Algorithm.ECDSA_P384_SHA384: "ECDSA",
}


@pytest.fixture(scope="module")
def holders(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Holder]]:
    with all_holders(world, tmp_path_factory.mktemp("người giữ khóa")) as made:
        yield made


@pytest.mark.parametrize(("name", "algorithm"), CASES)
def test_a_result_signed_by_each_signer_conforms_and_passes_offline(
    judge: Judge, world: World, result: bytes, holders: dict[str, Holder], name: str, algorithm: Algorithm
) -> None:
    if name not in holders:
        assert os.environ.get("CI") != "true", "not installed: softhsm2"
        pytest.skip("not installed: softhsm2")
    credential, sign = holders[name](algorithm)
    assert_passes(judge, world, signed_document(world, result, credential, sign), algorithm)


@pytest.mark.parametrize("algorithm", [Algorithm.RSA_PSS_SHA256, Algorithm.ECDSA_P256_SHA256])
def test_what_a_device_signed_over_the_api_conforms_and_passes_offline(
    judge: Judge, world: World, result: bytes, monkeypatch: pytest.MonkeyPatch, algorithm: Algorithm
) -> None:
    desk = DeviceDesk(world, result, f"at-the-desk-{algorithm.value.lower().replace('_', '-')}", algorithm)
    with desk_at_the_api(desk, monkeypatch):
        (dossier,) = desk.waiting()
        assert_passes(judge, world, desk.signed(dossier), algorithm)


def assert_passes(judge: Judge, world: World, signed: bytes, algorithm: Algorithm) -> None:
    """Of a result that an official signed: veraPDF before and after the seal, EU DSS on both signatures."""
    sealed = world.by_organisation(signed, world.owner("seal-ec", "ec", "seal"), NUMBER)
    for revision in (signed, sealed):
        assert judge.broken_rules(revision) == {}
    opinions = judge.signatures(sealed, world.authority.root_file)
    assert [opinion["field"] for opinion in opinions] == ["official", "seal"]
    assert opinions[0]["encryption"] == ENCRYPTION[algorithm]
    assert all(opinion["indication"] == "TOTAL_PASSED" for opinion in opinions), opinions
    assert all(opinion["unexplained"] == [] for opinion in opinions), opinions
