"""Viettel MySign: a token for the holder's account, hashes handed over, a confirmation in the app, the values fetched.

`client_id` of the provider's record and `client_secret` of its secret are the service's account; `profile_id` of the secret is
needed where it is not the usual one. A credential's `account` is the holder's (`user_id`), its `key_ref` the `credentialID`.
It is always asked how a transaction stands (`async` 1): the calls back of `async` 3 want a token of ours first, and are not taken.
The shapes come from integrations; not tried against the provider.
"""

import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
)
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential
from chauban.signing.signers.calling import Answer
from chauban.signing.signers.phone import PhoneSigner, account, begun, key, name_of, signed
from chauban.signing.signers.remote import Grant, Pending, Signed, ToSign

USUAL_PROFILE = "adss:ras:profile:001"
_HASHES = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2"}
# In the field RSA is named by the key's identifier, and means PKCS#1 v1.5.
_SIGNATURES = {
    Algorithm.RSA_PKCS1_SHA256: "1.2.840.113549.1.1.1",
    Algorithm.RSA_PSS_SHA256: "1.2.840.113549.1.1.10",
    Algorithm.ECDSA_P256_SHA256: "1.2.840.10045.4.3.2",
    Algorithm.ECDSA_P384_SHA384: "1.2.840.10045.4.3.3",
}
_POLLED = 1
_DONE, _WAITING = "1", frozenset({"0", "4000", "6000"})
_REFUSALS: Mapping[str, tuple[type[ProviderError], str]] = {
    "4001": (AuthorisationSpent, "expired"),
    "4002": (AuthorisationRefused, "refused-on-the-phone"),
    "4004": (AuthorisationSpent, "signing-failed"),
    "4005": (ProviderAnswerUnusable, "no-signatures-left"),
    "13004": (ProviderAnswerUnusable, "certificate-not-accepted"),
    "50000": (ProviderUnavailable, "provider-fault"),
    "58007": (ProviderAnswerUnusable, "account-not-accepted"),
    "58008": (ProviderAnswerUnusable, "account-not-accepted"),
    "59033": (ProviderAnswerUnusable, "account-not-accepted"),
    "86024": (ProviderAnswerUnusable, "account-not-accepted"),
}
_EARLIER = timedelta(seconds=60)
_A_DAY = 86_400
_NAME_BYTES = 72


class MySignSigner(PhoneSigner):
    """A `RemoteSigner`; tokens are kept in this process's memory only."""

    @cached_property
    def _tokens(self) -> dict[str, tuple[str, datetime]]:
        """By account, with the moment until which each is used."""
        return {}

    def sign(self, credential: Credential, documents: Sequence[ToSign], grant: Grant) -> Pending:
        """See `RemoteSigner.sign`: always `Pending`, for the holder is asked now."""
        self._require_fresh(grant)
        body = {
            **self._account(),
            "credentialID": key(credential),
            "numSignatures": len(documents),
            "description": _shown(documents[0].label if len(documents) == 1 else f"Ky {len(documents)} van ban"),
            "documents": [
                {"document_id": name_of(each.item, each.digest), "document_name": _shown(each.label)}
                for each in documents
            ],
            "hash": [b64encode(each.digest).decode() for each in documents],
            "hashAlgo": _HASHES[credential.algorithm.digest],
            "signAlgo": _SIGNATURES[credential.algorithm],
            "async": _POLLED,
        }
        told = self._asked("vtss/service/signHash", body, account(credential))
        return self._started(told.get("transactionId"), documents)

    def collect(self, credential: Credential, documents: Sequence[ToSign], pending: Pending) -> Signed | Pending:
        """See `RemoteSigner.collect`."""
        transaction, items = begun(pending)
        told = self._asked("vtss/service/requests/status", {"transactionId": transaction}, account(credential))
        status = str(told.get("status"))
        if status in _WAITING:
            return self._waiting(pending)
        if status != _DONE:
            raise _refusal(status)
        values = told.get("signatures")
        if not isinstance(values, list) or len(values) != len(items):
            raise ProviderAnswerUnusable(reason="wrong-number-of-values")
        return signed(credential, documents, dict(zip(items, values, strict=True)))

    def _account(self) -> dict[str, str]:
        return {"client_id": self._client(), "client_secret": self._need("client_secret")}

    def _asked(self, path: str, body: Mapping[str, Any], holder: str) -> Mapping[str, Any]:
        """The answer to a call with the holder's token; one that is no longer taken is asked for anew, once."""
        answer = self._posted(path, body, self._token(holder))
        if answer.status == 401:
            self._tokens.pop(holder, None)
            answer = self._posted(path, body, self._token(holder))
        return _content(answer)

    def _posted(self, path: str, body: Mapping[str, Any], token: str) -> Answer:
        return self._http.json(self._url(path), body, {"Authorization": f"Bearer {token}"})

    def _token(self, holder: str) -> str:
        token, until = self._tokens.get(holder, ("", self._now()))
        if until > self._now():
            return token
        profile = self._secret.get("profile_id") or USUAL_PROFILE
        body = {**self._account(), "profile_id": profile, "user_id": holder}
        told = _content(self._http.json(self._url("vtss/service/ras/v1/login"), body))
        given, seconds = told.get("access_token"), str(told.get("expires_in"))
        if not isinstance(given, str) or not _fits_a_header(given) or not seconds.isdecimal():
            raise ProviderAnswerUnusable(reason="misshapen")
        self._tokens[holder] = (given, self._now() + timedelta(seconds=min(int(seconds), _A_DAY)) - _EARLIER)
        return given


def _content(answer: Answer) -> Mapping[str, Any]:
    """What was answered; raises for an error, whether or not the HTTP status tells it."""
    error = answer.content.get("error")
    if error:
        raise _refusal(str(error), answer.status)
    if not answer.good:
        raise _refusal("", answer.status)
    return answer.content


def _refusal(code: str, status: int = 200) -> ProviderError:
    if code in _REFUSALS:
        kind, reason = _REFUSALS[code]
        return kind(reason=reason)
    if status in {401, 403}:
        return ProviderAnswerUnusable(reason="account-not-accepted")
    return ProviderAnswerUnusable(reason="request-refused" if status >= 400 else "unknown-code")


def _fits_a_header(token: str) -> bool:
    return token != "" and token.isascii() and token.isprintable()


def _shown(label: str) -> str:
    """A text for the phone, which takes Base64 of letters without marks, digits, hyphens and blanks, under 100 characters."""
    plain = unicodedata.normalize("NFD", label.replace("đ", "d").replace("Đ", "D"))
    letters = (letter for letter in plain if not unicodedata.combining(letter))
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_- ") else "-" for letter in letters)
    return b64encode(kept[:_NAME_BYTES].encode() or b"-").decode()
