from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chauban.signing.preparation import STALE
from chauban.signing.trust.certificates import SIGNING, TIMESTAMPING
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.offline import FRESHNESS, GRACE, stood
from cryptography import x509
from cryptography.x509 import ocsp

from infra.local.trust import configuration
from tests.unit.signing.acts import down
from tests.unit.signing.world import InterceptedFetch, KeyOwner, World, running_world

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


def test_answers_speak_for_a_day_after_they_were_made_and_for_what_was_before(world: World, official: KeyOwner) -> None:
    now = datetime.now(UTC)
    identity = official.identity
    material = world.trust().check(identity.certificate, identity.chain, now).material
    moments = {now - 30 * MINUTE: True, now: True, now + FRESHNESS - MINUTE: True, now + FRESHNESS + MINUTE: False}
    for moment, expected in moments.items():
        assert stood(identity.certificate, material, world.anchors, moment, SIGNING) is expected
    assert not stood(identity.certificate, material, world.anchors, now, TIMESTAMPING)
    assert not stood(identity.certificate, material, [], now, SIGNING)


@pytest.mark.parametrize("source", ["ocsp", "crl"])
def test_answers_that_live_longer_speak_until_their_end_and_a_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """The lists of this authority are two days old by now, with five more to live."""
    services = configuration._services()
    for name in ("root", "issuing"):
        services["ocsp"][name]["validity-period"] = {"seconds": WEEK.total_seconds()}
        services["crl-repo"][name]["simulated-update-schedule"] = "P7D"
    monkeypatch.setattr(configuration, "_services", lambda: services)
    with running_world(tmp_path / "trust") as world:
        identity = world.owner("patient", "ec").identity
        fetch = InterceptedFetch({} if source == "ocsp" else {"/ocsp/": down})
        material = world.trust(fetch).check(identity.certificate, identity.chain, datetime.now(UTC)).material
        assert bool(material.crls) is (source == "crl")
        end = min(_ends(material))
        for moment, expected in {end: True, end + GRACE - MINUTE: True, end + GRACE + MINUTE: False}.items():
            assert stood(identity.certificate, material, world.anchors, moment, SIGNING) is expected


def test_whatever_was_good_at_preparing_outlives_the_preparation() -> None:
    assert GRACE >= STALE


def _ends(material: ValidationMaterial) -> list[datetime]:
    lists = [x509.load_der_x509_crl(value).next_update_utc for value in material.crls]
    answers = [ocsp.load_der_ocsp_response(value).next_update_utc for value in material.ocsp_responses]
    return [end for end in (*lists, *answers) if end is not None]
