"""Signing with keys that a CSC provider holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chauban.errors import (
    AuthorisationRefused,
    AuthorisationSpent,
    NotConfigured,
    ProviderAnswerUnusable,
    ProviderError,
    ProviderUnavailable,
    SigningError,
)
from chauban.signing.credentials import Credential
from chauban.signing.providers import Provider
from chauban.signing.signers.calling import Answer, HttpCall
from chauban.signing.signers.csc import faults
from chauban.signing.signers.csc.algorithms import hash_oid, named
from chauban.signing.signers.csc.answers import CredentialIds, CredentialInfo, Info, Sad, Signatures, read
from chauban.signing.signers.csc.dialects import dialect
from chauban.signing.signers.csc.oauth import AuthorisationServer
from chauban.signing.signers.deadline import require_left
from chauban.signing.signers.digests import require_digest
from chauban.signing.signers.remote import Given, Grant, LoginPage, Pending, Signed, ToSign
from chauban.signing.signers.values import from_base64, normalised

# So many digests in a page's address keep it below the 8,000 characters that everybody takes (RFC 9110, 4.1).
MOST_IN_AN_ADDRESS = 100
_DESCRIPTION_CHARACTERS = 500
_KEPT = timedelta(minutes=5)
# A service token that is older may be forgotten by a provider that was started again.
_TAKEN_JUST_NOW = timedelta(seconds=10)
_PUSHED = "oauth2/pushed_authorize"


def _present() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Known:
    """What credentials/info said, until when it is believed."""

    info: CredentialInfo
    until: datetime


class CscSigner:
    """A `RemoteSigner` at one provider; `secret` holds `client_secret`. A credential's `key_ref` is its credentialID."""

    def __init__(
        self,
        provider: Provider,
        secret: Mapping[str, str],
        http: HttpCall,
        now: Callable[[], datetime] = _present,
    ) -> None:
        self._provider = provider
        self._http = http
        self._now = now
        self._dialect = dialect(provider.api)
        self._server = AuthorisationServer(provider, secret, http, now)
        self._service: Info | None = None
        self._known: dict[Credential, _Known] = {}

    def most(self, credential: Credential) -> int:
        """See `RemoteSigner.most`: the provider's `multisign`, our own limit, and what an address can carry."""
        most = min(self._provider.most, self._about(credential).multisign)
        return min(most, MOST_IN_AN_ADDRESS) if self._by_page and not self._pushes() else most

    def needs(self, credential: Credential) -> frozenset[str]:
        """See `RemoteSigner.needs`."""
        info = self._about(credential)
        if self._by_page:
            return frozenset({"code"})
        return self._dialect.needs(info) if info.mode == "explicit" else frozenset()

    def login_page(self, credential: Credential, documents: Sequence[ToSign], state: str) -> LoginPage:
        """See `RemoteSigner.login_page`."""
        if not self._by_page:
            raise NotConfigured(what=f"a login page of the provider {self._provider.id}")
        self._require_few_enough(credential, documents)
        parameters = {
            "credentialID": _key_ref(credential),
            "numSignatures": str(len(documents)),
            "description": _description(documents) if self._pushes() else _count(documents),
            **self._dialect.on_page(_digests(credential, documents), hash_oid(credential.algorithm)),
        }
        return self._server.page(self._oauth_base(), parameters, state, push=self._pushes())

    def authorise(self, credential: Credential, documents: Sequence[ToSign], given: Given) -> Grant:
        """See `RemoteSigner.authorise`; its life is counted from before it was asked for."""
        asked_at = self._now()
        missing = sorted(name for name in self.needs(credential) if not getattr(given, name))
        if missing:
            raise AuthorisationRefused(reason=f"{missing[0]}-missing")
        if self._by_page:
            base = self._oauth_base()
            require_left(self._provider.wait_seconds)
            token = self._server.redeem(base, given.code or "", given.verifier or "")
            if token.credential_id not in (None, credential.key_ref):
                raise AuthorisationRefused(reason="another-credential")
            return Grant(token.access_token, asked_at + timedelta(seconds=token.expires_in))
        self._require_few_enough(credential, documents)
        digests = _digests(credential, documents)
        factors = {name: value for name, value in (("PIN", given.pin), ("OTP", given.otp)) if value}
        body = {
            "credentialID": _key_ref(credential),
            "numSignatures": len(documents),
            "description": _description(documents),
            **self._dialect.authorising(digests, hash_oid(credential.algorithm), factors),
        }
        try:
            told = read(Sad, self._authorised(body).content)
        except ProviderUnavailable as slow:
            if slow.values["reason"] == "too-slow" and self._about(credential).mode == "implicit":
                raise AuthorisationSpent(reason="not-confirmed-in-time") from None
            raise
        return Grant(told.sad, asked_at + timedelta(seconds=told.expires_in))

    def sign(self, credential: Credential, documents: Sequence[ToSign], grant: Grant) -> Signed:
        """See `RemoteSigner.sign`; asks for `per_call` values at once."""
        algorithm = named(credential.algorithm, self._about(credential).key.algo)
        values: dict[int, bytes] = {}
        for start in range(0, len(documents), self._provider.per_call):
            part = documents[start : start + self._provider.per_call]
            if grant.expires_at <= self._now():
                raise AuthorisationSpent(reason="expired")
            members = self._dialect.signing(_digests(credential, part), algorithm)
            answer = self._signed({"credentialID": _key_ref(credential), **members}, grant.secret)
            told = read(Signatures, answer.content).signatures
            if len(told) != len(part):
                raise ProviderAnswerUnusable(reason="another-number-of-values")
            for document, value in zip(part, told, strict=True):
                values[document.item] = normalised(credential.algorithm, from_base64(value))
        return Signed(values)

    def collect(self, credential: Credential, documents: Sequence[ToSign], pending: Pending) -> Signed:
        """Nothing is ever pending here: raises `ProviderAnswerUnusable`."""
        raise ProviderAnswerUnusable(reason="nothing-pending")

    def credential_ids(self, account: str) -> tuple[str, ...]:
        """The credentialIDs of a holder's account."""
        ids: list[str] = []
        page: str | None = None
        while True:
            body = {"userID": account} | ({"pageToken": page} if page else {})
            told = read(CredentialIds, self._called("credentials/list", body, faults.at_service).content)
            ids += told.ids
            page = told.next_page
            if not page or not told.ids:
                return tuple(ids)

    def certificates(self, key_ref: str) -> tuple[bytes, ...]:
        """The certificate of a credential and those above it, DER."""
        told = self._info(key_ref, "chain").cert.certificates
        return tuple(from_base64(each) for each in told)

    @property
    def _by_page(self) -> bool:
        return self._provider.grant == "oauth"

    def _service_info(self) -> Info:
        if self._service is None:
            answer = self._http.json(f"{self._provider.base_url}/info", {})
            if not answer.good:
                raise faults.at_service(answer)
            self._service = read(Info, answer.content)
        return self._service

    def _pushes(self) -> bool:
        return _PUSHED in self._service_info().methods

    def _oauth_base(self) -> str:
        """Where browsers are sent, too: so an address of the same scheme as the provider's own, and nothing but an address."""
        ours = self._provider.base_url
        told = urlsplit(self._service_info().oauth2 or ours)
        if told.scheme != urlsplit(ours).scheme or not told.hostname or told.query or told.fragment:
            raise ProviderAnswerUnusable(reason="no-address-for-login")
        return told.geturl().rstrip("/")

    def _info(self, key_ref: str, certificates: str) -> CredentialInfo:
        body = {"credentialID": key_ref, "certificates": certificates, "authInfo": True}
        return read(CredentialInfo, self._called("credentials/info", body, faults.at_service).content)

    def _about(self, credential: Credential) -> CredentialInfo:
        """What the provider says of the credential; raises unless it is usable and has our record's certificate."""
        known = self._known.get(credential)
        if known is None or known.until <= self._now():
            info = self._info(_key_ref(credential), "single")
            if info.key.status != "enabled" or info.cert.status not in (None, "valid"):
                raise AuthorisationRefused(reason="credential-not-valid")
            ours = x509.load_pem_x509_certificates(credential.chain_pem.encode())[0].public_bytes(Encoding.DER)
            if from_base64(info.cert.certificates[0]) != ours:
                raise ProviderAnswerUnusable(reason="another-certificate")
            if (info.mode == "oauth2code") != self._by_page:
                raise NotConfigured(what=f"grant of the provider {self._provider.id}: {info.mode}")
            known = self._known[credential] = _Known(info, self._now() + _KEPT)
        return known.info

    def _require_few_enough(self, credential: Credential, documents: Sequence[ToSign]) -> None:
        if not 0 < len(documents) <= self.most(credential):
            raise SigningError(reason="too-many-for-one-authorisation")

    def _signed(self, body: Mapping[str, Any], secret: str) -> Answer:
        """Where the authorisation is an access token, version 2 takes it in the header alone."""
        if not self._by_page or self._provider.api == "v1":
            return self._called("signatures/signHash", {**body, "SAD": secret}, faults.at_signing)
        answer = self._post("signatures/signHash", body, secret)
        if not answer.good:
            raise faults.at_signing(answer)
        return answer

    def _authorised(self, body: Mapping[str, Any]) -> Answer:
        """The one call that brings what the holder typed: with a token that was taken just now, within the time that is left, and
        never sent again, for a refusal may have counted against the PIN."""
        token = self._server.service_token(self._oauth_base(), known_for=_TAKEN_JUST_NOW)
        require_left(self._provider.wait_seconds)
        answer = self._post("credentials/authorize", body, token)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._server.forget_token()
        if not answer.good:
            raise faults.at_authorising(answer)
        return answer

    def _called(self, method: str, body: Mapping[str, Any], fault: Callable[[Answer], ProviderError]) -> Answer:
        """One call with the service's token, with a new one where the old is no longer taken: nothing was done then."""
        base = self._oauth_base()
        answer = self._post(method, body, self._server.service_token(base))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._server.forget_token()
            answer = self._post(method, body, self._server.service_token(base))
        if not answer.good:
            raise fault(answer)
        return answer

    def _post(self, method: str, body: Mapping[str, Any], token: str) -> Answer:
        return self._http.json(f"{self._provider.base_url}/{method}", body, {"Authorization": f"Bearer {token}"})


def _key_ref(credential: Credential) -> str:
    if credential.key_ref is None:
        raise NotConfigured(what=f"key_ref of the credential {credential.id}")
    return credential.key_ref


def _digests(credential: Credential, documents: Sequence[ToSign]) -> list[bytes]:
    for document in documents:
        require_digest(credential.algorithm, document.digest)
    return [document.digest for document in documents]


def _description(documents: Sequence[ToSign]) -> str:
    listed = "; ".join(document.label for document in documents)
    return f"{_count(documents)}: {listed}"[:_DESCRIPTION_CHARACTERS]


def _count(documents: Sequence[ToSign]) -> str:
    return f"Ký {len(documents)} văn bản"
