"""When a credential really ends: its record may say another day than its certificate does."""

from datetime import datetime
from functools import lru_cache

from chauban.signing.credentials import Credential


def ends(credential: Credential) -> datetime:
    """The end of the record or of the certificate, whichever comes first. What is no certificate has no end of its own here, and
    is refused when it is signed with."""
    of_certificate = _not_after(credential.chain_pem)
    return credential.valid_to if of_certificate is None else min(credential.valid_to, of_certificate)


@lru_cache(maxsize=256)
def _not_after(chain_pem: str) -> datetime | None:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(chain_pem.encode()).not_valid_after_utc
    except ValueError:
        return None
