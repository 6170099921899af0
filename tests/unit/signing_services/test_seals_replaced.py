"""What was fixed for a seal and cannot go on: replaced, revoked, or by another key; it is given up, and fixed anew."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.errors import CertificateNotUsable, SignatureLost, SignatureMismatch, VerificationFailed
from chauban.signing.credentials import Credential, Purpose, SignerKind

from tests.unit.fakes.catalogue import THUAN_HOA, credential
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.ending import certificate_until
from tests.unit.fakes.engine import raw_signature
from tests.unit.fakes.world import World, result_of

OLD, NEW = "cred-seal-thuan-hoa", "seal-new"


def fixed_for(world: World, *, value: bool) -> Dossier:
    """A dossier whose result is fixed for the seal, with or without a value of its key."""
    dossier = world.awaiting_seal()
    # Right after the key was asked; or with the value kept, right after the file was completed.
    at, port = (4, "engine") if value else (1, "keys")
    with pytest.raises(Killed):
        watched(world.sealing, Steps(at, kill), port).seal(dossier.id, result_of(dossier).id)
    fixed = result_of(world.store.load(dossier.id)).preparation
    assert fixed is not None
    assert (fixed.signature is not None) is value
    return dossier


def issued_with(world: World, dossier: Dossier) -> str:
    """The credential of the seal of a result that is issued, with the first number and one seal."""
    result = result_of(world.store.load(dossier.id))
    assert result.status is DocumentStatus.ISSUED
    assert result.number is not None
    assert result.number.number == 1
    assert [one.field for one in result.signatures] == ["official", "seal"]
    assert world.events_of(dossier.id).count("result.issued.v1") == 1
    assert world.files.read(result.revisions[0].file).count(b"seal signed with") == 1
    return result.signatures[-1].credential


def seal(world: World, dossier: Dossier) -> None:
    world.sealing.seal(dossier.id, result_of(dossier).id)


def replaced(world: World, **changes: object) -> None:
    """A newer seal of the agency is there, and the old record ends now."""
    now = world.clock.now()
    old = world.catalogue.credentials[OLD]
    world.catalogue.put_credential(old.model_copy(update={"valid_to": now}))
    world.catalogue.put_credential(credential(NEW, THUAN_HOA, Purpose.SEAL, valid_from=now, **changes))


def test_a_seal_whose_certificate_ended_before_its_record_is_not_chosen(world: World) -> None:
    dossier, now = world.awaiting_seal(), world.clock.now()
    over = credential(
        NEW, THUAN_HOA, Purpose.SEAL, valid_from=now, chain_pem=certificate_until(now - timedelta(hours=1))
    )
    world.catalogue.put_credential(over)
    seal(world, dossier)
    assert issued_with(world, dossier) == OLD


@pytest.mark.parametrize("value", [False, True])
def test_of_a_seal_that_was_replaced_only_a_value_that_it_gave_stays(world: World, value: bool) -> None:
    dossier = fixed_for(world, value=value)
    world.clock.forward(minutes=1)
    replaced(world)
    seal(world, dossier)
    assert issued_with(world, dossier) == (OLD if value else NEW)


def given_up(world: World, dossier: Dossier) -> list[str]:
    facts = world.store.load(dossier.id).facts
    return [fact.data["reason"] for fact in facts if fact.type is FactType.SIGNATURE_GIVEN_UP]


def test_a_seal_that_was_revoked_is_given_up_at_once_and_the_next_one_seals(world: World) -> None:
    dossier = fixed_for(world, value=True)
    world.engine.refused_at_embedding = {OLD: "revoked"}
    with pytest.raises(CertificateNotUsable):
        seal(world, dossier)
    assert result_of(world.store.load(dossier.id)).preparation is None
    assert given_up(world, dossier) == ["revoked"]
    replaced(world)
    seal(world, dossier)
    assert issued_with(world, dossier) == NEW


def test_a_seal_that_is_suspended_waits_and_seals_once_when_it_is_reinstated(world: World) -> None:
    dossier = fixed_for(world, value=True)
    world.engine.refused_at_embedding = {OLD: "suspended"}
    with pytest.raises(CertificateNotUsable):
        seal(world, dossier)
    assert given_up(world, dossier) == ["suspended"]
    world.engine.refused_at_embedding = {}
    seal(world, dossier)
    assert issued_with(world, dossier) == OLD


@pytest.mark.parametrize("reason", ["signature-larger-than-its-room", "attributes-of-another-certificate"])
def test_a_seal_that_can_never_be_embedded_is_fixed_anew(world: World, reason: str) -> None:
    dossier = fixed_for(world, value=True)
    world.engine.never_embedded = SignatureLost(reason=reason)
    with pytest.raises(SignatureLost):
        seal(world, dossier)
    assert result_of(world.store.load(dossier.id)).preparation is None
    assert given_up(world, dossier) == [reason]
    world.engine.never_embedded = None
    seal(world, dossier)
    assert issued_with(world, dossier) == OLD


def test_a_value_is_not_given_up_while_nobody_can_say_whether_the_certificate_stands(world: World) -> None:
    dossier = fixed_for(world, value=True)
    before = result_of(world.store.load(dossier.id)).preparation
    world.engine.refused_at_embedding = {OLD: "status_unavailable"}
    with pytest.raises(CertificateNotUsable):
        seal(world, dossier)
    assert result_of(world.store.load(dossier.id)).preparation == before
    world.engine.refused_at_embedding = {}
    seal(world, dossier)
    assert issued_with(world, dossier) == OLD


def test_a_value_that_is_not_the_certificate_s_is_never_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier, kept = world.awaiting_seal(), world.keys.sign
    monkeypatch.setattr(world.keys, "sign", lambda _credential, digest: raw_signature("another-key", digest))
    for attempt in (1, 2):
        with pytest.raises(SignatureMismatch):
            seal(world, dossier)
        present = world.store.load(dossier.id)
        assert result_of(present).preparation is None
        assert given_up(world, dossier) == ["signature-mismatch"] * attempt
        accepted = [fact for fact in present.facts if fact.type is FactType.SIGNATURE_ACCEPTED]
        assert [fact.data["field"] for fact in accepted] == ["official"]
    monkeypatch.setattr(world.keys, "sign", kept)
    seal(world, dossier)
    assert issued_with(world, dossier) == OLD


def test_a_file_that_does_not_verify_is_sealed_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = world.awaiting_seal()

    def refuse(_pdf: bytes, _fields: Sequence[str]) -> str:
        raise VerificationFailed(reason="revoked")

    with monkeypatch.context() as strict:
        strict.setattr(world.engine, "verify", refuse)
        with pytest.raises(VerificationFailed):
            seal(world, dossier)
    assert given_up(world, dossier) == ["revoked"]
    seal(world, dossier)
    assert issued_with(world, dossier) == OLD


def test_what_another_worker_went_on_with_is_not_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier, kept = world.awaiting_seal(), world.keys.sign

    def wrong_and_late(_credential: Credential, digest: bytes) -> bytes:
        monkeypatch.setattr(world.keys, "sign", kept)
        with pytest.raises(Killed):
            watched(world.sealing, Steps(1, kill), "engine").seal(dossier.id, result_of(dossier).id)
        return raw_signature("another-key", digest)

    monkeypatch.setattr(world.keys, "sign", wrong_and_late)
    with pytest.raises(SignatureMismatch):
        seal(world, dossier)
    assert given_up(world, dossier) == []
    seal(world, dossier)
    assert issued_with(world, dossier) == OLD


@pytest.mark.parametrize("kind", [kind for kind in SignerKind if kind not in {SignerKind.KMS, SignerKind.PKCS11}])
def test_a_seal_that_no_worker_can_use_is_not_chosen(world: World, kind: SignerKind) -> None:
    now = world.clock.now()
    world.catalogue.put_credential(credential(NEW, THUAN_HOA, Purpose.SEAL, valid_from=now, kind=kind))
    assert result_of(world.issued()).signatures[-1].credential == OLD
