import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from asn1crypto import tsp, x509
from chauban.errors import CertificateNotUsable, SignatureLost, SignatureMismatch, TimestampUnavailable, UnsafeToSign
from chauban.signing.pades.engine import PadesEngine
from chauban.signing.trust.fetching import FetchError

from infra.local.trust import revoke
from tests.unit.linting.files import appended
from tests.unit.signing.acts import completed_by, credential_of, done, down, prepared_by, second_authority
from tests.unit.signing.world import InterceptedFetch, KeyOwner, World

FIELDS = ["official", "seal"]


def test_signing_numbering_and_sealing_give_a_file_that_verifies_offline(
    world: World, result: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    sealed = done(world, done(world, result, official), seal, "seal")
    offline = InterceptedFetch({"http": down})
    assert world.engine(offline).verify(sealed, FIELDS) == "PAdES-BASELINE-LT"


def test_what_was_checked_is_recorded_and_the_time_is_the_timestamps(
    world: World, result: bytes, official: KeyOwner
) -> None:
    prepared = prepared_by(world.engine(), result, official)
    assert prepared.certificate_check["result"] == "good"
    completed = completed_by(world.engine(), prepared, official)
    assert abs(completed.timestamped_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_officials_revision_verifies_offline_by_itself(world: World, result: bytes, official: KeyOwner) -> None:
    assert world.engine(InterceptedFetch({"http": down})).verify(done(world, result, official), ["official"])


@pytest.mark.parametrize("part", ["/tsa/tsa-backup", "/tsa/tsa"])
def test_an_authority_lost_between_the_steps_is_replaced_by_another_that_the_file_provides_for(
    world: World, signed: bytes, seal: KeyOwner, part: str
) -> None:
    late = InterceptedFetch(
        {part: down} if part.endswith("backup") else {"/tsa/tsa-backup": second_authority(world), part: down}
    )
    prepared = prepared_by(world.engine(), signed, seal, "seal")
    sealed = completed_by(world.engine(late), prepared, seal, "seal")
    world.engine().verify(sealed.pdf, FIELDS)


def test_an_authority_that_the_file_does_not_provide_for_is_not_taken(
    world: World, result: bytes, official: KeyOwner
) -> None:
    early = InterceptedFetch({"/tsa/tsa-backup": down})
    late = InterceptedFetch({"/tsa/tsa-backup": second_authority(world), "/tsa/tsa": down})
    prepared = prepared_by(world.engine(early), result, official)
    with pytest.raises(TimestampUnavailable):
        completed_by(world.engine(late), prepared, official)


def talkative_authority(world: World) -> Callable[[bytes], bytes]:
    """The first authority's answer, with a chain of many certificates in its token, which its signature does not cover."""
    more = [x509.Certificate.load(world.owner(f"above-{number}", "ec").identity.certificate) for number in range(14)]

    def answer(body: bytes) -> bytes:
        given = InterceptedFetch().post(world.authority.tsa_urls[0], body, "application/timestamp-query")
        response = tsp.TimeStampResp.load(given)
        signed = response["time_stamp_token"]["content"]
        signed["certificates"] = [*signed["certificates"], *more]
        return response.dump(force=True)

    return answer


def test_a_timestamp_with_many_certificates_has_room(
    world: World, result: bytes, official: KeyOwner, seal: KeyOwner
) -> None:
    engine = world.engine(InterceptedFetch({"/tsa/tsa-backup": down, "/tsa/tsa": talkative_authority(world)}))
    signed = completed_by(engine, prepared_by(engine, result, official), official).pdf
    sealed = completed_by(engine, prepared_by(engine, signed, seal, "seal"), seal, "seal").pdf
    assert world.engine().verify(sealed, FIELDS) == "PAdES-BASELINE-LT"


def test_a_timestamp_that_outgrew_its_room_makes_what_was_fixed_a_loss(
    world: World, result: bytes, official: KeyOwner
) -> None:
    """The authority's certificate is the same: it sends more of those above it than it did when the file was prepared."""
    late = InterceptedFetch({"/tsa/tsa-backup": down, "/tsa/tsa": talkative_authority(world)})
    prepared = prepared_by(world.engine(), result, official)
    with pytest.raises(SignatureLost, match="signature-larger-than-its-room"):
        completed_by(world.engine(late), prepared, official)


@pytest.mark.parametrize("field", FIELDS)
def test_a_certificate_revoked_between_the_steps_signs_nothing(
    world: World, result: bytes, signed: bytes, field: str
) -> None:
    owner = world.owner(f"revoked-meanwhile-{field}")
    prepared = prepared_by(world.engine(), {"official": result, "seal": signed}[field], owner, field)
    revoke(world.authority.data, owner.label)
    with pytest.raises(CertificateNotUsable, match="revoked"):
        completed_by(world.engine(), prepared, owner, field)


def test_a_certificate_is_asked_about_without_anything_being_prepared(world: World) -> None:
    owner = world.owner("asked-about")
    world.engine().require_usable(credential_of(owner), datetime.now(UTC))
    revoke(world.authority.data, owner.label)
    with pytest.raises(CertificateNotUsable, match="revoked"):
        world.engine().require_usable(credential_of(owner), datetime.now(UTC))
    with pytest.raises(CertificateNotUsable, match="status_unavailable"):
        world.engine(InterceptedFetch({"http": down})).require_usable(credential_of(owner), datetime.now(UTC))


def test_a_wrong_value_gives_no_file(world: World, result: bytes, official: KeyOwner) -> None:
    liar = KeyOwner(world.owner("liar").key, official.identity, "liar", official.chain_pem)
    with pytest.raises(SignatureMismatch):
        done(world, result, liar)


def test_a_file_that_hides_something_is_not_prepared_whoever_signs(world: World, result: bytes) -> None:
    """Not even asked for: nobody's certificate is checked, no authority is asked for a time."""
    before = len(world.fetch.asked)
    for field in ("official", "seal"):
        with pytest.raises(UnsafeToSign) as refusal:
            prepared_by(world.engine(), result + b"% hidden\n", world.owner("official", "rsa"), field)
        assert [fault.code for fault in refusal.value.faults] == ["bytes-outside-objects"]
    assert len(world.fetch.asked) == before


def test_a_file_changed_after_the_officials_signature_is_not_sealed(world: World, signed: bytes) -> None:
    with pytest.raises(UnsafeToSign) as refusal:
        prepared_by(
            world.engine(), appended(signed, {900: b"<< /Amount 1 >>"}), world.owner("seal", "ec", "seal"), "seal"
        )
    assert {fault.code for fault in refusal.value.faults} == {"unexplained-object", "unexplained-change"}


class Asleep:
    """The network of an engine in production, on a day on which every address takes its time and then says nothing."""

    asked: ClassVar[list[str]] = []

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout

    def get(self, url: str) -> bytes:
        self.asked.append(url)
        time.sleep(0.02)
        raise FetchError(url)

    def post(self, url: str, body: bytes, content_type: str) -> bytes:
        return self.get(url)


def test_an_engine_in_production_leaves_addresses_alone_that_failed_slowly(
    world: World, result: bytes, official: KeyOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = prepared_by(world.engine(), result, official)
    monkeypatch.setattr("chauban.signing.trust.resting.SLOW_SECONDS", 0.01)
    monkeypatch.setattr("chauban.signing.pades.engine.HttpFetch", Asleep)
    monkeypatch.setattr(Asleep, "asked", [])
    engine = PadesEngine(world.anchors, world.authority.tsa_urls, policy=lambda: world.policy)
    for _ in range(3):
        with pytest.raises(CertificateNotUsable, match="status_unavailable"):
            completed_by(engine, prepared, official)
    # Of the signer and of the authority above: the responder, then the list. Nobody twice.
    assert len(Asleep.asked) == len(set(Asleep.asked)) >= 2
    assert any("ocsp" in url for url in Asleep.asked)
    assert any("crl" in url for url in Asleep.asked)
    Asleep.asked.clear()
    for _ in range(3):
        with pytest.raises(TimestampUnavailable):
            engine.timestamps.timestamp(bytes(32), "sha256")
    # Each authority with little patience once, with much patience once.
    assert sorted(Asleep.asked) == sorted([*world.authority.tsa_urls, *world.authority.tsa_urls])
