"""A `SignatureEngine` and a `KeyHolder` whose files are readable text, and whose every call gives other bytes, as real ones do."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count

from chauban.errors import (
    CertificateNotUsable,
    SignatureMismatch,
    SigningError,
    TimestampUnavailable,
    UnsafeToSign,
    VerificationFailed,
)
from chauban.ports import Clock
from chauban.signing.credentials import Credential
from chauban.signing.foreign_files import ForeignOpinion, ForeignSignature
from chauban.signing.linting.findings import Finding
from chauban.signing.ports import CompletedFile, NewField, PreparedFile
from chauban.signing.terms import SignaturePolicy


def raw_signature(credential: str, digest: bytes, salt: int = 0) -> bytes:
    """What a credential's key makes of a SHA-256 digest; the salt makes values differ, as with PSS and ECDSA."""
    return f"{credential}|{digest.hex()}|{salt}".encode()


def fits(credential: Credential, signed_attributes: bytes, signature: bytes) -> bool:
    """Whether a value is a signature over these attributes."""
    expected = raw_signature(credential.id, hashlib.sha256(signed_attributes).digest())
    return signature.rsplit(b"|", 1)[0] == expected.rsplit(b"|", 1)[0]


class FakeEngine:
    """Appends a line for each signature; the signed attributes name the file, the field and the attempt."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._attempts = count(1)
        self.refused: dict[str, str] = {}
        self.refused_at_embedding: dict[str, str] = {}
        self.timestamps_fail = self.authorities_fail = False
        self.never_embedded: SigningError | None = None
        self.unsafe: list[Finding] = []
        self.asked_about: list[tuple[str, datetime]] = []
        self.prepared: list[tuple[str, Mapping[str, str] | None]] = []
        self.words: list[tuple[str, ...]] = []
        self.policies: list[SignaturePolicy | None] = []
        self.new_fields: list[NewField | None] = []

    def require_safe(self, pdf: bytes) -> None:
        if self.unsafe:
            raise UnsafeToSign(self.unsafe)

    def require_annexes(self, pdf: bytes, annexes: Sequence[str]) -> None:
        if any(annex.encode() not in pdf for annex in annexes):
            raise UnsafeToSign([Finding("annex-not-named")])

    def require_usable(self, credential: Credential, at: datetime) -> None:
        self.asked_about.append((credential.id, at))
        if credential.id in self.refused:
            raise CertificateNotUsable(reason=self.refused[credential.id])

    def prepare(
        self, pdf, *, field, credential, image, at, fill, policy=None, words=(), new_field=None
    ) -> PreparedFile:
        if new_field is None:
            self.require_safe(pdf)
        self.new_fields.append(new_field)
        self.require_usable(credential, at)
        if self.authorities_fail:
            raise TimestampUnavailable
        self.prepared.append((field, fill))
        self.words.append(tuple(words))
        self.policies.append(policy)
        filled = "".join(f"\n{name}: {value}" for name, value in (fill or {}).items())
        content = pdf + f"{filled}\n[{field} by {credential.id}, attempt {next(self._attempts)}]".encode()
        check = {"checked_at": at.isoformat(), "result": "good", "path": credential.id}
        return PreparedFile(content, b"attributes of " + hashlib.sha256(content).digest(), check)

    def complete(self, prepared, *, field, credential, signed_attributes, signature) -> CompletedFile:
        if signed_attributes != b"attributes of " + hashlib.sha256(prepared).digest():
            raise SignatureMismatch
        if not fits(credential, signed_attributes, signature):
            raise SignatureMismatch
        if credential.id in self.refused_at_embedding:
            raise CertificateNotUsable(reason=self.refused_at_embedding[credential.id])
        if self.never_embedded:
            raise self.never_embedded
        if self.timestamps_fail:
            raise TimestampUnavailable
        stamp = f"\n{field} signed with {signature.decode()}, stamp {next(self._attempts)}"
        return CompletedFile(prepared + stamp.encode(), self._clock.now())

    def verify(self, pdf: bytes, fields: Sequence[str]) -> str:
        signed = re.findall(rb"\n(\w+) signed with", pdf)
        if [name.decode() for name in signed] != list(fields):
            raise VerificationFailed(reason="other fields are signed")
        return "B-LT"


class FakeForeign:
    """`ForeignFiles` that finds what it is told to find, and remembers what it was shown."""

    def __init__(self) -> None:
        signature = ForeignSignature(
            "Signature1", "Người ký", "Cơ quan khác", "CA", "ab" * 32, None, "PAdES-BASELINE-LT"
        )
        self.finds = ForeignOpinion(None, (signature,))
        self.shown: list[bytes] = []

    def judge(self, pdf: bytes) -> ForeignOpinion:
        self.shown.append(pdf)
        return self.finds


class FakeKeys:
    """A key holder that never gives the same value twice."""

    def __init__(self) -> None:
        self.values: list[bytes] = []

    def sign(self, credential: Credential, digest: bytes) -> bytes:
        value = raw_signature(credential.id, digest, len(self.values))
        self.values.append(value)
        return value


def verify_raw(credential: Credential, signed_attributes: bytes, signature: bytes) -> None:
    """The raw verifier that goes with the engine."""
    if not fits(credential, signed_attributes, signature):
        raise SignatureMismatch
