"""What the services of attachments need of the world, as protocols."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from chauban.dossiers.attachments import Attachment, SourceKind
from chauban.dossiers.documents import StoredFile


class Upload(NamedTuple):
    """A form upload (POST, multipart/form-data): its address, the fields before `file`, and until when it may begin."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class Scan(StrEnum):
    """What a scanner for malware says of an uploaded file."""

    CLEAN = "clean"
    FOUND = "found"
    IMPOSSIBLE = "impossible"
    WAITING = "waiting"


class UploadPlaces(Protocol):
    """Where announced files may be uploaded to."""

    def place(self, dossier: str, attachment: Attachment, seconds: int, until: datetime) -> Upload:
        """A place for exactly the announced bytes: key, media type, length and checksum are fixed."""
        ...


class Uploads(Protocol):
    """What was uploaded and not yet examined."""

    def size(self, dossier: str, attachment: str) -> int | None:
        """How many bytes were uploaded; None where there is no file (any more)."""
        ...

    def read(self, dossier: str, attachment: str) -> bytes:
        """The bytes."""
        ...

    def scan(self, dossier: str, attachment: str) -> Scan:
        """What the scanner for malware found; `CLEAN` where the installation has none."""
        ...

    def remove(self, dossier: str, attachment: str) -> None:
        """Removes the file; does nothing where there is none."""
        ...


class Papers(Protocol):
    """Accepted attachments."""

    def keep(self, content: bytes, media_type: str) -> StoredFile:
        """Stores the bytes as they are, under their hash."""
        ...


class PaperLinks(Protocol):
    """How accepted attachments are opened."""

    def link(self, attachment: Attachment, name: str, seconds: int) -> str:
        """A presigned URL to download an accepted attachment under a name that says nothing of a person, as the type that it
        was found to be."""
        ...


@dataclass(frozen=True)
class SeenPage:
    """A page of a scan: its picture, media type, width and height in points, dots per inch."""

    content: bytes
    type: str
    width: float
    height: float
    resolution: int


@dataclass(frozen=True)
class Seen:
    """What a file to be copied looks like; `fault` is a word of `reasons` for why it cannot be one. The others as in
    `CopySource`."""

    fault: str | None
    place: tuple[int, int, int, int] | None = None
    turned: int = 0
    words: str = ""
    pages: tuple[SeenPage, ...] = ()


class Examiner(Protocol):
    """Looks into a file that nobody has looked into yet."""

    def fault(self, content: bytes, media_type: str) -> str | None:
        """A word of `reasons` for why the file cannot be kept; None where it is what it says and does nothing by itself."""
        ...

    def look(self, content: bytes, media_type: str, kind: SourceKind) -> Seen:
        """What a file to be copied looks like, and whether it may be kept (`fault`)."""
        ...
