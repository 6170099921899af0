"""Whether a certificate may be used now: a path to a configured anchor, validity, key usage, and not revoked or
suspended.

Law 20/2023 and Circular 15/2025 ask for this check before every signature, and that its evidence is kept with the
document: the result carries both the validation material for the file and a small record of what was asked.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)

from chauban.errors import CertificateNotUsable
from chauban.signing.pades.raw_signature import MINIMUM_RSA_BITS
from chauban.signing.trust.certification_path import build_path
from chauban.signing.trust.fetching import Fetch
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.remembering import RememberedStatus
from chauban.signing.trust.resting import OneAct
from chauban.signing.trust.revocation import Source, StatusEvidence, ask_crl, ask_ocsp

# Clocks of services differ a little; an answer "from the future" within this is still an answer.
CLOCK_TOLERANCE = timedelta(seconds=60)
MINIMUM_EC_BITS = 256


@dataclass(frozen=True)
class Usage:
    """The key usage and extended key usage that a purpose demands (names of RFC 5280, 4.2.1.3 and 4.2.1.12)."""

    key: frozenset[str]
    extended: frozenset[str] = frozenset()


SIGNING = Usage(frozenset({"non_repudiation"}))
TIMESTAMPING = Usage(frozenset({"digital_signature"}), frozenset({"time_stamping"}))


@dataclass(frozen=True)
class CheckedCertificate:
    """A certificate that may be used, what proves it, and what was asked where; `path` holds SHA-256 in hex."""

    material: ValidationMaterial
    checked_at: datetime
    path: tuple[str, ...]
    evidence: tuple[StatusEvidence, ...]

    @property
    def record(self) -> dict[str, str]:
        """What was checked, as text values for storage: hashes, sources and times, no names."""
        sources = (f"{each.source.value}:{hashlib.sha256(each.der).hexdigest()}" for each in self.evidence)
        return {
            "checked_at": self.checked_at.isoformat(),
            "result": "good",
            "path": " ".join(self.path),
            "evidence": " ".join(sources),
        }


class TrustService:
    """Checks certificates against anchors (DER certificates), asking OCSP and CRL services through `fetch`."""

    def __init__(self, anchors: Sequence[bytes], fetch: Fetch, *, strangers: bool = False) -> None:
        self._anchor_values, self._strangers = tuple(anchors), strangers
        self._anchors = [x509.load_der_x509_certificate(anchor) for anchor in anchors]
        self._fetch = fetch

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """What is trusted without being checked (DER certificates)."""
        return self._anchor_values

    def for_one_act(self) -> "TrustService":
        """The same service for checks that belong together: what several of them need is asked once."""
        return TrustService(self._anchor_values, OneAct(self._fetch), strangers=self._strangers)

    def of_strangers(self) -> "TrustService":
        """The same service for certificates that anybody may send: their issuers are not fetched, and nobody is asked for those
        that lead to no anchor without."""
        return TrustService(self._anchor_values, self._fetch, strangers=True)

    def remembering(self) -> "TrustService":
        """The same service for many files one after another: status answers are kept while they speak for themselves."""
        return TrustService(self._anchor_values, RememberedStatus(self._fetch), strangers=self._strangers)

    def check(
        self, certificate: bytes, chain: Sequence[bytes], at: datetime, usage: Usage = SIGNING
    ) -> CheckedCertificate:
        """Check a certificate (DER) with the certificates known above it, for use `at` an aware time, which is about
        now.

        Raises `CertificateNotUsable` with the reason expired, not_yet_valid, revoked, suspended, unknown_issuer,
        wrong_key_usage, weak_algorithm or status_unavailable.
        """
        leaf = x509.load_der_x509_certificate(certificate)
        _require_validity(leaf, at)
        _require_strength(leaf)
        held = [x509.load_der_x509_certificate(value) for value in chain]
        path = build_path(leaf, held, self._anchors, None if self._strangers else self._fetch)
        if path is None:
            raise CertificateNotUsable(reason="unknown_issuer")
        evidence = self._evidence(path)
        try:
            _validate(path, evidence, at, usage)
        except InsufficientRevinfoError:
            # OCSP answered, but not with something to rely on: the CRL of every certificate is the second opinion.
            evidence = self._crls(path)
            _judge(path, evidence, at, usage)
        except (ValidationError, PathBuildingError) as error:
            raise CertificateNotUsable(reason=_reason(error)) from error
        ders = tuple(each.public_bytes(Encoding.DER) for each in path)
        material = ValidationMaterial(
            ders,
            tuple(each.der for each in evidence if each.source is Source.OCSP),
            tuple(each.der for each in evidence if each.source is Source.CRL),
        )
        return CheckedCertificate(material, at, tuple(hashlib.sha256(der).hexdigest() for der in ders), evidence)

    def _evidence(self, path: Sequence[x509.Certificate]) -> tuple[StatusEvidence, ...]:
        pairs = zip(path[:-1], path[1:], strict=True)
        found = (ask_ocsp(each, issuer, self._fetch) or ask_crl(each, self._fetch) for each, issuer in pairs)
        return tuple(each for each in found if each is not None)

    def _crls(self, path: Sequence[x509.Certificate]) -> tuple[StatusEvidence, ...]:
        found = (ask_crl(each, self._fetch) for each in path[:-1])
        return tuple(each for each in found if each is not None)


def _require_validity(certificate: x509.Certificate, at: datetime) -> None:
    if at > certificate.not_valid_after_utc:
        raise CertificateNotUsable(reason="expired")
    if at < certificate.not_valid_before_utc:
        raise CertificateNotUsable(reason="not_yet_valid")


def _require_strength(certificate: x509.Certificate) -> None:
    """Circular 15/2025, Annex I: RSA of at least 2048 bits, ECDSA of at least 256."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= MINIMUM_RSA_BITS:
        return
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= MINIMUM_EC_BITS:
        return
    raise CertificateNotUsable(reason="weak_algorithm")


def _judge(path: Sequence[x509.Certificate], evidence: Sequence[StatusEvidence], at: datetime, usage: Usage) -> None:
    try:
        _validate(path, evidence, at, usage)
    except (ValidationError, PathBuildingError) as error:
        raise CertificateNotUsable(reason=_reason(error)) from error


def _validate(path: Sequence[x509.Certificate], evidence: Sequence[StatusEvidence], at: datetime, usage: Usage) -> None:
    """Path validation per RFC 5280, 6, with status required for every certificate below the anchor."""
    certificates = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in path]
    context = ValidationContext(
        trust_roots=[certificates[-1]],
        other_certs=certificates[1:-1],
        moment=at,
        ocsps=[each.der for each in evidence if each.source is Source.OCSP],
        crls=[each.der for each in evidence if each.source is Source.CRL],
        revocation_mode="require",
        time_tolerance=CLOCK_TOLERANCE,
    )
    validator = CertificateValidator(certificates[0], certificates[1:-1], context)
    asyncio.run(validator.async_validate_usage(set(usage.key), set(usage.extended) or None))


def _reason(error: Exception) -> str:
    if isinstance(error, RevokedError):
        return "suspended" if error.reason.native == "certificate_hold" else "revoked"
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (ExpiredError, "expired"),
        (NotYetValidError, "not_yet_valid"),
        (InsufficientRevinfoError, "status_unavailable"),
        (DisallowedAlgorithmError, "weak_algorithm"),
        (InvalidCertificateError, "wrong_key_usage"),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), "unknown_issuer")
