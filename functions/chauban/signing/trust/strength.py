"""What certificates and timestamps rest on, in the words of the policy on algorithms: hashes, and keys by their length."""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

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


def algorithms_of(path: Sequence[x509.Certificate]) -> list[UsedAlgorithm]:
    """The hashes of the signatures below the anchor, and all keys; raises `SigningError` for a hash that nobody can name."""
    used = []
    for each in path[:-1]:
        if each.signature_hash_algorithm is None:
            raise SigningError(reason="unknown-algorithm")
        used.append(hash_used(each.signature_hash_algorithm.name))
    for each in path:
        key = each.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            used.append(UsedAlgorithm(family=Family.RSA, bits=key.key_size))
        elif isinstance(key, ec.EllipticCurvePublicKey):
            used.append(UsedAlgorithm(family=Family.EC, bits=key.curve.key_size))
    return list(dict.fromkeys(used))


def require_strong(checked: CheckedCertificate, digest: str, policy: AlgorithmPolicy, at: datetime) -> None:
    """Raise `CertificateNotUsable` (weak_algorithm) where a signature by this certificate, with this hash, would prove nothing:
    what it rests on is weak at an aware moment."""
    if policy.weak([hash_used(digest), *algorithms_of(path_of(checked))], at):
        raise CertificateNotUsable(reason="weak_algorithm")


def is_strong(token: TimestampToken, checked: CheckedCertificate | None, policy: AlgorithmPolicy, at: datetime) -> bool:
    """Whether a token of an authority proves something at an aware moment; of one that nobody could check, by what it carries."""
    path = path_of(checked) if checked else [x509.load_der_x509_certificate(each) for each in token.certificates]
    return not policy.weak([hash_used(token.digest), *algorithms_of(path)], at)
