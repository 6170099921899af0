"""Asking whether a certificate still stands: OCSP (RFC 6960) first, the CRL (RFC 5280) when OCSP does not answer.

What comes back is evidence, not yet a verdict: signatures, dates and statuses are judged with the path in `trust.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from chauban.signing.trust.certification_path import authority_information
from chauban.signing.trust.fetching import Fetch, FetchError


class Source(StrEnum):
    """Where evidence came from."""

    OCSP = "ocsp"
    CRL = "crl"


@dataclass(frozen=True)
class StatusEvidence:
    """An OCSP response or a CRL in DER, for one certificate, with the address it came from."""

    source: Source
    url: str
    der: bytes


def ask_ocsp(certificate: x509.Certificate, issuer: x509.Certificate, fetch: Fetch) -> StatusEvidence | None:
    """The first successful OCSP response about the certificate, or None."""
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, SHA256()).build()
    body = request.public_bytes(Encoding.DER)
    for url in authority_information(certificate, AuthorityInformationAccessOID.OCSP):
        try:
            answer = fetch.post(url, body, "application/ocsp-request")
            response = ocsp.load_der_ocsp_response(answer)
            if response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL and (
                response.serial_number == certificate.serial_number
            ):
                return StatusEvidence(Source.OCSP, url, answer)
        except (FetchError, ValueError):
            continue
    return None


def ask_crl(certificate: x509.Certificate, fetch: Fetch) -> StatusEvidence | None:
    """The first CRL that the certificate points to and that can be read, or None."""
    for url in _distribution_points(certificate):
        try:
            content = fetch.get(url)
            crl = x509.load_der_x509_crl(content)
        except (FetchError, ValueError):
            continue
        return StatusEvidence(Source.CRL, url, crl.public_bytes(Encoding.DER))
    return None


def _distribution_points(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = (name for point in points for name in point.full_name or ())
    return [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)]
