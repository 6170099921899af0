"""What a form asks of a signature: where it stands, with which algorithms and in which capacities, and under which policy."""

from enum import StrEnum

from pydantic import Field

from chauban.access.catalogue import Capacity
from chauban.signing.algorithms import Algorithm
from chauban.values import Frozen

# PKCS#1 v1.5 is among them for credentials that say so: which padding a key makes is the credential's affair.
ALLOWED = tuple(Algorithm)


class SealMode(StrEnum):
    """When a document is sealed that officials sign: after the last of them, or when the records office releases it."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class SignaturePolicy(Frozen):
    """A signature policy document: its object identifier, the SHA-256 (hex) of the document, and where it is published.

    It becomes the signed attribute signature-policy-identifier (EN 319 122-1, 5.2.9).
    """

    oid: str = Field(pattern=r"^[0-2](\.(0|[1-9]\d*))+$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    uri: str | None = Field(default=None, pattern=r"^https://[\x21-\x7e]+$")


class SigningTerms(Frozen):
    """What holds for one official's signature of one document, as the form's version says."""

    field: str = "official"
    algorithms: tuple[Algorithm, ...] = ALLOWED
    capacities: tuple[Capacity, ...] = tuple(Capacity)
    policy: SignaturePolicy | None = None
