"""IAM is enforced in the embedded stack: a function can do what its own role says, and nothing else."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.integration.running_stack import RunningStack

FUNCTIONS = tuple(f"{name}Function" for name in ("Api", "Preview", "SigningApi", "Render", "Sign", "Seal", "Publish"))


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
            ("PublishRole", "publish"),
        ]
    }
    assert [role for role, document in documents.items() if "kms:Sign" in document] == ["SealRole"]
