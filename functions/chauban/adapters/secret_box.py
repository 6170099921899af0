"""Encrypts what a session may keep for minutes: a data key of KMS for each text, and AES-256-GCM bound to the context."""

import binascii
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chauban.errors import SigningError

_NONCE_BYTES = 12


@dataclass(frozen=True)
class KmsBox:
    """A `SecretBox`. KMS is given the context too, so that its own log says what a key was used for, and a policy can."""

    client: Any
    key: str

    def seal(self, text: str, context: Mapping[str, str]) -> str:
        """See `SecretBox.seal`."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        made = self.client.generate_data_key(KeyId=self.key, KeySpec="AES_256", EncryptionContext=dict(context))
        nonce = os.urandom(_NONCE_BYTES)
        content = AESGCM(made["Plaintext"]).encrypt(nonce, text.encode(), _bound(context))
        return ".".join(b64encode(part).decode() for part in (made["CiphertextBlob"], nonce, content))

    def open(self, sealed: str, context: Mapping[str, str]) -> str:
        """See `SecretBox.open`."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            blob, nonce, content = (b64decode(part, validate=True) for part in sealed.split("."))
            made = self.client.decrypt(KeyId=self.key, CiphertextBlob=blob, EncryptionContext=dict(context))
            return AESGCM(made["Plaintext"]).decrypt(nonce, content, _bound(context)).decode()
        except (InvalidTag, binascii.Error, ValueError) as fault:
            raise SigningError(reason="sealed-otherwise") from fault
        except ClientError as refusal:
            code = refusal.response["Error"]["Code"]
            if code in {"InvalidCiphertextException", "IncorrectKeyException"}:
                raise SigningError(reason="sealed-otherwise") from refusal
            raise


def _bound(context: Mapping[str, str]) -> bytes:
    return json.dumps(dict(context), sort_keys=True, separators=(",", ":")).encode()
