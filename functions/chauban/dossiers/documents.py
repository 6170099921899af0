"""A dossier's documents: what was made, who signed what, and the revisions that were issued."""

import hashlib
from base64 import b32encode
from datetime import datetime
from enum import StrEnum

from chauban.dossiers.numbering import IssuedNumber
from chauban.values import Frozen


class DocumentKind(StrEnum):
    """What a document is for the administration."""

    APPLICATION = "application"
    RECEIPT = "receipt"
    RESULT = "result"
    SUPPLEMENT_REQUEST = "supplement_request"
    REFUSAL = "refusal"
    EXTENSION = "extension"
    STOP_NOTICE = "stop_notice"
    CONTROL_SLIP = "control_slip"
    REGISTER = "register"
    CORRECTION = "correction"
    REVOCATION = "revocation"
    SAO_Y = "sao_y"
    SAO_LUC = "sao_luc"
    TRICH_SAO = "trich_sao"
    ANNEX = "annex"


# Certified copies by the words of Decree 30/2020/ND-CP, Article 25.
COPIES = frozenset({DocumentKind.SAO_Y, DocumentKind.SAO_LUC, DocumentKind.TRICH_SAO})


class Validity(StrEnum):
    """What an issued document is worth today: a later one may have corrected it, taken its place, or taken it back."""

    IN_FORCE = "in_force"
    CORRECTED = "corrected"
    REPLACED = "replaced"
    REVOKED = "revoked"


class DocumentStatus(StrEnum):
    """Where a document stands; only `issued` ones are for the citizen to keep. One that is `awaiting_release` is sealed when
    the records office says so, an annex that is `awaiting_main` with the document that it belongs to. A `returned` one (sent back
    by the official or the records office, or taken back by the desk) and a `cancelled` one (its dossier ended before) never will
    be issued."""

    RENDERING = "rendering"
    AWAITING_SIGNATURE = "awaiting_signature"
    AWAITING_RELEASE = "awaiting_release"
    AWAITING_SEAL = "awaiting_seal"
    AWAITING_MAIN = "awaiting_main"
    ISSUED = "issued"
    RETURNED = "returned"
    CANCELLED = "cancelled"


# On the way to being issued.
OPEN = frozenset(
    {
        DocumentStatus.RENDERING,
        DocumentStatus.AWAITING_SIGNATURE,
        DocumentStatus.AWAITING_RELEASE,
        DocumentStatus.AWAITING_SEAL,
        DocumentStatus.AWAITING_MAIN,
    }
)


class StoredFile(Frozen):
    """A file in one of the buckets: key, version where the bucket keeps some, SHA-256 of its bytes in hex, size in bytes."""

    bucket: str
    key: str
    sha256: str
    size: int
    version: str | None = None


class Finished(Frozen):
    """The sealed file that is to be issued, and no other: kept before it is archived, since an archived file stays."""

    file: StoredFile
    timestamped_at: datetime
    level: str


class Preparation(Frozen):
    """The one set of signed attributes fixed for the next signature of a document.

    `file` holds the place reserved for the signature; `signed_attributes` (base64 of DER) is what the key signs, `digest` (base64)
    its hash by the credential's algorithm. `signature` (base64) is set once, after it was checked against the certificate.
    """

    field: str
    credential: str
    base_sha256: str
    file: StoredFile
    signed_attributes: str
    digest: str
    prepared_at: datetime
    certificate_check: dict[str, str]
    signature: str | None = None
    finished: Finished | None = None


class AppliedSignature(Frozen):
    """A signature that is in the file: its field, whose credential, and what was found when the certificate was checked."""

    field: str
    credential: str
    signed_at: datetime
    timestamped_at: datetime
    sha256: str
    certificate_check: dict[str, str]


class DocumentTimestamp(Frozen):
    """The document timestamp that a revision ends with: the time it states, the SHA-256 of its authority's certificate, and what
    was found when that certificate was checked before."""

    timestamped_at: datetime
    authority: str
    certificate_check: dict[str, str]


class Revision(Frozen):
    """An issued state of the file: its number from 1, archive file, PAdES level (or "unsigned") and time of making; `timestamp`
    where it was made by extending the one before."""

    revision: int
    file: StoredFile
    level: str
    made_at: datetime
    timestamp: DocumentTimestamp | None = None


class Document(Frozen):
    """One document of a dossier. `agency` issues it, under its name, number and seal; `current` is the newest state on the way
    to being issued. `released_by` is the appointment in the records office that let it be sealed; `hindrance` a word for what
    the linter found in it, so that it was not sealed. `made_from` is the file of others that a copy was made of. `replaces`,
    `corrects`, `revokes` and `copy_of` name the issued document that this one is about; `replaced_by`, `corrected_by` and
    `revoked_by` what was issued about this one. `annexes` are the documents in files of their own that belong to this one, in
    order; each names it as `annex_of`."""

    id: str
    kind: DocumentKind
    agency: str
    ordinal: int
    cause: str
    title: str
    status: DocumentStatus = DocumentStatus.RENDERING
    current: StoredFile | None = None
    fonts_sha256: str | None = None
    number: IssuedNumber | None = None
    preparation: Preparation | None = None
    signatures: tuple[AppliedSignature, ...] = ()
    revisions: tuple[Revision, ...] = ()
    released_by: str | None = None
    hindrance: str | None = None
    replaces: str | None = None
    corrects: str | None = None
    revokes: str | None = None
    copy_of: str | None = None
    made_from: str | None = None
    replaced_by: str | None = None
    corrected_by: tuple[str, ...] = ()
    revoked_by: str | None = None
    annexes: tuple[str, ...] = ()
    annex_of: str | None = None

    @property
    def amends(self) -> str | None:
        """The issued document that this one replaces, corrects or revokes."""
        return self.replaces or self.corrects or self.revokes

    @property
    def validity(self) -> Validity:
        """Revoked counts more than replaced, replaced more than corrected."""
        if self.revoked_by:
            return Validity.REVOKED
        if self.replaced_by:
            return Validity.REPLACED
        return Validity.CORRECTED if self.corrected_by else Validity.IN_FORCE

    @property
    def sha256(self) -> str | None:
        """The SHA-256 of the newest state of the file, once there is one."""
        return self.current.sha256 if self.current else None

    @property
    def signed(self) -> bool:
        """Whether a signature is in the file, or was accepted for it."""
        return bool(self.signatures) or (self.preparation is not None and self.preparation.signature is not None)


def document_id(dossier: str, kind: DocumentKind, ordinal: int, cause: str) -> str:
    """The id of the one document for (dossier, kind, ordinal, cause): opaque, 26 characters, the same at every attempt."""
    name = f"{dossier}|{kind.value}|{ordinal}|{cause}".encode()
    return b32encode(hashlib.sha256(name).digest()).decode()[:26]
