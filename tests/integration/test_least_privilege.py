"""IAM is enforced in the embedded stack: a function can do what its own role says, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.integration.running_stack import RunningStack

FUNCTIONS = tuple(
    f"{name}Function"
    for name in ("Api", "Preview", "Prefill", "SigningApi", "Render", "Sign", "Seal", "Extend", "Examine", "Publish")
)


def test_every_function_has_a_role_of_its_own(stack: RunningStack) -> None:
    functions = stack.aws("lambda")
    roles = [
        functions.get_function_configuration(FunctionName=stack.resource(name))["Role"].rsplit("/", 1)[-1]
        for name in FUNCTIONS
    ]
    assert roles == [stack.resource(name.removesuffix("Function") + "Role") for name in FUNCTIONS]


def test_the_subscriber_reads_its_own_queue_only(stack: RunningStack) -> None:
    sqs = stack.aws("sqs", "subscriber")
    sqs.receive_message(QueueUrl=stack.description["subscriber"]["queue_url"])
    with pytest.raises(ClientError, match="not authorized"):
        sqs.receive_message(QueueUrl=stack.resource("SealQueue"))
    with pytest.raises(ClientError, match="not authorized"):
        stack.aws("dynamodb", "subscriber").scan(TableName=stack.resource("Table"))


def _as_role(stack: RunningStack, role: str, policy: str) -> Any:
    """A client of the table with exactly the rights of a function's role."""
    iam, user = stack.aws("iam"), f"as-{policy}"
    document = iam.get_role_policy(RoleName=stack.resource(role), PolicyName=policy)["PolicyDocument"]
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return boto3.client(
        "dynamodb",
        endpoint_url=stack.description["aws_endpoint"],
        region_name=stack.description["region"],
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def test_the_function_behind_the_api_cannot_appoint_anybody(stack: RunningStack) -> None:
    table, name = _as_role(stack, "ApiRole", "api"), stack.resource("Table")

    def item(partition: str) -> dict[str, Any]:
        return {"TableName": name, "Item": {"pk": {"S": partition}, "sk": {"S": "PROBE"}}}

    table.put_item(**item("O#least-privilege"))
    for partition in ("P#official-thuan-hoa", "A#ubnd-phuong-thuan-hoa", "K#cred-seal-thuan-hoa", "CALENDAR"):
        with pytest.raises(ClientError, match="not authorized"):
            table.put_item(**item(partition))
        with pytest.raises(ClientError, match="not authorized"):
            table.transact_write_items(TransactItems=[{"Put": item("O#least-privilege")}, {"Put": item(partition)}])
        with pytest.raises(ClientError, match="not authorized"):
            table.update_item(TableName=name, Key=item(partition)["Item"], UpdateExpression="REMOVE nothing")


@pytest.mark.parametrize(
    ("role", "policy", "own"),
    [
        ("PreviewRole", "preview", "A#"),
        ("PrefillRole", "prefill", "A# D# P# R#"),
        ("ExamineRole", "examine", "D#"),
    ],
)
def test_a_function_of_one_purpose_reads_the_partitions_of_that_purpose(
    stack: RunningStack, role: str, policy: str, own: str
) -> None:
    """Previews run templates, prefills talk to the outside, the examining worker opens what comes from there."""
    table, name = _as_role(stack, role, policy), stack.resource("Table")
    for letter in "ADIKNOPQRST":
        question = {
            "TableName": name,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": f"{letter}#of-somebody"}},
        }
        if f"{letter}#" in own.split():
            assert table.query(**question)["Items"] == []
        else:
            with pytest.raises(ClientError, match="not authorized"):
                table.query(**question)
        if letter not in "ADPR":
            with pytest.raises(ClientError, match="not authorized"):
                table.get_item(TableName=name, Key={"pk": {"S": f"{letter}#x"}, "sk": {"S": "x"}})
    with pytest.raises(ClientError, match="not authorized"):
        table.scan(TableName=name)


def test_only_the_sealing_role_may_seal(stack: RunningStack) -> None:
    documents = {
        role: json.dumps(
            stack.aws("iam").get_role_policy(RoleName=stack.resource(role), PolicyName=policy)["PolicyDocument"]
        )
        for role, policy in [
            ("ApiRole", "api"),
            ("PreviewRole", "preview"),
            ("SigningApiRole", "signingapi"),
            ("RenderRole", "render"),
            ("SignRole", "sign"),
            ("SealRole", "seal"),
            ("ExamineRole", "examine"),
            ("PublishRole", "publish"),
        ]
    }
    assert [role for role, document in documents.items() if "kms:Sign" in document] == ["SealRole"]
