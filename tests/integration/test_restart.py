"""What a stack holds when it comes up again: its data, the retention of its archive, and its next event."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from infra.local.folder import Folder
from infra.local.stack import Stack
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.submission import submission


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """One stack that these tests stop, kill and start again, each leaving it up for the next."""
    running = RunningStack(Stack(Folder(tmp_path_factory.mktemp("kho khởi động lại"))))
    running.start()
    yield running
    running.stop()


def _archive(stack: RunningStack) -> dict[str, str]:
    place = {"Bucket": stack.resource("ArchiveBucket"), "Key": f"documents/{uuid.uuid4().hex}.pdf"}
    return place | {"VersionId": stack.aws("s3").put_object(**place, Body=b"%PDF-")["VersionId"]}


def _assert_locked(stack: RunningStack, place: dict[str, str]) -> None:
    s3 = stack.aws("s3")
    retention = s3.get_object_retention(**place)["Retention"]
    assert retention["Mode"] == "COMPLIANCE"
    assert retention["RetainUntilDate"] > datetime.now(UTC) + timedelta(days=3000)
    sooner = {"Mode": "COMPLIANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(days=1)}
    for refused in (
        lambda: s3.delete_object(**place),
        lambda: s3.delete_object(**place, BypassGovernanceRetention=True),
        lambda: s3.put_object_retention(**place, Retention=sooner),
        lambda: s3.put_object_retention(**place, Retention=sooner, BypassGovernanceRetention=True),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()
    assert s3.get_object(**place)["Body"].read() == b"%PDF-"


def test_a_restart_keeps_data_urls_accounts_and_the_lock_of_the_archive(restarted: RunningStack) -> None:
    before, place = restarted.description, _archive(restarted)
    key = {"pk": {"S": "TEST"}, "sk": {"S": "1"}}
    restarted.aws("dynamodb").put_item(TableName=restarted.resource("Table"), Item=key)
    _assert_locked(restarted, place)
    restarted.restart()
    assert restarted.description == before
    _assert_locked(restarted, place)
    assert restarted.aws("dynamodb").get_item(TableName=restarted.resource("Table"), Key=key)["Item"] == key


def test_the_first_change_after_a_restart_reaches_the_subscriber(restarted: RunningStack) -> None:
    restarted.restart()
    answer = restarted.api("portal").post(
        "/v1/dossiers", json=submission(), headers={"Idempotency-Key": uuid.uuid4().hex}
    )
    assert answer.status_code == 201, answer.text
    dossier = answer.json()["id"]

    def subjects() -> list[str]:
        events = [json.loads(message["Body"]) for message in restarted.messages("SubscriberQueue", user="subscriber")]
        return [event["detail"]["subject"] for event in events if event["detail-type"] == "dossier.submitted.v1"]

    # Well before the sweep, which comes every minute: this is the stream's own doing.
    eventually(lambda: dossier in subjects(), seconds=8, what="dossier.submitted.v1")


def test_a_killed_stack_comes_up_again(restarted: RunningStack) -> None:
    place = _archive(restarted)
    restarted.kill()
    restarted.start()
    assert restarted.api("portal").get("/v1/procedures").status_code == 200
    answer = restarted.api("portal").post(
        "/v1/dossiers", json=submission(), headers={"Idempotency-Key": uuid.uuid4().hex}
    )
    assert answer.status_code == 201, answer.text
    _assert_locked(restarted, place)
