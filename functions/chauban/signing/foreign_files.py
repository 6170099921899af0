"""Signed files that others issued: what was found about their signatures, before a copy of one is certified."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

# Why no copy is certified: words of `attachments.reasons`, which says in two languages what to do.
NOT_SIGNED = "not-signed"
UNREADABLE = "unreadable"
ENCRYPTED = "encrypted"
ALTERED = "altered-after-signing"
APPENDED = "not-covered"
UNTRUSTED = "signer-not-trusted"
NO_TIMESTAMP = "signed-without-timestamp"
NO_STATUS = "status-not-proved"
NO_ORGANISATION = "no-organisation"
ISSUED_HERE = "issued-here"
IS_COPY = "is-a-copy"
NOT_CHECKED = "not-checked"


@dataclass(frozen=True)
class ForeignSignature:
    """One signature, in the order of signing: its field, whose it is by the certificate, and the time of its timestamp (aware)."""

    field: str
    signer: str | None
    organisation: str | None
    issuer: str | None
    certificate_sha256: str | None
    timestamp: datetime | None
    level: str


@dataclass(frozen=True)
class ForeignOpinion:
    """What was found; `fault` is None where every signature stands. `locked`: a signature forbids that the file gets another field.
    `has_place`: the file is as ours are and has the empty field of a copy already; `is_copy`: that field is signed. `made_as` is
    the identifier with which the file began, `revisions` the SHA-256 (hex) of it now and as each of its signatures and its first
    revisions left it."""

    fault: str | None
    signatures: tuple[ForeignSignature, ...] = ()
    locked: bool = False
    has_place: bool = False
    is_copy: bool = False
    made_as: str | None = None
    revisions: tuple[str, ...] = ()


class ForeignFiles(Protocol):
    """Judges signed files of others under the configured anchors, as of the time of each signature's timestamp. A file that cannot
    be judged, for whatever reason lies in it, is `UNREADABLE`."""

    def judge(self, pdf: bytes) -> ForeignOpinion:
        """The opinion; raises `CertificateNotUsable` (status_unavailable) where whoever answers for a certificate cannot be
        asked."""
        ...
