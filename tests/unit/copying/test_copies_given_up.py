"""What was fixed for the signature of a copy and can go into no file is given up with its reason, and made anew."""

import pytest
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.errors import CertificateNotUsable, SignatureLost, SigningError, TimestampUnavailable

from tests.unit.fakes.copies import copied, ordered
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


@pytest.mark.parametrize("word", ["words-do-not-fit", "no-font-for-words"])
@pytest.mark.parametrize("kind", ["sao_y", "sao_luc"])
def test_a_copy_whose_words_can_never_be_said_is_cancelled_with_that_reason(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str, word: str
) -> None:
    dossier = world.issued()
    copied(world, dossier, "sao_y")
    copy = ordered(world, dossier, kind)
    if copy.status is DocumentStatus.RENDERING:
        world.copy_printing.make(dossier.id, copy.id)

    def refused(*_args: object, **_more: object) -> None:
        raise SigningError(reason=word)

    monkeypatch.setattr(world.engine, "prepare", refused)
    assert [world.certifying.certify(dossier.id, copy.id) for _ in range(2)] == [word, word]
    present = world.store.load(dossier.id)
    done = present.document(copy.id)
    assert (done.status, done.hindrance, done.revisions) == (DocumentStatus.CANCELLED, word, ())
    assert [fact.data["reason"] for fact in present.facts if fact.type is FactType.COPY_REFUSED] == [word]


def test_another_fault_of_preparing_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = world.issued()
    copy = ordered(world, dossier, "sao_y")

    def refused(*_args: object, **_more: object) -> None:
        raise SigningError(reason="number-before-signature")

    with monkeypatch.context() as patched:
        patched.setattr(world.engine, "prepare", refused)
        with pytest.raises(SigningError):
            world.certifying.certify(dossier.id, copy.id)
    assert world.certifying.certify(dossier.id, copy.id) is None
    assert world.store.load(dossier.id).document(copy.id).status is DocumentStatus.ISSUED
