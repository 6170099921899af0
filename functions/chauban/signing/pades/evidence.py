"""What a revision must carry so that its signature can be checked offline for ever, gathered just before it is prepared.

It holds the material of the signature itself and of the time-stamping authorities, one of which is still to give its
token: all that can be relied on are provided for, so that any of them may. Signatures that are in the file already keep
what their own revision holds: whether they stood is a question about the time of their timestamps, not about today.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

from chauban.errors import CertificateNotUsable, TimestampUnavailable
from chauban.signing.pades.identity import SignerIdentity
from chauban.signing.pades.inspection import signature_report
from chauban.signing.pades.levels import Level
from chauban.signing.pades.revisions import reading_pdf
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.trust.certificates import SIGNING, TIMESTAMPING, CheckedCertificate, TrustService, Usage
from chauban.signing.trust.material import ValidationMaterial
from chauban.signing.trust.strength import is_strong, require_strong
from chauban.signing.trust.timestamping import TimestampAuthorities, TimestampToken

Wanted = dict[bytes, tuple[tuple[bytes, ...], Usage]]
"""Certificate -> the certificates known above it, and what it must be good for."""


@dataclass(frozen=True)
class SigningEvidence:
    """The material for the security store, and what was checked for it."""

    material: ValidationMaterial
    checked: tuple[CheckedCertificate, ...]


def gather_evidence(
    pdf: bytes,
    signer: SignerIdentity,
    *,
    trust: TrustService,
    timestamps: TimestampAuthorities,
    at: datetime,
    policy: AlgorithmPolicy,
) -> SigningEvidence:
    """Check, `at` about now, the signer (first), the time-stamping authorities, and whoever signed `pdf` before without
    leaving material that covers the time of the signature's timestamp.

    Raises `CertificateNotUsable` for whoever may not be relied on, also for using what the policy calls weak, and
    `TimestampUnavailable` without a usable authority.
    """
    trust = trust.for_one_act()
    wanted: Wanted = {signer.certificate: (signer.chain, SIGNING)}
    for certificate, known in uncovered(pdf, trust.anchors).items():
        wanted.setdefault(certificate, known)
    checked = [trust.check(certificate, chain, at, usage) for certificate, (chain, usage) in wanted.items()]
    require_strong(checked[0], signer.algorithm.digest, policy, at, pkcs1=signer.algorithm.pkcs1)
    authorities = _authorities(timestamps, wanted, trust, at, policy)
    if not authorities and not any(usage is TIMESTAMPING for _, usage in wanted.values()):
        raise TimestampUnavailable
    checked += authorities
    return SigningEvidence(ValidationMaterial.union(each.material for each in checked), tuple(checked))


def _authorities(
    timestamps: TimestampAuthorities, besides: Wanted, trust: TrustService, at: datetime, policy: AlgorithmPolicy
) -> list[CheckedCertificate]:
    """An authority that may not be relied on is left out rather than failing the document, as long as another works.

    It shows its certificates anew the next time, and at once where there is no other.
    """
    found, forgotten = [], False
    for token in timestamps.shown(policy.hash_for(at)):
        if token.certificates[0] in besides:
            continue
        if checked := _usable(token, trust, at, policy):
            found.append(checked)
        else:
            timestamps.forget(token)
            forgotten = True
    if found or not forgotten:
        return found
    anew = [each for each in timestamps.shown(policy.hash_for(at)) if each.certificates[0] not in besides]
    return [checked for checked in (_usable(token, trust, at, policy) for token in anew) if checked]


def _usable(
    token: TimestampToken, trust: TrustService, at: datetime, policy: AlgorithmPolicy
) -> CheckedCertificate | None:
    authority, *above = token.certificates
    with suppress(CertificateNotUsable):
        checked = trust.check(authority, above, at, TIMESTAMPING)
        return checked if is_strong(token, checked, policy, at) else None
    return None


def lacking(pdf: bytes, trust: TrustService, at: datetime) -> ValidationMaterial:
    """What signatures of a file do not carry to level LT by themselves, as it is `at` about now; raises `CertificateNotUsable`."""
    wanted = uncovered(pdf, trust.anchors)
    checked = [trust.check(each, chain, at, usage) for each, (chain, usage) in wanted.items()]
    return ValidationMaterial.union(each.material for each in checked)


def uncovered(pdf: bytes, anchors: Sequence[bytes]) -> Wanted:
    """Whose material is missing: signers and time-stamping authorities of signatures that are not at level LT by the file alone."""
    with reading_pdf():
        signatures = [each.signed_data for each in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures]
    wanted: Wanted = {}
    for signed, verdict in zip(signatures, signature_report(pdf, anchors), strict=True):
        if verdict.level is not Level.LT:
            _add(wanted, signed, SIGNING)
            for token in _timestamps_of(signed):
                _add(wanted, token, TIMESTAMPING)
    return wanted


def signature_timestamps(pdf: bytes) -> list[cms.SignedData]:
    """The timestamps of a file's signatures."""
    with reading_pdf():
        signatures = [each.signed_data for each in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures]
        return [token for signed in signatures for token in _timestamps_of(signed)]


def _add(wanted: Wanted, signed: cms.SignedData, usage: Usage) -> None:
    held = extract_certs_for_validation(signed)
    wanted.setdefault(held.signer_cert.dump(), (tuple(other.dump() for other in held.other_certs), usage))


def _timestamps_of(signed: cms.SignedData) -> list[cms.SignedData]:
    # Without any, the attribute is void, and gives nothing.
    unsigned = signed["signer_infos"][0]["unsigned_attrs"]
    kind = "signature_time_stamp_token"
    return [value["content"] for each in unsigned if each["type"].native == kind for value in each["values"]]
