"""Access tokens: client credentials for the portal, authorisation code with PKCE for people."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from infra.local.demo.failures import NotTrue, Unexpected
from infra.local.demo.stack import Account, Stack


@dataclass(frozen=True)
class Login:
    """An access token and what the issuer says of its holder."""

    token: str = field(repr=False)
    scope: str
    claims: Mapping[str, Any]


def as_machine(http: httpx.Client, stack: Stack, client: str) -> Login:
    """RFC 6749, 4.4: the client's own id and secret, no person."""
    known = stack.clients[client]
    form = {"grant_type": "client_credentials", "audience": stack.audience, "resource": stack.audience}
    credentials = (known["client_id"], known["client_secret"])
    response = http.post(_metadata(http, stack)["token_endpoint"], data=form, auth=credentials)
    return _login(response)


def as_person(http: httpx.Client, stack: Stack, account: Account, scope: str) -> Login:
    """RFC 6749, 4.1 with RFC 7636: open the login page, send it back filled in, exchange the code."""
    metadata, client = _metadata(http, stack), stack.clients["web"]
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client["client_id"],
        "redirect_uri": client["redirect_uri"],
        "scope": scope,
        "state": state,
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "audience": stack.audience,
        "resource": stack.audience,
    }
    page = http.get(metadata["authorization_endpoint"], params=asked)
    code = _code(_send_form(http, page, account), state)
    exchange = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client["redirect_uri"],
        "client_id": client["client_id"],
        "code_verifier": verifier,
        "resource": stack.audience,
    }
    return _login(http.post(metadata["token_endpoint"], data=exchange))


def _metadata(http: httpx.Client, stack: Stack) -> Mapping[str, Any]:
    response = http.get(f"{stack.issuer_url}/.well-known/openid-configuration")
    if response.status_code != 200:
        raise Unexpected(response, "the issuer's metadata")
    metadata: Mapping[str, Any] = response.json()
    return metadata


def _send_form(http: httpx.Client, page: httpx.Response, account: Account) -> httpx.Response:
    if page.status_code != 200:
        raise Unexpected(page, "a login page")
    form = _Form()
    form.feed(page.text)
    filled = form.fields | {"username": account.username, "password": account.password}
    return http.post(urljoin(str(page.url), form.action), data=filled)


def _code(answer: httpx.Response, state: str) -> str:
    query = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    if answer.status_code not in (302, 303) or "code" not in query:
        raise Unexpected(answer, "a redirect with a code")
    if query.get("state") != [state]:
        raise NotTrue("the login page sent another state back")
    return str(query["code"][0])


def _login(response: httpx.Response) -> Login:
    if response.status_code != 200:
        raise Unexpected(response, "a token")
    body = response.json()
    # Read without checking: both came from the issuer itself, and nothing is decided by them here. The embedded
    # issuer puts a citizen's own claims into the access token, others put them into the ID token.
    claims = _payload(body.get("id_token")) | _payload(body["access_token"])
    return Login(body["access_token"], body.get("scope", ""), claims)


def _payload(token: str | None) -> dict[str, Any]:
    if not token:
        return {}
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


class _Form(HTMLParser):
    """The first form's target and hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = given.get("action", "")
        elif tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given.get("value", "")
