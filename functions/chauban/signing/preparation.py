"""What has been fixed for the next signature of a document: when it still stands, and the record of it once it is in the file."""

from datetime import datetime, timedelta

from chauban.dossiers.documents import AppliedSignature, Document, Preparation, StoredFile
from chauban.ports import CompletedFile

# A seal's file carries the revocation data of the moment it was prepared. One that could not be finished for so long (all
# time-stamping authorities down, say) is prepared afresh; what was fixed before is in no file and goes into none.
STALE = timedelta(hours=6)


def fresh_preparation(document: Document, now: datetime) -> Preparation | None:
    """What was fixed for sealing the file as it now is, and is still fresh."""
    fixed = document.preparation
    if fixed is None or document.current is None or now - fixed.prepared_at >= STALE:
        return None
    return fixed if fixed.base_sha256 == document.current.sha256 else None


def applied(prepared: Preparation, completed: CompletedFile, stored: StoredFile) -> AppliedSignature:
    """The record of a signature that is now in the file."""
    return AppliedSignature(
        field=prepared.field,
        credential=prepared.credential,
        signed_at=prepared.prepared_at,
        timestamped_at=completed.timestamped_at,
        sha256=stored.sha256,
        certificate_check=prepared.certificate_check,
    )
