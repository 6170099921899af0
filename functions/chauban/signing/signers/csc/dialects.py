"""Where versions 1 and 2 say the same in other words."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chauban.errors import ProviderAnswerUnusable
from chauban.signing.signers.csc.algorithms import Named
from chauban.signing.signers.csc.answers import CredentialInfo
from chauban.signing.signers.csc.expressions import fewest


class Dialect(Protocol):
    """One version's members. Digests in bodies are Base64 (RFC 4648, 4), in addresses Base64url (5)."""

    def needs(self, info: CredentialInfo) -> frozenset[str]:
        """Of pin and otp, what credentials/authorize must bring."""
        ...

    def authorising(self, digests: Sequence[bytes], hash_oid: str, given: Mapping[str, str]) -> dict[str, Any]:
        """Members of credentials/authorize; `given` by PIN and OTP."""
        ...

    def on_page(self, digests: Sequence[bytes], hash_oid: str) -> dict[str, str]:
        """Parameters of oauth2/authorize."""
        ...

    def signing(self, digests: Sequence[bytes], algorithm: Named) -> dict[str, Any]:
        """Members of signatures/signHash, without the authorisation."""
        ...


class Version1:
    """`hash`, `hashAlgo`, `PIN`, `OTP`."""

    def needs(self, info: CredentialInfo) -> frozenset[str]:
        """See `Dialect`."""
        return frozenset(name for name, each in (("pin", info.pin), ("otp", info.otp)) if each.wanted)

    def authorising(self, digests: Sequence[bytes], _hash_oid: str, given: Mapping[str, str]) -> dict[str, Any]:
        """See `Dialect`."""
        return {"hash": _base64(digests), **given}

    def on_page(self, digests: Sequence[bytes], _hash_oid: str) -> dict[str, str]:
        """See `Dialect`."""
        return {"hash": _base64url(digests)}

    def signing(self, digests: Sequence[bytes], algorithm: Named) -> dict[str, Any]:
        """See `Dialect`."""
        return {"hash": _base64(digests), "hashAlgo": algorithm.hash, **_algorithm(algorithm)}


class Version2:
    """`hashes`, `hashAlgorithmOID`, `authData`."""

    def needs(self, info: CredentialInfo) -> frozenset[str]:
        """The least of PIN and one-time password that the expression takes; all objects where there is none."""
        if info.auth is None:
            raise ProviderAnswerUnusable(reason="misshapen")
        wanted = info.auth.expression or " AND ".join(each.id for each in info.auth.objects)
        return fewest(wanted, ("pin", "otp")) if wanted.strip() else frozenset()

    def authorising(self, digests: Sequence[bytes], hash_oid: str, given: Mapping[str, str]) -> dict[str, Any]:
        """See `Dialect`."""
        told: dict[str, Any] = {"hashes": _base64(digests), "hashAlgorithmOID": hash_oid}
        if given:
            told["authData"] = [{"id": name, "value": value} for name, value in given.items()]
        return told

    def on_page(self, digests: Sequence[bytes], hash_oid: str) -> dict[str, str]:
        """See `Dialect`."""
        return {"hashes": _base64url(digests), "hashAlgorithmOID": hash_oid}

    def signing(self, digests: Sequence[bytes], algorithm: Named) -> dict[str, Any]:
        """See `Dialect`."""
        return {
            "hashes": _base64(digests),
            "hashAlgorithmOID": algorithm.hash,
            "operationMode": "S",
            **_algorithm(algorithm),
        }


def dialect(version: str | None) -> Dialect:
    """By a provider's `api`."""
    return Version1() if version == "v1" else Version2()


def _algorithm(algorithm: Named) -> dict[str, str]:
    told = {"signAlgo": algorithm.signature}
    return told | ({"signAlgoParams": algorithm.parameters} if algorithm.parameters else {})


def _base64(digests: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in digests]


def _base64url(digests: Sequence[bytes]) -> str:
    return ",".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in digests)
