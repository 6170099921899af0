"""What cannot be kept any more, since nothing is proved by covering it: it is refused, and no document timestamp hides it."""

from datetime import timedelta
from io import BytesIO

import pytest
from chauban.errors import CertificateNotUsable, VerificationFailed
from chauban.signing.pades.document_timestamps import add_document_timestamp, add_validation_material
from chauban.signing.pades.lasting import require_lasting, timestamp_report
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.trust.certificates import TIMESTAMPING
from chauban.signing.trust.offline import stood, stored_material
from chauban.signing.trust.timestamping import TimestampAuthorities
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.unit.preservation.simulated import TSA_LIFE
from tests.unit.preservation.test_algorithm_policy import policy, retired
from tests.unit.preservation.test_pades_preservation import ONE, Life
from tests.unit.preservation.years import START


@pytest.fixture(scope="module")
def made() -> Life:
    return Life()


@pytest.fixture
def life(made: Life) -> Life:
    made.clock.moment = START
    return made


def test_what_was_never_raised_has_lapsed_with_the_authority_of_its_signatures(life: Life) -> None:
    """Document timestamps prove nothing of signatures whose own timestamps anybody could have made by then."""
    life.clock.moment = START + TSA_LIFE - timedelta(days=30)
    raised = life.service().extend(life.sealed, policy())
    assert require_lasting(raised.pdf, [life.trust.root.der]).value == "PAdES-BASELINE-LTA"
    # The status that the authority had at that time went in, too.
    first = life.trust.made[f"{ONE} 0"]
    held = stored_material(PdfFileReader(BytesIO(raised.pdf)))
    assert stood(first.der, held, [life.trust.root.der], life.clock.now(), TIMESTAMPING)
    life.clock.moment = START + TSA_LIFE + timedelta(days=30)
    with pytest.raises(CertificateNotUsable) as refusal:
        life.service().extend(life.sealed, policy())
    assert refusal.value.values["reason"] == "expired"


def test_a_file_that_somebody_raised_too_late_is_not_kept(life: Life) -> None:
    life.clock.moment = START + TSA_LIFE + timedelta(days=30)
    authority = next(TimestampAuthorities(life.trust.TSAS, life.trust).in_turn())
    above = authority.shown("sha256").certificates
    material = life.trust.engine().trust.check(above[0], above[1:], life.clock.now(), TIMESTAMPING).material
    late = add_document_timestamp(
        add_validation_material(life.sealed, material),
        algorithm="sha256",
        room=8_192,
        stamp=lambda digest: authority.stamp(digest, "sha256").der,
    )
    assert [each.faults for each in timestamp_report(late, [life.trust.root.der])] == [("came-too-late",)]
    with pytest.raises(VerificationFailed, match="came-too-late"):
        require_lasting(late, [life.trust.root.der])


def test_what_rests_on_a_weak_hash_has_lapsed(life: Life) -> None:
    pdf = life.service().extend(life.sealed, policy()).pdf
    life.clock.forward(days=400)
    known: AlgorithmPolicy = policy(hashes=["sha512"], ends=[retired("sha256", "2027-12-01")])
    life.service().extend(pdf, known.model_copy(update={"ends": ()}))
    with pytest.raises(CertificateNotUsable) as refusal:
        life.service().extend(pdf, known)
    assert refusal.value.values["reason"] == "weak_algorithm"


def test_what_was_never_raised_has_lapsed_with_the_hash_of_its_timestamps(life: Life) -> None:
    life.clock.forward(days=400)
    known: AlgorithmPolicy = policy(hashes=["sha512"], ends=[retired("sha256", "2027-12-01")])
    life.service().extend(life.sealed, known.model_copy(update={"ends": ()}))
    with pytest.raises(CertificateNotUsable) as refusal:
        life.service().extend(life.sealed, known)
    assert refusal.value.values["reason"] == "weak_algorithm"
