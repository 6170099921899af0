"""The signer for a credential's key, by its provider's kind; made once for a provider's record as it is, with its secret."""

import json
from collections.abc import Mapping
from typing import Any

from chauban.errors import NotConfigured
from chauban.ports import Catalogue
from chauban.signing.credentials import REMOTE, Credential, SignerKind
from chauban.signing.providers import Provider
from chauban.signing.signers.calling import HttpCall, ProviderHttp
from chauban.signing.signers.remote import RemoteSigner

# The one stage in which a provider may be spoken to without TLS: the development servers of one machine.
LOCAL = "local"


class ProviderSigners:
    """`Signers`: the providers of the catalogue."""

    def __init__(self, catalogue: Catalogue, secrets_manager: Any, stage: str) -> None:
        self._catalogue = catalogue
        self._secrets = secrets_manager
        self._stage = stage
        self._made: dict[Provider, RemoteSigner] = {}

    def __call__(self, credential: Credential) -> RemoteSigner:
        """The signer; raises `NotConfigured` where the catalogue knows no such provider, or its secret cannot be used."""
        provider = self._catalogue.provider(credential.provider or "")
        if provider is None or provider.kind is not credential.kind or provider.kind not in REMOTE:
            raise NotConfigured(what=f"provider of the credential {credential.id}")
        if provider not in self._made:
            http = ProviderHttp(provider.wait_seconds, plain=self._stage == LOCAL)
            self._made[provider] = signer_of(provider, self._secret(provider), http)
        return self._made[provider]

    def _secret(self, provider: Provider) -> Mapping[str, str]:
        text = self._secrets.get_secret_value(SecretId=provider.secret_name)["SecretString"]
        try:
            secret = json.loads(text)
        except ValueError:
            secret = None
        if not isinstance(secret, dict) or not all(isinstance(value, str) for value in secret.values()):
            # No cause: its text would quote the secret.
            raise NotConfigured(what=f"secret {provider.secret_name}: a JSON object of texts") from None
        return secret


def signer_of(provider: Provider, secret: Mapping[str, str], http: HttpCall) -> RemoteSigner:
    """The signer for a provider of this kind."""
    if provider.kind is SignerKind.CSC:
        from chauban.signing.signers.csc import CscSigner

        return CscSigner(provider, secret, http)
    if provider.kind is SignerKind.SMARTCA:
        from chauban.signing.signers.smartca import SmartCaSigner

        return SmartCaSigner(provider, secret, http)
    from chauban.signing.signers.mysign import MySignSigner

    return MySignSigner(provider, secret, http)
