"""What the signing services need of the world beyond `chauban.ports`: a PAdES engine, and a holder of keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chauban.signing.credentials import Credential
from chauban.signing.terms import SignaturePolicy

# (credential, signed attributes, raw value) -> None; raises `SignatureMismatch` unless the value is the credential's over them
RawVerifier = Callable[[Credential, bytes, bytes], None]


@dataclass(frozen=True)
class PreparedFile:
    """A file with a place reserved for a signature, the DER of the signed attributes, and what the certificate check found."""

    pdf: bytes
    signed_attributes: bytes
    certificate_check: dict[str, str]


@dataclass(frozen=True)
class CompletedFile:
    """The file with the signature in its place, and the time that its timestamp states."""

    pdf: bytes
    timestamped_at: datetime


@dataclass(frozen=True)
class NewField:
    """A signature field that a file made elsewhere gets for its copy: the box on page 1 (left, bottom, right, top in whole points
    of the page's own coordinates), how far the page is shown turned (0, 90, 180 or 270 clockwise), the font to write with."""

    box: tuple[int, int, int, int]
    turned: int
    font: bytes


class SignatureEngine(Protocol):
    """PAdES: what it takes to sign a file with a key that is somewhere else."""

    def require_safe(self, pdf: bytes) -> None:
        """Raises `UnsafeToSign` for a file that hides anything, or that anybody changed but by signing it."""
        ...

    def require_annexes(self, pdf: bytes, annexes: Sequence[str]) -> None:
        """Raises `UnsafeToSign` unless the data of a safe file name exactly these annexes, by SHA-256 (hex), in this order."""
        ...

    def require_usable(self, credential: Credential, at: datetime) -> None:
        """Raises `CertificateNotUsable` unless the credential's certificate may be used now, as whoever answers for it says."""
        ...

    def prepare(
        self,
        pdf: bytes,
        *,
        field: str,
        credential: Credential,
        image: bytes | None,
        at: datetime,
        fill: Mapping[str, str] | None,
        policy: SignaturePolicy | None = None,
        words: Sequence[str] = (),
        new_field: NewField | None = None,
    ) -> PreparedFile:
        """Checks the certificate and fixes what is to be signed; `fill` gives text fields their values, `policy` names the
        signature policy that the signature is made under, `words` are shown in the place of the image. With `new_field` the field
        is made first, in a signed file of others, which their own rules judge (`ForeignFiles`).

        What the signature locks is written on its field. Raises `UnsafeToSign`, `CertificateNotUsable`, `SigningError`.
        """
        ...

    def complete(
        self, prepared: bytes, *, field: str, credential: Credential, signed_attributes: bytes, signature: bytes
    ) -> CompletedFile:
        """Puts the signature with a timestamp into its place; raises `SignatureMismatch`, `TimestampUnavailable`."""
        ...

    def verify(self, pdf: bytes, fields: Sequence[str]) -> str:
        """The PAdES level of a file that is to be issued; raises `VerificationFailed` unless it verifies offline and was
        signed in exactly these fields, in this order."""
        ...


class KeyHolder(Protocol):
    """A service that keeps private keys and signs digests with them."""

    def sign(self, credential: Credential, digest: bytes) -> bytes:
        """The raw signature over a digest by the hash of the credential's algorithm; raises `SigningError`."""
        ...


class PublicKeys(KeyHolder, Protocol):
    """A holder of keys that also shows their public side: what certificates are asked for, and checked against."""

    def public_key(self, key_ref: str, provider: str | None) -> bytes:
        """The SubjectPublicKeyInfo (DER) of a key; raises `SigningError`."""
        ...
