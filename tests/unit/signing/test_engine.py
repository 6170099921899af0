from datetime import UTC, datetime, timedelta

import pytest
from chauban.errors import CertificateNotUsable, SignatureMismatch, TimestampUnavailable
from chauban.signing.credentials import Credential, Purpose, SignerKind
from chauban.signing.fetching import FetchError

from infra.local.trust import revoke
from tests.unit.signing.world import NUMBER, InterceptedFetch, KeyOwner, World, handwriting, seal_image


def _credential(owner: KeyOwner, purpose: Purpose) -> Credential:
    now = datetime.now(UTC)
    return Credential(
        id=f"cred-{owner.label}",
        person=None,
        agency=None,
        purpose=purpose,
        kind=SignerKind.CLIENT,
        key_ref=None,
        algorithm=owner.identity.algorithm,
        chain_pem=owner.chain_pem,
        appearance="appearances/test.png",
        valid_from=now - timedelta(days=1),
        valid_to=now + timedelta(days=1),
    )


def _signed(world: World, pdf: bytes, owner: KeyOwner, fetch: InterceptedFetch | None = None) -> bytes:
    engine, credential = world.engine(fetch), _credential(owner, Purpose.SIGN)
    prepared = engine.prepare(
        pdf, field="official", credential=credential, image=handwriting(), at=datetime.now(UTC), fill=None, seals=False
    )
    assert prepared.certificate_check["result"] == "good"
    completed = world.engine(fetch).complete(
        prepared.pdf,
        field="official",
        credential=credential,
        signed_attributes=prepared.signed_attributes,
        signature=owner.sign(prepared.signed_attributes),
    )
    return completed.pdf


def _sealed(world: World, pdf: bytes, owner: KeyOwner, early: InterceptedFetch, late: InterceptedFetch) -> bytes:
    """Prepared with one network and completed with another, by engines that share nothing."""
    credential = _credential(owner, Purpose.SEAL)
    prepared = world.engine(early).prepare(
        pdf, field="seal", credential=credential, image=seal_image(), at=datetime.now(UTC), fill=NUMBER, seals=True
    )
    completed = world.engine(late).complete(
        prepared.pdf,
        field="seal",
        credential=credential,
        signed_attributes=prepared.signed_attributes,
        signature=owner.sign(prepared.signed_attributes),
    )
    assert abs(completed.timestamped_at - datetime.now(UTC)) < timedelta(minutes=1)
    return completed.pdf


def _down(_: bytes) -> bytes:
    raise FetchError("down")


def test_signing_numbering_and_sealing_give_a_file_that_verifies_offline(
    world: World, result: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    sealed = _sealed(world, _signed(world, result, official), seal, world.fetch, world.fetch)
    offline = InterceptedFetch({"http": _down})
    assert world.engine(offline).verify(sealed, ["official", "seal"]) == "PAdES-BASELINE-LT"


@pytest.mark.parametrize("part", ["/tsa/tsa-backup", "/tsa/tsa"])
def test_an_authority_lost_between_the_steps_is_replaced_by_another_that_the_file_provides_for(
    world: World, signed: bytes, seal: KeyOwner, part: str
) -> None:
    late = InterceptedFetch(
        {part: _down} if part.endswith("backup") else {"/tsa/tsa-backup": _second(world), part: _down}
    )
    sealed = _sealed(world, signed, seal, InterceptedFetch(), late)
    world.engine().verify(sealed, ["official", "seal"])


def test_an_authority_that_the_file_does_not_provide_for_is_not_taken(
    world: World, signed: bytes, seal: KeyOwner
) -> None:
    early = InterceptedFetch({"/tsa/tsa-backup": _down})
    late = InterceptedFetch({"/tsa/tsa-backup": _second(world), "/tsa/tsa": _down})
    with pytest.raises(TimestampUnavailable):
        _sealed(world, signed, seal, early, late)


def test_a_certificate_revoked_between_the_steps_signs_nothing(world: World, result: bytes) -> None:
    owner = world.owner("revoked-meanwhile")
    engine, credential = world.engine(), _credential(owner, Purpose.SIGN)
    prepared = engine.prepare(
        result,
        field="official",
        credential=credential,
        image=handwriting(),
        at=datetime.now(UTC),
        fill=None,
        seals=False,
    )
    revoke(world.authority.data, "revoked-meanwhile")
    with pytest.raises(CertificateNotUsable, match="revoked"):
        engine.complete(
            prepared.pdf,
            field="official",
            credential=credential,
            signed_attributes=prepared.signed_attributes,
            signature=owner.sign(prepared.signed_attributes),
        )


def test_a_draft_of_a_revoked_official_is_not_sealed(world: World, result: bytes, seal: KeyOwner) -> None:
    owner = world.owner("revoked-before-seal")
    signed = world.by_official(result, owner)
    revoke(world.authority.data, "revoked-before-seal")
    with pytest.raises(CertificateNotUsable, match="revoked"):
        _sealed(world, signed, seal, world.fetch, world.fetch)


def test_a_wrong_value_gives_no_file(world: World, result: bytes, official: KeyOwner) -> None:
    with pytest.raises(SignatureMismatch):
        _signed(world, result, KeyOwner(world.owner("liar").key, official.identity, "liar", official.chain_pem))


def _second(world: World):  # type: ignore[no-untyped-def]
    return lambda body: InterceptedFetch().post(world.authority.tsa_urls[1], body, "application/timestamp-query")
