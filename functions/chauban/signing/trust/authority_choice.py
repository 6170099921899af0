"""Whose timestamp a prepared file may take: a token that nobody can rely on later must never be embedded.

A signature's revision is fixed before its timestamp is made, so the material for the time-stamping authority is in the
file already, or comes only with a later revision.
"""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from chauban.errors import CertificateNotUsable
from chauban.signing.pades.revisions import reading_pdf
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.trust.certificates import TIMESTAMPING, TrustService
from chauban.signing.trust.offline import stood, stored_material
from chauban.signing.trust.strength import is_strong
from chauban.signing.trust.timestamping import TimestampToken

Choice = Callable[[TimestampToken], bool]


def authority_choice(prepared: bytes, trust: TrustService, at: datetime, policy: AlgorithmPolicy) -> Choice:
    """Takes tokens of authorities that the prepared file's material covers `at` about now, unless they have been found bad
    since, or use what the policy calls weak.

    A file whose material covers none, because it was prepared without or has waited for longer than answers live, takes
    any that is good today: the material comes with the next revision.
    """
    with reading_pdf():
        held = stored_material(PdfFileReader(BytesIO(prepared)))
    covered = {
        each
        for each in held.certificates
        if _for_timestamping(each) and stood(each, held, trust.anchors, at, TIMESTAMPING)
    }

    def taken(token: TimestampToken) -> bool:
        authority, *above = token.certificates
        if covered and authority not in covered:
            return False
        try:
            checked = trust.check(authority, above, at, TIMESTAMPING)
        except CertificateNotUsable as refusal:
            # Nobody answers today, but the file already holds an answer that is recent enough.
            held_already = authority in covered and refusal.values["reason"] == "status_unavailable"
            return held_already and is_strong(token, None, policy, at)
        return is_strong(token, checked, policy, at)

    return taken


def _for_timestamping(certificate: bytes) -> bool:
    usage = x509.Certificate.load(certificate).extended_key_usage_value
    return usage is not None and "time_stamping" in usage.native
