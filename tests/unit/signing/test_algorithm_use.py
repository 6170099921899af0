"""What a signature takes by the policy on algorithms, and who signs and stamps nothing any more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from chauban.errors import CertificateNotUsable, NotConfigured, SigningError, TimestampUnavailable
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.evidence import gather_evidence
from chauban.signing.pades.inspection import require_valid
from chauban.signing.preservation.algorithm_policy import AlgorithmEnd
from chauban.signing.trust.authority_choice import authority_choice
from chauban.signing.trust.certificates import TrustService
from chauban.signing.trust.timestamping import TimestampAuthorities, is_over
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from tests.unit.preservation.simulated import YEAR, SimulatedTrust
from tests.unit.preservation.test_algorithm_policy import policy, retired
from tests.unit.signing.acts import completed_by, credential_of, done, prepared_by
from tests.unit.signing.world import KeyOwner, World

FIELDS = ["official", "seal"]
START = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def yesterday() -> date:
    return (datetime.now(UTC) - timedelta(days=1)).date()


def short_rsa() -> AlgorithmEnd:
    return AlgorithmEnd.model_validate(
        {"family": "rsa", "below_bits": 3000, "weak_from": yesterday(), "source": "a test"}
    )


def used(pdf: bytes) -> list[tuple[str, str]]:
    """For each signature the hash that its timestamp is over, and the one by which its certificate is named."""
    found = []
    for signature in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        (token,) = extract_tst_data_iter(signature.signer_info, signed=False)
        over = token["encap_content_info"]["content"].parsed["message_imprint"]["hash_algorithm"]["algorithm"].native
        attributes = {each["type"].native: each["values"][0] for each in signature.signer_info["signed_attrs"]}
        named = attributes["signing_certificate_v2"]["certs"][0]["hash_algorithm"]["algorithm"].native
        found.append((over, named))
    return found


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_timestamps_and_the_name_of_the_certificate_take_the_hash_of_the_policy(
    world: World, result: bytes, official: KeyOwner, seal: KeyOwner, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(world, "policy", policy(hashes=[name]))
    sealed = done(world, done(world, result, official), seal, "seal")
    assert used(sealed) == [(name, name)] * 2
    require_valid(sealed, world.anchors, FIELDS)


def test_a_hash_that_ends_soon_is_left_for_the_next(
    world: World, result: bytes, official: KeyOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = (datetime.now(UTC) + timedelta(days=365)).date().isoformat()
    monkeypatch.setattr(world, "policy", policy(ends=[retired("sha256", soon)]))
    assert used(done(world, result, official)) == [("sha384", "sha384")]


def test_a_value_that_was_fixed_under_the_policy_before_is_embedded_under_the_next(
    world: World, result: bytes, official: KeyOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = prepared_by(world.engine(), result, official)
    monkeypatch.setattr(world, "policy", policy(hashes=["sha512"]))
    signed = completed_by(world.engine(), prepared, official).pdf
    assert used(signed) == [("sha512", "sha256")]
    require_valid(signed, world.anchors, ["official"])


def test_without_a_hash_to_rely_on_nothing_is_prepared(
    world: World, result: bytes, official: KeyOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    monkeypatch.setattr(world, "policy", policy(hashes=["sha256"], ends=[retired("sha256", later)]))
    with pytest.raises(NotConfigured):
        prepared_by(world.engine(), result, official)


ACTS: dict[str, Callable[[World, bytes, KeyOwner], object]] = {
    "asking": lambda world, _, owner: world.engine().require_usable(credential_of(owner), world.now()),
    "preparing": lambda world, result, owner: prepared_by(world.engine(), result, owner),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_key_that_is_too_short_by_now_signs_nothing(
    world: World, result: bytes, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    owner, other = world.owner("short", "rsa"), world.owner("elliptic", "ec")
    monkeypatch.setattr(world, "policy", policy(ends=[short_rsa()]))
    with pytest.raises(CertificateNotUsable, match="weak_algorithm"):
        ACTS[act](world, result, owner)
    ACTS[act](world, result, other)


def test_a_value_is_not_embedded_once_its_key_is_weak(
    world: World, result: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = world.owner("short", "rsa")
    prepared = prepared_by(world.engine(), result, owner)
    monkeypatch.setattr(world, "policy", policy(ends=[short_rsa()]))
    with pytest.raises(CertificateNotUsable, match="weak_algorithm"):
        completed_by(world.engine(), prepared, owner)


def test_a_hash_that_is_weak_by_now_is_signed_with_no_more(
    world: World, result: bytes, official: KeyOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "policy", policy(ends=[retired("sha256", yesterday().isoformat())]))
    with pytest.raises(CertificateNotUsable, match="weak_algorithm"):
        prepared_by(world.engine(), result, official)


class Rolling:
    """The second authority has a stronger certificate already, the first one not yet; what that one uses is weak by now."""

    def __init__(self) -> None:
        self.now = START + 2.5 * YEAR
        self.trust = SimulatedTrust(lambda: self.now, START, START + 1.5 * YEAR)
        self.service = TrustService([self.trust.root.der], self.trust)
        self.policy = policy(hashes=["sha512"], ends=[retired("sha256", (START + 2.2 * YEAR).date().isoformat())])
        self.timestamps = TimestampAuthorities(self.trust.TSAS, self.trust)


def test_of_authorities_only_those_whose_algorithms_are_relied_on_are_provided_for_and_taken(result: bytes) -> None:
    rolling = Rolling()
    one, two = rolling.timestamps.shown("sha512")
    choice = authority_choice(result, rolling.service, rolling.now, rolling.policy)
    assert [choice(one), choice(two)] == [False, True]
    owner = rolling.trust.signer("official")
    signer = replace(owner.identity, algorithm=Algorithm.ECDSA_P384_SHA384)
    evidence = gather_evidence(
        result,
        signer,
        trust=rolling.service,
        timestamps=rolling.timestamps,
        at=rolling.now,
        policy=rolling.policy,
    )
    held = evidence.material.certificates
    assert (one.certificates[0] in held, two.certificates[0] in held) == (False, True)
    rolling.trust.down.add(two.url)
    with pytest.raises(TimestampUnavailable):
        rolling.timestamps.timestamp(bytes(64), "sha512", choice)


def test_a_token_over_something_else_or_by_an_unknown_hash_is_of_no_use(world: World) -> None:
    token = world.timestamps().timestamp(bytes(64), "sha512").der
    assert not is_over(token, b"content")
    with pytest.raises(SigningError, match="not-a-timestamp"):
        is_over(b"\x30\x00", b"content")
