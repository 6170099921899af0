"""What SmartCA is asked, and the forms of its answers that are seen in the field."""

from base64 import b64encode
from dataclasses import replace
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
from chauban.signing.signers.remote import Given, Pending, Signed
from chauban.signing.signers.smartca import SmartCaSigner

from infra.local.providers import shapes
from tests.unit.signers.answering import Answering
from tests.unit.signers.documents import credential_at
from tests.unit.signers.provider_server import to_sign

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
DOCUMENTS = to_sign(b"\x01" * 32, b"\x02" * 32)
NAMES = ["1-0101010101010101", "2-0202020202020202"]
CREDENTIAL = credential_at(
    SignerKind.SMARTCA, Algorithm.RSA_PKCS1_SHA256, "chain", key_ref="5401ab", account="a-subscriber"
)
STARTED = {
    "status_code": 200,
    "message": "sig_wait_for_user_confirm",
    "data": {"transaction_id": "x", "tran_code": "t-1"},
}
PENDING = Pending('{"id": "t-1", "items": [1, 2]}', NOW + timedelta(minutes=5))


def signer(http: Answering, *, after: timedelta = timedelta()) -> SmartCaSigner:
    provider = Provider(
        id="smartca-thu",
        kind=SignerKind.SMARTCA,
        base_url="https://smartca.example.vn/sca/sp769",
        client_id="sp",
        secret_name="secret",
        per_call=500,
    )
    return SmartCaSigner(provider, {"sp_password": "p"}, http, now=lambda: NOW + after, new_id=lambda: "tx-1")


def started(http: Answering) -> Pending:
    made = signer(http)
    told = made.sign(CREDENTIAL, DOCUMENTS, made.authorise(CREDENTIAL, DOCUMENTS, Given()))
    assert isinstance(told, Pending)
    return told


def collected(content: Any, *, after: timedelta = timedelta()) -> Signed | Pending:
    return signer(Answering([content]), after=after).collect(CREDENTIAL, DOCUMENTS, PENDING)


def entry(name: str, value: object = b64encode(b"v").decode()) -> dict[str, object]:
    return {"doc_id": name, "signature_value": value}


def test_what_is_handed_over() -> None:
    http = Answering([STARTED])
    assert started(http) == replace(PENDING, reference="tx-1")
    ((url, body, _),) = http.asked
    assert url == "https://smartca.example.vn/sca/sp769/v1/signatures/sign"
    shapes.require("smartca/v1/sign.request", body)
    assert body["user_id"] == "a-subscriber"
    assert body["serial_number"] == "5401ab"
    assert body["transaction_id"] == "tx-1"
    assert [(file["doc_id"], file["data_to_be_signed"]) for file in body["sign_files"]] == [
        (NAMES[0], "01" * 32),
        (NAMES[1], "02" * 32),
    ]


def test_without_a_code_the_transactions_name_serves() -> None:
    named = {**STARTED, "data": {"transaction_id": "tx-1", "tran_code": None}}
    assert started(Answering([named])).transaction == '{"id": "tx-1", "items": [1, 2]}'


def test_how_it_is_asked_for() -> None:
    http = Answering([{"status_code": 4000, "message": "waiting", "data": None}])
    assert signer(http).collect(CREDENTIAL, DOCUMENTS, PENDING) == PENDING
    ((url, body, _),) = http.asked
    assert url == "https://smartca.example.vn/sca/sp769/v1/signatures/sign/t-1/status"
    shapes.require("smartca/v1/status.request", body)


@pytest.mark.parametrize("code", [1, 200])
@pytest.mark.parametrize("member", ["signatures", "signed_files"])
def test_values_are_taken_in_either_form_and_any_order(code: int, member: str) -> None:
    files = [entry(NAMES[1], b64encode(b"second").decode()), entry(NAMES[0], b64encode(b"first").decode())]
    told = collected({"status_code": code, "message": "SUCCESS", "data": {member: files}})
    assert isinstance(told, Signed)
    assert told.values == {1: b"first", 2: b"second"}


@pytest.mark.parametrize("data", [None, {}, {"signatures": None}, {"signatures": []}])
def test_two_hundred_without_values_is_waiting_until_the_time_is_over(data: Any) -> None:
    content = {"status_code": 200, "message": "PENDING", "data": data}
    assert collected(content) == PENDING
    with pytest.raises(AuthorisationSpent):
        collected(content, after=timedelta(minutes=5))
    with pytest.raises(AuthorisationSpent):
        collected({**content, "message": "Expired"})


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        (401, ProviderAnswerUnusable, "account-not-accepted"),
        (403, ProviderAnswerUnusable, "certificate-not-accepted"),
        (404, AuthorisationSpent, "unknown-transaction"),
        (500, ProviderUnavailable, "provider-fault"),
        (4001, AuthorisationSpent, "expired"),
        (4002, AuthorisationRefused, "refused-on-the-phone"),
        (400, ProviderAnswerUnusable, "request-refused"),
        (7, ProviderAnswerUnusable, "unknown-code"),
    ],
)
def test_each_code_means_one_thing(code: int, error: type[ProviderError], reason: str) -> None:
    told = {"status_code": code, "message": "secret words of theirs", "data": None}
    for ask in (lambda: collected(told), lambda: started(Answering([told]))):
        with pytest.raises(error) as refused:
            ask()
        assert refused.value.values == {"reason": reason}


def test_an_error_without_a_body_goes_by_its_http_status() -> None:
    with pytest.raises(ProviderAnswerUnusable, match="certificate-not-accepted"):
        collected((403, {}))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"status_code": "200"},
        {"status_code": True},
        {"status_code": 200, "data": []},
        {"status_code": 200, "data": "values"},
        {"status_code": 200, "data": {"signatures": "values"}},
        {"status_code": 200, "data": {"signatures": ["values"]}},
        {"status_code": 200, "data": {"signatures": [entry("2-another")]}},
        {"status_code": 200, "data": {"signatures": [entry(NAMES[0], "***")]}},
    ],
)
def test_an_answer_of_another_form_is_unusable(told: Any) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        collected(told)


@pytest.mark.parametrize(
    "second",
    [
        [],
        [entry("2-another")],
        [entry(NAMES[1], None)],
        [entry(NAMES[1], " ")],
        [entry(NAMES[1], "***")],
        [entry(NAMES[1]), entry(NAMES[1], "b3RoZXI=")],
    ],
)
def test_a_document_without_a_value_of_its_own_does_not_spoil_the_others(second: list[dict[str, object]]) -> None:
    told = collected({"status_code": 200, "data": {"signatures": [entry(NAMES[0]), *second]}})
    assert isinstance(told, Signed)
    assert told.values == {1: b"v"}


@pytest.mark.parametrize("code", [None, "", 7, "a/../b", "a?b", "x" * 101, "mã"])
def test_a_name_that_does_not_fit_into_an_address_is_unusable(code: object) -> None:
    with pytest.raises(ProviderAnswerUnusable):
        started(Answering([{"status_code": 200, "message": "", "data": {"tran_code": code}}]))
