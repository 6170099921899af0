"""PAdES signing as the services see it: prepare, complete, verify, with credentials instead of certificates.

Put together from the parts beside it; the state between two calls is only what the caller stores.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chauban.errors import UnsafeToSign
from chauban.signing.credentials import Credential
from chauban.signing.linting import Mode, require_clean
from chauban.signing.linting.annexes import annex_findings
from chauban.signing.pades.document_timestamps import add_validation_material
from chauban.signing.pades.evidence import SigningEvidence, gather_evidence, lacking
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.pades.inspection import Beside, SignatureVerdict, require_valid
from chauban.signing.pades.levels import Level, lowest
from chauban.signing.pades.revisions import is_signed
from chauban.signing.pades.signatures import PreparedSignature, complete, prepare
from chauban.signing.ports import CompletedFile, NewField, PreparedFile
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.terms import SignaturePolicy
from chauban.signing.trust.authority_choice import authority_choice
from chauban.signing.trust.certificates import CheckedCertificate, TrustService
from chauban.signing.trust.fetching import Fetch, HttpFetch
from chauban.signing.trust.resting import CircuitBreaker
from chauban.signing.trust.strength import require_strong
from chauban.signing.trust.timestamping import TimestampAuthorities

STATUS_TIMEOUT_SECONDS = 10.0
# An authority that takes longer is left for the next one, and waited for only where no other answers.
BRISK_SECONDS = 10.0
# One that takes longer than this has the next one asked beside it.
HEAD_START_SECONDS = 1.5


@dataclass(frozen=True)
class BareFile:
    """A file whose new signature has no timestamp."""

    pdf: bytes
    timestamped_at: None = None


def _present() -> datetime:
    return datetime.now(UTC)


class PadesEngine:
    """Signs for credentials under trust anchors (DER), with timestamps from addresses in order of preference, by the hashes that
    the `policy` on algorithms relies on then.

    `fetch` replaces the network and `now` (aware) the clock, for tests; the real network is guarded by a circuit breaker
    for as long as the process lives. An authority is waited for `tsa_seconds` where none is quick: two that are slow
    whenever they are asked must still fit into one run of a worker (the template's timeouts).
    """

    def __init__(
        self,
        anchors: Sequence[bytes],
        tsa_urls: Sequence[str],
        fetch: Fetch | None = None,
        now: Callable[[], datetime] = _present,
        *,
        policy: Callable[[], AlgorithmPolicy],
        tsa_seconds: float = 140.0,
    ) -> None:
        self._anchors = tuple(anchors)
        self._now, self._policy = now, policy
        self.trust = TrustService(self._anchors, fetch or CircuitBreaker(HttpFetch(STATUS_TIMEOUT_SECONDS)))
        brisk = fetch or CircuitBreaker(HttpFetch(min(BRISK_SECONDS, max(1.0, tsa_seconds / 4))))
        patient = None if fetch else CircuitBreaker(HttpFetch(tsa_seconds))
        head_start = None if fetch else HEAD_START_SECONDS
        self.timestamps = TimestampAuthorities(tsa_urls, brisk, patient, head_start=head_start)

    def require_safe(self, pdf: bytes) -> None:
        """Raise `UnsafeToSign` for a file that hides anything, or that anybody changed but by signing it."""
        require_clean(pdf, Mode.NEXT if is_signed(pdf) else Mode.FIRST)

    def require_annexes(self, pdf: bytes, annexes: Sequence[str]) -> None:
        """Raise `UnsafeToSign` unless the data of a safe file name exactly these annexes, by SHA-256 (hex), in this order."""
        if found := annex_findings(pdf, annexes):
            raise UnsafeToSign(found)

    def require_usable(self, credential: Credential, at: datetime) -> None:
        """Ask whether the credential's certificate may be used `at` about now; raises `CertificateNotUsable`."""
        self._require_usable(_identity(credential), self.trust.for_one_act(), at)

    def _require_usable(self, signer: SignerIdentity, trust: TrustService, at: datetime) -> CheckedCertificate:
        checked = trust.check(signer.certificate, signer.chain, at)
        algorithm = signer.algorithm
        require_strong(checked, algorithm.digest, self._policy(), at, pkcs1=algorithm.pkcs1)
        return checked

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
        level: Level = Level.LT,
        new_field: NewField | None = None,
    ) -> PreparedFile:
        """Check the certificate and fix what is to be signed, in a revision that carries its own validation material, unless it is
        for a lower `level`.

        Nothing is prepared that hides anything; what others made, which gets a `new_field`, is judged before by its own rules.
        The first signature of a file certifies it. Raises `UnsafeToSign`, `CertificateNotUsable`, `TimestampUnavailable`,
        `SigningError`.
        """
        if new_field is None:
            self.require_safe(pdf)
        first = not is_signed(pdf)
        signer = _identity(credential)
        evidence = self._evidence(pdf, signer, at, level)
        prepared = prepare(
            pdf,
            field=field,
            signer=signer,
            appearance=image,
            signed_at=at,
            first=first,
            fill=fill,
            validation=evidence.material if level.has_material else None,
            policy=policy,
            words=words,
            token_bytes=self.timestamps.longest_token,
            certificate_digest=self._policy().hash_for(at),
            new_field=new_field,
        )
        return PreparedFile(prepared.pdf, prepared.signed_attributes, evidence.checked[0].record)

    def _evidence(self, pdf: bytes, signer: SignerIdentity, at: datetime, level: Level) -> SigningEvidence:
        if level is Level.B:
            checked = self._require_usable(signer, self.trust.for_one_act(), at)
            return SigningEvidence(checked.material, (checked,))
        return gather_evidence(pdf, signer, trust=self.trust, timestamps=self.timestamps, at=at, policy=self._policy())

    def complete(
        self, prepared: bytes, *, field: str, credential: Credential, signed_attributes: bytes, signature: bytes
    ) -> CompletedFile:
        """Embed the signature with a timestamp.

        The certificate is checked again first, for hours may lie between, and only the timestamp of an authority that
        the file's material covers is taken. Raises `SignatureMismatch`, `CertificateNotUsable`, `TimestampUnavailable`,
        `SignatureLost` where nothing can be embedded any more, and `SigningError`.
        """
        signer = _identity(credential)
        now, trust, policy = self._now(), self.trust.for_one_act(), self._policy()
        self._require_usable(signer, trust, now)
        choice, algorithm = authority_choice(prepared, trust, now, policy), policy.hash_for(now)
        token = self.timestamps.timestamp(hashlib.new(algorithm, signature).digest(), algorithm, choice)
        waiting = PreparedSignature(prepared, signed_attributes, field)
        pdf = complete(waiting, signer=signer, signature=signature, timestamp_token=token.der)
        return CompletedFile(pdf, token.time.astimezone(UTC))

    def complete_without_timestamp(
        self, prepared: bytes, *, field: str, credential: Credential, signed_attributes: bytes, signature: bytes
    ) -> BareFile:
        """Embed the signature as it is, at level B-B; for single files alone: services are given no way to it. Raises as
        `complete`."""
        signer = _identity(credential)
        self._require_usable(signer, self.trust.for_one_act(), self._now())
        waiting = PreparedSignature(prepared, signed_attributes, field)
        return BareFile(complete(waiting, signer=signer, signature=signature, timestamp_token=None))

    def with_material(self, pdf: bytes) -> bytes:
        """The file with a revision that holds what its signatures lack to level LT; raises `CertificateNotUsable`."""
        return add_validation_material(pdf, lacking(pdf, self.trust.for_one_act(), self._now()))

    def verify(self, pdf: bytes, fields: Sequence[str]) -> str:
        """The lowest PAdES level of the signatures in a finished file; raises `VerificationFailed` unless it verifies by
        itself.
        """
        return lowest(verdict.level for verdict in require_valid(pdf, self._anchors, fields))

    def verify_now(self, pdf: bytes, fields: Sequence[str] | None = None) -> list[SignatureVerdict]:
        """The verdicts of a file that may lack material, or timestamps: such signatures are judged by what is found now, and the
        level says what they have by themselves. Raises as `verify`, and `CertificateNotUsable`."""
        material = lacking(pdf, self.trust.for_one_act(), self._now())
        beside = Beside(material, self._now())
        return require_valid(pdf, self._anchors, fields, beside)


def _identity(credential: Credential) -> SignerIdentity:
    return SignerIdentity.from_pem(credential.chain_pem, credential.algorithm)
