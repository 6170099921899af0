"""Who is let in: the gateway's authorizer, and our own check of what the gateway lets pass."""

from __future__ import annotations

import time

import httpx
import pytest
from joserfc.jwk import RSAKey

from tests.integration.running_stack import RunningStack
from tests.integration.tokens import mint


def _with(stack: RunningStack, token: str) -> httpx.Response:
    return stack.api(token=token).get("/v1/results")


def test_a_good_token_is_let_in(stack: RunningStack) -> None:
    assert _with(stack, stack.token("citizen-a")).status_code == 200
    assert _with(stack, mint(stack)).status_code == 200


def test_the_open_routes_ask_for_no_token(stack: RunningStack) -> None:
    assert stack.api().get("/v1/procedures").status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/results", "/v1/dossiers", "/v1/signing/tasks", "/v1/dossiers/01ARZ3NDEKTSV4RRFFQ69G5FAV"]
)
def test_without_a_token(stack: RunningStack, path: str) -> None:
    assert stack.api().get(path).status_code == 401


def test_an_expired_token(stack: RunningStack) -> None:
    assert _with(stack, mint(stack, exp=int(time.time()) - 600)).status_code == 401


def test_an_altered_token(stack: RunningStack) -> None:
    head, body, signature = stack.token("citizen-a").split(".")
    _head, other, _signature = mint(stack, sub="citizen-b").split(".")
    assert _with(stack, f"{head}.{other}.{signature}").status_code == 401
    assert _with(stack, f"{head}.{body}.{signature[:-4]}AAAA").status_code == 401


def test_an_id_token(stack: RunningStack) -> None:
    assert _with(stack, stack.tokens("citizen-a")["id_token"]).status_code == 401


def test_an_id_token_made_out_to_the_service(stack: RunningStack) -> None:
    assert _with(stack, mint(stack, typ="JWT", scope=None, client_id=None, jti=None)).status_code == 401


def test_a_token_without_an_end(stack: RunningStack) -> None:
    assert _with(stack, mint(stack, exp=None)).status_code == 401


@pytest.mark.parametrize(
    "change", [{"aud": "https://other.example"}, {"iss": "http://127.0.0.1:9"}], ids=["aud", "iss"]
)
def test_a_token_for_or_from_somebody_else(stack: RunningStack, change: dict[str, str]) -> None:
    assert _with(stack, mint(stack, **change)).status_code == 401


def test_a_token_signed_with_another_key(stack: RunningStack) -> None:
    assert _with(stack, mint(stack, key=RSAKey.generate_key(2048))).status_code == 401


def test_the_issuer_gives_nothing_for_a_wrong_password(stack: RunningStack) -> None:
    web = stack.description["clients"]["web"]
    form = {"response_type": "code", **web, "code_challenge": "x" * 43, "code_challenge_method": "S256"}
    answer = httpx.post(
        f"{stack.description['issuer_url']}/authorize", data=form | {"username": "citizen-a", "password": "x"}
    )
    assert answer.status_code == 403
    assert "Location" not in answer.headers


def test_the_issuer_wants_proof_of_possession_of_the_code(stack: RunningStack) -> None:
    web = stack.description["clients"]["web"]
    account = next(one for one in stack.description["accounts"] if one["username"] == "citizen-a")
    form = {"response_type": "code", **web, "username": account["username"], "password": account["password"]}
    answer = httpx.post(f"{stack.description['issuer_url']}/authorize", data=form)
    assert "code=" not in answer.headers.get("Location", "")
