"""Keys, secrets and roles."""

from __future__ import annotations

import json
from typing import Any

from infra.local.resources.handler import Deployed, Handler, Properties, Target


def _create_key(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    key = target.client("kms").create_key(
        Description=properties["Description"], Policy=json.dumps(properties["KeyPolicy"])
    )["KeyMetadata"]
    deployed = Deployed(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})
    _rotate(target, deployed, properties)
    return deployed


def _update_key(target: Target, key: Deployed, properties: Properties) -> Deployed:
    kms = target.client("kms")
    kms.update_key_description(KeyId=key.ref, Description=properties["Description"])
    kms.put_key_policy(KeyId=key.ref, PolicyName="default", Policy=json.dumps(properties["KeyPolicy"]))
    _rotate(target, key, properties)
    return key


def _rotate(target: Target, key: Deployed, properties: Properties) -> None:
    kms = target.client("kms")
    if properties.get("EnableKeyRotation"):
        kms.enable_key_rotation(KeyId=key.ref)
    else:
        kms.disable_key_rotation(KeyId=key.ref)


def _create_secret(target: Target, logical_id: str, properties: Properties) -> Deployed:
    manager = target.client("secretsmanager")
    value = manager.get_random_password(**properties["GenerateSecretString"])["RandomPassword"]
    arn = manager.create_secret(
        Name=target.name(logical_id),
        Description=properties["Description"],
        KmsKeyId=properties["KmsKeyId"],
        SecretString=value,
    )["ARN"]
    return Deployed(arn, {"Id": arn})


def _update_secret(target: Target, secret: Deployed, properties: Properties) -> Deployed:
    target.client("secretsmanager").update_secret(
        SecretId=secret.ref, Description=properties["Description"], KmsKeyId=properties["KmsKeyId"]
    )
    return secret


def _create_role(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    role = target.client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"])
    )["Role"]
    return _put_policies(target, Deployed(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}), properties)


def _update_role(target: Target, role: Deployed, properties: Properties) -> Deployed:
    iam = target.client("iam")
    iam.update_assume_role_policy(RoleName=role.ref, PolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]))
    wanted = {policy["PolicyName"] for policy in properties["Policies"]}
    for name in iam.list_role_policies(RoleName=role.ref)["PolicyNames"]:
        if name not in wanted:
            iam.delete_role_policy(RoleName=role.ref, PolicyName=name)
    return _put_policies(target, role, properties)


def _put_policies(target: Target, role: Deployed, properties: Properties) -> Deployed:
    for policy in properties["Policies"]:
        target.client("iam").put_role_policy(
            RoleName=role.ref, PolicyName=policy["PolicyName"], PolicyDocument=json.dumps(policy["PolicyDocument"])
        )
    return role


HANDLERS: dict[str, Any] = {
    "AWS::KMS::Key": Handler(
        _create_key,
        _update_key,
        left_out={"PendingWindowInDays": "counts from a deletion of the stack, which is here the folder's removal"},
    ),
    "AWS::SecretsManager::Secret": Handler(_create_secret, _update_secret, fixed=frozenset({"GenerateSecretString"})),
    "AWS::IAM::Role": Handler(_create_role, _update_role),
}
