"""Validation material: what a verifier needs beside the signature, so that nobody has to be asked later."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ValidationMaterial:
    """Certificates, OCSP responses and CRLs in DER, as they go into a document security store (EN 319 142-1, 5.4.2)."""

    certificates: tuple[bytes, ...] = ()
    ocsp_responses: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    @classmethod
    def union(cls, parts: Iterable["ValidationMaterial"]) -> "ValidationMaterial":
        """All of the parts, each value once, in order of appearance."""
        held = list(parts)
        return cls(
            _unique(value for part in held for value in part.certificates),
            _unique(value for part in held for value in part.ocsp_responses),
            _unique(value for part in held for value in part.crls),
        )


def _unique(values: Iterable[bytes]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(values))
