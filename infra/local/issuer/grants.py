"""Grants and tokens: code with PKCE, client credentials, RFC 9068 access tokens, ID tokens."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import KeySet

from infra.local.issuer.people import Client, Code, Login, User

# The only kind that API Gateway's JWT authorizer takes.
ALGORITHM = "RS256"
SECONDS = 3600


class AccessTokens(JWTBearerTokenGenerator):  # type: ignore[misc]  # Authlib is not typed
    """Access tokens for the service, with the login's strength and time, and a citizen's own claims."""

    def __init__(self, issuer: str, audience: str, keys: KeySet) -> None:
        super().__init__(issuer, ALGORITHM, expires_generator=lambda _client, _grant: SECONDS)
        self._audience, self._keys = audience, keys

    def get_jwks(self) -> KeySet:
        return self._keys

    def get_audiences(self, client: Client, user: Login | None, scope: str) -> str:
        return self._audience

    def get_acr(self, user: Login | None) -> str | None:
        return "loa3" if user else None

    def get_auth_time(self, user: Login | None) -> int | None:
        return user.at if user else None

    def get_extra_claims(self, client: Client, grant_type: str, user: Login | None, scope: str) -> dict[str, Any]:
        return user.user.claims if user else {}


class IdTokens(OpenIDCode):  # type: ignore[misc]  # Authlib is not typed
    def __init__(self, issuer: str, keys: KeySet) -> None:
        super().__init__(require_nonce=False)
        self._issuer, self._keys = issuer, keys

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def resolve_client_private_key(self, client: Client) -> KeySet:
        return self._keys

    def get_client_algorithm(self, client: Client) -> str:
        return ALGORITHM

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": self._issuer, "aud": [client.get_client_id()]}

    def generate_user_info(self, user: Login, scope: str) -> UserInfo:
        return UserInfo(sub=user.get_user_id(), name=user.user.name)


class ProofKey(CodeChallenge):  # type: ignore[misc]  # Authlib is not typed
    """PKCE with S256 for everybody: `plain` proves nothing to whoever saw the request."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]
    DEFAULT_CODE_CHALLENGE_METHOD = "S256"


def code_grant(codes: dict[str, Code]) -> type[AuthorizationCodeGrant]:
    """The code grant over the given store of codes."""

    class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib is not typed
        TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            data, login = request.payload.data, request.user
            allowed = {"openid", *login.user.scope.split()}
            asked = (request.payload.scope or login.user.scope).split()
            codes[code] = Code(
                code=code,
                client_id=request.client.client_id,
                redirect_uri=request.payload.redirect_uri,
                scope=" ".join(item for item in asked if item in allowed),
                nonce=data.get("nonce"),
                login=login,
                code_challenge=data["code_challenge"],
                code_challenge_method=data.get("code_challenge_method", "S256"),
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            found = codes.get(code)
            return found if found and found.client_id == client.client_id and not found.is_expired() else None

        def delete_authorization_code(self, authorization_code: Code) -> None:
            codes.pop(authorization_code.code, None)

        def authenticate_user(self, authorization_code: Code) -> Login:
            return authorization_code.login

    return CodeGrant


class MachineGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib is not typed
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


def find(users: dict[str, User], username: str, password: str) -> User | None:
    user = users.get(username)
    return user if user and user.has_password(password) else None
