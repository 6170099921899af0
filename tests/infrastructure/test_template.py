"""Rules that hold for the template as a whole: encryption, TLS, no public access, no wildcards, nothing unwatched."""

from __future__ import annotations

import json
import re

import pytest

from infra.local.folder import REPOSITORY
from tests.infrastructure.expanded import Resource, named, of_kind, resources
from tests.infrastructure.permissions import as_list, key_policy, queue_policy, statements_of

DATA_KEY = named("DataKey").arn
TLS_ONLY = {"Bool": {"aws:SecureTransport": "false"}}
# X-Ray's calls take no resource (AWS service authorization reference, X-Ray).
WITHOUT_RESOURCES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


def _id(resource: Resource) -> str:
    return resource.name


@pytest.mark.parametrize("role", of_kind("AWS::IAM::Role"), ids=_id)
def test_no_role_has_more_than_it_names(role: Resource) -> None:
    assert not role.properties.get("ManagedPolicyArns")
    for statement in statements_of(role):
        actions = set(as_list(statement["Action"]))
        assert not any("*" in action for action in actions)
        for place in as_list(statement["Resource"]):
            assert place != "*" or actions <= WITHOUT_RESOURCES, f"{role.name}: {sorted(actions)} on everything"


@pytest.mark.parametrize("bucket", of_kind("AWS::S3::Bucket"), ids=_id)
def test_buckets_are_encrypted_private_and_tls_only(bucket: Resource) -> None:
    (rule,) = bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": DATA_KEY}
    assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}
    (policy,) = [one for one in of_kind("AWS::S3::BucketPolicy") if one.properties["Bucket"] == bucket.name]
    (statement,) = policy.properties["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == TLS_ONLY
    assert set(statement["Resource"]) == {bucket.arn, f"{bucket.arn}/*"}


@pytest.mark.parametrize("queue", of_kind("AWS::SQS::Queue"), ids=_id)
def test_queues_are_encrypted_and_tls_only(queue: Resource) -> None:
    assert queue.properties["KmsMasterKeyId"] == DATA_KEY
    document = queue_policy(f"https://sqs.ap-southeast-1.amazonaws.com/123456789012/{queue.name}")
    denied = [one for one in document["Statement"] if one["Effect"] == "Deny"]
    assert [one["Condition"] for one in denied] == [TLS_ONLY]
    assert [one["Resource"] for one in denied] == [queue.arn]


def test_whoever_asks_for_an_upload_that_is_gone_is_told_so() -> None:
    """S3 answers 404 only to who may list the bucket, and a question about one object names no prefix for a condition."""
    (listing,) = (one for one in statements_of(named("ExamineRole")) if one["Action"] == "s3:ListBucket")
    assert listing["Resource"] == named("UploadsBucket").arn
    assert "Condition" not in listing


def test_the_table_is_encrypted_backed_up_and_protected() -> None:
    table = named("Table").properties
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": DATA_KEY}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_the_archive_is_locked_versioned_and_never_removed_with_the_stack() -> None:
    archive = named("ArchiveBucket").properties
    assert archive["ObjectLockEnabled"] is True
    assert archive["VersioningConfiguration"] == {"Status": "Enabled"}
    assert archive["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Mode"] == "GOVERNANCE"


@pytest.mark.parametrize("group", of_kind("AWS::Logs::LogGroup"), ids=_id)
def test_logs_are_encrypted_and_end(group: Resource) -> None:
    assert group.properties["KmsKeyId"] == DATA_KEY
    assert int(group.properties["RetentionInDays"]) > 0


def test_the_key_lets_the_log_service_encrypt_for_this_account_only() -> None:
    statement = next(one for one in key_policy()["Statement"] if one["Sid"] == "LogsAreEncrypted")
    assert statement["Principal"] == {"Service": "logs.ap-southeast-1.amazonaws.com"}
    assert "123456789012" in str(statement["Condition"])


@pytest.mark.parametrize("function", of_kind("AWS::Lambda::Function"), ids=_id)
def test_functions_start_from_a_snapshot_and_are_traced(function: Resource) -> None:
    assert function.properties["Runtime"] == "python3.13"
    assert function.properties["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert function.properties["TracingConfig"] == {"Mode": "Active"}
    assert function.properties["LoggingConfig"]["LogFormat"] == "JSON"


def test_every_dead_letter_queue_is_watched() -> None:
    inner = resources("Observability")
    watched = {one.name for one in inner if one.kind == "AWS::CloudWatch::Alarm" and one.name.endswith("Depth")}
    queues = {one.name for one in of_kind("AWS::SQS::Queue") if "DeadLetter" in one.name}
    # The subscriber is an example of somebody else's system.
    assert watched == {f"{name}Depth" for name in queues - {"SubscriberDeadLetterQueue"}}


def test_every_function_and_every_work_queue_is_watched() -> None:
    alarms = {one.name for one in resources("Observability") if one.kind == "AWS::CloudWatch::Alarm"}
    assert {f"{one.name}Errors" for one in of_kind("AWS::Lambda::Function")} <= alarms
    assert {f"{name}QueueAge" for name in ("Render", "Sign", "Seal", "Examine")} <= alarms


_TOLD_BY_THE_LOG = re.compile(r'logger\(\)\.(?:error|critical|exception)\(\s*"([^"]+)"')
_WATCHED = re.compile(r'\$\.message = "([^"]+)"')


def test_every_failure_that_only_the_log_tells_of_rings_an_alarm() -> None:
    package = REPOSITORY / "functions" / "chauban"
    told = {
        (path.parent.name, message)
        for path in package.rglob("*.py")
        for message in _TOLD_BY_THE_LOG.findall(path.read_text(encoding="utf-8"))
    }
    filters = [one for one in resources("Observability") if one.kind == "AWS::Logs::MetricFilter"]
    # One for each function, and one of its own for what the linter stops, and for what is overdue.
    assert len(filters) == len(of_kind("AWS::Lambda::Function")) + 2
    assert {message for one in filters for message in _WATCHED.findall(one.properties["FilterPattern"])} == {
        message for _place, message in told
    }
    alarms = {
        (alarm.properties["Namespace"], alarm.properties["MetricName"])
        for alarm in resources("Observability")
        if alarm.kind == "AWS::CloudWatch::Alarm"
    }
    for one in filters:
        (counted,) = one.properties["MetricTransformations"]
        assert (counted["MetricNamespace"], counted["MetricName"]) in alarms


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        ("Api", {"request-broke", "request-failed"}),
        ("SigningApi", {"request-broke", "request-failed"}),
        ("Preview", {"request-broke", "request-failed"}),
        ("Prefill", {"request-broke", "request-failed"}),
        ("Render", {"order-failed"}),
        ("Sign", {"order-failed"}),
        ("Seal", {"order-failed"}),
        ("Extend", {"order-failed", "extension-failed"}),
        ("Publish", {"not-published", "not-swept"}),
        ("Examine", {"attachment-not-examined", "attachment-given-up"}),
    ],
)
def test_a_functions_own_log_is_watched_for_what_it_tells(name: str, messages: set[str]) -> None:
    found = next(one for one in resources("Observability") if one.name == f"{name}Failures").properties
    assert set(_WATCHED.findall(found["FilterPattern"])) == messages
    given = named("Observability").properties["Parameters"]
    assert given[f"{name}LogGroup"] == named(f"{name}Function").properties["LoggingConfig"]["LogGroup"]


def test_a_single_document_that_the_linter_stopped_rings_an_alarm() -> None:
    told = {one.name: one.properties for one in resources("Observability")}
    assert set(_WATCHED.findall(told["SealStopped"]["FilterPattern"])) == {"sealing-stopped"}
    assert told["SealStopped"]["LogGroupName"] == told["SealFailures"]["LogGroupName"]
    assert told["SealStoppedAlarm"]["Threshold"] == 0


def test_a_line_of_the_access_log_is_json_whatever_the_values_are() -> None:
    stages = of_kind("AWS::ApiGatewayV2::Stage")
    (line,) = (stage.properties["AccessLogSettings"]["Format"] for stage in stages)
    # These may hold quotation marks: a message brings its own, and an error's text is free.
    assert not re.search(r"\$context\.(error\.message|authorizer\.error|integrationErrorMessage)", line)
    for value in ("-", "12", "GET /v1/dossiers/{id}"):
        entry = json.loads(re.sub(r"\$context(\.\w+)+", value, line))
        assert set(entry.values()) == {value}
    assert not {"ip", "path"} & set(json.loads(re.sub(r"\$context(\.\w+)+", "", line)))


def test_only_the_catalogue_and_what_providers_call_are_open_to_everybody() -> None:
    paths = named("Api").properties["Body"]["paths"]
    opened = {
        f"{method.upper()} {path}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        if operation.get("security") != [{"Issuer": []}]
    }
    form = "/v1/forms/{slug}"
    reading = {"GET /v1/procedures", f"GET {form}", f"GET {form}/{{version}}"}
    # Signing providers have no token of ours; nothing that they send is believed.
    called = {"POST /v1/signing/callbacks/{provider}"}
    assert opened == reading | {f"POST {form}/{{version}}/validations"} | called
