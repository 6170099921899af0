"""Papers that come with a dossier (thành phần hồ sơ): announced, uploaded, examined, and kept or refused.

They are no documents of the dossier: nobody signs them, and nothing of them is ever inside what is signed.
"""

from datetime import datetime, timedelta
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


class Attachment(Frozen):
    """One file, as announced: for which component of the form (or what was asked for in a supplement `request`), under which
    name, media type, size in bytes and SHA-256. `file` is where an accepted one is kept, `reason` a word for why it was refused.
    `name` is personal data: it leaves the table only in answers to who may read the dossier.
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

    def as_of(self, now: datetime) -> "Attachment":
        """The attachment as it is at that time: what was waited for too long has expired."""
        late = self.status in WAITING and now >= self.announced_at + WAITING_TIME
        return self.model_copy(update={"status": AttachmentStatus.EXPIRED}) if late else self
