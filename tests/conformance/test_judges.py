"""What EU DSS and veraPDF say of every revision of our files, with the network out of reach."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest

from infra.local.trust import revoke
from tests.conformance.judge import Judge
from tests.unit.signing.acts import completed_by, done, prepared_by
from tests.unit.signing.world import NUMBER, World

pytestmark = pytest.mark.java

KINDS = [("rsa", "ec"), ("ec", "rsa")]
DAY = timedelta(days=1)
NAMES = {"rsa": "RSASSA_PSS", "ec": "ECDSA"}


@pytest.mark.parametrize(("first", "second"), KINDS, ids=["pss-then-ecdsa", "ecdsa-then-pss"])
def test_a_result_conforms_after_each_revision_and_passes_offline(
    judge: Judge, world: World, result: bytes, first: str, second: str
) -> None:
    signed = world.by_official(result, world.owner(f"official-{first}", first))
    sealed = world.by_organisation(signed, world.owner(f"seal-{second}", second, "seal"), NUMBER)
    for revision in (result, signed, sealed):
        assert judge.broken_rules(revision) == {}
    opinions = judge.signatures(sealed, world.authority.root_file)
    assert [opinion["field"] for opinion in opinions] == ["official", "seal"]
    assert [opinion["encryption"] for opinion in opinions] == [NAMES[first], NAMES[second]]
    assert all(opinion["indication"] == "TOTAL_PASSED" for opinion in opinions), opinions
    assert all(opinion["unexplained"] == [] and opinion["timestamps"] == 1 for opinion in opinions), opinions
    # The last signature is called T until a revision follows that holds its validation data: it lies in its own.
    assert [opinion["level"] for opinion in opinions] == ["PAdES-BASELINE-LT", "PAdES-BASELINE-T"]


@pytest.mark.parametrize("fate", ["good", "expired", "revoked"])
def test_a_result_sealed_days_later_passes_offline_whatever_became_of_the_official(
    judge: Judge, world: World, result: bytes, fate: str
) -> None:
    now = datetime.now(UTC)
    end = now - DAY if fate == "expired" else now + DAY
    official = world.owner(f"official-{fate}-since", valid_from=now - 10 * DAY, valid_to=end)
    with world.earlier(3 * DAY):
        prepared = prepared_by(world.engine(), result, official, at=world.now())
    # Officials take their time, too.
    with world.earlier(3 * DAY - timedelta(minutes=25)):
        signed = completed_by(world.engine(), prepared, official).pdf
    if fate == "revoked":
        revoke(world.authority.data, official.label, since=now - DAY)
    sealed = done(world, signed, world.owner("seal-ec", "ec", "seal"), "seal")
    assert world.engine().verify(sealed, ["official", "seal"]) == "PAdES-BASELINE-LT"
    for revision in (signed, sealed):
        assert judge.broken_rules(revision) == {}
        opinions = judge.signatures(revision, world.authority.root_file)
        assert all(opinion["indication"] == "TOTAL_PASSED" for opinion in opinions), opinions
        assert all(opinion["unexplained"] == [] for opinion in opinions), opinions
    assert [opinion["level"] for opinion in opinions] == ["PAdES-BASELINE-LT", "PAdES-BASELINE-T"]


@pytest.mark.parametrize("kind", ["rsa", "ec"], ids=["pss", "ecdsa"])
def test_a_receipt_conforms_and_passes_offline(judge: Judge, world: World, receipt: bytes, kind: str) -> None:
    sealed = world.by_organisation(receipt, world.owner(f"seal-{kind}", kind, "seal"))
    assert judge.broken_rules(receipt) == {}
    assert judge.broken_rules(sealed) == {}
    (opinion,) = judge.signatures(sealed, world.authority.root_file)
    assert (opinion["indication"], opinion["encryption"]) == ("TOTAL_PASSED", NAMES[kind])
    assert opinion["unexplained"] == []


def test_a_changed_byte_fails(judge: Judge, world: World, receipt: bytes) -> None:
    sealed = bytearray(world.by_organisation(receipt, world.owner("seal-ec", "ec", "seal")))
    sealed[sealed.index(b"stream\n") + 60] ^= 1
    (opinion,) = judge.signatures(bytes(sealed), world.authority.root_file)
    assert (opinion["indication"], opinion["sub_indication"]) == ("TOTAL_FAILED", "HASH_FAILURE")


def test_an_unsigned_file_has_no_signature(judge: Judge, world: World, receipt: bytes) -> None:
    assert judge.signatures(receipt, world.authority.root_file) == []


def test_the_judge_knows_a_file_that_does_not_conform(judge: Judge, receipt: bytes) -> None:
    spoilt = BytesIO()
    with pikepdf.open(BytesIO(receipt)) as document:
        del document.Root.MarkInfo
        document.save(spoilt)
    assert set(judge.broken_rules(spoilt.getvalue())) == {"3a", "ua1"}
