"""The signer for a credential's key, by its provider's kind; made once for a provider's record and secret as they are."""

from collections.abc import Mapping

from chauban.adapters.provider_secrets import ProviderSecrets
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

    def __init__(self, catalogue: Catalogue, secrets: ProviderSecrets, stage: str) -> None:
        self._catalogue = catalogue
        self._secrets = secrets
        self._stage = stage
        self._made: dict[Provider, tuple[Mapping[str, str], RemoteSigner]] = {}

    def __call__(self, credential: Credential) -> RemoteSigner:
        """The signer; raises `NotConfigured` where the catalogue knows no such provider, or its secret cannot be used."""
        provider = self._catalogue.provider(credential.provider or "")
        if provider is None or provider.kind is not credential.kind or provider.kind not in REMOTE:
            raise NotConfigured(what=f"provider of the credential {credential.id}")
        secret, known = self._secrets(provider.secret_name), self._made.get(provider)
        # With another secret, what the signer was granted under the old one goes too.
        if known is None or known[0] != secret:
            http = ProviderHttp(provider.wait_seconds, plain=self._stage == LOCAL)
            known = self._made[provider] = secret, signer_of(provider, secret, http)
        return known[1]


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
