"""Providers that ask the holder on the phone: the digests are handed over first, one confirmation there covers all of them.

Nothing is typed at the service and the provider shows no page of its own, so that an authorisation here is only the leave to
ask. Every hand-over makes the phone ask anew: `per_call` of such a provider is as large as `most`.
"""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from chauban.errors import AuthorisationSpent, NotConfigured, ProviderAnswerUnusable
from chauban.signing.credentials import Credential
from chauban.signing.providers import Provider
from chauban.signing.signers.calling import HttpCall
from chauban.signing.signers.remote import Given, Grant, LoginPage, Pending, Signed, ToSign
from chauban.signing.signers.values import from_base64, normalised

CONFIRM_WITHIN = timedelta(minutes=5)
NO_SECRET = "asked-on-the-phone"  # noqa: S105


def _present() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return str(uuid.uuid4())


class PhoneSigner:
    """What a `RemoteSigner` of this kind does alike; `now` is the clock, `new_id` gives names that nobody had before."""

    def __init__(
        self,
        provider: Provider,
        secret: Mapping[str, str],
        http: HttpCall,
        *,
        now: Callable[[], datetime] = _present,
        new_id: Callable[[], str] = _new_id,
    ) -> None:
        self._provider = provider
        self._secret = secret
        self._http = http
        self._now = now
        self._new_id = new_id

    def most(self, credential: Credential) -> int:
        """See `RemoteSigner.most`."""
        return self._provider.most

    def needs(self, credential: Credential) -> frozenset[str]:
        """See `RemoteSigner.needs`: nothing, the phone asks."""
        return frozenset()

    def login_page(self, credential: Credential, documents: Sequence[ToSign], state: str) -> LoginPage:
        """See `RemoteSigner.login_page`: there is none."""
        raise NotConfigured(what="login page of the provider")

    def authorise(self, credential: Credential, documents: Sequence[ToSign], given: Given) -> Grant:
        """See `RemoteSigner.authorise`: the leave to ask, for as long as somebody waits for the phone to ring."""
        return Grant(NO_SECRET, self._now() + CONFIRM_WITHIN)

    def _url(self, path: str) -> str:
        return f"{self._provider.base_url}/{path}"

    def _need(self, name: str) -> str:
        """A member of the provider's secret."""
        value = self._secret.get(name)
        if not value:
            raise NotConfigured(what=f"{name} in the secret of the signing provider")
        return value

    def _client(self) -> str:
        if not self._provider.client_id:
            raise NotConfigured(what="client_id of the signing provider")
        return self._provider.client_id

    def _require_fresh(self, grant: Grant) -> None:
        """The phone is not made to ask when whoever wanted it has stopped waiting."""
        if self._now() >= grant.expires_at:
            raise AuthorisationSpent(reason="expired")

    def _started(self, transaction: object, documents: Sequence[ToSign], reference: str | None = None) -> Pending:
        """What was begun; the items are kept with it, in the order in which their digests went."""
        if not isinstance(transaction, str) or not _fits_a_path(transaction):
            raise ProviderAnswerUnusable(reason="misshapen")
        kept = json.dumps({"id": transaction, "items": [document.item for document in documents]})
        return Pending(kept, self._now() + CONFIRM_WITHIN, reference=reference)

    def _waiting(self, pending: Pending) -> Pending:
        """The same, unless the time for it is over."""
        if self._now() >= pending.expires_at:
            raise AuthorisationSpent(reason="expired")
        return pending


def account(credential: Credential) -> str:
    """The holder's account at the provider."""
    if not credential.account:
        raise NotConfigured(what="account of the credential at the provider")
    return credential.account


def key(credential: Credential) -> str:
    """The key's name at the provider."""
    if not credential.key_ref:
        raise NotConfigured(what="key of the credential at the provider")
    return credential.key_ref


def begun(pending: Pending) -> tuple[str, list[int]]:
    """The provider's name for a transaction, and its items in their order."""
    kept = json.loads(pending.transaction)
    return kept["id"], kept["items"]


def name_of(item: int, digest: bytes) -> str:
    """What the phone shows for a document: its place and the beginning of the digest, which the session shows too."""
    return f"{item}-{digest.hex()[:16]}"


def signed(credential: Credential, documents: Sequence[ToSign], values: Mapping[int, object]) -> Signed:
    """The values of the documents asked about, from Base64, without those that are missing or no values.

    Raises `ProviderAnswerUnusable` where none is left.
    """
    found: dict[int, bytes] = {}
    for document in documents:
        text = values.get(document.item)
        if isinstance(text, str) and text.strip():
            with suppress(ProviderAnswerUnusable):
                found[document.item] = normalised(credential.algorithm, from_base64(text))
    if not found:
        raise ProviderAnswerUnusable(reason="no-value")
    return Signed(found)


def _fits_a_path(name: str) -> bool:
    return 0 < len(name) <= 100 and all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in name)
