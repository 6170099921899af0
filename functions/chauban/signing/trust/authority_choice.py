"""Whose timestamp a prepared file may take: a token that nobody can rely on later must never be embedded.

A signature's revision is fixed before its timestamp is made, so the material for the time-stamping authority is in the
file already, or comes only with a later revision.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from chauban.errors import CertificateNotUsable
from chauban.signing.pades.revisions import reading_pdf
from chauban.signing.trust.certificates import TIMESTAMPING, TrustService
from chauban.signing.trust.offline import stood, stored_material

Choice = Callable[[Sequence[bytes]], bool]
"""The certificates (DER) of a token, the authority's first -> whether the token is taken."""


def authority_choice(prepared: bytes, trust: TrustService, at: datetime) -> Choice:
    """Takes authorities that the prepared file's material covers `at` about now, unless they have been found bad since.

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

    def taken(certificates: Sequence[bytes]) -> bool:
        authority, *above = certificates
        if covered and authority not in covered:
            return False
        try:
            trust.check(authority, above, at, TIMESTAMPING)
        except CertificateNotUsable as refusal:
            # Nobody answers today, but the file already holds an answer that is recent enough.
            return authority in covered and refusal.values["reason"] == "status_unavailable"
        return True

    return taken


def _for_timestamping(certificate: bytes) -> bool:
    usage = x509.Certificate.load(certificate).extended_key_usage_value
    return usage is not None and "time_stamping" in usage.native
