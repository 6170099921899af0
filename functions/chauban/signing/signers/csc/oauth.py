"""OAuth 2.0 at a CSC provider: tokens for the service itself, and the holder's authorisation at the provider's page."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from chauban.errors import NotConfigured
from chauban.signing.providers import Provider
from chauban.signing.signers.calling import Answer, HttpCall
from chauban.signing.signers.csc.answers import Pushed, Token, read
from chauban.signing.signers.csc.faults import at_code, at_service
from chauban.signing.signers.remote import LoginPage

# A token is not used in the last seconds of its life: the call with it takes time, too.
_MARGIN = timedelta(seconds=30)


@dataclass(frozen=True)
class _Token:
    """The service's own access token, since when it is known, and until when it is used."""

    text: str = field(repr=False)
    since: datetime
    until: datetime


class AuthorisationServer:
    """The endpoints below `base`; the service is known there by `client_id` and its secret's `client_secret`."""

    def __init__(
        self,
        provider: Provider,
        secret: Mapping[str, str],
        http: HttpCall,
        now: Callable[[], datetime],
    ) -> None:
        self._provider = provider
        self._secret = secret
        self._http = http
        self._now = now
        self._token: _Token | None = None

    def service_token(self, base: str, *, known_for: timedelta = timedelta.max) -> str:
        """An access token with the scope `service`, by client credentials; kept for as long as it lives, or asked for anew where
        it is known for longer than `known_for`."""
        now = self._now()
        if self._token is None or self._token.until <= now or now - self._token.since > known_for:
            answer = self._ask(f"{base}/oauth2/token", {"grant_type": "client_credentials", "scope": "service"})
            if not answer.good:
                raise at_service(answer)
            told = read(Token, answer.content)
            self._token = _Token(told.access_token, now, now + timedelta(seconds=told.expires_in) - _MARGIN)
        return self._token.text

    def forget_token(self) -> None:
        """After the provider took it no longer: the next call asks for another."""
        self._token = None

    def page(self, base: str, parameters: Mapping[str, str], state: str, *, push: bool) -> LoginPage:
        """The page with PKCE (RFC 7636); `push` hands the parameters over beforehand (RFC 9126), however many digests."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._need("client_id", self._provider.client_id),
            "redirect_uri": self._need("redirect_uri", self._provider.redirect_uri),
            "scope": "credential",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **parameters,
        }
        open_until = None
        if push:
            asked_at = self._now()
            answer = self._ask(f"{base}/oauth2/pushed_authorize", asked)
            if not answer.good:
                raise at_service(answer)
            pushed = read(Pushed, answer.content)
            asked = {"client_id": asked["client_id"], "request_uri": pushed.request_uri}
            open_until = asked_at + timedelta(seconds=pushed.expires_in)
        return LoginPage(f"{base}/oauth2/authorize?{urlencode(asked)}", state, verifier, open_until)

    def redeem(self, base: str, code: str, verifier: str) -> Token:
        """The authorisation that a code of the page stands for."""
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._need("redirect_uri", self._provider.redirect_uri),
            "code_verifier": verifier,
        }
        answer = self._ask(f"{base}/oauth2/token", asked)
        if not answer.good:
            raise at_code(answer)
        return read(Token, answer.content)

    def _ask(self, url: str, fields: Mapping[str, str]) -> Answer:
        """Version 1 takes the client's name and secret as fields, version 2 by HTTP Basic (RFC 6749, 2.3.1)."""
        client = self._need("client_id", self._provider.client_id)
        secret = self._need("client_secret", self._secret.get("client_secret"))
        if self._provider.api == "v1":
            return self._http.form(url, {**fields, "client_id": client, "client_secret": secret})
        named = f"{quote(client, safe='')}:{quote(secret, safe='')}".encode()
        return self._http.form(url, fields, {"Authorization": f"Basic {base64.b64encode(named).decode()}"})

    def _need(self, name: str, value: str | None) -> str:
        if not value:
            raise NotConfigured(what=f"{name} of the provider {self._provider.id}")
        return value
