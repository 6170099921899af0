"""The accounts at the providers: the service's own, and each official's PIN and one-time passwords.

All are made at the first start and kept in `accounts.json`, readable by its owner alone.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.accounts import WEB_CLIENT
from infra.local.folder import write_secret
from infra.local.providers.keys import HOLDINGS

PROVIDERS = tuple(sorted({holding.provider for holding in HOLDINGS}))
OTP_SECONDS = 60


@dataclass(frozen=True)
class Accounts:
    """What the file says: `client` for the service's configuration, `pin` and `otp` for whoever plays an official."""

    content: Mapping[str, Any] = field(repr=False)

    @classmethod
    def at(cls, data: Path) -> Accounts:
        """The folder's accounts, made where there are none yet."""
        file = data / "accounts.json"
        if not file.exists():
            write_secret(file, json.dumps(_new(), indent=2))
        return cls(json.loads(file.read_text(encoding="utf-8")))

    def client(self, provider: str) -> Mapping[str, str]:
        """The service's account: `client_id`, `client_secret`, and the `redirect_uri` that is registered there."""
        client: Mapping[str, str] = self.content["clients"][provider]
        return client

    def pin(self, person: str) -> str:
        return str(self.content["people"][person]["pin"])

    def otp(self, person: str, step: int = 0) -> str:
        """What the official's phone shows now, or showed `step` steps before (after the manner of RFC 6238)."""
        counter = int(time.time()) // OTP_SECONDS - step
        seed = bytes.fromhex(self.content["people"][person]["otp_seed"])
        value = int.from_bytes(hmac.digest(seed, counter.to_bytes(8, "big"), "sha256")[:8], "big")
        return f"{value % 10**8:08}"

    def right(self, person: str, pin: str | None, otp: str | None) -> str | None:
        """None where both are right, else which is wrong: `PIN` or `OTP`."""
        if pin is None or not hmac.compare_digest(pin.encode(), self.pin(person).encode()):
            return "PIN"
        if otp is None or otp not in {self.otp(person), self.otp(person, 1)}:
            return "OTP"
        return None


def _new() -> dict[str, Any]:
    return {
        "clients": {
            name: {
                "client_id": f"chauban-{name}",
                "client_secret": secrets.token_urlsafe(24),
                "redirect_uri": WEB_CLIENT["redirect_uri"],
            }
            for name in PROVIDERS
        },
        # Eight digits each, so that a search for one that leaked finds no other number by chance.
        "people": {
            name: {"pin": f"{secrets.randbelow(10**8):08}", "otp_seed": secrets.token_hex(32)}
            for name in sorted({holding.person for holding in HOLDINGS})
        },
    }
