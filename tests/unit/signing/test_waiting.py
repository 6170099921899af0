"""What may happen between one signature and the next, or between a signature's two steps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chauban.errors import CertificateNotUsable
from chauban.signing.pades.engine import PadesEngine
from chauban.signing.ports import PreparedFile
from chauban.signing.preparation import STALE

from infra.local.trust import revoke
from tests.unit.signing.acts import completed_by, done, prepared_by
from tests.unit.signing.world import KeyOwner, World, running_world

FIELDS = ["official", "seal"]
DAY = timedelta(days=1)
LONG_AGO = timedelta(days=3)


def _expired(world: World) -> KeyOwner:
    now = datetime.now(UTC)
    return world.owner("expired-since", valid_from=now - 10 * DAY, valid_to=now - DAY)


def _revoked(world: World) -> KeyOwner:
    """Good for two of the three days, for the authority knows since when."""
    owner = world.owner("revoked-since", valid_from=datetime.now(UTC) - 10 * DAY)
    revoke(world.authority.data, owner.label, since=datetime.now(UTC) - DAY)
    return owner


def _unchanged(world: World) -> KeyOwner:
    return world.owner("waiting", valid_from=datetime.now(UTC) - 10 * DAY)


@pytest.mark.parametrize("fate", [_unchanged, _expired, _revoked])
def test_a_seal_that_comes_days_later_stands_on_what_the_official_left_in_the_file(
    world: World, result: bytes, seal: KeyOwner, fate: Callable[[World], KeyOwner]
) -> None:
    owner = fate(world)
    with world.earlier(LONG_AGO):
        signed = done(world, result, owner)
    sealed = done(world, signed, seal, "seal")
    assert world.engine().verify(sealed, FIELDS) == "PAdES-BASELINE-LT"


@pytest.mark.parametrize("fate", [_expired, _revoked])
def test_a_certificate_that_is_not_good_any_more_signs_nothing_even_when_it_was_at_preparing(
    world: World, result: bytes, fate: Callable[[World], KeyOwner]
) -> None:
    owner = fate(world)
    with world.earlier(LONG_AGO):
        prepared = prepared_by(world.engine(), result, owner, at=world.now())
    with pytest.raises(CertificateNotUsable):
        completed_by(world.engine(), prepared, owner)


def test_a_file_whose_certificates_have_all_expired_verifies_as_on_the_day_of_its_issue(
    world: World, result: bytes
) -> None:
    now = datetime.now(UTC)
    seal = world.owner("expired-seal", "ec", "seal", valid_from=now - 10 * DAY, valid_to=now - DAY)
    with world.earlier(LONG_AGO):
        sealed = done(world, done(world, result, _expired(world)), seal, "seal")
    assert world.engine().verify(sealed, FIELDS) == "PAdES-BASELINE-LT"


def test_a_seal_prepared_as_long_ago_as_may_be_verifies(world: World, result: bytes) -> None:
    official, seal = (world.owner(name, valid_from=datetime.now(UTC) - 10 * DAY) for name in ("slow", "slow-seal"))
    with world.earlier(STALE):
        prepared = prepared_by(world.engine(), done(world, result, official), seal, "seal", world.now())
    world.engine().verify(completed_by(world.engine(), prepared, seal, "seal").pdf, FIELDS)


def test_an_official_who_was_embedded_days_after_preparing_is_sealed_with_the_material_of_today(
    world: World, result: bytes, seal: KeyOwner
) -> None:
    owner = _unchanged(world)
    with world.earlier(LONG_AGO):
        prepared = prepared_by(world.engine(), result, owner, at=world.now())
    signed = completed_by(world.engine(), prepared, owner).pdf
    world.engine().verify(done(world, signed, seal, "seal"), FIELDS)


def test_a_signature_without_material_is_sealed_only_while_its_certificate_is_good(
    world: World, result: bytes, seal: KeyOwner
) -> None:
    owner = world.owner("revoked-before-seal")
    signed = world.by_official(result, owner, bare=True)
    world.engine().verify(done(world, signed, seal, "seal"), FIELDS)
    revoke(world.authority.data, owner.label)
    with pytest.raises(CertificateNotUsable, match="revoked"):
        done(world, signed, seal, "seal")


@pytest.mark.parametrize("bare", [False, True], ids=["prepared-with-material", "prepared-without"])
def test_an_authority_that_nobody_trusts_is_passed_over_for_the_next(
    world: World, result: bytes, official: KeyOwner, seal: KeyOwner, tmp_path: Path, *, bare: bool
) -> None:
    with running_world(tmp_path / "stranger") as stranger:
        urls = [stranger.authority.tsa_urls[0], world.authority.tsa_urls[1]]
        engine = PadesEngine(world.anchors, urls, policy=lambda: world.policy)
        if bare:
            without = world.prepared(result, official, field="official")
            prepared = PreparedFile(without.pdf, without.signed_attributes, {})
        else:
            prepared = prepared_by(engine, result, official)
        signed = completed_by(engine, prepared, official).pdf
        sealed = completed_by(engine, prepared_by(engine, signed, seal, "seal"), seal, "seal").pdf
    assert world.engine().verify(sealed, FIELDS) == "PAdES-BASELINE-LT"
