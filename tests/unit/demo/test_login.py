"""The code flow proves possession of the verifier, and believes no answer to another request."""

import base64
import hashlib
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from infra.local.demo.failures import NotTrue, Unexpected
from infra.local.demo.login import as_person
from infra.local.demo.stack import Account, Stack, Subscriber

ISSUER = "http://issuer.test"
ACCOUNT = Account("citizen-a", "right", "citizen", "Nguyễn Thị Ánh", None)
CLAIMS = base64.urlsafe_b64encode(b'{"sub": "citizen-a"}').decode().rstrip("=")


class Issuer:
    """As much of an issuer as the flow needs."""

    def __init__(self, state: str | None = None) -> None:
        self.state = state
        self.challenge = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if request.url.path == "/.well-known/openid-configuration":
            endpoints = {"authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token"}
            return httpx.Response(200, json=endpoints)
        if request.url.path == "/token":
            proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
            fits = proof.decode().rstrip("=") == self.challenge and form["code"] == "the-code"
            return httpx.Response(200 if fits else 400, json={"access_token": f"head.{CLAIMS}.sig", "scope": "signing"})
        if request.method == "GET":
            self.challenge = request.url.params["code_challenge"]
            hidden = f'<input type="hidden" name="state" value="{request.url.params["state"]}">'
            return httpx.Response(
                200, text=f'<form method="post" action="/authorize">{hidden}<input name="username"></form>'
            )
        if form["password"] != "right":
            return httpx.Response(403, text="<p>Mật khẩu không đúng</p>")
        location = f"http://app.test/back?code=the-code&state={self.state or form['state']}"
        return httpx.Response(302, headers={"Location": location})


def stack() -> Stack:
    clients = {"web": {"client_id": "web", "redirect_uri": "http://app.test/back"}}
    nobody = Subscriber("", "", "")
    return Stack(Path(), "", ISSUER, "", "", "api", Path(), nobody, (ACCOUNT,), clients, {})


def log_in(issuer: Issuer, account: Account = ACCOUNT) -> str:
    with httpx.Client(transport=httpx.MockTransport(issuer)) as http:
        return as_person(http, stack(), account, "openid signing").token


def test_a_person_gets_a_token_for_code_and_verifier() -> None:
    assert log_in(Issuer()) == f"head.{CLAIMS}.sig"


def test_an_answer_with_another_state_is_not_believed() -> None:
    with pytest.raises(NotTrue, match="state"):
        log_in(Issuer(state="somebody-elses"))


def test_a_wrong_password_is_a_clear_failure() -> None:
    with pytest.raises(Unexpected, match="403"):
        log_in(Issuer(), Account("citizen-a", "wrong", "citizen", "", None))


def test_a_token_does_not_show_in_messages() -> None:
    with httpx.Client(transport=httpx.MockTransport(Issuer())) as http:
        assert CLAIMS not in repr(as_person(http, stack(), ACCOUNT, "signing"))
