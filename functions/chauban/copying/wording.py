"""What stands at the top right of page 1 of an electronic copy: form of copy, copying organisation, time of signing."""

from datetime import datetime

from chauban.documents.vietnamese import agency_name
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.numbering import VIETNAM

FORMS = {DocumentKind.SAO_Y: "SAO Y", DocumentKind.SAO_LUC: "SAO LỤC", DocumentKind.TRICH_SAO: "TRÍCH SAO"}


def copy_words(kind: DocumentKind, agency: str, at: datetime) -> tuple[str, str, str]:
    """The three parts, for an agency's name and an aware moment: its time is that of Vietnam with seconds and zone (ISO 8601)."""
    return FORMS[kind], agency_name(agency), at.astimezone(VIETNAM).isoformat(timespec="seconds")
