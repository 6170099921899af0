"""PAdES signing as the services see it: prepare, complete, verify, with credentials instead of certificates.

Put together from the parts beside it; the state between two calls is only what the caller stores.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from chauban.ports import CompletedFile, PreparedFile
from chauban.signing.credentials import Credential
from chauban.signing.evidence import gather_evidence
from chauban.signing.fetching import Fetch, HttpFetch
from chauban.signing.identity import SignerIdentity
from chauban.signing.inspection import require_valid
from chauban.signing.pades import PreparedSignature, complete, prepare
from chauban.signing.resting import CircuitBreaker
from chauban.signing.revisions import is_signed, stored_certificates
from chauban.signing.timestamping import TimestampAuthorities
from chauban.signing.trust import CheckedCertificate, TrustService

# EN 319 142-1, 6: every signature is timestamped and the file holds its validation material; no document timestamp yet.
LEVEL = "PAdES-BASELINE-LT"
# Timestamp authorities may take long; two that fail must still fit into one run of a worker.
TIMESTAMP_TIMEOUT_SECONDS = 40.0
STATUS_TIMEOUT_SECONDS = 10.0


class PadesEngine:
    """Signs for credentials under trust anchors (DER), with timestamps from addresses in order of preference.

    `fetch` replaces the network, for tests; the real one is guarded by a circuit breaker for as long as the process lives.
    """

    def __init__(self, anchors: Sequence[bytes], tsa_urls: Sequence[str], fetch: Fetch | None = None) -> None:
        self._anchors = tuple(anchors)
        self._trust = TrustService(self._anchors, fetch or CircuitBreaker(HttpFetch(STATUS_TIMEOUT_SECONDS)))
        self._timestamps = TimestampAuthorities(tsa_urls, fetch or CircuitBreaker(HttpFetch(TIMESTAMP_TIMEOUT_SECONDS)))

    def prepare(
        self,
        pdf: bytes,
        *,
        field: str,
        credential: Credential,
        image: bytes,
        at: datetime,
        fill: Mapping[str, str] | None,
        seals: bool,
    ) -> PreparedFile:
        """Check the certificate and fix what is to be signed; a seal's revision also carries all validation material.

        The first signature of a file certifies it. Raises `CertificateNotUsable`, `TimestampUnavailable`,
        `SigningError`.
        """
        signer = _identity(credential)
        if seals:
            evidence = gather_evidence(pdf, signer, trust=self._trust, timestamps=self._timestamps, at=at)
            checked, material = evidence.checked, evidence.material
        else:
            checked, material = (self._trust.check(signer.certificate, signer.chain, at),), None
        prepared = prepare(
            pdf,
            field=field,
            signer=signer,
            appearance=image,
            signed_at=at,
            first=not is_signed(pdf),
            fill=fill,
            validation=material,
        )
        return PreparedFile(prepared.pdf, prepared.signed_attributes, _record(checked))

    def complete(
        self, prepared: bytes, *, field: str, credential: Credential, signed_attributes: bytes, signature: bytes
    ) -> CompletedFile:
        """Embed the signature with a timestamp.

        A file that holds validation material takes only the timestamp of an authority that the material covers; for any
        other, the certificate is checked again first, for hours may lie between. Raises `SignatureMismatch`,
        `CertificateNotUsable`, `TimestampUnavailable`, `SigningError`.
        """
        signer = _identity(credential)
        waiting = PreparedSignature(prepared, signed_attributes, field)
        held = stored_certificates(prepared)
        if not held:
            self._trust.check(signer.certificate, signer.chain, datetime.now(UTC))
        token = self._timestamps.timestamp(hashlib.sha256(signature).digest(), among=held or None)
        pdf = complete(waiting, signer=signer, signature=signature, timestamp_token=token.der)
        return CompletedFile(pdf, token.time.astimezone(UTC))

    def verify(self, pdf: bytes, fields: Sequence[str]) -> str:
        """The PAdES level of a finished file; raises `VerificationFailed` unless it verifies by itself."""
        require_valid(pdf, self._anchors, fields)
        return LEVEL


def _identity(credential: Credential) -> SignerIdentity:
    return SignerIdentity.from_pem(credential.chain_pem, credential.algorithm)


def _record(checked: Sequence[CheckedCertificate]) -> dict[str, str]:
    """What was checked about the signer, as text values for storage: hashes, sources and times, no names."""
    signer = checked[0]
    sources = (f"{each.source.value}:{hashlib.sha256(each.der).hexdigest()}" for each in signer.evidence)
    return {
        "checked_at": signer.checked_at.isoformat(),
        "result": "good",
        "path": " ".join(signer.path),
        "evidence": " ".join(sources),
    }
