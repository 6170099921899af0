"""What certificates and timestamps rest on, in the words of the policy on algorithms: hashes, keys by length, paddings."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from chauban.errors import CertificateNotUsable, SigningError
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy, Family, UsedAlgorithm
from chauban.signing.trust.certificates import CheckedCertificate
from chauban.signing.trust.timestamping import TimestampToken


def hash_used(name: str) -> UsedAlgorithm:
    """A hash, by hashlib's name."""
    return UsedAlgorithm(family=Family.HASH, name=name)


def path_of(checked: CheckedCertificate) -> list[x509.Certificate]:
    """The certificates from the checked one up to its anchor."""
    return [x509.load_der_x509_certificate(each) for each in checked.material.certificates]


def algorithms_of(path: Sequence[x509.Certificate], *, pkcs1: bool) -> list[UsedAlgorithm]:
    """What a signature by the first certificate rests on: its key, used with PKCS#1 v1.5 or not, and the hashes and keys of the
    signatures below the anchor; raises `SigningError` for what nobody can name."""
    used, keys = [], [_key_used(path[0], pkcs1=pkcs1)]
    for place, each in enumerate(path[:-1]):
        if each.signature_hash_algorithm is None:
            raise SigningError(reason="unknown-algorithm")
        used.append(hash_used(each.signature_hash_algorithm.name))
        # What a token carries is in no order.
        issuer = next((other for other in [*path[place + 1 :], *path] if other.subject == each.issuer), None)
        if issuer is not None:
            keys.append(_key_used(issuer, pkcs1=isinstance(each.signature_algorithm_parameters, padding.PKCS1v15)))
    return list(dict.fromkeys([*used, *keys]))


def _key_used(certificate: x509.Certificate, *, pkcs1: bool) -> UsedAlgorithm:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return UsedAlgorithm(family=Family.RSA_PKCS1 if pkcs1 else Family.RSA_PSS, bits=key.key_size)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return UsedAlgorithm(family=Family.EC, bits=key.curve.key_size)
    raise SigningError(reason="unknown-algorithm")


def require_strong(
    checked: CheckedCertificate, digest: str, policy: AlgorithmPolicy, at: datetime, *, pkcs1: bool
) -> None:
    """Raise `CertificateNotUsable` (weak_algorithm) where a signature by this certificate, with this hash, and with PKCS#1 v1.5 or
    not, would prove nothing: what it rests on is weak at an aware moment."""
    if policy.weak([hash_used(digest), *algorithms_of(path_of(checked), pkcs1=pkcs1)], at):
        raise CertificateNotUsable(reason="weak_algorithm")


def is_strong(token: TimestampToken, checked: CheckedCertificate | None, policy: AlgorithmPolicy, at: datetime) -> bool:
    """Whether a token of an authority proves something at an aware moment; of one that nobody could check, by what it carries."""
    path = path_of(checked) if checked else [x509.load_der_x509_certificate(each) for each in token.certificates]
    return not policy.weak([hash_used(token.digest), *algorithms_of(path, pkcs1=token.pkcs1)], at)
