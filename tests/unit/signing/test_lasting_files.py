"""What a file with document timestamps must not lack, and what was kept of each check before: on files as they are made."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from chauban.errors import VerificationFailed
from chauban.signing.pades.document_timestamps import add_document_timestamp, add_validation_material
from chauban.signing.pades.lasting import require_lasting, timestamp_report
from chauban.signing.trust.certificates import TIMESTAMPING
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.offline import stored_material
from chauban.signing.trust.timestamping import TimestampAuthorities, TimestampAuthority
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.unit.preservation.simulated import TSA_LIFE
from tests.unit.preservation.test_algorithm_policy import policy
from tests.unit.preservation.test_pades_preservation import Life
from tests.unit.preservation.years import START
from tests.unit.signing.acts import completed_by, prepared_by
from tests.unit.signing.conftest import RESULT, rendered
from tests.unit.signing.world import KeyOwner, World


@pytest.fixture(scope="module")
def made() -> Life:
    return Life()


@pytest.fixture
def life(made: Life) -> Life:
    made.clock.moment = START
    return made


def stamped(pdf: bytes, authority: TimestampAuthority, material: ValidationMaterial) -> bytes:
    """With a document timestamp, whatever the file lacks otherwise."""
    return add_document_timestamp(
        add_validation_material(pdf, material),
        algorithm="sha256",
        room=8_192,
        stamp=lambda digest: authority.stamp(digest, "sha256").der,
    )


def stamped_today(life: Life, pdf: bytes) -> bytes:
    authority = next(TimestampAuthorities(life.trust.TSAS, life.trust).in_turn())
    leaf, *above = authority.shown("sha256").certificates
    material = life.trust.engine().trust.check(leaf, above, life.clock.now(), TIMESTAMPING).material
    return stamped(pdf, authority, material)


@pytest.mark.parametrize("days", [-1, 1], ids=["nobody asked whether it still stood", "its certificate had ended"])
def test_a_timestamp_must_stand_until_the_next_one_and_not_only_when_it_was_made(life: Life, days: int) -> None:
    raised = life.service().extend(life.sealed, policy()).pdf
    life.clock.moment = START + TSA_LIFE + timedelta(days=days)
    twice = stamped_today(life, raised)
    assert [each.faults for each in timestamp_report(twice, life.trust.anchors)] == [("not-trusted",), ()]
    with pytest.raises(VerificationFailed, match="document-timestamp-1: not-trusted"):
        require_lasting(twice, life.trust.anchors)
    if days < 0:
        kept = life.service().extend(raised, policy()).pdf
        assert [each.faults for each in timestamp_report(kept, life.trust.anchors)] == [(), ()]


def test_a_signature_without_its_material_does_not_last_under_a_good_timestamp(
    world: World, result: bytes, official: KeyOwner
) -> None:
    authority = next(world.timestamps().in_turn())
    leaf, *above = authority.shown("sha256").certificates
    material = world.trust().check(leaf, above, world.now(), TIMESTAMPING).material
    bare = stamped(world.by_official(result, official, bare=True), authority, material)
    assert [each.faults for each in timestamp_report(bare, world.anchors)] == [()]
    with pytest.raises(VerificationFailed, match="official: not-trusted"):
        require_lasting(bare, world.anchors)
    whole = stamped(world.by_official(result, official), authority, material)
    assert require_lasting(whole, world.anchors).value == "PAdES-BASELINE-LTA"


def test_what_was_kept_of_each_check_names_an_answer_for_each_certificate_and_the_file_holds_all(life: Life) -> None:
    pdf, checks = rendered(RESULT), []
    for field in ("official", "seal"):
        owner = life.trust.signer(f"{field} who is looked at")
        prepared = prepared_by(life.trust.engine(), pdf, owner, field, life.clock.now())
        assert prepared.certificate_check["path"].split()[0] == hashlib.sha256(owner.identity.certificate).hexdigest()
        checks.append(prepared.certificate_check)
        pdf = completed_by(life.trust.engine(), prepared, owner, field).pdf
    extended = life.service().extend(pdf, policy())
    checks.append(extended.certificate_check)
    signed, last = (held_by(each) for each in (pdf, extended.pdf))
    for check, (certificates, answers) in zip(checks, (signed, signed, last), strict=True):
        path, evidence = check["path"].split(), [each.partition(":") for each in check["evidence"].split()]
        # The signer, who certified the signer, and the root, about which nobody is asked.
        assert len(path) == len(set(path)) == 3
        assert path[-1] == hashlib.sha256(life.trust.root.der).hexdigest()
        assert [source for source, _, _ in evidence] == ["ocsp"] * 2
        assert len({digest for _, _, digest in evidence}) == 2
        assert set(path) <= certificates
        assert {digest for _, _, digest in evidence} <= answers
    assert len({check["path"] for check in checks}) == 3


def held_by(pdf: bytes) -> tuple[set[str], set[str]]:
    """The hashes of the certificates in a file's store, and those of the answers about them."""
    held = stored_material(PdfFileReader(BytesIO(pdf)))
    answers = (*held.ocsp_responses, *held.crls)
    return {_hash(each) for each in held.certificates}, {_hash(each) for each in answers}


def _hash(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()
