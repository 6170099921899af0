"""OAuth 2.0 at the provider: the holder's page, pushed requests (version 2), codes with PKCE, and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from infra.local.providers import shapes
from infra.local.providers.accounts import Accounts
from infra.local.providers.csc.authorising import require_bound
from infra.local.providers.csc.credentials import MULTISIGN, Shown
from infra.local.providers.csc.faults import Fault
from infra.local.providers.csc.permissions import SAD_SECONDS, SERVICE_SECONDS, Permissions

CODE_SECONDS = 60


@dataclass(frozen=True)
class _Granted:
    """What a code stands for."""

    asked: Mapping[str, str]
    shown: Shown
    digests: list[bytes]
    until: float


@dataclass
class Pages:
    """The authorisation server; `POST` to the page with `pin` and `otp` is the holder's approval, `refuse` a refusal.

    `secret` are the codes, states and verifiers that came by.
    """

    credentials: Mapping[str, Shown]
    accounts: Accounts
    permissions: Permissions
    secret: list[str] = field(default_factory=list)
    _codes: dict[str, _Granted] = field(default_factory=dict)
    _pushed: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: Request, version: str, method: str, mood: str) -> Response:
        """The answer to a request below `oauth2/`; raises `Fault`."""
        calls = {
            ("oauth2/authorize", "GET"): self._page,
            ("oauth2/authorize", "POST"): self._page,
            ("oauth2/token", "POST"): self._token,
        }
        if version == "v2":
            calls["oauth2/pushed_authorize", "POST"] = self._push
        call = calls.get((method, request.method))
        if call is None:
            raise Fault("not_implemented_method", "The method is not implemented", 404)
        return call(request, version, mood)

    def _push(self, request: Request, version: str, _mood: str) -> Response:
        asked = _shaped(f"csc/{version}/oauth2/pushed_authorize.request", request.form.to_dict())
        self._client(request, version, asked)
        self._checked(version, asked)
        uri = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(24)}"
        self._pushed[uri] = asked
        told = {"request_uri": uri, "expires_in": CODE_SECONDS}
        shapes.require(f"csc/{version}/oauth2/pushed_authorize.answer", told)
        return Response(json.dumps(told), 201, mimetype="application/json")

    def _page(self, request: Request, version: str, mood: str) -> Response:
        asked = request.args.to_dict()
        if version == "v2" and set(asked) == {"client_id", "request_uri"}:
            asked = self._pushed.get(asked["request_uri"], {})
        asked = _shaped(f"csc/{version}/oauth2/authorize.request", asked)
        shown, digests = self._checked(version, asked)
        if request.method == "GET":
            return Response(_PAGE.format(count=escape(asked["numSignatures"])), mimetype="text/html")
        state = {"state": asked["state"]} if "state" in asked else {}
        if mood == "refusing" or "refuse" in request.form:
            return _redirect(asked["redirect_uri"], {"error": "access_denied", **state})
        if wrong := self.accounts.right(shown.person, request.form.get("pin"), request.form.get("otp")):
            raise Fault("invalid_request", f"The {wrong} is invalid")
        code = secrets.token_urlsafe(24)
        seconds = -1 if mood == "expired-sad" else CODE_SECONDS
        self.secret += [code, *state.values()]
        self._codes[code] = _Granted(asked, shown, digests, time.time() + seconds)
        return _redirect(asked["redirect_uri"], {"code": code, **state})

    def _checked(self, version: str, asked: Mapping[str, str]) -> tuple[Shown, list[bytes]]:
        client, shown = self.accounts.client("csc"), self.credentials.get(asked["credentialID"])
        if (asked["client_id"], asked["redirect_uri"]) != (client["client_id"], client["redirect_uri"]):
            raise Fault("invalid_client", "Unknown client or redirect_uri", 401)
        if shown is None or not shown.page:
            raise Fault("invalid_request", "Invalid parameter credentialID")
        listed = asked.get("hash" if version == "v1" else "hashes", "")
        digests = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in listed.split(",") if each]
        count = int(asked["numSignatures"])
        if count > MULTISIGN:
            raise Fault("invalid_request", "Numbers of signatures is too high")
        require_bound(shown, count, digests)
        return shown, digests

    def _token(self, request: Request, version: str, mood: str) -> Response:
        asked = _shaped(f"csc/{version}/oauth2/token.request", request.form.to_dict())
        self._client(request, version, asked)
        told: dict[str, Any]
        if asked["grant_type"] == "client_credentials":
            told = {"access_token": self.permissions.service(), "token_type": "Bearer", "expires_in": SERVICE_SECONDS}
        else:
            granted = self._redeemed(asked)
            seconds = 0 if mood == "expired-sad" else SAD_SECONDS
            count = int(granted.asked["numSignatures"])
            sad = self.permissions.authorise(
                granted.shown.id, count, granted.digests or None, seconds, token=version == "v2"
            )
            told = {"access_token": sad, "token_type": "SAD", "expires_in": SAD_SECONDS}
            if version == "v2":
                told |= {"token_type": "Bearer", "credentialID": granted.shown.id}
        shapes.require(f"csc/{version}/oauth2/token.answer", told)
        answer = {"unexpected": True} if mood == "misshapen" else told
        return Response(json.dumps(answer), mimetype="application/json", headers={"Cache-Control": "no-store"})

    def _redeemed(self, asked: Mapping[str, str]) -> _Granted:
        granted = self._codes.pop(asked["code"], None)
        if granted is None or granted.until <= time.time():
            raise Fault("invalid_grant", "The code is unknown, expired or was used")
        challenge = granted.asked.get("code_challenge")
        verifier = asked.get("code_verifier", "")
        self.secret += [verifier] if verifier else []
        hashed = hashlib.sha256(verifier.encode()).digest()
        if challenge is not None and not hmac.compare_digest(_unpadded(hashed), challenge):
            raise Fault("invalid_grant", "The code_verifier does not fit the code_challenge")
        if granted.asked["redirect_uri"] != asked["redirect_uri"]:
            raise Fault("invalid_grant", "Another redirect_uri")
        return granted

    def _client(self, request: Request, version: str, asked: Mapping[str, str]) -> None:
        """Version 1 names the client in the form, version 2 by HTTP Basic."""
        client, sent = self.accounts.client("csc"), request.authorization
        given = (asked.get("client_id"), asked.get("client_secret"))
        if version == "v2":
            given = (sent.username, sent.password) if sent is not None and sent.type == "basic" else (None, None)
        if given != (client["client_id"], client["client_secret"]):
            raise Fault("invalid_client", "Client authentication failed", 401)


_PAGE = """<!doctype html><meta charset="utf-8"><title>Ký số từ xa</title>
<form method="post"><p>Cho phép ký {count} văn bản?</p>
<label>PIN <input name="pin" type="password"></label> <label>OTP <input name="otp"></label>
<button>Đồng ý</button> <button name="refuse" value="1">Từ chối</button></form>"""


def _shaped(name: str, asked: dict[str, str]) -> dict[str, str]:
    try:
        shapes.require(name, asked)
    except shapes.Misshapen as wrong:
        raise Fault("invalid_request", str(wrong)) from wrong
    return asked


def _redirect(uri: str, parameters: Mapping[str, str]) -> Response:
    return Response("", 302, headers={"Location": f"{uri}?{urlencode(parameters)}", "Cache-Control": "no-store"})


def _unpadded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
