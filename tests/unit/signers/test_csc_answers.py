"""Answers that the specification allows but few providers give, and errors in its own words and in others'."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    ProviderAnswerUnusable,
    ProviderError,
)
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.providers import Provider
from chauban.signing.signers.calling import Answer
from chauban.signing.signers.csc import CscSigner, faults
from chauban.signing.signers.csc.expressions import fewest
from chauban.signing.signers.remote import Given, Grant
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.unit.signers.documents import credential_at
from tests.unit.signers.provider_server import to_sign
from tests.unit.signing.world import World

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BASE = "https://csc.example.vn/csc/v1"


class Told:
    """Answers as written down, by method; remembers what was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = {
            "info": Answer(200, {"oauth2": "https://login.example.vn/", "methods": []}),
            "oauth2/token": Answer(200, {"access_token": "service"}),
            **answers,
        }
        self.asked: list[tuple[str, Mapping[str, Any], Mapping[str, str]]] = []

    def json(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        method = "/".join(url.split("/")[-2:]).removeprefix("v1/")
        self.asked.append((url, body, headers or {}))
        return self.answers[method]

    def form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        return self.json(url, fields, headers)


@pytest.fixture(scope="module")
def credential(world: World) -> Credential:
    chain = world.owner("csc-answers", "rsa").chain_pem
    return credential_at(SignerKind.CSC, Algorithm.RSA_PSS_SHA256, chain, account="người dùng/1")


def described(credential: Credential, **changes: Any) -> Answer:
    """credentials/info in few words."""
    der = x509.load_pem_x509_certificate(credential.chain_pem.encode()).public_bytes(Encoding.DER)
    told = {
        "key": {"status": "enabled", "algo": ["1.2.840.113549.1.1.10"], "len": 2048},
        "cert": {"certificates": [base64.b64encode(der).decode()]},
        "authMode": "explicit",
        "multisign": 10,
    }
    return Answer(200, {**told, **changes})


def signer(http: Told, now: Callable[[], datetime] = lambda: NOW, **changes: str) -> CscSigner:
    values = {
        "id": "csc-thu",
        "kind": SignerKind.CSC,
        "base_url": BASE,
        "api": "v1",
        "grant": "explicit",
        "client_id": "chauban",
        "secret_name": "csc",
    }
    return CscSigner(Provider.model_validate({**values, **changes}), {"client_secret": "s"}, http, now)


def by(answers: Mapping[str, Answer]) -> tuple[CscSigner, Told]:
    http = Told(answers)
    return signer(http), http


@pytest.mark.parametrize(
    ("shown", "needed"),
    [
        ({}, set()),
        ({"PIN": {"presence": "true"}}, {"pin"}),
        ({"PIN": {"presence": True}, "OTP": {"presence": "optional"}}, {"pin"}),
        ({"PIN": {"presence": "false"}, "OTP": {"presence": "true", "type": "offline"}}, {"otp"}),
        ({"authMode": "implicit", "PIN": {"presence": "true"}}, set()),
    ],
    ids=["nothing", "pin", "optional-otp", "otp", "implicit"],
)
def test_what_version_1_asks_of_the_holder(credential: Credential, shown: dict[str, Any], needed: set[str]) -> None:
    csc, _ = by({"credentials/info": described(credential, **shown)})
    assert csc.needs(credential) == needed


@pytest.mark.parametrize(
    ("expression", "needed"),
    [
        ("PIN", {"pin"}),
        ("PIN AND OTP", {"pin", "otp"}),
        ("otp or pin", {"pin"}),
        ("(OTP OR BIO) AND PIN", {"pin", "otp"}),
        ("BIO OR (PIN AND (OTP))", {"pin", "otp"}),
        ("BIO AND PIN OR OTP", {"otp"}),
    ],
)
def test_what_version_2_asks_of_the_holder(expression: str, needed: set[str]) -> None:
    assert fewest(expression, ("pin", "otp")) == needed


@pytest.mark.parametrize(
    "expression", ["BIO", "PIN AND", "(PIN", "PIN OTP", "AND", "PIN)", "PIN & OTP", " OR ".join(["BIO"] * 99)]
)
def test_an_expression_that_cannot_be_fulfilled_or_read_is_not_guessed(expression: str) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        fewest(expression, ("pin", "otp"))


@pytest.mark.parametrize(
    "shown",
    [
        {"key": {"status": "disabled", "algo": ["1.2.840.113549.1.1.10"]}},
        {"cert": {"status": "suspended"}},
        {"cert": {"status": "revoked"}},
        {"cert": {"status": "expired"}},
    ],
    ids=["disabled", "suspended", "revoked", "expired"],
)
def test_a_credential_that_the_provider_no_longer_lets_sign_is_refused(
    credential: Credential, shown: dict[str, Any]
) -> None:
    good = described(credential).content
    told = {**good, **{name: {**good[name], **value} for name, value in shown.items()}}
    csc, _ = by({"credentials/info": Answer(200, told)})
    with pytest.raises(AuthorisationRefused):
        csc.most(credential)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"multisign": 0},
        {"multisign": "many"},
        {"cert": {"certificates": []}},
        {"cert": {"certificates": ["***"]}},
        {"key": {"status": "enabled", "algo": "RSA"}},
    ],
    ids=str,
)
def test_a_credential_that_is_not_properly_described_is_not_used(credential: Credential, told: dict[str, Any]) -> None:
    content = {**described(credential).content, **told} if told else {}
    csc, _ = by({"credentials/info": Answer(200, content)})
    with pytest.raises(ProviderAnswerUnusable):
        csc.most(credential)


def test_an_authorisation_without_a_lifetime_lives_for_an_hour(credential: Credential) -> None:
    csc, http = by({"credentials/info": described(credential), "credentials/authorize": Answer(200, {"SAD": "sad"})})
    assert csc.authorise(credential, to_sign(bytes(32)), Given()).expires_at == NOW + timedelta(hours=1)
    url, body, headers = http.asked[-1]
    assert (url, headers["Authorization"]) == (f"{BASE}/credentials/authorize", "Bearer service")
    assert not {"PIN", "OTP"} & set(body)
    assert http.asked[0][0] == f"{BASE}/info"
    assert http.asked[1][0] == "https://login.example.vn/oauth2/token"


def test_the_services_own_token_is_kept_for_as_long_as_it_lives(credential: Credential) -> None:
    answers = {"info": Answer(200, {}), "oauth2/token": Answer(200, {"access_token": "token", "expires_in": 400})}
    http, moment = Told({**answers, "credentials/info": described(credential)}), [NOW]
    csc = signer(http, now=lambda: moment[0])
    for seconds, asked in ((0, 1), (360, 1), (720, 2)):
        moment[0] = NOW + timedelta(seconds=seconds)
        csc.most(credential)
        assert sum(url.endswith("oauth2/token") for url, _, _ in http.asked) == asked


def test_an_authorisation_that_is_only_promised_is_not_used(credential: Credential) -> None:
    csc, _ = by({"credentials/info": described(credential), "credentials/authorize": Answer(202, {"handle": "later"})})
    with pytest.raises(ProviderAnswerUnusable):
        csc.authorise(credential, to_sign(bytes(32)), Given())


@pytest.mark.parametrize("values", [["YQ"], ["***"], [], ["YQ==", "YQ=="], [7]], ids=str)
def test_values_that_are_none_are_not_used(credential: Credential, values: list[Any]) -> None:
    csc, _ = by({"credentials/info": described(credential), "signatures/signHash": Answer(200, {"signatures": values})})
    with pytest.raises(ProviderAnswerUnusable):
        csc.sign(credential, to_sign(bytes(32)), Grant("sad", NOW + timedelta(minutes=1)))


def test_a_provider_without_an_address_for_login_has_it_below_its_own(credential: Credential) -> None:
    csc, http = by({"info": Answer(200, {}), "credentials/info": described(credential)})
    csc.most(credential)
    assert http.asked[1][0] == f"{BASE}/oauth2/token"


@pytest.mark.parametrize(
    "address",
    [
        "http://login.example.vn",
        "javascript:alert(1)",
        "https:",
        "//login.example.vn",
        "https://login.example.vn/?a=b",
        "#",
    ],
)
def test_nobody_is_sent_to_an_address_for_login_that_is_none(credential: Credential, address: str) -> None:
    csc, http = by({"info": Answer(200, {"oauth2": address}), "credentials/info": described(credential)})
    with pytest.raises(ProviderAnswerUnusable):
        csc.most(credential)
    assert [url for url, _, _ in http.asked] == [f"{BASE}/info"]


@pytest.mark.parametrize(("granted", "good"), [("key", True), (None, True), ("another", False)])
def test_an_authorisation_for_another_credential_is_not_used(
    credential: Credential, granted: str | None, good: bool
) -> None:
    http = Told(
        {
            "oauth2/token": Answer(200, {"access_token": "token", "credentialID": granted}),
            "credentials/info": described(credential, authMode="oauth2code"),
        }
    )
    csc = signer(http, grant="oauth", redirect_uri="https://chauban.example.vn/back")
    documents, given = to_sign(bytes(32)), Given(code="code", verifier="v" * 43)
    if good:
        assert csc.authorise(credential, documents, given).secret == "token"
    else:
        with pytest.raises(AuthorisationRefused):
            csc.authorise(credential, documents, given)


def test_what_the_provider_says_of_a_credential_is_asked_once_in_a_while(credential: Credential) -> None:
    http, moment = Told({"credentials/info": described(credential)}), [NOW]
    csc = signer(http, now=lambda: moment[0])
    for minutes, asked in ((0, 1), (4, 1), (6, 2)):
        moment[0] = NOW + timedelta(minutes=minutes)
        csc.most(credential)
        assert sum(url.endswith("credentials/info") for url, _, _ in http.asked) == asked


AUTHORISING = [
    ("invalid_request", "The PIN is invalid", AuthorisationRefused, "wrong-pin"),
    ("invalid_request", "PIN locked", AuthorisationRefused, "pin-locked"),
    ("invalid_request", "The OTP is invalid", AuthorisationRefused, "wrong-otp"),
    ("invalid_pin", "", AuthorisationRefused, "wrong-pin"),
    ("invalid_otp", "", AuthorisationRefused, "wrong-otp"),
    ("access_denied", "", AuthorisationRefused, "denied"),
    (
        "invalid_request",
        "Signing certificate 'O=[organization],CN=[common_name]' is expired",
        AuthorisationRefused,
        "certificate-not-valid",
    ),
    ("invalid_request", "Numbers of signatures is too high", ProviderAnswerUnusable, "request-not-accepted"),
    ("invalid_request", "SPINNING OTPS", ProviderAnswerUnusable, "request-not-accepted"),
    ("", "", ProviderAnswerUnusable, "request-not-accepted"),
]
SIGNING = [
    ("invalid_request", "SAD expired", AuthorisationSpent, "not-accepted"),
    ("invalid_request", "Invalid parameter SAD", AuthorisationSpent, "not-accepted"),
    ("invalid_request", "Hash is not authorized by the SAD", AuthorisationSpent, "not-accepted"),
    ("invalid_token", "", AuthorisationSpent, "not-accepted"),
    ("invalid_request", "Invalid digest value length", ProviderAnswerUnusable, "request-not-accepted"),
]


def judged(kind: str, error: str, text: str) -> ProviderError:
    answer = Answer(400, {"error": error, "error_description": text})
    return faults.at_authorising(answer) if kind == "authorising" else faults.at_signing(answer)


@pytest.mark.parametrize(
    ("kind", "error", "text", "fault", "reason"),
    [("authorising", *case) for case in AUTHORISING] + [("signing", *case) for case in SIGNING],
)
def test_an_error_is_what_it_means_for_the_session(
    kind: str, error: str, text: str, fault: type[ProviderError], reason: str
) -> None:
    found = judged(kind, error, text)
    assert type(found) is fault
    assert found.values == {"reason": reason}


@pytest.mark.parametrize("told", [{}, {"error": 7, "error_description": ["PIN"]}], ids=str)
def test_an_error_without_words_is_still_an_error(told: dict[str, Any]) -> None:
    assert faults.at_authorising(Answer(400, told)).values == {"reason": "request-not-accepted"}
    assert faults.at_service(Answer(403, told)).values == {"reason": "service-not-accepted"}
    assert faults.at_code(Answer(400, {"error": "invalid_grant"})).values == {"reason": "code-not-accepted"}
