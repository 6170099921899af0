"""Every edge of the system has what AWS asks for: the embedded stack lets most of this pass unasked.

An edge is one thing calling, writing to or reading from another. For each the template must hold the permission of the
caller, the policy of the target, and the rights to the key that encrypts it.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.infrastructure.expanded import ACCOUNT, REGION, Resource, named, of_kind, resources
from tests.infrastructure.permissions import key_policy, policy_allows, queue_policy, role_may, role_of

FUNCTIONS = of_kind("AWS::Lambda::Function")
MAPPINGS = of_kind("AWS::Lambda::EventSourceMapping")
DATA_KEY = named("DataKey").arn


def _id(resource: Resource) -> str:
    return resource.name


def _function_of(alias_arn: str) -> Resource:
    return named(alias_arn.split(":function:")[1].split(":")[0])


def _queue(arn: str) -> Resource:
    return next(queue for queue in of_kind("AWS::SQS::Queue") if queue.arn == arn)


def _url(queue: Resource) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue.name}"


def _may_use_key(role: Resource, service: str, *actions: str) -> bool:
    via = f"{service}.{REGION}.amazonaws.com"
    return all(role_may(role, f"kms:{action}", DATA_KEY, kms__ViaService=via) for action in actions)


def _may_send(role: Resource, queue_arn: str) -> bool:
    return role_may(role, "sqs:SendMessage", queue_arn) and _may_use_key(role, "sqs", "GenerateDataKey", "Decrypt")


def _routes() -> list[tuple[str, str, str]]:
    body = named("Api").properties["Body"]
    return [
        (method.upper(), path, operation["x-amazon-apigateway-integration"]["uri"])
        for path, operations in body["paths"].items()
        for method, operation in operations.items()
    ]


@pytest.mark.parametrize(("method", "path", "uri"), _routes(), ids=lambda value: str(value)[:40])
def test_the_api_may_invoke_the_function_of_each_route(method: str, path: str, uri: str) -> None:
    alias = uri.split("/functions/")[1].removesuffix("/invocations")
    place = "*".join(part.split("}")[-1] for part in path.split("{"))
    wanted = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:Api/*/{method}{place}"
    allowed = [
        permission.properties["SourceArn"]
        for permission in of_kind("AWS::Lambda::Permission")
        if permission.properties["FunctionName"] == alias
        and permission.properties["Principal"] == "apigateway.amazonaws.com"
        and permission.properties["Action"] == "lambda:InvokeFunction"
    ]
    assert wanted in allowed
    assert _function_of(alias).kind == "AWS::Lambda::Function"


@pytest.mark.parametrize("mapping", [one for one in MAPPINGS if ":sqs:" in one.properties["EventSourceArn"]], ids=_id)
def test_the_function_behind_a_queue_may_take_its_messages(mapping: Resource) -> None:
    function, queue = _function_of(mapping.properties["FunctionName"]), _queue(mapping.properties["EventSourceArn"])
    role = role_of(function)
    for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        assert role_may(role, f"sqs:{action}", queue.arn)
    assert _may_use_key(role, "sqs", "Decrypt")
    assert int(queue.properties["VisibilityTimeout"]) >= 6 * int(function.properties["Timeout"])
    assert "ReportBatchItemFailures" in mapping.properties["FunctionResponseTypes"]


@pytest.mark.parametrize(
    "mapping", [one for one in MAPPINGS if ":dynamodb:" in one.properties["EventSourceArn"]], ids=_id
)
def test_the_function_behind_the_stream_may_read_it_and_report_what_failed(mapping: Resource) -> None:
    role, stream = role_of(_function_of(mapping.properties["FunctionName"])), mapping.properties["EventSourceArn"]
    for action in ("GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"):
        assert role_may(role, f"dynamodb:{action}", stream)
    assert _may_use_key(role, "dynamodb", "Decrypt")
    assert _may_send(role, mapping.properties["DestinationConfig"]["OnFailure"]["Destination"])
    # The outbox: what was written before the mapping existed counts too.
    assert mapping.properties["StartingPosition"] == "TRIM_HORIZON"


# What an environment variable's name promises, as the actions that the function must have on what it names.
PROMISES: dict[str, tuple[str, ...]] = {
    "CHAUBAN_TABLE": ("dynamodb:UpdateItem",),
    "CHAUBAN_ACCESS_SECRET_ARN": ("secretsmanager:GetSecretValue",),
    "CHAUBAN_REGISTRY_SECRET_ARN": ("secretsmanager:GetSecretValue",),
    "CHAUBAN_SESSION_KEY": ("kms:GenerateDataKey",),
    "CHAUBAN_BUS": ("events:PutEvents",),
    "CHAUBAN_QUEUE_RENDER": ("sqs:SendMessage",),
    "CHAUBAN_QUEUE_SIGN": ("sqs:SendMessage",),
    "CHAUBAN_QUEUE_SEAL": ("sqs:SendMessage",),
}
# The one runs the templates of departments while a caller waits, the other only looks: they write nothing to the table.
READ_ONLY = {"PreviewFunction": {"dynamodb:GetItem", "dynamodb:UpdateItem"}, "WatchFunction": {"dynamodb:UpdateItem"}}
SERVICES = {"dynamodb": "dynamodb", "secretsmanager": "secretsmanager", "sqs": "sqs"}


def _arn_of_value(value: str) -> str:
    if value.startswith("https://sqs"):
        return named(value.rsplit("/", 1)[-1]).arn
    return value if value.startswith("arn:") else named(value).arn


@pytest.mark.parametrize("function", FUNCTIONS, ids=_id)
def test_a_function_may_use_what_its_environment_names(function: Resource) -> None:
    variables: dict[str, Any] = function.properties["Environment"]["Variables"]
    role = role_of(function)
    for name, actions in PROMISES.items():
        if name not in variables:
            continue
        for action in set(actions) - READ_ONLY.get(function.name, set()):
            assert role_may(role, action, _arn_of_value(variables[name])), f"{action} for {name}"
            service = SERVICES.get(action.split(":")[0])
            assert service is None or _may_use_key(role, service, "Decrypt"), f"the key behind {name}"


@pytest.mark.parametrize(
    ("role", "bucket", "action", "key"),
    [
        ("ApiRole", "FormsBucket", "s3:GetObject", "forms/a/1.0/definition.json"),
        ("ApiRole", "ArchiveBucket", "s3:GetObject", "documents/0.pdf"),
        ("ApiRole", "ArchiveBucket", "s3:GetObjectVersion", "documents/0.pdf"),
        ("PreviewRole", "FormsBucket", "s3:GetObject", "forms/a/1.0/print.zip"),
        ("PreviewRole", "WorkBucket", "s3:PutObject", "previews/0.pdf"),
        ("PreviewRole", "WorkBucket", "s3:GetObject", "previews/0.pdf"),
        ("SigningApiRole", "WorkBucket", "s3:GetObject", "prepared/0.pdf"),
        ("RenderRole", "FormsBucket", "s3:GetObject", "forms/a/1.0/print.zip"),
        ("RenderRole", "WorkBucket", "s3:PutObject", "drafts/0.pdf"),
        ("RenderRole", "ArchiveBucket", "s3:PutObject", "documents/0.pdf"),
        ("RenderRole", "ArchiveBucket", "s3:GetObject", "documents/0.pdf"),
        ("SignRole", "WorkBucket", "s3:GetObject", "drafts/0.pdf"),
        ("SignRole", "FormsBucket", "s3:GetObject", "appearances/0.png"),
        ("SignRole", "FormsBucket", "s3:GetObject", "trust/anchors.pem"),
        ("SignRole", "WorkBucket", "s3:PutObject", "prepared/0.pdf"),
        ("SealRole", "FormsBucket", "s3:GetObject", "trust/anchors.pem"),
        ("SealRole", "WorkBucket", "s3:GetObject", "drafts/0.pdf"),
        ("SealRole", "WorkBucket", "s3:PutObject", "drafts/0.pdf"),
        ("SealRole", "ArchiveBucket", "s3:PutObject", "documents/0.pdf"),
        ("SealRole", "ArchiveBucket", "s3:GetObject", "documents/0.pdf"),
        ("SealRole", "ArchiveBucket", "s3:PutObjectRetention", "documents/0.pdf"),
        ("SealRole", "WorkBucket", "s3:GetObject", "attachments/0"),
        ("RenderRole", "WorkBucket", "s3:GetObject", "attachments/0"),
        ("ApiRole", "UploadsBucket", "s3:PutObject", "uploads/dossier/attachment"),
        ("ApiRole", "WorkBucket", "s3:GetObject", "attachments/0"),
        ("SigningApiRole", "WorkBucket", "s3:GetObject", "attachments/0"),
        ("ExamineRole", "UploadsBucket", "s3:GetObject", "uploads/dossier/attachment"),
        ("ExamineRole", "UploadsBucket", "s3:DeleteObject", "uploads/dossier/attachment"),
        ("ExamineRole", "WorkBucket", "s3:PutObject", "attachments/0"),
    ],
)
def test_who_reads_and_writes_files_may_and_has_the_key(role: str, bucket: str, action: str, key: str) -> None:
    assert role_may(named(role), action, f"{named(bucket).arn}/{key}")
    assert _may_use_key(named(role), "s3", "GenerateDataKey" if "Put" in action else "Decrypt")


@pytest.mark.parametrize("role", ["ApiRole", "PreviewRole", "SigningApiRole", "SignRole", "PublishRole", "ExamineRole"])
def test_who_does_not_issue_documents_cannot_archive_or_delete(role: str) -> None:
    for action in ("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention"):
        assert not role_may(named(role), action, f"{named('ArchiveBucket').arn}/documents/0.pdf")


def test_who_renders_previews_reads_no_documents_and_writes_nothing_but_previews() -> None:
    role, table, bucket = named("PreviewRole"), named("Table").arn, named("WorkBucket").arn
    for action in ("PutItem", "UpdateItem", "DeleteItem"):
        assert not role_may(role, f"dynamodb:{action}", table)
    for folder in ("drafts", "prepared"):
        assert not role_may(role, "s3:GetObject", f"{bucket}/{folder}/0.pdf")
        assert not role_may(role, "s3:PutObject", f"{bucket}/{folder}/0.pdf")
    assert not role_may(role, "s3:GetObject", f"{named('ArchiveBucket').arn}/documents/0.pdf")


@pytest.mark.parametrize("role", of_kind("AWS::IAM::Role"), ids=_id)
def test_nobody_deletes_from_the_table_or_changes_forms(role: Resource) -> None:
    assert not role_may(role, "dynamodb:DeleteItem", named("Table").arn)
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert not role_may(role, action, f"{named('FormsBucket').arn}/forms/a/1.0/definition.json")


def test_who_asks_registers_reads_no_files_and_is_the_only_one_with_their_token() -> None:
    role, secret = named("PrefillRole"), named("RegistrySecret").arn
    for bucket, key in (("WorkBucket", "drafts/0.pdf"), ("ArchiveBucket", "documents/0.pdf")):
        for action in ("s3:GetObject", "s3:PutObject"):
            assert not role_may(role, action, f"{named(bucket).arn}/{key}")
    assert not role_may(role, "dynamodb:Query", f"{named('Table').arn}/index/party")
    may = [one.name for one in of_kind("AWS::IAM::Role") if role_may(one, "secretsmanager:GetSecretValue", secret)]
    assert may == ["PrefillRole"]


def test_what_a_provider_granted_is_read_by_the_sign_worker_alone() -> None:
    key, login = named("SessionKey").arn, {"kms__EncryptionContext:for": "login"}
    of_a_session = {"kms__EncryptionContext:for": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}
    roles = of_kind("AWS::IAM::Role")
    assert [role.name for role in roles if role_may(role, "kms:Decrypt", key, **of_a_session)] == ["SignRole"]
    assert {role.name for role in roles if role_may(role, "kms:Decrypt", key, **login)} == {
        "SigningApiRole",
        "SignRole",
    }
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:chauban-staging/providers/any-Ab12Cd"
    may = {role.name for role in roles if role_may(role, "secretsmanager:GetSecretValue", secret)}
    assert may == {"SigningApiRole", "SignRole"}
    for name in may:
        assert _may_use_key(named(name), "secretsmanager", "Decrypt")


def test_the_pin_of_a_seal_s_token_is_read_by_the_seal_worker_alone() -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:chauban-staging/tokens/any-Ab12Cd"
    may = [one for one in of_kind("AWS::IAM::Role") if role_may(one, "secretsmanager:GetSecretValue", secret)]
    assert [role.name for role in may] == ["SealRole"]
    assert _may_use_key(may[0], "secretsmanager", "Decrypt")


@pytest.mark.parametrize("function", ["PreviewFunction", "ExamineFunction"])
def test_what_anybody_can_ask_for_much_of_has_a_limit_of_its_own(function: str) -> None:
    assert int(named(function).properties["ReservedConcurrentExecutions"]) > 0


def test_uploads_are_told_of_to_the_queue_and_no_other_object_is() -> None:
    bucket, rule = named("UploadsBucket"), named("UploadRule").properties
    assert bucket.properties["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    # S3 tells the account's default bus, and every bucket of the account does so there.
    assert rule["EventBusName"] == "default"
    assert rule["EventPattern"]["source"] == ["aws.s3"]
    detail = rule["EventPattern"]["detail"]
    assert detail == {"bucket": {"name": [bucket.name]}, "object": {"key": [{"prefix": "uploads/"}]}}
    assert [target["Arn"] for target in rule["Targets"]] == [named("ExamineQueue").arn]


def test_browsers_may_post_uploads_and_nothing_else() -> None:
    (rule,) = named("UploadsBucket").properties["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedMethods"] == ["POST"]
    assert rule["AllowedOrigins"] == ["*"]


def test_only_the_sealing_role_signs_and_only_with_the_agencies_seals() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/seal"
    alias = {"kms__ResourceAliases": "alias/chauban-staging-seal-ubnd-phuong-thuan-hoa"}
    may = [role.name for role in of_kind("AWS::IAM::Role") if role_may(role, "kms:Sign", key, **alias)]
    assert may == ["SealRole"]
    assert not role_may(named("SealRole"), "kms:Sign", key, kms__ResourceAliases="alias/somebody-elses")
    other_stage = "alias/chauban-production-seal-ubnd-phuong-thuan-hoa"
    assert not role_may(named("SealRole"), "kms:Sign", key, kms__ResourceAliases=other_stage)
    assert not role_may(named("SealRole"), "kms:Sign", key)


@pytest.mark.parametrize("rule", of_kind("AWS::Events::Rule"), ids=_id)
def test_a_rule_may_deliver_to_its_targets_and_their_dead_letter_queues(rule: Resource) -> None:
    for target in rule.properties["Targets"]:
        for arn in (target["Arn"], target["DeadLetterConfig"]["Arn"]):
            queue = _queue(arn)
            assert policy_allows(queue_policy(_url(queue)), "events.amazonaws.com", "sqs:SendMessage", arn, rule.arn)
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        assert policy_allows(key_policy(), "events.amazonaws.com", action, DATA_KEY, rule.arn)


@pytest.mark.parametrize("schedule", of_kind("AWS::Scheduler::Schedule"), ids=_id)
def test_a_schedule_may_invoke_its_target_and_report_what_failed(schedule: Resource) -> None:
    target = schedule.properties["Target"]
    role = next(one for one in of_kind("AWS::IAM::Role") if one.arn == target["RoleArn"])
    trusted = role.properties["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
    assert trusted == "scheduler.amazonaws.com"
    assert role_may(role, "lambda:InvokeFunction", target["Arn"])
    assert _may_send(role, target["DeadLetterConfig"]["Arn"])
    # The invocation is asynchronous, so the function needs a way out of its own.
    function = _function_of(target["Arn"])
    assert _may_send(role_of(function), function.properties["DeadLetterConfig"]["TargetArn"])


@pytest.mark.parametrize("function", FUNCTIONS, ids=_id)
def test_a_function_may_write_its_log(function: Resource) -> None:
    group = named(function.properties["LoggingConfig"]["LogGroup"])
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        assert role_may(role_of(function), action, group.arn)
        others = [one for one in of_kind("AWS::Logs::LogGroup") if one is not group]
        assert not any(role_may(role_of(function), action, other.arn) for other in others)


@pytest.mark.parametrize("queue", of_kind("AWS::SQS::Queue"), ids=_id)
def test_every_queue_has_a_dead_letter_queue_or_is_one(queue: Resource) -> None:
    if "DeadLetter" in queue.name:
        assert int(queue.properties["MessageRetentionPeriod"]) == 1209600
        return
    target = _queue(queue.properties["RedrivePolicy"]["deadLetterTargetArn"])
    # A dead letter keeps its first enqueue time, so its queue must keep messages longer.
    assert int(target.properties["MessageRetentionPeriod"]) > int(queue.properties["MessageRetentionPeriod"])


def test_alarms_may_ring() -> None:
    inner = resources("Observability")
    policy = next(one for one in inner if one.kind == "AWS::SNS::TopicPolicy").properties
    (topic,) = policy["Topics"]
    alarms = [one for one in inner if one.kind == "AWS::CloudWatch::Alarm"]
    for alarm in alarms:
        assert alarm.properties["AlarmActions"] == [topic]
    source = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:any"
    assert policy_allows(policy["PolicyDocument"], "cloudwatch.amazonaws.com", "sns:Publish", topic, source)
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        assert policy_allows(key_policy(), "cloudwatch.amazonaws.com", action, DATA_KEY, source)
