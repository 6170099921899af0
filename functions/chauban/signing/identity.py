"""Who signs, as far as a signature names it: certificate, chain and algorithm. The private key is elsewhere."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chauban.signing.algorithms import Algorithm


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
