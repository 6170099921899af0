"""What an error of the provider's means for the session.

The specification has one code, `invalid_request`, for most faults and tells them apart by the text beside it (1.0.4.0, 11.6
and 11.9): "The PIN is invalid", "PIN locked", "The OTP is invalid", "SAD expired", "Invalid parameter SAD", "Hash is not
authorized by the SAD". The words PIN, OTP and SAD are therefore looked for; the text itself goes nowhere.
"""

import re

from chauban.errors import AuthorisationRefused, AuthorisationSpent, ProviderAnswerUnusable, ProviderError
from chauban.signing.signers.calling import Answer

_LOCKED = re.compile(r"\b(locked|blocked)\b", re.IGNORECASE)
_WORDS = re.compile(r"\b(PIN|OTP|SAD|[Cc]ertificate)\b")


def _of(answer: Answer, member: str) -> str:
    value = answer.content.get(member)
    return value if isinstance(value, str) else ""


def _said(answer: Answer) -> tuple[str, str]:
    """The code, and which of the specification's own words its text holds."""
    code, text = _of(answer, "error"), _of(answer, "error_description")
    found = _WORDS.search(f"{code.removeprefix('invalid_').upper()} {text}")
    return code, found.group().lower() if found else ""


def at_authorising(answer: Answer) -> ProviderError:
    """For credentials/authorize."""
    code, word = _said(answer)
    if word in ("pin", "otp"):
        locked = _LOCKED.search(_of(answer, "error_description"))
        return AuthorisationRefused(reason=f"{word}-locked" if locked else f"wrong-{word}")
    if code == "access_denied":
        return AuthorisationRefused(reason="denied")
    if word == "certificate":
        return AuthorisationRefused(reason="certificate-not-valid")
    return _otherwise(answer)


def at_signing(answer: Answer) -> ProviderError:
    """For signatures/signHash."""
    code, word = _said(answer)
    if word == "sad" or code in ("invalid_token", "expired_token") or answer.status == 401:
        return AuthorisationSpent(reason="not-accepted")
    if word == "certificate":
        return AuthorisationRefused(reason="certificate-not-valid")
    return _otherwise(answer)


def at_code(answer: Answer) -> ProviderError:
    """For oauth2/token with a code (RFC 6749, 5.2)."""
    if _said(answer)[0] == "invalid_grant":
        return AuthorisationSpent(reason="code-not-accepted")
    return at_service(answer)


def at_service(answer: Answer) -> ProviderError:
    """For all other calls."""
    return _otherwise(answer)


def _otherwise(answer: Answer) -> ProviderError:
    if answer.status in (401, 403):
        return ProviderAnswerUnusable(reason="service-not-accepted")
    return ProviderAnswerUnusable(reason="request-not-accepted")
