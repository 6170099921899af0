"""Development trust services: a root CA, an issuing CA, OCSP, CRLs and time-stamping, for one machine only.

Nothing signed under this root means anything to anybody else.
"""

from infra.local.trust.authority import Authority, create_authority, open_authority
from infra.local.trust.issuing import issue_certificate, reinstate, revoke, suspend

__all__ = [
    "Authority",
    "create_authority",
    "issue_certificate",
    "open_authority",
    "reinstate",
    "revoke",
    "suspend",
]
