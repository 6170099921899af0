"""Who signs, as far as a certificate names it: subject, chain and algorithm. The private key is elsewhere."""

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import CertificateFacts
from chauban.signing.pades.raw_signature import fits_key

# Where certificates of persons state the personal number: "CCCD:046198000101" as user id, and the semantics identifier of
# ETSI EN 319 412-1, 5.1.3 ("PNOVN-046198000101", "IDCVN-...") as serial number; some write the digits alone.
NUMBER_ATTRIBUTES = (NameOID.USER_ID, NameOID.SERIAL_NUMBER)
_NUMBER = re.compile(r"(?:(?:CCCD|CC|PID)\s*:\s*|(?:PNO|IDC)VN-)?(\d{12})", re.IGNORECASE)


@dataclass(frozen=True)
class SignerIdentity:
    """A signer's certificate and the certificates above it, in DER, nearest issuer first; the root may be left out."""

    certificate: bytes
    chain: tuple[bytes, ...]
    algorithm: Algorithm

    @classmethod
    def from_pem(cls, chain_pem: str, algorithm: Algorithm) -> "SignerIdentity":
        """From certificates in PEM, the signer's first; raises `ValueError` where there is none."""
        certificates = certificates_from_pem(chain_pem)
        return cls(certificates[0], tuple(certificates[1:]), algorithm)


def certificates_from_pem(text: str) -> tuple[bytes, ...]:
    """The certificates of a PEM text in their order, as DER; raises `ValueError` where there is none."""
    return tuple(cert.public_bytes(Encoding.DER) for cert in x509.load_pem_x509_certificates(text.encode()))


def certificate_facts(chain_pem: str) -> CertificateFacts:
    """What the first certificate of a PEM text says of its subject and key; raises `ValueError` where there is none."""
    der = certificates_from_pem(chain_pem)[0]
    certificate = x509.load_der_x509_certificate(der)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        fitting = frozenset(algorithm for algorithm in Algorithm if fits_key(der, algorithm))
    except x509.ExtensionNotFound:
        # Without the extension nothing says that the key is for signatures (Circular 15/2025 asks that it does).
        return _facts(certificate, False, frozenset())
    except UnsupportedAlgorithm as error:
        raise ValueError("the certificate's key is of no known kind") from error
    return _facts(certificate, usage.content_commitment, fitting)


def _facts(certificate: x509.Certificate, signs: bool, algorithms: frozenset[Algorithm]) -> CertificateFacts:
    stated = [value for oid in NUMBER_ATTRIBUTES for value in _values(certificate, oid)]
    numbers = [found.group(1) for value in stated if (found := _NUMBER.fullmatch(value.strip()))]
    return CertificateFacts(
        names=_values(certificate, NameOID.COMMON_NAME),
        numbers=tuple(dict.fromkeys(numbers)),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        signs=signs,
        algorithms=algorithms,
    )


def _values(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> tuple[str, ...]:
    return tuple(str(each.value) for each in certificate.subject.get_attributes_for_oid(oid))
