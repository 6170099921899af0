"""Faults around a signature, the same for whichever signer gives the value: certificates, timestamps, and wrong values."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from chauban.errors import CertificateNotUsable, SignatureMismatch, SigningError, TimestampUnavailable
from chauban.signing.credentials import Credential
from chauban.signing.ports import PreparedFile
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from infra.local.trust import reinstate, revoke, suspend
from tests.unit.preservation.test_algorithm_policy import policy, retired
from tests.unit.signers.documents import certified, key_for
from tests.unit.signers.holders import NAMES, Holder, Sign, algorithms_of, all_holders
from tests.unit.signing.acts import down
from tests.unit.signing.world import InterceptedFetch, World, handwriting

LEVEL = "PAdES-BASELINE-LT"


@pytest.fixture(scope="module")
def holders(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Holder]]:
    with all_holders(world, tmp_path_factory.mktemp("người giữ khóa")) as made:
        yield made


@dataclass
class Act:
    """One signature in its steps; `asked` counts how often the signer was asked for a value."""

    world: World
    pdf: bytes
    credential: Credential
    sign: Sign
    asked: int = 0
    fetch: InterceptedFetch | None = field(default=None)

    def prepare(self) -> PreparedFile:
        engine = self.world.engine(self.fetch)
        image, now = handwriting(), self.world.now()
        return engine.prepare(self.pdf, field="official", credential=self.credential, image=image, at=now, fill=None)

    def value(self, prepared: PreparedFile) -> bytes:
        self.asked += 1
        return self.sign(hashlib.new(self.credential.algorithm.digest, prepared.signed_attributes).digest())

    def complete(self, prepared: PreparedFile, value: bytes) -> bytes:
        attributes, engine = prepared.signed_attributes, self.world.engine(self.fetch)
        return engine.complete(
            prepared.pdf, field="official", credential=self.credential, signed_attributes=attributes, signature=value
        ).pdf

    def verified(self, signed: bytes) -> bool:
        return self.world.engine().verify(signed, ["official"]) == LEVEL

    def signs(self) -> bool:
        """After a fault: the same file is signed from the beginning."""
        prepared = self.prepare()
        return self.verified(self.complete(prepared, self.value(prepared)))

    @property
    def label(self) -> str:
        """Under which the development authority issued the certificate."""
        leaf = x509.load_pem_x509_certificate(self.credential.chain_pem.encode())
        folder = self.world.authority.data / "certs"
        pem = leaf.public_bytes(Encoding.PEM)
        return next(path.stem for path in folder.glob("*.pem") if path.read_bytes().strip() == pem.strip())


# How a CSC provider was authorised makes no difference here.
@pytest.fixture(params=[name for name in NAMES if name not in {"csc-v1-oauth", "csc-v2-explicit"}])
def act(request: pytest.FixtureRequest, world: World, result: bytes, holders: dict[str, Holder]) -> Act:
    if request.param not in holders:
        assert os.environ.get("CI") != "true", "not installed: softhsm2"
        pytest.skip("not installed: softhsm2")
    return Act(world, result, *holders[request.param](algorithms_of(request.param)[-1]))


def test_a_revoked_certificate_is_not_signed_with_and_nobody_is_asked(act: Act) -> None:
    leaf = x509.load_pem_x509_certificate(act.credential.chain_pem.encode())
    again = f"again-{secrets.token_hex(8)}"
    chain = certified(act.world, again, leaf.public_key())
    revoke(act.world.authority.data, again)
    standing = act.credential
    act.credential = standing.model_copy(update={"chain_pem": chain})
    with pytest.raises(CertificateNotUsable, match="revoked"):
        act.prepare()
    assert act.asked == 0
    act.credential = standing
    assert act.signs()


def test_a_suspended_certificate_is_not_signed_with_until_it_is_reinstated(act: Act) -> None:
    suspend(act.world.authority.data, act.label)
    try:
        with pytest.raises(CertificateNotUsable, match="suspended"):
            act.prepare()
        assert act.asked == 0
    finally:
        reinstate(act.world.authority.data, act.label)
    assert act.signs()


def test_a_certificate_suspended_after_the_value_embeds_nothing_and_the_value_is_kept(act: Act) -> None:
    prepared = act.prepare()
    value = act.value(prepared)
    suspend(act.world.authority.data, act.label)
    try:
        with pytest.raises(CertificateNotUsable, match="suspended"):
            act.complete(prepared, value)
    finally:
        reinstate(act.world.authority.data, act.label)
    assert act.verified(act.complete(prepared, value))
    assert act.asked == 1


def test_a_chain_that_is_missing_is_fetched_by_the_certificate_or_nobody_is_asked(act: Act) -> None:
    leaf, *above = x509.load_pem_x509_certificates(act.credential.chain_pem.encode())
    assert above
    act.credential = act.credential.model_copy(update={"chain_pem": leaf.public_bytes(Encoding.PEM).decode()})
    act.fetch = InterceptedFetch({"http": down})
    with pytest.raises(CertificateNotUsable):
        act.prepare()
    assert act.asked == 0
    act.fetch = None
    prepared = act.prepare()
    assert prepared.certificate_check["result"] == "good"
    assert act.verified(act.complete(prepared, act.value(prepared)))


def test_without_a_timestamp_authority_the_value_waits_and_is_not_asked_for_again(act: Act) -> None:
    prepared = act.prepare()
    value = act.value(prepared)
    act.fetch = InterceptedFetch({"/tsa/": down})
    with pytest.raises(TimestampUnavailable):
        act.complete(prepared, value)
    act.fetch = None
    assert act.verified(act.complete(prepared, value))
    assert act.asked == 1


def test_without_ocsp_the_revocation_list_is_enough_and_without_both_nobody_is_asked(act: Act) -> None:
    act.fetch = InterceptedFetch({"/ocsp/": down, "/crls/": down})
    with pytest.raises(CertificateNotUsable, match="status_unavailable"):
        act.prepare()
    assert act.asked == 0
    act.fetch = InterceptedFetch({"/ocsp/": down})
    prepared = act.prepare()
    assert act.verified(act.complete(prepared, act.value(prepared)))


def test_a_value_over_something_else_is_not_embedded(act: Act) -> None:
    prepared = act.prepare()
    other = act.sign(hashlib.new(act.credential.algorithm.digest, b"something else").digest())
    with pytest.raises(SignatureMismatch):
        act.complete(prepared, other)
    assert act.verified(act.complete(prepared, act.value(prepared)))


def test_a_value_by_another_key_than_the_certificates_is_not_embedded(act: Act) -> None:
    other = certified(act.world, f"other-{secrets.token_hex(8)}", key_for(act.credential.algorithm).public_key())
    own = act.credential
    act.credential = own.model_copy(update={"chain_pem": other})
    prepared = act.prepare()
    with pytest.raises(SignatureMismatch):
        act.complete(prepared, act.value(prepared))
    act.credential = own
    assert act.signs()


def test_an_expired_certificate_is_not_signed_with(act: Act) -> None:
    act.world.offset = timedelta(days=4 * 365)
    try:
        with pytest.raises(CertificateNotUsable, match="expired"):
            act.prepare()
    finally:
        act.world.offset = timedelta()
    assert act.asked == 0
    assert act.signs()


def test_a_credential_of_a_weak_algorithm_is_not_signed_with(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    ended = policy(hashes=["sha512"], ends=[retired(act.credential.algorithm.digest, day)])
    with monkeypatch.context() as since:
        since.setattr(act.world, "policy", ended)
        with pytest.raises(CertificateNotUsable, match="weak_algorithm"):
            act.prepare()
    assert act.asked == 0
    prepared = act.prepare()
    value = act.value(prepared)
    with monkeypatch.context() as since:
        since.setattr(act.world, "policy", ended)
        with pytest.raises(CertificateNotUsable, match="weak_algorithm"):
            act.complete(prepared, value)
    assert act.verified(act.complete(prepared, value))


def test_a_second_value_has_no_place_in_a_file_that_is_signed(act: Act) -> None:
    prepared = act.prepare()
    first, second = act.value(prepared), act.value(prepared)
    signed = act.complete(prepared, first)
    for again in (first, second):
        with pytest.raises(SigningError):
            act.complete(replace(prepared, pdf=signed), again)
    assert act.verified(signed)
    # Until one is embedded either will do: both are for the same attributes.
    assert act.verified(act.complete(prepared, second))
