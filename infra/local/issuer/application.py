"""The issuer's endpoints as a Flask application."""

from __future__ import annotations

import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from flask import Flask, Response, jsonify, render_template_string, request
from joserfc.jwk import KeySet

from infra.local.issuer.grants import ALGORITHM, AccessTokens, IdTokens, MachineGrant, ProofKey, code_grant, find
from infra.local.issuer.people import Client, Code, Login, User

# One form whose hidden fields repeat the request: it works without JavaScript and without cookies.
PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Đăng nhập</title>
<style>body{font:1.1rem/1.5 system-ui;max-width:22rem;margin:12vh auto;padding:0 1rem}
label,input,button{display:block;width:100%;box-sizing:border-box}input,button{font:inherit;padding:.5rem;margin:.2rem 0 1rem}
[role=alert]{color:#a40000}</style>
<h1>Đăng nhập</h1>
{% if wrong %}<p role="alert">Tên đăng nhập hoặc mật khẩu không đúng.</p>{% endif %}
<form method="post" action="{{ action }}">
{% for name, value in hidden.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}
<label for="username">Tên đăng nhập</label><input id="username" name="username" autocomplete="username" required>
<label for="password">Mật khẩu</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Đăng nhập</button>
</form></html>"""


def make_application(
    issuer: str, audience: str, keys: KeySet, users: dict[str, User], clients: dict[str, Client]
) -> Flask:
    """The issuer; codes live in its memory for a minute, tokens in nobody's: they are signed, not stored."""
    application = Flask(__name__)
    codes: dict[str, Code] = {}
    server = AuthorizationServer(application, query_client=clients.get, save_token=lambda _token, _request: None)
    server.register_token_generator("default", AccessTokens(issuer, audience, keys))
    server.register_grant(code_grant(codes), [ProofKey(required=True), IdTokens(issuer, keys)])
    server.register_grant(MachineGrant)

    @application.get("/authorize")
    def ask() -> Any:
        try:
            server.get_consent_grant(end_user=None)
        except OAuth2Error as error:
            return server.handle_error_response(server.create_oauth2_request(None), error)
        return _page(wrong=False)

    @application.post("/authorize")
    def log_in() -> Any:
        user = find(users, request.form.get("username", ""), request.form.get("password", ""))
        if user is None:
            return _page(wrong=True), 403
        login = Login(user, int(time.time()))
        try:
            grant = server.get_consent_grant(end_user=login)
        except OAuth2Error as error:
            return server.handle_error_response(server.create_oauth2_request(None), error)
        return server.create_authorization_response(grant_user=login, grant=grant)

    @application.post("/token")
    def token() -> Any:
        return server.create_token_response()

    _publish_metadata(application, issuer, keys)
    return application


def _page(*, wrong: bool) -> str:
    hidden = {name: value for name, value in request.values.items() if name not in ("username", "password")}
    return render_template_string(PAGE, hidden=hidden, wrong=wrong, action="/authorize")


def _publish_metadata(application: Flask, issuer: str, keys: KeySet) -> None:
    metadata = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks.json",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
    }

    @application.get("/.well-known/openid-configuration")
    @application.get("/.well-known/oauth-authorization-server")
    def configuration() -> Response:
        return jsonify(metadata)

    @application.get("/jwks.json")
    def jwks() -> Response:
        return jsonify(keys.as_dict(private=False))
