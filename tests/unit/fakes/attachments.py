"""Uploads, papers and the one who looks into them, in memory; and how a file comes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chauban.access.identity import Caller
from chauban.attachments.announcing import Announced, Announcing
from chauban.attachments.examining import Examining
from chauban.attachments.papers import OpeningPapers
from chauban.attachments.ports import Scan, Seen, Upload
from chauban.attachments.requests import AnnounceAttachment
from chauban.dossiers.attachments import Attachment, SourceKind
from chauban.dossiers.documents import StoredFile
from chauban.dossiers.model import Dossier

from tests.unit.fakes.files import MemoryFiles
from tests.unit.fakes.people import citizen

if TYPE_CHECKING:
    from tests.unit.fakes.world import World

COMPONENT = "marital_proof"
"""The paper that the form of the tests takes."""
CONTENT = b"%PDF-1.7 a divorce decision"


class MemoryUploads:
    """`UploadPlaces` and `Uploads`; `found` is what the scanner says."""

    def __init__(self) -> None:
        self.there: dict[tuple[str, str], bytes] = {}
        self.found = Scan.CLEAN

    def place(self, dossier: str, attachment: Attachment, seconds: int, until: datetime) -> Upload:
        return Upload("https://uploads.example", {"key": f"{dossier}/{attachment.id}", "for": str(seconds)}, until)

    def size(self, dossier: str, attachment: str) -> int | None:
        found = self.there.get((dossier, attachment))
        return None if found is None else len(found)

    def read(self, dossier: str, attachment: str) -> bytes:
        return self.there[dossier, attachment]

    def scan(self, dossier: str, attachment: str) -> Scan:
        return self.found

    def remove(self, dossier: str, attachment: str) -> None:
        self.there.pop((dossier, attachment), None)


class MemoryPapers:
    """`Papers` and `PaperLinks`."""

    def __init__(self, files: MemoryFiles) -> None:
        self.kept: dict[str, bytes] = {}
        self._files = files

    def keep(self, content: bytes, media_type: str) -> StoredFile:
        sha256 = hashlib.sha256(content).hexdigest()
        self.kept[sha256] = self._files.stored["work", f"attachments/{sha256}"] = content
        return StoredFile(bucket="work", key=f"attachments/{sha256}", sha256=sha256, size=len(content))

    def link(self, attachment: Attachment, name: str, seconds: int) -> str:
        assert attachment.file
        return f"https://work.example/{attachment.file.key}?name={name}&seconds={seconds}"


class FakeExaminer:
    """An `Examiner` that finds what it is told to find, and remembers what it was shown."""

    def __init__(self) -> None:
        self.finds: str | None = None
        self.sees = Seen(None, (370, 791, 550, 827), 0, "")
        self.fails: Exception | None = None
        self.shown: list[tuple[bytes, str]] = []

    def fault(self, content: bytes, media_type: str) -> str | None:
        self.shown.append((content, media_type))
        if self.fails:
            raise self.fails
        return self.finds

    def look(self, content: bytes, media_type: str, kind: SourceKind) -> Seen:
        self.shown.append((content, media_type))
        return Seen(self.finds) if self.finds else self.sees


class Attaching:
    """The services of attachments on fakes, and the steps of one file."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.uploads, self.kept, self.examiner = MemoryUploads(), MemoryPapers(world.files), FakeExaminer()
        store, clock = world.store, world.clock
        self.announcing = Announcing(store, world.forms, world.rights, self.uploads, clock, world.ids)
        self.examining = Examining(store, self.uploads, self.kept, self.examiner, world.events, world.orders, clock)
        self.papers = OpeningPapers(store, self.kept, world.rights, clock, 300)

    def announced(
        self, dossier: Dossier, caller: Caller | None = None, key: str | None = None, **changes: Any
    ) -> Announced:
        """What comes of announcing a file."""
        body = announcement(**changes)
        request = AnnounceAttachment.model_validate(body)
        return self.announcing.announce(caller or citizen(), dossier.id, request, body, key or self.world.ids.new())

    def uploaded(self, dossier: Dossier, content: bytes = CONTENT, **changes: Any) -> Attachment:
        """A file that lies in the uploads, announced as it is unless told otherwise."""
        told = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), **changes}
        attachment = self.announced(dossier, **told).attachment
        self.uploads.there[dossier.id, attachment.id] = content
        return attachment

    def examined(self, dossier: Dossier, content: bytes = CONTENT, **changes: Any) -> Attachment:
        """A file after it was looked into."""
        attachment = self.uploaded(dossier, content, **changes)
        self.examining.examine(dossier.id, attachment.id)
        return self.world.store.load(dossier.id).attachment(attachment.id)

    def scanning(self, dossier: Dossier) -> Attachment:
        """A file whose worker died while it was looking."""
        attachment = self.uploaded(dossier)
        self.examiner.fails = OSError("killed")
        try:
            self.examining.examine(dossier.id, attachment.id)
        except OSError:
            self.examiner.fails = None
        return self.world.store.load(dossier.id).attachment(attachment.id)


def announcement(**changes: Any) -> dict[str, Any]:
    """A good body of `POST /v1/dossiers/{id}/attachments`."""
    return {
        "component": COMPONENT,
        "name": "quyết định ly hôn.pdf",
        "type": "application/pdf",
        "bytes": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        **changes,
    }
