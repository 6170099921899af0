"""IAM users of the embedded stack: nobody but the deployment works with the root key."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from infra.local.folder import Folder, write_secret

ADMINISTRATOR = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def subscriber_policy(queue_arn: str, key_arn: str) -> list[dict[str, Any]]:
    """What a downstream system needs: to take messages from its own queue."""
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
    return [
        {"Effect": "Allow", "Action": actions, "Resource": queue_arn},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key_arn},
    ]


def iam_user(iam: Any, folder: Folder, name: str, statements: list[Any]) -> dict[str, str]:
    """The user with exactly these statements, and its access key: the remembered one as long as it is good."""
    try:
        iam.create_user(UserName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityAlreadyExists":
            raise
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
    path = folder.root / "users" / f"{name}.json"
    if path.exists():
        remembered: dict[str, str] = json.loads(path.read_text())
        keys = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        if remembered["access_key_id"] in {key["AccessKeyId"] for key in keys}:
            return remembered
    key = iam.create_access_key(UserName=name)["AccessKey"]
    made = {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}
    write_secret(path, json.dumps(made))
    return made
