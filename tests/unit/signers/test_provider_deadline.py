"""Whoever waits for an answer of ours has an end: calls to providers keep to it, and nothing that counts once is sent near it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from chauban.errors import AuthorisationRefused, AuthorisationSpent, ProviderAnswerUnusable, ProviderUnavailable
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.providers import MOST_WAIT_SECONDS, Provider
from chauban.signing.signers.calling import Answer, ProviderHttp
from chauban.signing.signers.csc import CscSigner
from chauban.signing.signers.deadline import ending_in, seconds_left
from chauban.signing.signers.remote import Given
from pydantic import ValidationError
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.unit.signers.documents import credential_at
from tests.unit.signers.provider_server import to_sign
from tests.unit.signers.test_csc_answers import NOW, Told, described, signer
from tests.unit.signing.world import World

# Nobody waits for so long: it ends with the test.
SLEEP = 20.0


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    over = threading.Event()

    def drops() -> Iterator[bytes]:
        yield b'{"a": "'
        over.wait(SLEEP)
        yield b'"}'

    def application(environment: Any, start: Any) -> Any:
        if environment["PATH_INFO"] == "/late":
            over.wait(SLEEP)
        return Response(drops(), mimetype="application/json")(environment, start)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def credential(world: World) -> Credential:
    chain = world.owner("csc-deadline", "rsa").chain_pem
    return credential_at(SignerKind.CSC, Algorithm.RSA_PSS_SHA256, chain)


def taken(call: Callable[[], object]) -> float:
    began = time.monotonic()
    with pytest.raises(ProviderUnavailable):
        call()
    return time.monotonic() - began


@pytest.mark.parametrize("path", ["late", "drops"])
def test_an_answer_is_waited_for_no_longer_than_there_is_time(url: str, path: str) -> None:
    http = ProviderHttp(60.0, plain=True)
    with ending_in(0.5):
        assert taken(lambda: http.json(f"{url}/{path}", {})) < SLEEP - 1


def test_a_pause_between_two_drops_ends_with_the_time_of_the_whole_answer(url: str) -> None:
    assert taken(lambda: ProviderHttp(0.5, plain=True).json(f"{url}/drops", {})) < SLEEP - 1


def test_all_calls_share_one_end_and_after_it_nothing_is_sent(url: str) -> None:
    http = ProviderHttp(60.0, plain=True)
    with ending_in(0.5):
        spent = sum(taken(lambda: http.json(f"{url}/late", {})) for _ in range(3))
        assert spent < SLEEP - 1
        with pytest.raises(ProviderUnavailable) as late:
            http.json(f"{url}/late", {})
        assert late.value.values["reason"] == "too-little-time"
    assert seconds_left() == float("inf")


def told(credential: Credential, **more: Answer) -> Told:
    return Told(
        {
            "credentials/info": described(credential, PIN={"presence": "true"}),
            "credentials/authorize": Answer(200, {"SAD": "sad"}),
            **{name.replace("_", "/"): answer for name, answer in more.items()},
        }
    )


def times(http: Told, method: str) -> int:
    return sum(url.endswith(method) for url, _, _ in http.asked)


def test_a_pin_is_not_sent_where_nobody_could_wait_for_what_it_grants(credential: Credential) -> None:
    http = told(credential)
    csc = signer(http)
    with ending_in(9.0), pytest.raises(ProviderUnavailable):
        csc.authorise(credential, to_sign(bytes(32)), Given(pin="1234"))
    assert times(http, "credentials/authorize") == 0
    with ending_in(11.0):
        assert csc.authorise(credential, to_sign(bytes(32)), Given(pin="1234")).secret == "sad"


def test_a_page_s_code_is_not_used_up_where_nobody_could_wait_for_what_it_grants(credential: Credential) -> None:
    http = Told({"credentials/info": described(credential, authMode="oauth2code")})
    csc = signer(http, grant="oauth", redirect_uri="https://chauban.example.vn/back")
    csc.needs(credential)
    before = times(http, "oauth2/token")
    with ending_in(9.0), pytest.raises(ProviderUnavailable):
        csc.authorise(credential, to_sign(bytes(32)), Given(code="code", verifier="v" * 43))
    assert times(http, "oauth2/token") == before


@pytest.mark.parametrize(
    ("content", "fault"),
    [({}, ProviderAnswerUnusable), ({"error_description": "The PIN is invalid"}, AuthorisationRefused)],
    ids=["token", "pin"],
)
def test_what_the_holder_typed_is_sent_once_whatever_the_provider_refused(
    credential: Credential, content: Mapping[str, Any], fault: type[Exception]
) -> None:
    http = told(credential, credentials_authorize=Answer(401, content))
    csc = signer(http)
    with pytest.raises(fault):
        csc.authorise(credential, to_sign(bytes(32)), Given(pin="1234"))
    assert times(http, "credentials/authorize") == 1
    # The next one begins with another token of ours.
    asked = times(http, "oauth2/token")
    http.answers["credentials/authorize"] = Answer(200, {"SAD": "sad"})
    assert csc.authorise(credential, to_sign(bytes(32)), Given(pin="1234"))
    assert times(http, "oauth2/token") == asked + 1


def test_an_old_token_is_replaced_before_a_pin_goes_with_it(credential: Credential) -> None:
    http, moment = told(credential), [NOW]
    csc = signer(http, now=lambda: moment[0])
    csc.needs(credential)
    for seconds, asked in ((1, 1), (60, 2)):
        moment[0] = NOW + timedelta(seconds=seconds)
        csc.authorise(credential, to_sign(bytes(32)), Given(pin="1234"))
        assert times(http, "oauth2/token") == asked


class Slow(Told):
    """Nobody confirms."""

    def json(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        answer = super().json(url, body, headers)
        if url.endswith("credentials/authorize"):
            raise ProviderUnavailable(reason="too-slow")
        return answer


@pytest.mark.parametrize(("mode", "fault"), [("implicit", AuthorisationSpent), ("explicit", ProviderUnavailable)])
def test_a_holder_who_does_not_confirm_while_the_call_waits_is_asked_to_authorise_again(
    credential: Credential, mode: str, fault: type[Exception]
) -> None:
    answers = {"credentials/info": described(credential, authMode=mode), "credentials/authorize": Answer(200, {})}
    csc: CscSigner = signer(Slow(answers))
    with pytest.raises(fault):
        csc.authorise(credential, to_sign(bytes(32)), Given())


def test_a_record_does_not_ask_for_more_time_than_a_function_has() -> None:
    values = {
        "id": "csc-thu",
        "kind": "csc",
        "base_url": "https://csc.example.vn",
        "api": "v1",
        "grant": "explicit",
        "secret_name": "s",
    }
    assert Provider.model_validate({**values, "wait_seconds": MOST_WAIT_SECONDS})
    with pytest.raises(ValidationError, match="wait_seconds"):
        Provider.model_validate({**values, "wait_seconds": MOST_WAIT_SECONDS + 1})
