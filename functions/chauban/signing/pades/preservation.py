"""Extending signed files: what is missing, a document timestamp over all of it, and a judgement without a network.

What a file lacks goes in before the timestamp, what concerns the timestamp's own authority too: so it is the last thing in the file
and covers everything that is needed to check it. Each renewal brings, for the timestamp before it, the answer that its
certificate still stood.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

from chauban.errors import CertificateNotUsable
from chauban.signing.losses import ASK_AGAIN
from chauban.signing.pades.document_timestamps import (
    TOKEN_ALLOWANCE_BYTES,
    add_document_timestamp,
    add_validation_material,
    document_timestamps,
)
from chauban.signing.pades.evidence import lacking, signature_timestamps
from chauban.signing.pades.lasting import require_lasting
from chauban.signing.pades.revisions import reading_pdf
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.preservation.ports import ExtendedFile
from chauban.signing.trust.certificates import TIMESTAMPING, CheckedCertificate, TrustService
from chauban.signing.trust.fetching import FetchError
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.strength import algorithms_of, hash_used, path_of, require_strong
from chauban.signing.trust.timestamping import (
    TimestampAuthorities,
    TimestampAuthority,
    TimestampToken,
    TokenRejected,
    is_pkcs1,
    unavailable,
)

# An authority behind one address may sign with several certificates in turn.
CERTIFICATES_OF_ONE_AUTHORITY = 4


class PadesPreservation:
    """A `PreservationEngine` with the trust service and the authorities of the signing engine; `now` gives an aware time."""

    def __init__(
        self,
        trust: TrustService,
        timestamps: TimestampAuthorities,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._trust, self._timestamps, self._now = trust, timestamps, now

    def extend(self, pdf: bytes, policy: AlgorithmPolicy) -> ExtendedFile:
        """See `PreservationEngine.extend`."""
        trust, now = self._trust.for_one_act(), self._now()
        algorithm = policy.hash_for(now)
        # All are asked at once who are not known yet: it is soon clear whether anybody answers, and who is to be asked first.
        self._timestamps.shown(algorithm)
        missing = self._missing(pdf, trust, algorithm, policy)
        failures = []
        for authority in self._timestamps.in_turn():
            try:
                return self._extended(pdf, missing, authority, algorithm, trust, policy)
            except (FetchError, TokenRejected, CertificateNotUsable) as refusal:
                failures.append(f"{authority.url}: {refusal}")
        raise unavailable(failures)

    def _missing(self, pdf: bytes, trust: TrustService, algorithm: str, policy: AlgorithmPolicy) -> ValidationMaterial:
        """What the file lacks; where nobody tells the status, nor gives any timestamp, it is not about this file."""
        now = self._now()
        try:
            return _missing(pdf, trust, now, policy)
        except CertificateNotUsable as refusal:
            if refusal.values["reason"] == ASK_AGAIN:
                self._timestamps.require_any(algorithm, now)
            raise

    def _extended(
        self,
        pdf: bytes,
        missing: ValidationMaterial,
        authority: TimestampAuthority,
        algorithm: str,
        trust: TrustService,
        policy: AlgorithmPolicy,
    ) -> ExtendedFile:
        """Extended by one authority, which may have several certificates: the file holds what each that it showed needs."""
        shown = self._usable(authority, algorithm, trust)
        relied_on: dict[bytes, CheckedCertificate] = {}
        for _ in range(CERTIFICATES_OF_ONE_AUTHORITY):
            relied_on[shown[0]] = trust.check(shown[0], shown[1:], self._now(), TIMESTAMPING)
            material = ValidationMaterial.union([missing, *(each.material for each in relied_on.values())])
            room = 2 * sum(len(each) for each in shown) + TOKEN_ALLOWANCE_BYTES
            stamper = _Stamper(authority, algorithm)
            extended = add_document_timestamp(
                add_validation_material(pdf, material), algorithm=algorithm, room=room, stamp=stamper
            )
            if checked := relied_on.get(stamper.token.certificates[0]):
                return _finished(extended, stamper.token, checked, trust.anchors, algorithm, policy)
            shown = stamper.token.certificates
        raise TokenRejected(reason="another-certificate-each-time")

    def _usable(self, authority: TimestampAuthority, algorithm: str, trust: TrustService) -> tuple[bytes, ...]:
        """The certificates that an authority shows: those of today, where what it showed before has ended since, or was revoked."""
        met = authority.shown(algorithm)
        try:
            trust.check(met.certificates[0], met.certificates[1:], self._now(), TIMESTAMPING)
        except CertificateNotUsable:
            authority.forget(met)
        return authority.shown(algorithm).certificates


class _Stamper:
    """Has one authority stamp a digest, and keeps the token."""

    def __init__(self, authority: TimestampAuthority, algorithm: str) -> None:
        self._authority, self._algorithm = authority, algorithm
        self.token: TimestampToken

    def __call__(self, digest: bytes) -> bytes:
        self.token = self._authority.stamp(digest, self._algorithm)
        return self.token.der


def _finished(
    extended: bytes,
    token: TimestampToken,
    authority: CheckedCertificate,
    anchors: Sequence[bytes],
    algorithm: str,
    policy: AlgorithmPolicy,
) -> ExtendedFile:
    path = path_of(authority)
    rests_on = tuple(
        dict.fromkeys([hash_used(algorithm), *algorithms_of(path, pkcs1=token.pkcs1), hash_used(token.digest)])
    )
    if policy.weak(rests_on, token.time):
        raise TokenRejected(reason="weak-algorithm")
    return ExtendedFile(
        pdf=extended,
        level=require_lasting(extended, anchors),
        timestamped_at=token.time.astimezone(UTC),
        authority=authority.path[0],
        ends_at=_ends(path),
        rests_on=rests_on,
        certificate_check=authority.record,
    )


def _missing(pdf: bytes, trust: TrustService, now: datetime, policy: AlgorithmPolicy) -> ValidationMaterial:
    """What a file does not hold and somebody may ask for later, gathered now; raises `CertificateNotUsable`.

    What its last timestamps rest on must stand until now: nothing is proved by covering what could be made by anybody.
    """
    with reading_pdf():
        stamps = document_timestamps(PdfFileReader(BytesIO(pdf)))
    if stamps:
        return _still_standing(stamps[-1].signed_data, trust, now, policy).material
    standing = [_still_standing(each, trust, now, policy).material for each in signature_timestamps(pdf)]
    return ValidationMaterial.union([lacking(pdf, trust, now), *standing])


def _still_standing(
    timestamp: cms.SignedData, trust: TrustService, now: datetime, policy: AlgorithmPolicy
) -> CheckedCertificate:
    """Its authority, checked now; raises `CertificateNotUsable`, also where anybody could make such a timestamp by now."""
    held = extract_certs_for_validation(timestamp)
    chain = tuple(other.dump() for other in held.other_certs)
    checked = trust.check(held.signer_cert.dump(), chain, now, TIMESTAMPING)
    signer = timestamp["signer_infos"][0]
    imprint = timestamp["encap_content_info"]["content"].parsed["message_imprint"]
    for algorithm in (signer["digest_algorithm"], imprint["hash_algorithm"]):
        require_strong(checked, algorithm["algorithm"].native, policy, now, pkcs1=is_pkcs1(signer))
    return checked


def _ends(path: Sequence[x509.Certificate]) -> datetime:
    """When the first certificate below the anchor ends."""
    return min(each.not_valid_after_utc for each in path[:-1])
