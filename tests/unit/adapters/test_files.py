"""Files in S3: named by their hash, checked when read, kept from being changed once archived."""

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from chauban.adapters.s3 import S3Files
from chauban.errors import VerificationFailed

from tests.unit.adapters.conftest import REGION
from tests.unit.fakes.time_and_ids import SettableClock

PDF = b"%PDF-1.7 T\xe1\xbb\x9d khai"
SHA256 = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def s3(aws: Callable[[str], Any]) -> Any:
    client = aws("s3")
    place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    for name in ("forms", "work"):
        client.create_bucket(Bucket=name, **place)
    client.create_bucket(Bucket="archive", ObjectLockEnabledForBucket=True, **place)
    return client


@pytest.fixture
def files(s3: Any) -> S3Files:
    return S3Files(s3, "forms", "work", "archive", "COMPLIANCE", 30, SettableClock())


def test_a_draft_is_named_by_its_hash_and_read_back(files: S3Files) -> None:
    stored = files.put_draft("drafts", PDF)
    assert (stored.bucket, stored.key, stored.size) == ("work", f"drafts/{SHA256}.pdf", len(PDF))
    assert files.read(stored) == PDF
    assert files.put_draft("drafts", PDF) == stored


def test_an_archived_file_is_locked_until_its_retention_ends(files: S3Files, s3: Any) -> None:
    stored = files.archive(PDF)
    kept = s3.head_object(Bucket="archive", Key=stored.key)
    assert kept["ObjectLockMode"] == "COMPLIANCE"
    assert kept["ObjectLockRetainUntilDate"].isoformat().startswith("2026-12-23T02:00:00")


def test_the_same_file_is_archived_once(files: S3Files, s3: Any) -> None:
    first, again = files.archive(PDF), files.archive(PDF)
    assert first == again
    versions = s3.list_object_versions(Bucket="archive")["Versions"]
    assert [version["Key"] for version in versions] == [f"documents/{SHA256}.pdf"]


def test_a_refusal_that_is_no_repetition_is_told(s3: Any) -> None:
    lost = S3Files(s3, "forms", "work", "no-such-bucket", "GOVERNANCE", 1, SettableClock())
    with pytest.raises(ClientError):
        lost.archive(PDF)


@pytest.mark.parametrize("altered", [PDF + b" ", PDF[:-1], b""])
def test_altered_bytes_are_not_read(files: S3Files, s3: Any, altered: bytes) -> None:
    stored = files.put_draft("prepared", PDF)
    s3.put_object(Bucket="work", Key=stored.key, Body=altered)
    with pytest.raises(VerificationFailed):
        files.read(stored)


def test_a_link_names_the_file_and_ends(files: S3Files, s3: Any, aws: Callable[[str], Any]) -> None:
    import boto3

    signing = boto3.client("s3", region_name=REGION, config=Config(signature_version="s3v4"))
    linked = S3Files(signing, "forms", "work", "archive", "COMPLIANCE", 30, SettableClock())
    url = urlsplit(linked.link(files.archive(PDF), "H57.40.01-261123-0001-result.pdf", 300))
    query = parse_qs(url.query)
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-type"] == ["application/pdf"]
    assert "H57.40.01-261123-0001-result.pdf" in query["response-content-disposition"][0]
    assert SHA256 in url.path


def test_an_image_comes_from_the_forms_bucket(files: S3Files, s3: Any) -> None:
    s3.put_object(Bucket="forms", Key="appearances/x.png", Body=b"png")
    assert files.appearance("appearances/x.png") == b"png"
