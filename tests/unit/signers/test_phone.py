"""SmartCA and MySign against the development providers: one confirmation on the phone for all documents, and every mood."""

import hashlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    NotConfigured,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
    SignatureMismatch,
)
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential
from chauban.signing.pades.raw_signature import verify_raw_signature
from chauban.signing.signers.phone import name_of
from chauban.signing.signers.remote import Given, Pending, ToSign
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from werkzeug.serving import make_server
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from infra.local.providers import moods, shapes
from infra.local.providers.smartca.service import serial_number
from tests.unit.signers.documents import signed_document
from tests.unit.signers.phones import ALGORITHMS, Phone, begun, collected, values_by_phone
from tests.unit.signers.provider_server import SECONDS, Running, running_providers, to_sign
from tests.unit.signing.world import World

BOTH = ["smartca", "mysign"]
EACH_ALGORITHM = [(name, algorithm) for name in BOTH for algorithm in ALGORITHMS[name]]
STARTING = {"smartca": "sign", "mysign": "signHash"}


@pytest.fixture(scope="module")
def providers(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_providers(tmp_path_factory.mktemp("nhà cung cấp"), world.authority.data) as running:
        yield running


@pytest.fixture(autouse=True)
def _good_again(providers: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(moods, "LATE_SECONDS", 1.5)
    monkeypatch.setattr(moods, "NEVER_SECONDS", 2.0)
    for name in BOTH:
        Phone(providers, name).answers_in(0.1)
    yield
    for name in BOTH:
        providers.become(name, "good")


@pytest.fixture(params=BOTH)
def phone(providers: Running, request: pytest.FixtureRequest) -> Phone:
    return Phone(providers, request.param)


def documents_over(credential: Credential, contents: list[bytes]) -> list[ToSign]:
    return to_sign(*(hashlib.new(credential.algorithm.digest, each).digest() for each in contents))


def verify(credential: Credential, content: bytes, value: bytes) -> None:
    leaf = x509.load_pem_x509_certificate(credential.chain_pem.encode()).public_bytes(Encoding.DER)
    verify_raw_signature(leaf, credential.algorithm, content, value)


def assert_signed(phone: Phone) -> None:
    """After a fault: a new authorisation gives a good value."""
    phone.running.become(phone.name, "good")
    credential = phone.credential()
    verify(credential, b"one", values_by_phone(phone.signer(), credential, documents_over(credential, [b"one"]))[1])


@pytest.mark.parametrize(("name", "algorithm"), EACH_ALGORITHM)
def test_one_confirmation_gives_a_value_for_each_document(providers: Running, name: str, algorithm: Algorithm) -> None:
    phone = Phone(providers, name)
    credential, contents = phone.credential(algorithm), [os.urandom(100) for _ in range(20)]
    before = providers.seen(name).get(f"v1/signatures/{STARTING[name]}", 0)
    values = values_by_phone(phone.signer(), credential, documents_over(credential, contents))
    assert list(values) == list(range(1, 21))
    for item, content in enumerate(contents, 1):
        verify(credential, content, values[item])
    assert providers.seen(name).get(f"v1/signatures/{STARTING[name]}", 0) - before <= 1


@pytest.mark.parametrize(("name", "algorithm"), EACH_ALGORITHM)
def test_a_document_signed_by_the_provider_verifies(
    world: World, result: bytes, providers: Running, name: str, algorithm: Algorithm
) -> None:
    phone = Phone(providers, name)
    credential = phone.credential(algorithm)
    signed = signed_document(
        world, result, credential, lambda digest: values_by_phone(phone.signer(), credential, to_sign(digest))[1]
    )
    assert world.engine().verify(signed, ["official"]) == "PAdES-BASELINE-LT"


def test_it_waits_for_the_holder_and_then_gives_the_same_again_and_again(phone: Phone) -> None:
    phone.answers_in(2.0)
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one", b"two"])
    waiting = begun(signer, credential, documents)
    again = signer.collect(credential, documents, waiting)
    assert isinstance(again, Pending)
    assert again == waiting
    for _ in range(2):
        values = collected(signer, credential, documents, again).values
        verify(credential, b"two", values[2])


def test_another_process_collects_what_was_begun_also_a_part_of_it(phone: Phone) -> None:
    credential = phone.credential()
    documents = documents_over(credential, [b"one", b"two", b"three"])
    waiting = begun(phone.signer(), credential, documents)
    values = collected(phone.signer(), credential, documents[1:], waiting).values
    assert set(values) == {2, 3}
    verify(credential, b"three", values[3])


def test_the_phone_shows_the_beginning_of_each_digest(phone: Phone) -> None:
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one", b"two"])
    kept = phone.running.application._served[phone.name].phone
    begun(signer, credential, documents)
    shown = list(kept._transactions.values())[-1].digests
    assert shown == {name_of(each.item, each.digest): each.digest for each in documents}


@pytest.mark.parametrize("at", ["begin", "status"])
@pytest.mark.parametrize(
    ("mood", "error", "reason"),
    [
        ("refusing", AuthorisationRefused, "refused-on-the-phone"),
        ("expired-sad", AuthorisationSpent, "expired"),
    ],
)
def test_a_holder_who_refuses_or_never_answers(
    phone: Phone, at: str, mood: str, error: type[ProviderError], reason: str
) -> None:
    phone.running.become(phone.name, mood, STARTING[phone.name] if at == "begin" else "status")
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one"])
    waiting = begun(signer, credential, documents)
    with pytest.raises(error) as refused:
        collected(signer, credential, documents, waiting)
    assert refused.value.values["reason"] == reason
    assert_signed(phone)


MOODS = {
    "garbage": ProviderAnswerUnusable,
    "misshapen": ProviderAnswerUnusable,
    "endless": ProviderAnswerUnusable,
    "dripping": ProviderUnavailable,
    "timing-out": ProviderUnavailable,
    "late": ProviderUnavailable,
    "down": ProviderUnavailable,
}


def patience(error: type[ProviderError]) -> float:
    """What is refused for what it says is not refused for coming late, however busy the machine is."""
    return 30.0 if error is ProviderAnswerUnusable else SECONDS


@pytest.mark.parametrize(("mood", "error"), MOODS.items())
def test_a_hand_over_that_goes_wrong_can_be_done_again(phone: Phone, mood: str, error: type[ProviderError]) -> None:
    phone.running.become(phone.name, mood, STARTING[phone.name], times=1)
    credential, signer = phone.credential(), phone.signer(http=phone.running.http(patience(error)))
    documents = documents_over(credential, [b"one"])
    with pytest.raises(error):
        begun(signer, credential, documents)
    verify(credential, b"one", values_by_phone(signer, credential, documents)[1])


@pytest.mark.parametrize(("mood", "error"), MOODS.items())
def test_fetching_that_goes_wrong_can_be_done_again(phone: Phone, mood: str, error: type[ProviderError]) -> None:
    credential, signer = phone.credential(), phone.signer(http=phone.running.http(patience(error)))
    documents = documents_over(credential, [b"one"])
    waiting = begun(signer, credential, documents)
    phone.running.become(phone.name, mood, "status", times=1)
    with pytest.raises(error):
        signer.collect(credential, documents, waiting)
    verify(credential, b"one", collected(signer, credential, documents, waiting).values[1])


def test_values_that_come_twice(phone: Phone) -> None:
    """SmartCA names the document of each, so that the same twice does no harm; MySign only counts."""
    phone.running.become(phone.name, "twice", "status")
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one", b"two"])
    waiting = begun(signer, credential, documents)
    if phone.name == "smartca":
        verify(credential, b"two", collected(signer, credential, documents, waiting).values[2])
    else:
        with pytest.raises(ProviderAnswerUnusable, match="wrong-number-of-values"):
            collected(signer, credential, documents, waiting)
    assert_signed(phone)


@pytest.mark.parametrize("mood", ["wrong-signature", "wrong-certificate"])
def test_values_that_fit_nothing_are_found_by_whoever_checks_them(phone: Phone, mood: str) -> None:
    phone.running.become(phone.name, mood, "status")
    credential = phone.credential()
    values = values_by_phone(phone.signer(), credential, documents_over(credential, [b"one"]))
    with pytest.raises(SignatureMismatch):
        verify(credential, b"one", values[1])
    assert_signed(phone)


def test_what_another_provider_would_need_is_not_needed(phone: Phone) -> None:
    credential, signer = phone.credential(), phone.signer(most=120, per_call=120)
    assert signer.needs(credential) == frozenset()
    assert signer.most(credential) == 120
    with pytest.raises(NotConfigured):
        signer.login_page(credential, to_sign(b"d" * 32), "state")


def test_a_phone_is_not_made_to_ask_when_nobody_waits_any_more(phone: Phone) -> None:
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one"])
    grant = signer.authorise(credential, documents, Given())
    later = phone.signer(now=lambda: datetime.now(UTC) + timedelta(minutes=6))
    before = dict(phone.running.seen(phone.name))
    with pytest.raises(AuthorisationSpent):
        later.sign(credential, documents, grant)
    assert phone.running.seen(phone.name) == before


def test_waiting_ends_even_where_the_provider_goes_on(phone: Phone) -> None:
    phone.answers_in(None)
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one"])
    waiting = begun(signer, credential, documents)
    later = phone.signer(now=lambda: datetime.now(UTC) + timedelta(minutes=6))
    with pytest.raises(AuthorisationSpent):
        later.collect(credential, documents, waiting)
    phone.answers_in(0.1)
    assert_signed(phone)


@pytest.mark.parametrize("changes", [{"account": "nobody"}, {"key_ref": "0123"}])
def test_an_account_or_a_key_that_the_provider_does_not_know(phone: Phone, changes: dict[str, str]) -> None:
    credential = phone.credential(**changes)
    with pytest.raises(ProviderAnswerUnusable) as refused:
        begun(phone.signer(), credential, documents_over(credential, [b"one"]))
    said = {
        "account": {"account-not-accepted", "certificate-not-accepted"},
        "key_ref": {"certificate-not-accepted", "request-refused"},
    }
    assert refused.value.values["reason"] in said[next(iter(changes))]


def test_a_wrong_secret_is_the_accounts_fault(phone: Phone) -> None:
    credential = phone.credential()
    wrong = {name: "another" for name in phone.secret()}
    with pytest.raises(ProviderAnswerUnusable, match="account-not-accepted"):
        begun(phone.signer(wrong), credential, documents_over(credential, [b"one"]))


@pytest.mark.parametrize(
    ("secret", "credential", "provider"),
    [({}, {}, {}), (None, {"account": None}, {}), (None, {"key_ref": None}, {}), (None, {}, {"client_id": None})],
)
def test_what_is_not_configured_is_said(
    phone: Phone, secret: dict[str, str] | None, credential: dict[str, Any], provider: dict[str, Any]
) -> None:
    held = phone.credential(**credential)
    with pytest.raises(NotConfigured):
        begun(phone.signer(secret, **provider), held, documents_over(held, [b"one"]))


def test_a_transaction_that_the_provider_has_forgotten(phone: Phone) -> None:
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one"])
    waiting = begun(signer, credential, documents)
    phone.running.application._served[phone.name].phone._transactions.clear()
    with pytest.raises(ProviderError, match=r"unknown-transaction|request-refused"):
        signer.collect(credential, documents, waiting)


def test_nothing_secret_is_shown_or_logged(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    credential, signer = phone.credential(), phone.signer()
    documents = documents_over(credential, [b"one"])
    waiting = begun(signer, credential, documents)
    told = collected(signer, credential, documents, waiting)
    with pytest.raises(ProviderAnswerUnusable) as refused:
        begun(phone.signer({name: "s3cret-another" for name in phone.secret()}), credential, documents)
    logged = " ".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    shown = " ".join([logged, repr(waiting), repr(told), repr(refused.value), refused.value.detail("vi")])
    for secret in [*phone.secret().values(), "s3cret-another", waiting.transaction[8:40]]:
        assert secret not in shown


@pytest.mark.parametrize(
    ("path", "method"), [("v1/signatures/sign", "GET"), ("vtss/service/signHash", "GET"), ("v9/anything", "POST")]
)
def test_the_servers_know_nothing_else(phone: Phone, path: str, method: str) -> None:
    answer = Client(phone.running.application).open(f"/{phone.name}/{path}", method=method, json={})
    told = answer.get_json()
    assert answer.status_code >= 400 or told["status_code"] == 404


def test_an_answer_is_never_waited_for_longer_than_asked(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moods, "NEVER_SECONDS", 8.0)
    phone.running.become(phone.name, "timing-out", STARTING[phone.name])
    credential, signer = phone.credential(), phone.signer(http=phone.running.http())
    start = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        begun(signer, credential, documents_over(credential, [b"one"]))
    assert time.monotonic() - start < 6.0


@pytest.mark.parametrize(("mood", "times"), [("good", 1), ("twice", 2), ("refusing", 1)])
def test_smartca_calls_back_by_the_name_that_the_transaction_was_given(
    providers: Running, mood: str, times: int
) -> None:
    phone, heard = Phone(providers, "smartca"), []

    def receive(environment: Any, start: Any) -> Any:
        heard.append(Request(environment).get_json())
        return Response("{}", mimetype="application/json")(environment, start)

    server = make_server("127.0.0.1", 0, receive)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        phone.calls_back(f"http://127.0.0.1:{server.port}/smartca-thu")
        providers.become("smartca", mood, "sign")
        credential = phone.credential()
        waiting = begun(phone.signer(), credential, documents_over(credential, [b"one"]))
        until = time.monotonic() + 10
        while len(heard) < times and time.monotonic() < until:
            time.sleep(0.02)
    finally:
        phone.calls_back(None)
        server.shutdown()
        server.server_close()
    assert len(heard) == times
    for body in heard:
        shapes.require("smartca/v1/webhook.request", body)
        assert body["transaction_id"] == waiting.reference
        assert body["status_code"] == (4002 if mood == "refusing" else 1)


REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "smartca",
        "v1/signatures/sign",
        {
            "sp_id": "{client_id}",
            "sp_password": "{client_secret}",
            "user_id": "official-thuan-hoa",
            "serial_number": "{key}",
            "transaction_id": "tx",
            "sign_files": [{"doc_id": "1", "data_to_be_signed": "00" * 32, "file_type": "pdf", "sign_type": "hash"}],
        },
    ),
    (
        "mysign",
        "vtss/service/ras/v1/login",
        {
            "client_id": "{client_id}",
            "client_secret": "{client_secret}",
            "profile_id": "adss:ras:profile:001",
            "user_id": "official-thuan-hoa",
        },
    ),
]


@pytest.mark.parametrize(("name", "path", "body"), REQUESTS, ids=["smartca", "mysign"])
def test_the_servers_refuse_whatever_their_schemas_do_not_name(
    providers: Running, name: str, path: str, body: dict[str, Any]
) -> None:
    phone, client = Phone(providers, name), Client(providers.application)
    known = {**providers.accounts.client(name), "key": phone.credential(ALGORITHMS[name][0]).key_ref}
    filled = {part: value.format(**known) if isinstance(value, str) else value for part, value in body.items()}

    def refused(changed: object) -> bool:
        answer = client.post(f"/{name}/{path}", json=changed)
        return answer.status_code == 400 and bool(answer.get_json())

    for part in filled:
        assert refused({each: value for each, value in filled.items() if each != part})
        assert refused({**filled, part: None})
    assert refused({**filled, "more": "than described"})
    assert refused([filled])
    assert client.post(f"/{name}/{path}", json=filled).status_code == 200


def test_the_answers_to_questions_about_certificates_are_of_their_shapes(providers: Running) -> None:
    client, sp, my = Client(providers.application), *(providers.accounts.client(name) for name in BOTH)
    asked = {"sp_id": sp["client_id"], "sp_password": sp["client_secret"], "transaction_id": "tx"}
    told = client.post(
        "/smartca/v1/credentials/get_certificate", json={**asked, "user_id": "official-thuan-hoa"}
    ).get_json()
    serials = {each["serial_number"] for each in told["data"]["user_certificates"]}
    assert serials == {serial_number(key) for key in providers.keys.of("smartca", "official-thuan-hoa")}
    account = {"client_id": my["client_id"], "client_secret": my["client_secret"]}
    holder = {**account, "profile_id": "adss:ras:profile:001", "user_id": "official-phu-xuan"}
    token = client.post("/mysign/vtss/service/ras/v1/login", json=holder).get_json()["access_token"]
    question = {**holder, "certificates": "chain", "certInfo": True, "authInfo": True}
    (shown,) = client.post(
        "/mysign/vtss/service/certificates/info", json=question, headers={"Authorization": f"Bearer {token}"}
    ).get_json()
    assert shown["credential_id"] == "mysign-official-phu-xuan-p-256"
