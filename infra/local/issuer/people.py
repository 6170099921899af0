"""Users, clients and authorization codes, in the shapes that Authlib asks for."""

from __future__ import annotations

import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin


@dataclass(frozen=True)
class User:
    """Someone who has an account; `scope` is all that the account may ever get."""

    username: str
    password: str
    name: str
    scope: str
    claims: dict[str, Any]

    def get_user_id(self) -> str:
        return self.username

    def has_password(self, password: str) -> bool:
        return hmac.compare_digest(self.password.encode(), password.encode())


@dataclass(frozen=True)
class Login:
    """A user together with the moment of the login that a code or token comes from."""

    user: User
    at: int

    def get_user_id(self) -> str:
        return self.user.get_user_id()


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]  # Authlib is not typed
    """`web` is public and logs people in; `portal` has a secret and acts for itself."""

    client_id: str
    client_secret: str | None = None
    redirect_uri: str | None = None
    scope: str | None = None

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str | None) -> str:
        """A machine client gets its own scopes; people's are cut to the account's when the code is made."""
        if self.scope is None:
            return scope or ""
        wanted = (scope or self.scope).split()
        return " ".join(item for item in wanted if item in self.scope.split())

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return self.client_secret is not None and hmac.compare_digest(self.client_secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        allowed: Sequence[str] = ("client_secret_basic", "client_secret_post") if self.client_secret else ("none",)
        return endpoint != "token" or method in allowed

    def check_response_type(self, response_type: str) -> bool:
        return self.redirect_uri is not None and response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == ("client_credentials" if self.client_secret else "authorization_code")


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib is not typed
    """An authorization code: good once, for a minute, for the client that holds the PKCE verifier."""

    code: str
    client_id: str
    redirect_uri: str | None
    scope: str
    nonce: str | None
    login: Login
    code_challenge: str
    code_challenge_method: str

    def is_expired(self) -> bool:
        return time.time() > self.login.at + 60

    def get_redirect_uri(self) -> str | None:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.login.at

    def get_acr(self) -> str:
        return "loa3"

    def get_amr(self) -> None:
        return None
