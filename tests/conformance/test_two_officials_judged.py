"""What the judges say of a result that two officials signed, one of them over P-384 and under a signature policy."""

import pytest
from chauban.signing.terms import SignaturePolicy

from tests.conformance.judge import Judge
from tests.unit.documents.test_signature_blocks import rendered
from tests.unit.signing.acts import completed_by, credential_of, done
from tests.unit.signing.world import KeyOwner, World, handwriting

pytestmark = pytest.mark.java

POLICY = SignaturePolicy(oid="1.3.6.1.4.1.32473.1.2", sha256="ab" * 32, uri="https://example.vn/chinh-sach-ky.pdf")


def signed_under(world: World, pdf: bytes, owner: KeyOwner, field: str, policy: SignaturePolicy | None) -> bytes:
    prepared = world.engine().prepare(
        pdf,
        field=field,
        credential=credential_of(owner),
        image=handwriting(),
        at=world.now(),
        fill=None,
        policy=policy,
    )
    return completed_by(world.engine(), prepared, owner, field).pdf


@pytest.mark.parametrize("policy", [None, POLICY], ids=["without a policy", "under a policy"])
def test_each_revision_conforms_and_all_signatures_pass(
    judge: Judge, world: World, policy: SignaturePolicy | None
) -> None:
    pdf = rendered("two officials")
    first = signed_under(world, pdf, world.owner("first-official", "p384"), "official", policy)
    second = signed_under(world, first, world.owner("second-official"), "official2", policy)
    sealed = done(world, second, world.owner("seal-ec", "ec", "seal"), "seal")
    for revision in (pdf, first, second, sealed):
        assert judge.broken_rules(revision) == {}
    opinions = judge.signatures(sealed, world.authority.root_file)
    assert [opinion["field"] for opinion in opinions] == ["official", "official2", "seal"]
    assert [opinion["encryption"] for opinion in opinions] == ["ECDSA", "RSASSA_PSS", "ECDSA"]
    assert all(opinion["indication"] == "TOTAL_PASSED" for opinion in opinions), opinions
    assert all(opinion["unexplained"] == [] for opinion in opinions), opinions
