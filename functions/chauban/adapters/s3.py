"""Files in S3: drafts in the work bucket, issued documents in the archive under retention, all named by their hash."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from chauban.dossiers.documents import StoredFile
from chauban.errors import VerificationFailed
from chauban.ports import Clock

PDF = "application/pdf"


@dataclass(frozen=True)
class S3Files:
    """A `Files`. `lock_mode` and `retention_days` hold for what goes to the archive."""

    client: Any
    forms_bucket: str
    work_bucket: str
    archive_bucket: str
    lock_mode: str
    retention_days: int
    clock: Clock

    def put_draft(self, folder: str, content: bytes) -> StoredFile:
        """See `Files.put_draft`."""
        file = _named(self.work_bucket, folder, content)
        self.client.put_object(Bucket=file.bucket, Key=file.key, Body=content, **_sealed(content))
        return file

    def archive(self, content: bytes) -> StoredFile:
        """See `Files.archive`; the same bytes are stored once, however often they are brought."""
        file = _named(self.archive_bucket, "documents", content)
        until = self.clock.now() + timedelta(days=self.retention_days)
        try:
            stored = self.client.put_object(
                Bucket=file.bucket,
                Key=file.key,
                Body=content,
                IfNoneMatch="*",
                ObjectLockMode=self.lock_mode,
                ObjectLockRetainUntilDate=until,
                **_sealed(content),
            )
        except ClientError as refusal:
            # A conflict (409) says only that somebody is at it; what was stored is known when it is there (412).
            if refusal.response["Error"]["Code"] != "PreconditionFailed":
                raise
            stored = self.client.head_object(Bucket=file.bucket, Key=file.key)
        return file.model_copy(update={"version": stored.get("VersionId")})

    def is_archived(self, sha256: str) -> bool:
        """See `Files.is_archived`."""
        found = self.client.list_objects_v2(Bucket=self.archive_bucket, Prefix=f"documents/{sha256}.pdf", MaxKeys=1)
        return bool(found["KeyCount"])

    def read(self, file: StoredFile) -> bytes:
        """See `Files.read`; raises `VerificationFailed` for bytes that are not those that were stored."""
        content: bytes = self.client.get_object(**_place(file))["Body"].read()
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise VerificationFailed(reason="a stored file is not what was stored")
        return content

    def appearance(self, key: str) -> bytes:
        """See `Files.appearance`."""
        content: bytes = self.client.get_object(Bucket=self.forms_bucket, Key=key)["Body"].read()
        return content

    def link(self, file: StoredFile, name: str, seconds: int) -> str:
        """See `Files.link`."""
        wanted = {
            **_place(file),
            "ResponseContentType": PDF,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name)}",
        }
        url: str = self.client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
        return url


def _place(file: StoredFile) -> dict[str, str]:
    """Where the very bytes lie: an archived file is named with its version, so that a later one under its key is not it."""
    place = {"Bucket": file.bucket, "Key": file.key}
    return place | ({"VersionId": file.version} if file.version else {})


def _named(bucket: str, folder: str, content: bytes) -> StoredFile:
    sha256 = hashlib.sha256(content).hexdigest()
    return StoredFile(bucket=bucket, key=f"{folder}/{sha256}.pdf", sha256=sha256, size=len(content))


def _sealed(content: bytes) -> dict[str, str]:
    """The checksum that S3 verifies on arrival; it asks for the algorithm's name too where an object gets a retention."""
    checksum = b64encode(hashlib.sha256(content).digest()).decode()
    return {"ContentType": PDF, "ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum}
