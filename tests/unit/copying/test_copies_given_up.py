"""What was fixed for the signature of a copy and can go into no file is given up with its reason, and made anew."""

import pytest
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.errors import CertificateNotUsable, SignatureLost, SigningError, TimestampUnavailable

from tests.unit.fakes.copies import ordered
from tests.unit.fakes.world import World

REASON = "signature-larger-than-its-room"


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        (SignatureLost(reason=REASON), [REASON]),
        (CertificateNotUsable(reason="revoked"), ["revoked"]),
        (CertificateNotUsable(reason="status_unavailable"), []),
        (TimestampUnavailable(), []),
    ],
    ids=lambda value: value.code if isinstance(value, SigningError) else str(len(value)),
)
def test_the_fact_says_why(world: World, fault: SigningError, reasons: list[str]) -> None:
    dossier = world.issued()
    copy = ordered(world, dossier, "sao_y")
    world.engine.never_embedded = fault
    with pytest.raises(type(fault)):
        world.certifying.certify(dossier.id, copy.id)
    facts = world.store.load(dossier.id).facts
    fixed = [fact.data for fact in facts if fact.type is FactType.SIGNATURE_PREPARED and fact.data["field"] == "copy"]
    lost = [fact.data for fact in facts if fact.type is FactType.SIGNATURE_GIVEN_UP]
    assert [each["reason"] for each in lost] == reasons
    # What was given up is what was fixed.
    named = [{key: fixed[0][key] for key in ("document", "kind", "field", "credential", "digest")}] * len(reasons)
    assert [{key: each[key] for key in each if key != "reason"} for each in lost] == named
    world.engine.never_embedded = None
    world.certifying.certify(dossier.id, copy.id)
    assert world.store.load(dossier.id).document(copy.id).status is DocumentStatus.ISSUED
