"""Papers that come with a dossier (thành phần hồ sơ): announced, uploaded, examined, and kept or refused.

They are no documents of the dossier: nobody signs them, and nothing of them is ever inside what is signed.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from chauban.dossiers.documents import StoredFile
from chauban.dossiers.facts import Actor
from chauban.values import Frozen

# An upload has to begin within this time; an old phone on a slow line then takes as long as it takes.
UPLOAD_TIME = timedelta(minutes=30)
# Whatever was announced and did not come, or could not be examined, is given up after this time.
WAITING_TIME = timedelta(hours=2)
# As long as the announcement's idempotency key is remembered.
FORGOTTEN_AFTER = timedelta(days=7)


class AttachmentStatus(StrEnum):
    """Where an attachment stands. Only an `accepted` one can be opened; an `expired` one was announced and never came."""

    EXPECTED = "expected"
    SCANNING = "scanning"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"


WAITING = frozenset({AttachmentStatus.EXPECTED, AttachmentStatus.SCANNING})


class SourceKind(StrEnum):
    """What a file is of which the records office has copies certified: one that another agency issued and signed, or the scan of a
    paper original."""

    SIGNED_FILE = "signed_file"
    PAPER_SCAN = "paper_scan"


class ScannedPage(Frozen):
    """One page of a scan as it was found, nothing of it compressed anew where that can be: its media type, width and height on
    paper in points, dots per inch."""

    file: StoredFile
    type: str
    width: float
    height: float
    resolution: int


class SourceSignature(Frozen):
    """What was found of one signature in a file that was signed elsewhere, as of the time of its timestamp."""

    field: str
    signer: str | None
    organisation: str | None
    issuer: str | None
    certificate_sha256: str | None
    timestamp: datetime | None
    level: str


class CopySource(Frozen):
    """What a file is that others issued: as the records office states it (title, number, day, issuing agency), and as it was found.

    `place` is free for the copy's signature at the top right of page 1 (left, bottom, right, top in whole points), which is shown
    `turned` by so many degrees; with `has_place` the file has that field already. `no_sao_y` is a word for why a SAO Y cannot
    be made of it although its signatures hold. `words` is the text of its pages, `pages` are those of a scan.
    """

    kind: SourceKind
    title: str
    number: str | None
    day: date | None
    issuer: str
    place: tuple[int, int, int, int] | None = None
    turned: int = 0
    has_place: bool = False
    no_sao_y: str | None = None
    words: StoredFile | None = None
    pages: tuple[ScannedPage, ...] = ()
    signatures: tuple[SourceSignature, ...] = ()
    checked_at: datetime | None = None


class Attachment(Frozen):
    """One file, as announced: for which component of the form (or what was asked for in a supplement `request`), under which
    name, media type, size in bytes and SHA-256. `file` is where an accepted one is kept, `reason` a word for why it was refused.
    `name` is personal data: it leaves the table only in answers to who may read the dossier. What has a `source` is no paper of the
    dossier's but a file to be copied, and only staff sees it.
    """

    id: str
    component: str
    title: dict[str, str]
    name: str
    type: str
    size: int
    sha256: str
    request: str | None
    announced_at: datetime
    announced_by: Actor
    status: AttachmentStatus = AttachmentStatus.EXPECTED
    reason: str | None = None
    settled_at: datetime | None = None
    file: StoredFile | None = None
    source: CopySource | None = None

    def as_of(self, now: datetime) -> "Attachment":
        """The attachment as it is at that time: what was waited for too long has expired."""
        late = self.status in WAITING and now >= self.announced_at + WAITING_TIME
        return self.model_copy(update={"status": AttachmentStatus.EXPIRED}) if late else self
