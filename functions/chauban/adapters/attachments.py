"""Attachments in S3: uploads in a bucket of their own, accepted ones in the work bucket under their hash. No key holds a name."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from chauban.attachments.keys import upload_key
from chauban.attachments.ports import Scan, Upload
from chauban.dossiers.attachments import Attachment
from chauban.dossiers.documents import StoredFile

FOLDER = "attachments"
# The tag that GuardDuty Malware Protection for S3 puts on an object, and what its values mean.
SCAN_TAG = "GuardDutyMalwareScanStatus"
_SCANS = {"NO_THREATS_FOUND": Scan.CLEAN, "THREATS_FOUND": Scan.FOUND}
_GONE = {"404", "NoSuchKey", "NotFound"}


@dataclass(frozen=True)
class S3UploadPlaces:
    """`UploadPlaces`: presigned POST policies, which S3 itself enforces."""

    client: Any
    bucket: str

    def place(self, dossier: str, attachment: Attachment, seconds: int, until: datetime) -> Upload:
        """See `UploadPlaces.place`."""
        checksum = b64encode(bytes.fromhex(attachment.sha256)).decode()
        fields = {
            "Content-Type": attachment.type,
            "x-amz-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": checksum,
        }
        exactly = [{name: value} for name, value in fields.items()]
        length = ["content-length-range", attachment.size, attachment.size]
        key = upload_key(dossier, attachment.id)
        post = self.client.generate_presigned_post(
            self.bucket, key, Fields=dict(fields), Conditions=[*exactly, length], ExpiresIn=seconds
        )
        return Upload(post["url"], post["fields"], until)


@dataclass(frozen=True)
class S3Uploads:
    """`Uploads`. `scanned` says whether a scanner tags what is uploaded."""

    client: Any
    bucket: str
    scanned: bool

    def size(self, dossier: str, attachment: str) -> int | None:
        """See `Uploads.size`."""
        try:
            return int(self.client.head_object(**self._at(dossier, attachment))["ContentLength"])
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] in _GONE:
                return None
            raise

    def read(self, dossier: str, attachment: str) -> bytes:
        """See `Uploads.read`."""
        content: bytes = self.client.get_object(**self._at(dossier, attachment))["Body"].read()
        return content

    def scan(self, dossier: str, attachment: str) -> Scan:
        """See `Uploads.scan`; a tag that says neither yes nor no means that the file could not be scanned."""
        if not self.scanned:
            return Scan.CLEAN
        tags = self.client.get_object_tagging(**self._at(dossier, attachment))["TagSet"]
        told = next((tag["Value"] for tag in tags if tag["Key"] == SCAN_TAG), None)
        return _SCANS.get(told, Scan.IMPOSSIBLE) if told else Scan.WAITING

    def remove(self, dossier: str, attachment: str) -> None:
        """See `Uploads.remove`."""
        self.client.delete_object(**self._at(dossier, attachment))

    def _at(self, dossier: str, attachment: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": upload_key(dossier, attachment)}


@dataclass(frozen=True)
class S3Papers:
    """`Papers`."""

    client: Any
    bucket: str

    def keep(self, content: bytes, media_type: str) -> StoredFile:
        """See `Papers.keep`."""
        digest = hashlib.sha256(content)
        file = StoredFile(
            bucket=self.bucket, key=f"{FOLDER}/{digest.hexdigest()}", sha256=digest.hexdigest(), size=len(content)
        )
        checksum = b64encode(digest.digest()).decode()
        self.client.put_object(
            Bucket=file.bucket, Key=file.key, Body=content, ContentType=media_type, ChecksumSHA256=checksum
        )
        return file


@dataclass(frozen=True)
class S3PaperLinks:
    """`PaperLinks`."""

    client: Any

    def link(self, attachment: Attachment, name: str, seconds: int) -> str:
        """See `PaperLinks.link`: to be saved and not shown in place, as the type that was examined and no other."""
        if attachment.file is None:
            raise ValueError("an attachment without a file")
        wanted = {
            "Bucket": attachment.file.bucket,
            "Key": attachment.file.key,
            "ResponseContentType": attachment.type,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        }
        url: str = self.client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds)
        return url
