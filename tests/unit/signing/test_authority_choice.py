from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from chauban.errors import CertificateNotUsable
from chauban.signing.trust.authority_choice import authority_choice
from chauban.signing.trust.certificates import SIGNING, CheckedCertificate, TrustService, Usage

from tests.unit.signing.world import InterceptedFetch, KeyOwner, World


class Refusing(TrustService):
    """Says of every certificate that it is not to be used, always for the same reason."""

    def __init__(self, anchors: Sequence[bytes], reason: str) -> None:
        super().__init__(anchors, InterceptedFetch())
        self.reason = reason

    def check(
        self, certificate: bytes, chain: Sequence[bytes], at: datetime, usage: Usage = SIGNING
    ) -> CheckedCertificate:
        raise CertificateNotUsable(reason=self.reason)


@pytest.fixture(scope="module")
def prepared(world: World, result: bytes, official: KeyOwner) -> bytes:
    return world.prepared(result, official, field="official", validation=world.material(result, official)).pdf


@pytest.mark.parametrize(("reason", "taken"), [("status_unavailable", True), ("revoked", False), ("expired", False)])
def test_what_the_file_holds_replaces_an_answer_that_is_missing_but_not_a_bad_one(
    world: World, prepared: bytes, reason: str, *, taken: bool
) -> None:
    choice = authority_choice(prepared, Refusing(world.anchors, reason), datetime.now(UTC), world.policy)
    assert [choice(each) for each in world.timestamps().shown("sha256")] == [taken, taken]


def test_answers_that_are_too_old_do_not_replace_one(world: World, prepared: bytes) -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    choice = authority_choice(prepared, Refusing(world.anchors, "status_unavailable"), later, world.policy)
    assert not any(choice(each) for each in world.timestamps().shown("sha256"))
