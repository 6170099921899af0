"""The keys of seals: in AWS KMS, or in a PKCS#11 token of the catalogue whose library lies where the worker runs."""

from collections.abc import Callable, Mapping

from chauban.errors import NotConfigured
from chauban.ports import Catalogue
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.ports import KeyHolder
from chauban.signing.signers.pkcs11 import Pkcs11Keys, Token

# The content of a secret by its name
Secrets = Callable[[str], Mapping[str, str]]


class SealKeys:
    """A `KeyHolder`, by the kind of the credential's key. A token is logged in to with the first seal that needs it."""

    def __init__(self, kms: KeyHolder, catalogue: Catalogue, secrets: Secrets) -> None:
        self._kms = kms
        self._catalogue = catalogue
        self._secrets = secrets
        self._open: dict[tuple[str, Token], Pkcs11Keys] = {}

    def sign(self, credential: Credential, digest: bytes) -> bytes:
        """See `KeyHolder.sign`; raises `NotConfigured` for a token that is not in the catalogue, or has no PIN."""
        if credential.kind is SignerKind.PKCS11:
            return self._token(credential).sign(credential, digest)
        return self._kms.sign(credential, digest)

    def _token(self, credential: Credential) -> Pkcs11Keys:
        record = self._catalogue.token(credential.provider or "")
        if record is None:
            raise NotConfigured(what=f"PKCS#11 token of the credential {credential.id}")
        pin = self._secrets(record.secret_name).get("pin")
        if not pin:
            raise NotConfigured(what=f"secret {record.secret_name}: pin")
        token = Token(record.library, record.token, pin)
        # A PIN that was refused is not tried again; one that was changed is another token.
        known = self._open.get((record.id, token))
        if known is None:
            known = self._open[record.id, token] = Pkcs11Keys({record.id: token})
        return known
