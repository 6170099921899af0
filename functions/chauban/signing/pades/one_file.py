"""One signature on one file, from beginning to end in one process: what a shell needs, without a service around it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chauban.signing.credentials import Credential
from chauban.signing.ports import KeyHolder, SignatureEngine


@dataclass(frozen=True)
class SignedFile:
    """The file with its new signature, the time of the timestamp (aware), and the lowest level of its signatures."""

    pdf: bytes
    timestamped_at: datetime
    level: str


def sign_file(
    pdf: bytes,
    *,
    engine: SignatureEngine,
    keys: KeyHolder,
    credential: Credential,
    field: str,
    signed_before: tuple[str, ...],
    image: bytes | None,
    fill: Mapping[str, str] | None,
    at: datetime,
) -> SignedFile:
    """Sign the empty signature `field`; `signed_before` names the fields that are signed already, `fill` gives text fields
    their values.

    Raises `CertificateNotUsable`, `TimestampUnavailable`, `SigningError`; what does not verify offline is not returned.
    """
    prepared = engine.prepare(pdf, field=field, credential=credential, image=image, at=at, fill=fill)
    digest = hashlib.new(credential.algorithm.digest, prepared.signed_attributes).digest()
    completed = engine.complete(
        prepared.pdf,
        field=field,
        credential=credential,
        signed_attributes=prepared.signed_attributes,
        signature=keys.sign(credential, digest),
    )
    level = engine.verify(completed.pdf, [*signed_before, field])
    return SignedFile(completed.pdf, completed.timestamped_at, level)
