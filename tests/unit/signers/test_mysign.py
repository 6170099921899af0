"""What MySign is asked, how its tokens are kept, and the forms of its answers that are seen in the field."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
)
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import SignerKind
from chauban.signing.providers import Provider
from chauban.signing.signers.mysign import MySignSigner
from chauban.signing.signers.remote import Given, Pending, Signed, ToSign

from infra.local.providers import shapes
from tests.unit.signers.answering import Answering
from tests.unit.signers.documents import credential_at
from tests.unit.signers.provider_server import to_sign

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
DOCUMENTS = to_sign(b"\x01" * 32, b"\x02" * 32)
CREDENTIAL = credential_at(SignerKind.MYSIGN, Algorithm.RSA_PKCS1_SHA256, "chain", key_ref="key-1", account="holder")
LOGIN = {"access_token": "token-1", "refresh_token": "", "token_type": "Bearer", "expires_in": "3600"}
PENDING = Pending('{"id": "t-1", "items": [1, 2]}', NOW + timedelta(minutes=5))
BASE = "https://mysign.example.vn"


class Clock:
    """A clock that a test moves."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


def signer(http: Answering, clock: Clock | None = None, **secret: str) -> MySignSigner:
    provider = Provider(
        id="mysign-thu", kind=SignerKind.MYSIGN, base_url=BASE, client_id="client", secret_name="secret", per_call=500
    )
    return MySignSigner(provider, {"client_secret": "s", **secret}, http, now=clock or Clock())


def started(http: Answering, documents: list[ToSign] = DOCUMENTS, **secret: str) -> Pending:
    made = signer(http, **secret)
    told = made.sign(CREDENTIAL, documents, made.authorise(CREDENTIAL, documents, Given()))
    assert isinstance(told, Pending)
    return told


def collected(*told: Any) -> Signed | Pending:
    return signer(Answering([LOGIN, *told])).collect(CREDENTIAL, DOCUMENTS, PENDING)


def test_what_is_handed_over() -> None:
    http = Answering([LOGIN, {"transactionId": "t-1"}])
    assert started(http) == PENDING
    (login_url, login, no_headers), (url, body, headers) = http.asked
    assert (login_url, no_headers) == (f"{BASE}/vtss/service/ras/v1/login", {})
    shapes.require("mysign/login.request", login)
    assert login["profile_id"] == "adss:ras:profile:001"
    assert (url, headers) == (f"{BASE}/vtss/service/signHash", {"Authorization": "Bearer token-1"})
    shapes.require("mysign/signHash.request", body)
    assert body["numSignatures"] == 2
    assert [b64decode(each) for each in body["hash"]] == [each.digest for each in DOCUMENTS]
    assert body["signAlgo"] == "1.2.840.113549.1.1.1"


def test_another_profile_comes_from_the_secret() -> None:
    http = Answering([LOGIN, {"transactionId": "t-1"}])
    started(http, profile_id="ours")
    assert http.asked[0][1]["profile_id"] == "ours"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Quyết định trợ cấp Đợt 2 (H57.40.01-261123-0001)", "Quyet dinh tro cap Dot 2 -H57-40-01-261123-0001-"),
        ("Q" * 200, "Q" * 72),
        ("", "-"),
    ],
)
def test_the_phone_gets_letters_that_it_takes(label: str, shown: str) -> None:
    http = Answering([LOGIN, {"transactionId": "t-1"}])
    started(http, [ToSign(1, label, b"\x01" * 32)])
    body = http.asked[1][1]
    shapes.require("mysign/signHash.request", body)
    assert b64decode(body["documents"][0]["document_name"]).decode() == shown
    assert b64decode(body["description"]).decode() == shown


def test_a_token_serves_until_shortly_before_its_end() -> None:
    waiting = {"status": "0"}
    http, clock = Answering([LOGIN, waiting, waiting, LOGIN, waiting]), Clock()
    made = signer(http, clock)
    for after in (timedelta(), timedelta(seconds=3539), timedelta(seconds=3541)):
        clock.now = NOW + after
        made.collect(CREDENTIAL, DOCUMENTS, Pending(PENDING.transaction, clock.now + timedelta(minutes=1)))
    assert [url.rsplit("/", 1)[1] for url, _, _ in http.asked] == ["login", "status", "status", "login", "status"]


def test_a_token_that_is_no_longer_taken_is_asked_for_anew_once() -> None:
    refused = (401, {"error": 59035, "error_description": "Access token is invalid"})
    anew = {**LOGIN, "access_token": "token-2"}
    http = Answering([LOGIN, refused, anew, {"status": "0"}])
    assert signer(http).collect(CREDENTIAL, DOCUMENTS, PENDING) == PENDING
    assert [headers.get("Authorization") for _, _, headers in http.asked] == [
        None,
        "Bearer token-1",
        None,
        "Bearer token-2",
    ]
    with pytest.raises(ProviderAnswerUnusable, match="account-not-accepted"):
        signer(Answering([LOGIN, refused, anew, refused])).collect(CREDENTIAL, DOCUMENTS, PENDING)


def test_each_holder_has_a_token() -> None:
    waiting = {"status": "0"}
    http = Answering([LOGIN, waiting, {**LOGIN, "access_token": "token-2"}, waiting])
    made = signer(http)
    made.collect(CREDENTIAL, DOCUMENTS, PENDING)
    made.collect(CREDENTIAL.model_copy(update={"account": "another"}), DOCUMENTS, PENDING)
    assert [body["user_id"] for url, body, _ in http.asked if url.endswith("login")] == ["holder", "another"]
    assert http.asked[-1][2] == {"Authorization": "Bearer token-2"}


@pytest.mark.parametrize("status", ["0", 0, "4000", "6000"])
def test_it_waits(status: object) -> None:
    assert collected({"status": status, "signatures": None}) == PENDING


def test_values_go_by_their_order() -> None:
    told = collected({"status": "1", "signatures": [b64encode(b"first").decode(), "c2Vj\r\nb25k\r\n"]})
    assert isinstance(told, Signed)
    assert told.values == {1: b"first", 2: b"second"}


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        ("4001", AuthorisationSpent, "expired"),
        ("4002", AuthorisationRefused, "refused-on-the-phone"),
        ("4004", AuthorisationSpent, "signing-failed"),
        ("4005", ProviderAnswerUnusable, "no-signatures-left"),
        ("13004", ProviderAnswerUnusable, "certificate-not-accepted"),
        ("50000", ProviderUnavailable, "provider-fault"),
        ("7", ProviderAnswerUnusable, "unknown-code"),
    ],
)
def test_each_status_means_one_thing(status: str, error: type[ProviderError], reason: str) -> None:
    for told in ({"status": status}, (400, {"error": int(status), "error_description": "secret words of theirs"})):
        with pytest.raises(error) as refused:
            collected(told)
        assert refused.value.values["reason"] in {reason, "request-refused"}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"status": None},
        {"status": "1"},
        {"status": "1", "signatures": None},
        {"status": "1", "signatures": "dg=="},
        {"status": "1", "signatures": ["dg=="]},
        {"status": "1", "signatures": ["dg==", "dg==", "dg=="]},
        {"status": "1", "signatures": ["***", ""]},
        (404, {}),
    ],
)
def test_an_answer_of_another_form_is_unusable(told: Any) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        collected(told)


@pytest.mark.parametrize("second", ["", None, "***"])
def test_a_document_without_a_value_of_its_own_does_not_spoil_the_others(second: object) -> None:
    told = collected({"status": "1", "signatures": ["dg==", second]})
    assert isinstance(told, Signed)
    assert told.values == {1: b"v"}


@pytest.mark.parametrize(
    "login",
    [
        {},
        {**LOGIN, "access_token": ""},
        {**LOGIN, "access_token": "two\r\nlines"},
        {**LOGIN, "access_token": 7},
        {**LOGIN, "expires_in": "soon"},
        {**LOGIN, "expires_in": None},
    ],
)
def test_a_login_of_another_form_is_unusable(login: dict[str, object]) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        signer(Answering([login])).collect(CREDENTIAL, DOCUMENTS, PENDING)
