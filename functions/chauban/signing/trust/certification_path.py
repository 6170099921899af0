"""From a certificate up to a configured anchor: by name and signature, fetching missing issuers from where AIA says, unless the
certificates are strangers': theirs name addresses for which nobody vouches.

Nothing is trusted for being found here: the whole path is validated afterwards (`trust.py`). It only has to be known
before anybody can be asked about revocation.
"""

from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import AuthorityInformationAccessOID

from chauban.signing.trust.fetching import Fetch, FetchError

MAXIMUM_LENGTH = 8


def build_path(
    certificate: x509.Certificate,
    held: Sequence[x509.Certificate],
    anchors: Sequence[x509.Certificate],
    fetch: Fetch | None,
) -> tuple[x509.Certificate, ...] | None:
    """The path from `certificate` (first) to an anchor (last), or None where there is none; nothing is fetched without `fetch`."""
    above = [*anchors, *(each for each in held if _is_authority(each))]
    path = [certificate]
    while path[-1] not in anchors:
        issuer = _issuer(path[-1], above) or (_fetched_issuer(path[-1], fetch) if fetch else None)
        if issuer is None or issuer in path or len(path) >= MAXIMUM_LENGTH:
            return None
        path.append(issuer)
    return tuple(path)


def _issuer(certificate: x509.Certificate, candidates: Iterable[x509.Certificate]) -> x509.Certificate | None:
    return next((candidate for candidate in candidates if _issued(candidate, certificate)), None)


def _issued(candidate: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(candidate)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _fetched_issuer(certificate: x509.Certificate, fetch: Fetch) -> x509.Certificate | None:
    for url in authority_information(certificate, AuthorityInformationAccessOID.CA_ISSUERS):
        try:
            candidate = x509.load_der_x509_certificate(fetch.get(url))
        except (FetchError, ValueError):
            continue
        if _is_authority(candidate) and _issued(candidate, certificate):
            return candidate
    return None


def _is_authority(certificate: x509.Certificate) -> bool:
    """Whether a certificate may issue others (RFC 5280, 4.2.1.9): one that may not vouches for no address that it signed."""
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False


def authority_information(certificate: x509.Certificate, method: x509.ObjectIdentifier) -> list[str]:
    """The HTTP addresses of an access method in the AIA extension (RFC 5280, 4.2.2.1)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    locations = (each.access_location for each in access if each.access_method == method)
    return [each.value for each in locations if isinstance(each, x509.UniformResourceIdentifier)]
