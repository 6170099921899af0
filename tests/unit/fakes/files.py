"""`Files` in memory."""

import hashlib

from chauban.dossiers.documents import StoredFile


class MemoryFiles:
    """See `Files`; `stored` holds bytes by (bucket, key), `archived` every hash brought to the archive, in order."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], bytes] = {}
        self.archived: list[str] = []

    def put_draft(self, folder: str, content: bytes) -> StoredFile:
        return self._put("work", folder, content)

    def archive(self, content: bytes) -> StoredFile:
        file = self._put("archive", "documents", content)
        self.archived.append(file.sha256)
        return file

    def is_archived(self, sha256: str) -> bool:
        return ("archive", f"documents/{sha256}.pdf") in self.stored

    def read(self, file: StoredFile) -> bytes:
        return self.stored[file.bucket, file.key]

    def appearance(self, key: str) -> bytes:
        return f"image {key}".encode()

    def link(self, file: StoredFile, name: str, seconds: int) -> str:
        return f"https://{file.bucket}.example/{file.key}?name={name}&seconds={seconds}"

    def _put(self, bucket: str, folder: str, content: bytes) -> StoredFile:
        sha256 = hashlib.sha256(content).hexdigest()
        file = StoredFile(bucket=bucket, key=f"{folder}/{sha256}.pdf", sha256=sha256, size=len(content))
        self.stored[bucket, file.key] = content
        return file
