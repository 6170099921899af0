"""credentials/authorize: PIN and one-time password against an authorisation, bound to digests where the credential is SCAL 2."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from infra.local.providers.accounts import Accounts
from infra.local.providers.csc.credentials import Shown
from infra.local.providers.csc.faults import Fault
from infra.local.providers.csc.permissions import SAD_SECONDS, Permissions


def authorised(
    version: str, shown: Shown, asked: Mapping[str, Any], accounts: Accounts, permissions: Permissions, mood: str
) -> dict[str, Any]:
    """The answer, or a `Fault` in the words of the specification."""
    if shown.page:
        raise Fault("invalid_request", "The authorization mode of the credential is not explicit")
    wrong = "PIN" if mood == "refusing" else accounts.right(shown.person, *_given(version, asked))
    if wrong:
        raise Fault("invalid_request", f"The {wrong} is invalid")
    digests = [base64.b64decode(each) for each in asked.get("hash" if version == "v1" else "hashes", [])]
    require_bound(shown, asked["numSignatures"], digests)
    seconds = 0 if mood == "expired-sad" else SAD_SECONDS
    sad = permissions.authorise(shown.id, asked["numSignatures"], digests or None, seconds)
    return {"SAD": sad, "expiresIn": SAD_SECONDS}


def require_bound(shown: Shown, count: int, digests: list[bytes]) -> None:
    """Raises `Fault` unless the digests are as many as the signatures, where they are needed."""
    if (shown.bound or digests) and len(digests) != count:
        raise Fault("invalid_request", "Invalid value for parameter numSignatures")


def _given(version: str, asked: Mapping[str, Any]) -> tuple[str | None, str | None]:
    if version == "v1":
        return asked.get("PIN"), asked.get("OTP")
    values = {each["id"]: each.get("value") for each in asked.get("authData", [])}
    return values.get("PIN"), values.get("OTP")
