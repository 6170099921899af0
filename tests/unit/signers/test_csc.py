"""The CSC signer against the development provider: versions 1 and 2, PIN and page, RSA and ECDSA, batches, and every mood."""

import base64
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from asn1crypto import algos
from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    NotConfigured,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
    SignatureMismatch,
    SigningError,
)
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential
from chauban.signing.pades.levels import Level
from chauban.signing.pades.raw_signature import verify_raw_signature
from chauban.signing.signers.csc import CscSigner, algorithms
from chauban.signing.signers.csc.signer import MOST_IN_AN_ADDRESS
from chauban.signing.signers.remote import Given, Grant, LoginPage, ToSign
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from infra.local.providers import moods
from infra.local.providers.csc.credentials import MULTISIGN
from tests.unit.signers.csc import Csc
from tests.unit.signers.documents import signed_document
from tests.unit.signers.provider_server import SECONDS, Running, running_providers, to_sign
from tests.unit.signing.world import World

WAYS = [("v1", "explicit"), ("v1", "oauth"), ("v2", "explicit"), ("v2", "oauth")]


@pytest.fixture(scope="module")
def providers(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_providers(tmp_path_factory.mktemp("nhà cung cấp"), world.authority.data) as running:
        yield running


@pytest.fixture(autouse=True)
def _good_again(providers: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(moods, "LATE_SECONDS", 1.5)
    monkeypatch.setattr(moods, "NEVER_SECONDS", 2.0)
    yield
    providers.become("csc", "good")


@pytest.fixture(params=WAYS, ids="-".join)
def csc(providers: Running, request: pytest.FixtureRequest) -> Csc:
    return Csc(providers, *request.param)


@pytest.fixture
def explicit(providers: Running) -> Csc:
    return Csc(providers, "v2", "explicit")


def attributes(count: int) -> list[bytes]:
    return [os.urandom(200) for _ in range(count)]


def documents_over(algorithm: Algorithm, contents: list[bytes]) -> list[ToSign]:
    return to_sign(*(hashlib.new(algorithm.digest, each).digest() for each in contents))


def leaf(credential: Credential) -> bytes:
    return x509.load_pem_x509_certificate(credential.chain_pem.encode()).public_bytes(Encoding.DER)


def assert_signed(csc: Csc, algorithm: Algorithm = Algorithm.RSA_PSS_SHA256) -> None:
    """After a fault: a new authorisation gives a good value."""
    csc.running.become("csc", "good")
    credential, signer, contents = csc.credential(algorithm), csc.signer(), attributes(1)
    documents = documents_over(algorithm, contents)
    signed = signer.sign(credential, documents, csc.grant_for(signer, credential, documents))
    verify_raw_signature(leaf(credential), algorithm, contents[0], signed.values[1])


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_many_values_under_one_authorisation_each_fits_its_document(csc: Csc, algorithm: Algorithm) -> None:
    credential, contents = csc.credential(algorithm), attributes(7)
    documents = documents_over(algorithm, contents)
    signer = csc.signer(per_call=3)
    before = dict(csc.running.seen("csc"))
    signed = signer.sign(credential, documents, csc.grant_for(signer, credential, documents))
    assert set(signed.values) == {1, 2, 3, 4, 5, 6, 7}
    for document, content in zip(documents, contents, strict=True):
        verify_raw_signature(leaf(credential), algorithm, content, signed.values[document.item])
    path = f"{csc.api}/signatures/signHash"
    assert csc.running.seen("csc")[path] - before.get(path, 0) == 3


@pytest.mark.parametrize("algorithm", [Algorithm.RSA_PSS_SHA256, Algorithm.ECDSA_P384_SHA384])
def test_a_document_signed_by_the_provider_verifies(
    csc: Csc, world: World, result: bytes, algorithm: Algorithm
) -> None:
    credential, signer = csc.credential(algorithm), csc.signer()

    def sign(digest: bytes) -> bytes:
        documents = to_sign(digest)
        return signer.sign(credential, documents, csc.grant_for(signer, credential, documents)).values[1]

    pdf = signed_document(world, result, credential, sign)
    assert world.engine().verify(pdf, ["official"]) is Level.LT


def test_one_authorisation_serves_several_calls_and_no_digest_twice(csc: Csc) -> None:
    credential, signer = csc.credential(), csc.signer()
    documents = documents_over(credential.algorithm, attributes(4))
    grant = csc.grant_for(signer, credential, documents)
    assert len(signer.sign(credential, documents[:2], grant).values) == 2
    assert len(signer.sign(credential, documents[2:], grant).values) == 2
    with pytest.raises(AuthorisationSpent):
        signer.sign(credential, documents[:1], grant)


def test_an_authorisation_is_for_its_digests_only(csc: Csc) -> None:
    credential, signer = csc.credential(), csc.signer()
    grant = csc.grant_for(signer, credential, documents_over(credential.algorithm, attributes(2)))
    with pytest.raises(AuthorisationSpent):
        signer.sign(credential, documents_over(credential.algorithm, attributes(1)), grant)


def test_an_authorisation_is_no_longer_used_after_its_end(explicit: Csc) -> None:
    credential, signer = explicit.credential(), explicit.signer()
    documents = documents_over(credential.algorithm, attributes(1))
    grant = explicit.grant_for(signer, credential, documents)
    assert timedelta(minutes=4) < grant.expires_at - datetime.now(UTC) <= timedelta(minutes=5)
    asked = sum(explicit.running.seen("csc").values())
    with pytest.raises(AuthorisationSpent):
        signer.sign(credential, documents, Grant(grant.secret, datetime.now(UTC) - timedelta(seconds=1)))
    assert sum(explicit.running.seen("csc").values()) == asked


def test_what_the_holder_must_give_and_how_much_one_authorisation_covers(csc: Csc) -> None:
    credential, signer = csc.credential(), csc.signer()
    assert signer.needs(credential) == ({"code"} if csc.grant == "oauth" else {"pin", "otp"})
    in_an_address = csc.grant == "oauth" and csc.api == "v1"
    assert signer.most(credential) == (MOST_IN_AN_ADDRESS if in_an_address else MULTISIGN)
    assert csc.signer(most=20).most(credential) == 20


@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("algorithm", [Algorithm.RSA_PSS_SHA256, Algorithm.ECDSA_P384_SHA384])
def test_as_many_documents_as_one_authorisation_covers_fit_into_the_page_address(
    providers: Running, api: str, algorithm: Algorithm
) -> None:
    csc = Csc(providers, api, "oauth")
    credential, signer = csc.credential(algorithm), csc.signer()
    contents = attributes(signer.most(credential))
    documents = documents_over(credential.algorithm, contents)
    page = signer.login_page(credential, documents, "s" * 255)
    assert len(page.url) < 8000
    asked = parse_qs(urlsplit(page.url).query)
    if api == "v1":
        sent = [base64.urlsafe_b64encode(each.digest).rstrip(b"=").decode() for each in documents]
        assert asked["hash"] == [",".join(sent)]
    else:
        assert set(asked) == {"client_id", "request_uri"}
    grant = signer.authorise(credential, documents, Given(code=csc.approved(page, credential), verifier=page.verifier))
    signed = signer.sign(credential, documents, grant)
    assert len(signed.values) == len(documents)


def test_more_than_one_authorisation_covers_is_not_even_asked_for(csc: Csc) -> None:
    credential, signer = csc.credential(), csc.signer(most=2)
    documents = documents_over(credential.algorithm, attributes(3))
    with pytest.raises(SigningError):
        csc.grant_for(signer, credential, documents)


@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("wrong", ["pin", "otp"])
def test_a_wrong_pin_or_one_time_password_is_told_as_such(providers: Running, api: str, wrong: str) -> None:
    csc = Csc(providers, api, "explicit")
    credential = csc.credential()
    with pytest.raises(AuthorisationRefused) as refusal:
        csc.signer().authorise(
            credential,
            documents_over(credential.algorithm, attributes(1)),
            csc.given(credential, **{wrong: "00000000x"}),
        )
    assert refusal.value.values["reason"] == f"wrong-{wrong}"
    assert_signed(csc)


def test_what_is_missing_is_told_before_the_provider_is_asked_to_authorise(explicit: Csc) -> None:
    credential = explicit.credential()
    with pytest.raises(AuthorisationRefused) as refusal:
        explicit.signer().authorise(credential, documents_over(credential.algorithm, attributes(1)), Given(pin="1"))
    assert refusal.value.values["reason"] == "otp-missing"


def pages(providers: Running) -> list[Csc]:
    return [Csc(providers, api, "oauth") for api in ("v1", "v2")]


def shown(csc: Csc) -> tuple[CscSigner, Credential, list[ToSign], LoginPage]:
    credential, signer = csc.credential(), csc.signer()
    documents = documents_over(credential.algorithm, attributes(2))
    return signer, credential, documents, signer.login_page(credential, documents, "trạng thái")


def test_a_code_is_good_once_and_only_with_its_verifier(providers: Running) -> None:
    for csc in pages(providers):
        signer, credential, documents, page = shown(csc)
        code = csc.approved(page, credential)
        with pytest.raises(AuthorisationSpent):
            signer.authorise(credential, documents, Given(code=code, verifier="x" * 64))
        signer, credential, documents, page = shown(csc)
        given = Given(code=csc.approved(page, credential), verifier=page.verifier)
        assert signer.authorise(credential, documents, given)
        with pytest.raises(AuthorisationSpent) as spent:
            signer.authorise(credential, documents, given)
        assert spent.value.values["reason"] == "code-not-accepted"


def test_a_holder_who_refuses_at_the_page_sends_no_code(providers: Running) -> None:
    for csc in pages(providers):
        _, credential, _, page = shown(csc)
        assert csc.at_page(page, credential, refuse="1") == {"error": "access_denied", "state": page.state}
        assert csc.at_page(page, credential, pin="x") == {}


def test_a_code_that_came_too_late_is_spent(providers: Running) -> None:
    for csc in pages(providers):
        signer, credential, documents, page = shown(csc)
        providers.become("csc", "expired-sad", "oauth2/authorize")
        given = Given(code=csc.approved(page, credential), verifier=page.verifier)
        with pytest.raises(AuthorisationSpent):
            signer.authorise(credential, documents, given)
        providers.become("csc", "good")


ANYWHERE = [
    ("down", ProviderUnavailable),
    ("late", ProviderUnavailable),
    ("timing-out", ProviderUnavailable),
    ("dripping", ProviderUnavailable),
    ("endless", ProviderAnswerUnusable),
    ("garbage", ProviderAnswerUnusable),
    ("misshapen", ProviderAnswerUnusable),
]


@pytest.mark.parametrize(("mood", "fault"), [*ANYWHERE, ("refusing", AuthorisationRefused)])
def test_a_provider_that_misbehaves_at_authorising_is_told_as_such(
    providers: Running, explicit: Csc, mood: str, fault: type[ProviderError]
) -> None:
    credential, hurried = explicit.credential(), explicit.signer(SECONDS)
    documents = documents_over(credential.algorithm, attributes(2))
    hurried.needs(credential)
    providers.become("csc", mood, "credentials/authorize")
    with pytest.raises(fault) as error:
        explicit.grant_for(hurried, credential, documents)
    given = explicit.given(credential)
    told = f"{error.value!r} {error.value.detail('vi')} {error.value.__cause__!r} {error.value.__context__!r}"
    assert str(given.pin) not in told
    assert str(given.otp) not in told
    assert_signed(explicit)


@pytest.mark.parametrize(("mood", "fault"), [*ANYWHERE, ("twice", ProviderAnswerUnusable)])
@pytest.mark.parametrize(("api", "grant"), [("v1", "explicit"), ("v2", "oauth")])
def test_a_provider_that_misbehaves_at_signing_is_told_as_such(
    providers: Running, api: str, grant: str, mood: str, fault: type[ProviderError]
) -> None:
    csc = Csc(providers, api, grant)
    credential, signer, hurried = csc.credential(), csc.signer(), csc.signer(SECONDS)
    documents = documents_over(credential.algorithm, attributes(2))
    granted = csc.grant_for(signer, credential, documents)
    hurried.needs(credential)
    providers.become("csc", mood, "signHash")
    with pytest.raises(fault) as error:
        hurried.sign(credential, documents, granted)
    told = f"{error.value!r} {error.value.detail('vi')} {error.value.__cause__!r} {error.value.__context__!r}"
    assert granted.secret not in told
    providers.become("csc", "good")
    assert signer.sign(credential, documents, csc.grant_for(signer, credential, documents))


def test_after_an_answer_that_never_came_the_same_authorisation_is_spent(providers: Running, explicit: Csc) -> None:
    credential, signer, hurried = explicit.credential(), explicit.signer(), explicit.signer(SECONDS)
    documents = documents_over(credential.algorithm, attributes(2))
    grant = explicit.grant_for(signer, credential, documents)
    hurried.needs(credential)
    providers.become("csc", "late", "signHash", times=1)
    with pytest.raises(ProviderUnavailable):
        hurried.sign(credential, documents, grant)
    with pytest.raises(AuthorisationSpent):
        signer.sign(credential, documents, grant)
    assert_signed(explicit)


def test_an_authorisation_that_is_over_when_it_comes_is_spent(csc: Csc, providers: Running) -> None:
    credential, signer = csc.credential(), csc.signer()
    documents = documents_over(credential.algorithm, attributes(2))
    providers.become("csc", "expired-sad", "token" if csc.grant == "oauth" else "credentials/authorize")
    grant = csc.grant_for(signer, credential, documents)
    with pytest.raises(AuthorisationSpent):
        signer.sign(credential, documents, grant)
    assert_signed(csc)


@pytest.mark.parametrize("mood", ["wrong-signature", "wrong-certificate"])
@pytest.mark.parametrize("algorithm", [Algorithm.RSA_PSS_SHA256, Algorithm.ECDSA_P256_SHA256])
def test_values_over_something_else_or_by_another_key_do_not_fit_the_certificate(
    explicit: Csc, providers: Running, mood: str, algorithm: Algorithm
) -> None:
    credential, signer = explicit.credential(algorithm), explicit.signer()
    contents = attributes(1)
    documents = documents_over(algorithm, contents)
    grant = explicit.grant_for(signer, credential, documents)
    providers.become("csc", mood, "signHash")
    signed = signer.sign(credential, documents, grant)
    with pytest.raises(SignatureMismatch):
        verify_raw_signature(leaf(credential), algorithm, contents[0], signed.values[1])
    assert_signed(explicit, algorithm)


def test_no_authorisation_is_asked_for_a_credential_with_another_certificate(csc: Csc, providers: Running) -> None:
    credential = csc.credential()
    providers.become("csc", "wrong-certificate", "credentials/info")
    with pytest.raises(ProviderAnswerUnusable) as error:
        csc.grant_for(csc.signer(), credential, documents_over(credential.algorithm, attributes(1)))
    assert error.value.values["reason"] == "another-certificate"
    assert_signed(csc)


def test_a_service_token_that_is_no_longer_known_is_replaced_without_a_new_authorisation(explicit: Csc) -> None:
    credential, signer = explicit.credential(), explicit.signer()
    documents = documents_over(credential.algorithm, attributes(1))
    grant = explicit.grant_for(signer, credential, documents)
    served = explicit.running.application.served("csc")
    served.permissions.forget_services()  # type: ignore[attr-defined]
    assert signer.sign(credential, documents, grant).values


def test_credentials_and_certificates_of_an_account_are_listed_over_all_pages(providers: Running) -> None:
    for api in ("v1", "v2"):
        csc = Csc(providers, api, "explicit")
        signer = csc.signer()
        listed = signer.credential_ids("official-thuan-hoa")
        assert len(listed) == len(set(listed)) == 4
        credential = csc.credential()
        assert signer.certificates(credential.key_ref or "")[0] == leaf(credential)
        with pytest.raises(ProviderAnswerUnusable):
            signer.credential_ids("nobody")


@pytest.mark.parametrize(
    ("changes", "missing"),
    [({"client_id": None}, "client_id"), ({"redirect_uri": None}, "redirect_uri")],
)
def test_what_the_record_lacks_is_named(providers: Running, changes: dict[str, None], missing: str) -> None:
    csc = Csc(providers, "v1", "oauth")
    credential = csc.credential()
    with pytest.raises(NotConfigured, match=missing):
        csc.signer(**changes).login_page(credential, documents_over(credential.algorithm, attributes(1)), "s")


def test_a_credential_of_the_other_kind_of_authorisation_is_a_matter_of_configuration(providers: Running) -> None:
    page = Csc(providers, "v2", "oauth").credential()
    with pytest.raises(NotConfigured, match="grant"):
        Csc(providers, "v2", "explicit").signer().needs(page)
    with pytest.raises(NotConfigured):
        Csc(providers, "v2", "explicit").signer().login_page(page, to_sign(bytes(32)), "s")


def test_a_client_that_the_provider_does_not_know_is_told_as_such(explicit: Csc) -> None:
    signer = CscSigner(explicit.provider(), {"client_secret": "other"}, explicit.running.http())
    with pytest.raises(ProviderAnswerUnusable) as error:
        signer.needs(explicit.credential())
    assert error.value.values["reason"] == "service-not-accepted"


def test_a_digest_of_the_wrong_length_is_never_sent(explicit: Csc) -> None:
    credential, signer = explicit.credential(), explicit.signer()
    with pytest.raises(SigningError):
        signer.authorise(credential, to_sign(bytes(20)), explicit.given(credential))


def test_the_parameters_of_pss_are_those_of_the_standard() -> None:
    """Against another encoder of RFC 4055."""
    sha256 = {"algorithm": "sha256"}
    expected = algos.RSASSAPSSParams(
        {
            "hash_algorithm": sha256,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": sha256},
            "salt_length": 32,
        }
    )
    sent = algorithms.named(Algorithm.RSA_PSS_SHA256, ["1.2.840.113549.1.1.10"]).parameters
    assert algos.RSASSAPSSParams.load(base64.b64decode(sent or "")).native == expected.native


@pytest.mark.parametrize(
    ("algorithm", "offered", "sent"),
    [
        (Algorithm.RSA_PKCS1_SHA256, ["1.2.840.113549.1.1.1"], "1.2.840.113549.1.1.1"),
        (Algorithm.ECDSA_P384_SHA384, ["1.2.840.10045.2.1"], "1.2.840.10045.2.1"),
        (Algorithm.ECDSA_P256_SHA256, ["1.2.840.10045.4.3.2", "1.2.840.10045.2.1"], "1.2.840.10045.4.3.2"),
    ],
)
def test_an_algorithm_is_asked_for_as_the_credential_offers_it(
    algorithm: Algorithm, offered: list[str], sent: str
) -> None:
    assert algorithms.named(algorithm, offered).signature == sent


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_an_algorithm_that_is_not_offered_is_never_replaced(algorithm: Algorithm) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        algorithms.named(algorithm, ["1.2.840.113549.1.1.5"])


def test_nothing_secret_shows_when_it_is_printed(explicit: Csc) -> None:
    credential, signer = explicit.credential(), explicit.signer()
    documents = documents_over(credential.algorithm, attributes(1))
    grant = explicit.grant_for(signer, credential, documents)
    given = explicit.given(credential)
    printed = f"{grant!r} {given!r} {signer.sign(credential, documents, grant)!r}"
    assert not any(str(secret) in printed for secret in (grant.secret, given.pin, given.otp))
