import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import ocsp
from chauban.errors import CertificateNotUsable
from chauban.signing.algorithms import Algorithm
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.trust.certificates import TIMESTAMPING
from chauban.signing.trust.fetching import FetchError
from chauban.signing.trust.revocation import Source
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.trust import issue_certificate, reinstate, revoke, suspend
from tests.unit.signing.world import InterceptedFetch, KeyOwner, World, running_world


def _down(_: bytes) -> bytes:
    raise FetchError("down")


def _reason(world: World, owner: KeyOwner, fetch: InterceptedFetch | None = None, at: datetime | None = None) -> str:
    with pytest.raises(CertificateNotUsable) as caught:
        world.trust(fetch).check(owner.identity.certificate, owner.identity.chain, at or datetime.now(UTC))
    return str(caught.value.values["reason"])


@pytest.mark.parametrize("who", ["official", "seal"])
def test_a_good_certificate_comes_with_its_evidence(world: World, who: str, request: pytest.FixtureRequest) -> None:
    owner: KeyOwner = request.getfixturevalue(who)
    now = datetime.now(UTC)
    checked = world.trust().check(owner.identity.certificate, owner.identity.chain, now)
    assert checked.path[0] == hashlib.sha256(owner.identity.certificate).hexdigest()
    assert [each.source for each in checked.evidence] == [Source.OCSP, Source.OCSP]
    assert len(checked.material.certificates) == 3
    assert checked.checked_at == now


def test_a_missing_issuer_is_fetched_from_where_the_certificate_says(world: World, official: KeyOwner) -> None:
    checked = world.trust().check(official.identity.certificate, (), datetime.now(UTC))
    assert len(checked.path) == 3


def test_revoked_and_suspended_are_told_apart(world: World) -> None:
    owner = world.owner("unlucky")
    suspend(world.authority.data, "unlucky")
    assert _reason(world, owner) == "suspended"
    reinstate(world.authority.data, "unlucky")
    world.trust().check(owner.identity.certificate, owner.identity.chain, datetime.now(UTC))
    revoke(world.authority.data, "unlucky")
    assert _reason(world, owner) == "revoked"


def test_validity_is_checked(world: World) -> None:
    now = datetime.now(UTC)
    past = world.owner("past", valid_from=now - timedelta(days=20), valid_to=now - timedelta(days=1))
    future = world.owner("future", valid_from=now + timedelta(days=1), valid_to=now + timedelta(days=20))
    assert _reason(world, past) == "expired"
    assert _reason(world, future) == "not_yet_valid"


def test_an_unknown_issuer_is_refused_before_anybody_is_asked(
    world: World, official: KeyOwner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_world(tmp_path_factory.mktemp("stranger")) as stranger:
        fetch = InterceptedFetch()
        assert _reason(stranger, official, fetch) == "unknown_issuer"
    assert not any("ocsp" in url or "crls" in url for url in fetch.asked)


def test_a_certificate_for_something_else_is_refused(world: World, official: KeyOwner) -> None:
    authority, *above = world.timestamps().shown("sha256")[0].certificates
    with pytest.raises(CertificateNotUsable, match="wrong_key_usage"):
        world.trust().check(authority, above, datetime.now(UTC))
    with pytest.raises(CertificateNotUsable, match="wrong_key_usage"):
        world.trust().check(official.identity.certificate, official.identity.chain, datetime.now(UTC), TIMESTAMPING)


@pytest.mark.parametrize("answer", [_down, lambda _: b"garbage"], ids=["down", "garbage"])
def test_the_crl_stands_in_for_ocsp(world: World, official: KeyOwner, answer: object) -> None:
    fetch = InterceptedFetch({"/ocsp/": answer})  # type: ignore[dict-item]
    checked = world.trust(fetch).check(official.identity.certificate, official.identity.chain, datetime.now(UTC))
    assert [each.source for each in checked.evidence] == [Source.CRL, Source.CRL]
    assert checked.material.ocsp_responses == ()


def test_an_answer_with_a_wrong_signature_gives_way_to_the_crl(world: World, official: KeyOwner) -> None:
    address = f"{world.authority.base_url}/chauban/ocsp/issuing"
    fetch = InterceptedFetch()
    fetch.answers["/ocsp/issuing"] = lambda body: _spoilt(
        InterceptedFetch().post(address, body, "application/ocsp-request")
    )
    checked = world.trust(fetch).check(official.identity.certificate, official.identity.chain, datetime.now(UTC))
    assert {each.source for each in checked.evidence} == {Source.CRL}


def test_the_crl_tells_revoked_certificates_too(world: World) -> None:
    owner = world.owner("listed", valid_from=datetime.now(UTC) - timedelta(days=10))
    fetch = InterceptedFetch({"/ocsp/": _down})
    revoke(world.authority.data, "listed", since=datetime.now(UTC) - timedelta(days=2))
    assert _reason(world, owner, fetch) == "revoked"
    suspend(world.authority.data, "listed", since=datetime.now(UTC) - timedelta(days=2))
    assert _reason(world, owner, fetch) == "suspended"


def test_a_weak_key_is_refused(world: World) -> None:
    weak = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505
    pem = weak.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    chain = SignerIdentity.from_pem(
        issue_certificate(world.authority.data, "weak", "Khóa yếu", pem), Algorithm.RSA_PSS_SHA256
    )
    with pytest.raises(CertificateNotUsable, match="weak_algorithm"):
        world.trust().check(chain.certificate, chain.chain, datetime.now(UTC))


def test_without_any_answer_the_status_is_unavailable(world: World, official: KeyOwner) -> None:
    fetch = InterceptedFetch({"/ocsp/": _down, "/crls/": _down})
    assert _reason(world, official, fetch) == "status_unavailable"


def _spoilt(response: bytes) -> bytes:
    """The response with its signature changed in one bit."""
    signature = ocsp.OCSPResponse.load(response).basic_ocsp_response["signature"].native
    return response.replace(signature, signature[:-1] + bytes([signature[-1] ^ 1]))
