"""Signing with a key in a hardware security module or token, over PKCS#11 (OASIS, version 2.40 and later).

The vendor's library is loaded at the first signature, and so is what speaks to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from chauban.errors import NotConfigured, ProviderAnswerUnusable, SigningError
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.signers.digests import require_digest
from chauban.signing.signers.values import is_ecdsa, normalised

if TYPE_CHECKING:
    from pkcs11 import Session

# RFC 8017, 9.2, note 1: the DigestInfo of SHA-256 up to the digest itself.
_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_PSS_SALT_BYTES = 32
# After these the module wants a new login, or is there again: the same signature is asked for once more.
_GONE = frozenset(
    {
        "CryptokiNotInitialized",
        "DeviceRemoved",
        "KeyHandleInvalid",
        "ObjectHandleInvalid",
        "OperationActive",
        "SessionClosed",
        "SessionHandleInvalid",
        "TokenNotPresent",
        "UserNotLoggedIn",
    }
)
# Tried again, these would lock the token for everybody.
_WRONG_PIN = frozenset({"PinExpired", "PinIncorrect", "PinInvalid", "PinLenRange", "PinLocked"})


@dataclass(frozen=True)
class Token:
    """A token: the vendor's library (a path), the token's label, and the PIN of the user who may sign."""

    module: str
    label: str
    pin: str = field(repr=False)


class Pkcs11Keys:
    """A `KeyHolder`: `tokens` by the credential's `provider`; its `key_ref` is the private key's label (CKA_LABEL).

    One login serves all signatures of a process. A PIN that a token has refused is not tried again.
    """

    def __init__(self, tokens: Mapping[str, Token]) -> None:
        self._open = {name: _OpenToken(token) for name, token in tokens.items()}

    def sign(self, credential: Credential, digest: bytes) -> bytes:
        """See `KeyHolder.sign`; the reason of a refusal is the name of the module's own return value."""
        if credential.kind is not SignerKind.PKCS11 or credential.key_ref is None:
            raise NotConfigured(what="a PKCS#11 key of the credential")
        token = self._open.get(credential.provider or "")
        if token is None:
            raise NotConfigured(what="the PKCS#11 token of the credential")
        require_digest(credential.algorithm, digest)
        return token.sign(credential.key_ref, credential.algorithm, digest)

    def public_key(self, key_ref: str, provider: str | None) -> bytes:
        """See `PublicKeys.public_key`; the public key has the private key's label."""
        token = self._open.get(provider or "")
        if token is None:
            raise NotConfigured(what="the PKCS#11 token of the credential")
        return token.public_key(key_ref)


class _OpenToken:
    """A token with its session; a session does one thing at a time."""

    def __init__(self, token: Token) -> None:
        self._token = token
        self._lock = Lock()
        self._session: Session | None = None
        self._barred: str | None = None

    def sign(self, label: str, algorithm: Algorithm, digest: bytes) -> bytes:
        from pkcs11 import ObjectClass

        def signed(session: Session) -> bytes:
            return _value(session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label), algorithm, digest)

        return self._asked(signed)

    def public_key(self, label: str) -> bytes:
        from pkcs11 import ObjectClass

        def read(session: Session) -> bytes:
            return _public(session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=label))

        return self._asked(read)

    def _asked(self, ask: Callable[[Session], bytes]) -> bytes:
        """What a session answers; a token that was gone meanwhile is asked once more."""
        from pkcs11 import PKCS11Error

        with self._lock:
            try:
                return self._answer(ask)
            except PKCS11Error as fault:
                if type(fault).__name__ not in _GONE:
                    raise _refusal(fault) from fault
            self._session = None
            try:
                return self._answer(ask)
            except PKCS11Error as fault:
                self._session = None
                raise _refusal(fault) from fault

    def _answer(self, ask: Callable[[Session], bytes]) -> bytes:
        if self._session is None:
            self._session = self._login()
        return ask(self._session)

    def _login(self) -> Session:
        from pkcs11 import PKCS11Error, UserAlreadyLoggedIn, lib

        if self._barred:
            raise SigningError(reason=self._barred)
        try:
            module = lib(self._token.module)
        except PKCS11Error as fault:
            raise SigningError(reason="pkcs11-module-not-loaded") from fault
        try:
            slot = module.get_token(token_label=self._token.label)
            try:
                return slot.open(user_pin=self._token.pin)
            except UserAlreadyLoggedIn:
                # A login is the process's, and outlives a session that was lost.
                return slot.open()
        except PKCS11Error as fault:
            if type(fault).__name__ in _WRONG_PIN:
                self._barred = f"pkcs11-{type(fault).__name__}"
            raise


def _value(key: Any, algorithm: Algorithm, digest: bytes) -> bytes:
    """The raw value by a private key of a token, in the form that a CMS takes."""
    from pkcs11 import MGF, KeyType, Mechanism

    if key.key_type is not (KeyType.EC if is_ecdsa(algorithm) else KeyType.RSA):
        raise SigningError(reason="pkcs11-key-of-another-type")
    if is_ecdsa(algorithm):
        try:
            return normalised(algorithm, bytes(key.sign(digest, mechanism=Mechanism.ECDSA)))
        except ProviderAnswerUnusable as fault:
            raise SigningError(reason="pkcs11-key-of-another-curve") from fault
    if algorithm is Algorithm.RSA_PKCS1_SHA256:
        return bytes(key.sign(_SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS))
    parameters = (Mechanism.SHA256, MGF.SHA256, _PSS_SALT_BYTES)
    return bytes(key.sign(digest, mechanism=Mechanism.RSA_PKCS_PSS, mechanism_param=parameters))


def _public(key: Any) -> bytes:
    """The SubjectPublicKeyInfo (DER) of a token's public key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
    from pkcs11 import KeyType
    from pkcs11.util.ec import encode_ec_public_key
    from pkcs11.util.rsa import encode_rsa_public_key

    encoded = encode_ec_public_key(key) if key.key_type is KeyType.EC else encode_rsa_public_key(key)
    loaded = load_der_public_key(encoded)
    return loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _refusal(fault: Exception) -> SigningError:
    return SigningError(reason=f"pkcs11-{type(fault).__name__}")
