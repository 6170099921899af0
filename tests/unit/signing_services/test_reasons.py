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
from chauban.signing.sessions.closing import RETURNED
from chauban.signing.sessions.hindrances import INTERNAL, NO_STATUS, NO_TIMESTAMP
from chauban.signing.sessions.model import EXPIRED_REASON
from chauban.signing.sessions.reasons import explanation_of

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
    INTERNAL,
    NO_STATUS,
    NO_TIMESTAMP,
    *SignerNotEntitled.reasons,
    *CredentialNotFit.reasons,
}


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_a_reason_is_explained_in_two_languages(reason: str) -> None:
    told = explanation_of(reason)
    assert told is not None
    assert set(told) == {"vi", "en"}
    assert told["vi"] != told["en"]


@pytest.mark.parametrize("reason", [INTERNAL, NO_STATUS, NO_TIMESTAMP])
def test_who_waits_is_told_that_there_is_nothing_to_do_yet(reason: str) -> None:
    waiting, over = explanation_of(reason, waiting=True), explanation_of(reason)
    assert waiting is not None
    assert over is not None
    assert waiting != over
    assert "tự thử lại" in waiting["vi"]
    assert "tried again by itself" in waiting["en"]


def test_no_reason_needs_no_explanation() -> None:
    assert explanation_of(None) is None
