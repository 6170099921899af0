"""What was granted: service tokens, and authorisations (SAD) for a credential, so many signatures, and these digests."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

SERVICE_SECONDS = 3600
SAD_SECONDS = 300


class NotPermitted(Exception):
    """Carries the words of the specification (`error_description`)."""


@dataclass
class Sad:
    """An authorisation; `digests` says how often each may still be signed, None that any may (SCAL 1).

    `token` where it is an access token, which stands in the header and nowhere else.
    """

    credential: str
    left: int
    digests: Counter[bytes] | None
    until: float
    token: bool


@dataclass
class Permissions:
    """Everything granted since the start; unknown and expired are told apart as the specification does."""

    _tokens: dict[str, float] = field(default_factory=dict)
    _sads: dict[str, Sad] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def service(self) -> str:
        """A new access token with the scope `service`."""
        token = secrets.token_urlsafe(24)
        self._tokens[token] = time.time() + SERVICE_SECONDS
        return token

    def may_call(self, token: str) -> bool:
        return self._tokens.get(token, 0) > time.time()

    def forget_services(self) -> None:
        """As after a restart: all service tokens are unknown."""
        self._tokens.clear()

    def authorise(
        self, credential: str, count: int, digests: list[bytes] | None, seconds: float, *, token: bool = False
    ) -> str:
        """A new authorisation; returns the SAD."""
        sad = secrets.token_urlsafe(48)
        counted = None if digests is None else Counter(digests)
        self._sads[sad] = Sad(credential, count, counted, time.time() + seconds, token)
        return sad

    def granted(self) -> list[str]:
        """All tokens and authorisations, for whoever looks where they may have got to."""
        return [*self._tokens, *self._sads]

    def use(self, sad: str, credential: str, digests: list[bytes], *, token: bool) -> None:
        """Takes these signatures off an authorisation, all of them or none; raises `NotPermitted`."""
        with self._lock:
            held = self._sads.get(sad)
            if held is None or (held.credential, held.token) != (credential, token):
                raise NotPermitted("Invalid parameter SAD")
            if held.until <= time.time():
                raise NotPermitted("SAD expired")
            asked = Counter(digests)
            if len(digests) > held.left or (held.digests is not None and asked - held.digests):
                raise NotPermitted("Hash is not authorized by the SAD")
            held.left -= len(digests)
            if held.digests is not None:
                held.digests -= asked
