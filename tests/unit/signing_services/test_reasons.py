"""Whatever reason an item of a session gets, the official is told in two languages what happened and what to do."""

import pytest
from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    CredentialNotFit,
    ProviderAnswerUnusable,
    ProviderUnavailable,
    SignatureMismatch,
    SignerNotEntitled,
    UnsafeToSign,
)
from chauban.signing.sessions import preparing
from chauban.signing.sessions.model import EXPIRED_REASON
from chauban.signing.sessions.reasons import explanation_of
from chauban.signing.sessions.returning import RETURNED

REASONS = {
    EXPIRED_REASON,
    RETURNED,
    preparing.VOID,
    preparing.ELSEWHERE,
    *preparing._GONE.values(),
    "already-signed",
    "signature-of-another-pending",
    "certificate-revoked",
    *(error.code for error in (AuthorisationRefused, AuthorisationSpent, ProviderUnavailable)),
    *(error.code for error in (ProviderAnswerUnusable, SignatureMismatch, UnsafeToSign)),
    *SignerNotEntitled.reasons,
    *CredentialNotFit.reasons,
}


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_is_explained_in_two_languages(reason: str) -> None:
    told = explanation_of(reason)
    assert told is not None
    assert set(told) == {"vi", "en"}
    assert told["vi"] != told["en"]


def test_no_reason_needs_no_explanation() -> None:
    assert explanation_of(None) is None
