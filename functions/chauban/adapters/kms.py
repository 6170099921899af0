"""Seal keys in AWS KMS, asked for by credential."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chauban.errors import NotConfigured, SigningError
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.signers.kms import KmsSigner


class KmsKeys:
    """A `KeyHolder`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._signer = KmsSigner(client)

    def sign(self, credential: Credential, digest: bytes) -> bytes:
        """See `KeyHolder.sign`; the reason of a refusal is KMS's own error code, or that it did not answer in time."""
        if credential.kind is not SignerKind.KMS or credential.key_ref is None:
            raise NotConfigured(what="a KMS key of the credential")
        try:
            return self._signer.sign(credential.key_ref, credential.algorithm, digest)
        except ClientError as refusal:
            raise SigningError(reason=f"kms-{refusal.response['Error']['Code']}") from refusal
        except BotoCoreError as silence:
            raise SigningError(reason=f"kms-{type(silence).__name__}") from silence

    def public_key(self, key_ref: str, _provider: str | None) -> bytes:
        """See `PublicKeys.public_key`."""
        try:
            answer = self._client.get_public_key(KeyId=key_ref)
        except ClientError as refusal:
            raise SigningError(reason=f"kms-{refusal.response['Error']['Code']}") from refusal
        return bytes(answer["PublicKey"])
