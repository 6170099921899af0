"""VNPT SmartCA: hashes are handed over, the holder confirms in the app within five minutes, the values are fetched.

`client_id` of the provider's record is SmartCA's `sp_id`; its secret holds `sp_password`. A credential's `account` is the
subscriber (`user_id`), its `key_ref` the certificate's serial number in small hexadecimal. SmartCA is not told which padding to
use: it is the account's, and the credential's algorithm says so. The shapes come from integrations; not tried against the provider.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
)
from chauban.signing.credentials import Credential
from chauban.signing.signers.phone import PhoneSigner, account, begun, key, name_of, signed
from chauban.signing.signers.remote import Grant, Pending, Signed, ToSign

_DONE, _WAITING = frozenset({1, 200}), 4000
_REFUSALS: Mapping[int, tuple[type[ProviderError], str]] = {
    400: (ProviderAnswerUnusable, "request-refused"),
    401: (ProviderAnswerUnusable, "account-not-accepted"),
    403: (ProviderAnswerUnusable, "certificate-not-accepted"),
    404: (AuthorisationSpent, "unknown-transaction"),
    500: (ProviderUnavailable, "provider-fault"),
    4001: (AuthorisationSpent, "expired"),
    4002: (AuthorisationRefused, "refused-on-the-phone"),
}


class SmartCaSigner(PhoneSigner):
    """A `RemoteSigner`; one transaction holds all digests. SmartCA calls back by the name that we gave the transaction."""

    def sign(self, credential: Credential, documents: Sequence[ToSign], grant: Grant) -> Pending:
        """See `RemoteSigner.sign`: always `Pending`, for the holder is asked now."""
        self._require_fresh(grant)
        files = [
            {
                "doc_id": name_of(document.item, document.digest),
                "data_to_be_signed": document.digest.hex(),
                "file_type": "pdf",
                "sign_type": "hash",
            }
            for document in documents
        ]
        name = self._new_id()
        code, told = self._ask(
            "v1/signatures/sign",
            {
                "sp_id": self._client(),
                "sp_password": self._need("sp_password"),
                "user_id": account(credential),
                "serial_number": key(credential),
                "transaction_id": name,
                "transaction_desc": _described(documents),
                "sign_files": files,
            },
        )
        if code not in _DONE and code != _WAITING:
            raise _refusal(code)
        # Where there is no code of SmartCA's own, its samples go by the transaction's name.
        code_or_name = _data(told).get("tran_code") or _data(told).get("transaction_id")
        return self._started(code_or_name, documents, reference=name)

    def collect(self, credential: Credential, documents: Sequence[ToSign], pending: Pending) -> Signed | Pending:
        """See `RemoteSigner.collect`."""
        transaction, _ = begun(pending)
        code, told = self._ask(f"v1/signatures/sign/{transaction}/status", {})
        if code == _WAITING:
            return self._waiting(pending)
        if code not in _DONE:
            raise _refusal(code)
        files = _data(told).get("signatures") or _data(told).get("signed_files")
        if not files:
            # Some answer 200 while they wait, and tell only in words that nobody came.
            if str(told.get("message")).upper() == "EXPIRED":
                raise AuthorisationSpent(reason="expired")
            return self._waiting(pending)
        values = _by_name(files)
        return signed(
            credential, documents, {each.item: values.get(name_of(each.item, each.digest)) for each in documents}
        )

    def _ask(self, path: str, body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        """The answer with its code; raises what `HttpCall` does, and `ProviderAnswerUnusable` for another form."""
        answer = self._http.json(self._url(path), body)
        code = answer.content.get("status_code", None if answer.good else answer.status)
        if not isinstance(code, int) or isinstance(code, bool):
            raise ProviderAnswerUnusable(reason="misshapen")
        return code, answer.content


def _refusal(code: int) -> ProviderError:
    kind, reason = _REFUSALS.get(code, (ProviderAnswerUnusable, "unknown-code"))
    return kind(reason=reason)


def _data(told: Mapping[str, Any]) -> Mapping[str, Any]:
    data = told.get("data")
    if data is not None and not isinstance(data, dict):
        raise ProviderAnswerUnusable(reason="misshapen")
    return data or {}


def _by_name(files: object) -> dict[str, object]:
    """The values by the documents' names; the same twice is one, two different ones for a document are none."""
    values: dict[str, object] = {}
    for file in files if isinstance(files, list) else [None]:
        if not isinstance(file, dict) or not isinstance(file.get("doc_id"), str):
            raise ProviderAnswerUnusable(reason="misshapen")
        value = file.get("signature_value")
        if values.setdefault(file["doc_id"], value) != value:
            values[file["doc_id"]] = None
    return values


def _described(documents: Sequence[ToSign]) -> str:
    return documents[0].label[:100] if len(documents) == 1 else f"Ký {len(documents)} văn bản"
