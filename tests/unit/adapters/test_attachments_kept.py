"""Attachments in the buckets and in the table: forms that fix what is uploaded, links under a name, each state written once."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from botocore.exceptions import ClientError
from chauban.adapters.attachments import S3PaperLinks, S3Papers, S3UploadPlaces, S3Uploads
from chauban.adapters.dynamodb.table import Table
from chauban.attachments.keys import upload_of
from chauban.attachments.ports import Scan
from chauban.dossiers.attachments import FORGOTTEN_AFTER, Attachment, AttachmentStatus
from chauban.dossiers.changes import Change
from chauban.dossiers.facts import SERVICE
from chauban.errors import ConcurrentChange

from tests.unit.adapters.conftest import REGION
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World

CONTENT = b"a photograph"
DIGEST = hashlib.sha256(CONTENT)
PLACE = ("01KARX5T9V6T2J4Q8M3W7E1N5C", "01KARX6A1N4S7V2X5Z8B0D3F6H")


def attachment(**changes: Any) -> Attachment:
    values: dict[str, Any] = {
        "id": PLACE[1],
        "component": "marital_proof",
        "title": {"vi": "Giấy tờ", "en": "Paper"},
        "name": "ảnh chụp (1).jpg",
        "type": "image/jpeg",
        "size": len(CONTENT),
        "sha256": DIGEST.hexdigest(),
        "request": None,
        "announced_at": MORNING,
        "announced_by": SERVICE,
        **changes,
    }
    return Attachment(**values)


@pytest.fixture
def s3(aws: Callable[[str], Any]) -> Any:
    client = aws("s3")
    for name in ("uploads", "work"):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


@pytest.fixture
def uploads(s3: Any) -> S3Uploads:
    return S3Uploads(s3, "uploads", scanned=True)


def put(s3: Any, **more: Any) -> None:
    s3.put_object(Bucket="uploads", Key="/".join(("uploads", *PLACE)), Body=CONTENT, **more)


def test_a_form_fixes_key_type_length_and_checksum(s3: Any) -> None:
    until = MORNING + timedelta(minutes=30)
    place = S3UploadPlaces(s3, "uploads").place(PLACE[0], attachment(), 1800, until)
    policy = json.loads(b64decode(place.fields["policy"]))["conditions"]
    checksum = b64encode(DIGEST.digest()).decode()
    for wanted in (
        {"key": "/".join(("uploads", *PLACE))},
        {"Content-Type": "image/jpeg"},
        {"x-amz-checksum-sha256": checksum},
        {"x-amz-checksum-algorithm": "SHA256"},
        ["content-length-range", len(CONTENT), len(CONTENT)],
    ):
        assert wanted in policy
    assert (place.fields["x-amz-checksum-sha256"], place.expires_at) == (checksum, until)
    assert "nh ch" not in json.dumps([place.url, place.fields, policy])


def test_a_key_names_dossier_and_attachment_and_other_keys_nothing() -> None:
    assert upload_of("/".join(("uploads", *PLACE))) == PLACE
    for other in ("uploads/x", "uploads//x", "uploads/x/", "drafts/x/y", "uploads/x/y/z", ""):
        assert upload_of(other) is None


def test_what_was_uploaded_is_read_and_removed(s3: Any, uploads: S3Uploads) -> None:
    assert uploads.size(*PLACE) is None
    put(s3)
    assert (uploads.size(*PLACE), uploads.read(*PLACE)) == (len(CONTENT), CONTENT)
    for _ in range(2):
        uploads.remove(*PLACE)
    assert uploads.size(*PLACE) is None


def test_a_bucket_that_refuses_is_not_one_without_the_file(aws: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError):
        S3Uploads(aws("s3"), "no-such-bucket", scanned=False).read(*PLACE)


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("GuardDutyMalwareScanStatus=NO_THREATS_FOUND", Scan.CLEAN),
        ("GuardDutyMalwareScanStatus=THREATS_FOUND", Scan.FOUND),
        ("GuardDutyMalwareScanStatus=UNSUPPORTED", Scan.IMPOSSIBLE),
        ("GuardDutyMalwareScanStatus=FAILED", Scan.IMPOSSIBLE),
        ("Another=NO_THREATS_FOUND", Scan.WAITING),
        ("", Scan.WAITING),
    ],
)
def test_the_scanners_tag_is_its_word(s3: Any, uploads: S3Uploads, tag: str, said: Scan) -> None:
    put(s3, Tagging=tag)
    assert uploads.scan(*PLACE) is said
    # Who uploads could tag an object too, if the form let it; where nobody scans, nobody asks.
    assert replace(uploads, scanned=False).scan(*PLACE) is Scan.CLEAN


def test_a_paper_is_kept_under_its_hash_and_opened_under_its_name(s3: Any) -> None:
    file = S3Papers(s3, "work").keep(CONTENT, "image/jpeg")
    assert (file.key, file.size) == (f"attachments/{DIGEST.hexdigest()}", len(CONTENT))
    assert s3.get_object(Bucket="work", Key=file.key)["Body"].read() == CONTENT
    assert S3Papers(s3, "work").keep(CONTENT, "image/jpeg") == file
    url = S3PaperLinks(s3).link(attachment(file=file), "marital_proof-1.jpg", 300)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()}
    assert asked["response-content-type"] == "image/jpeg"
    assert asked["response-content-disposition"] == "attachment; filename*=UTF-8''marital_proof-1.jpg"
    for name in ("ảnh chụp (1).jpg", "nh ch"):
        assert not any(written in url for written in (name, quote(name), quote(quote(name, safe=""), safe="")))
    with pytest.raises(ValueError, match="without a file"):
        S3PaperLinks(s3).link(attachment(), "x-1.jpg", 300)


def test_an_attachment_is_kept_with_its_dossier_to_the_last_detail(either: World) -> None:
    dossier = either.received()
    kept = either.attaching.examined(dossier)
    found = either.store.load(dossier.id)
    assert found.attachments == (kept,)
    assert kept.file
    assert (kept.status, kept.file.sha256) == (AttachmentStatus.ACCEPTED, kept.sha256)
    assert found.version == dossier.version + 1


def test_two_that_settle_one_attachment_do_it_once(either: World) -> None:
    dossier = either.received()
    waiting = either.attaching.scanning(dossier)
    present = either.store.load(dossier.id)
    for status in (AttachmentStatus.ACCEPTED, AttachmentStatus.REFUSED):
        settled = waiting.model_copy(update={"status": status})
        change = Change(present, present.with_attachment(settled))
        if status is AttachmentStatus.ACCEPTED:
            either.store.commit(change)
        else:
            with pytest.raises(ConcurrentChange):
                either.store.commit(change)
    assert either.store.load(dossier.id).attachments[0].status is AttachmentStatus.ACCEPTED


def test_one_that_is_new_is_not_written_over_another(either: World) -> None:
    dossier = either.received()
    either.attaching.announced(dossier)
    present = either.store.load(dossier.id)
    without = present.model_copy(update={"attachments": ()})
    with pytest.raises(ConcurrentChange):
        either.store.commit(Change(without, present))


def test_one_that_never_came_expires_for_every_reader(either: World) -> None:
    dossier = either.received()
    either.attaching.announced(dossier)
    either.clock.forward(hours=2)
    assert [one.status for one in either.store.load(dossier.id).attachments] == [AttachmentStatus.EXPIRED]


def test_the_table_forgets_what_never_came_and_keeps_what_was_decided(table: Table, stored: World) -> None:
    dossier = stored.received()
    kept = stored.attaching.examined(dossier)
    waits = stored.attaching.announced(dossier).attachment
    items = {item["sk"]: item for item in table.partition(f"D#{dossier.id}")}
    assert "expires_at" not in items[f"ATT#{kept.id}"]
    forgotten = int((waits.announced_at + FORGOTTEN_AFTER).timestamp())
    assert int(items[f"ATT#{waits.id}"]["expires_at"]) == forgotten
