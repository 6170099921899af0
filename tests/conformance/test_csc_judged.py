"""What EU DSS and veraPDF say of a result signed with a key at the development CSC provider, in both versions."""

from collections.abc import Iterator

import pytest
from chauban.signing.algorithms import Algorithm

from tests.conformance.judge import Judge
from tests.unit.signers.csc import Csc
from tests.unit.signers.documents import signed_document
from tests.unit.signers.provider_server import Running, running_providers, to_sign
from tests.unit.signing.world import World

pytestmark = pytest.mark.java

NAMES = {
    Algorithm.RSA_PSS_SHA256: "RSASSA_PSS",
    Algorithm.RSA_PKCS1_SHA256: "RSA",
    Algorithm.ECDSA_P256_SHA256: "ECDSA",
    Algorithm.ECDSA_P384_SHA384: "ECDSA",
}


@pytest.fixture(scope="module")
def providers(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_providers(tmp_path_factory.mktemp("providers"), world.authority.data) as running:
        yield running


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize(("api", "grant"), [("v1", "explicit"), ("v2", "oauth")])
def test_a_result_signed_at_a_provider_conforms_and_passes_offline(
    judge: Judge, world: World, result: bytes, providers: Running, api: str, grant: str, algorithm: Algorithm
) -> None:
    csc = Csc(providers, api, grant)
    credential, signer = csc.credential(algorithm), csc.signer()

    def sign(digest: bytes) -> bytes:
        documents = to_sign(digest)
        return signer.sign(credential, documents, csc.grant_for(signer, credential, documents)).values[1]

    signed = signed_document(world, result, credential, sign)
    assert judge.broken_rules(signed) == {}
    (opinion,) = judge.signatures(signed, world.authority.root_file)
    assert (opinion["indication"], opinion["encryption"]) == ("TOTAL_PASSED", NAMES[algorithm]), opinion
    assert opinion["unexplained"] == []
