"""What has been fixed for the next signature of a document: when it still stands, and the record of it once it is in the file."""

import hashlib
from base64 import b64encode
from datetime import datetime, timedelta

from chauban.dossiers.documents import AppliedSignature, Document, Preparation, StoredFile
from chauban.signing.credentials import Credential
from chauban.signing.ports import PreparedFile

# A seal's file carries the revocation data of the moment it was prepared. One that could not be finished for so long (all
# time-stamping authorities down, say) is prepared afresh; what was fixed before is in no file and goes into none.
STALE = timedelta(hours=6)


def preparation_of(
    prepared: PreparedFile, file: StoredFile, *, field: str, credential: Credential, base: StoredFile, at: datetime
) -> Preparation:
    """What is fixed for a signature of `base`: the prepared file, kept as `file`, and the one set of signed attributes."""
    return Preparation(
        field=field,
        credential=credential.id,
        base_sha256=base.sha256,
        file=file,
        signed_attributes=b64encode(prepared.signed_attributes).decode(),
        digest=b64encode(hashlib.new(credential.algorithm.digest, prepared.signed_attributes).digest()).decode(),
        prepared_at=at,
        certificate_check=prepared.certificate_check,
    )


def fresh_preparation(document: Document, now: datetime) -> Preparation | None:
    """What was fixed for the next signature of the file as it now is, less than `STALE` ago."""
    fixed = document.preparation
    if fixed is None or document.current is None or now - fixed.prepared_at >= STALE:
        return None
    return fixed if fixed.base_sha256 == document.current.sha256 else None


def goes_on(present: Preparation, fixed: Preparation) -> bool:
    """Whether `fixed` is what is kept already with one thing more: the signature value, then the finished file."""
    if present.signature is None:
        return present == fixed.model_copy(update={"signature": None, "finished": None}) and fixed.signature is not None
    return present == fixed.model_copy(update={"finished": None}) and fixed.finished is not None


def applied(prepared: Preparation, timestamped_at: datetime, stored: StoredFile) -> AppliedSignature:
    """The record of a signature that is now in the file."""
    return AppliedSignature(
        field=prepared.field,
        credential=prepared.credential,
        signed_at=prepared.prepared_at,
        timestamped_at=timestamped_at,
        sha256=stored.sha256,
        certificate_check=prepared.certificate_check,
    )
