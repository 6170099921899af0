"""S3 buckets and the DynamoDB table."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from infra.local.resources.handler import Deployed, Handler, Properties, Target, error_code


def _create_bucket(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    s3 = target.client("s3")
    try:
        s3.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": target.region},
            ObjectLockEnabledForBucket=properties.get("ObjectLockEnabled", False),
        )
    except ClientError as error:
        # Objects outlive a killed emulator, its other state does not.
        if error_code(error) != "BucketAlreadyOwnedByYou":
            raise
    return _configure_bucket(target, Deployed(name, {"Arn": f"arn:aws:s3:::{name}"}), properties)


def _configure_bucket(target: Target, bucket: Deployed, properties: Properties) -> Deployed:
    s3 = target.client("s3")
    name = {"Bucket": bucket.ref}
    if encryption := properties.get("BucketEncryption"):
        rules = [_encryption_rule(rule) for rule in encryption["ServerSideEncryptionConfiguration"]]
        s3.put_bucket_encryption(**name, ServerSideEncryptionConfiguration={"Rules": rules})
    if ownership := properties.get("OwnershipControls"):
        s3.put_bucket_ownership_controls(**name, OwnershipControls=ownership)
    if block := properties.get("PublicAccessBlockConfiguration"):
        s3.put_public_access_block(**name, PublicAccessBlockConfiguration=block)
    if versioning := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(**name, VersioningConfiguration=versioning)
    if lifecycle := properties.get("LifecycleConfiguration"):
        rules = [_lifecycle_rule(rule) for rule in lifecycle["Rules"]]
        s3.put_bucket_lifecycle_configuration(**name, LifecycleConfiguration={"Rules": rules})
    if cors := properties.get("CorsConfiguration"):
        s3.put_bucket_cors(**name, CORSConfiguration={"CORSRules": [_cors_rule(rule) for rule in cors["CorsRules"]]})
    if notification := properties.get("NotificationConfiguration"):
        s3.put_bucket_notification_configuration(**name, NotificationConfiguration=_notification(notification))
    if lock := properties.get("ObjectLockConfiguration"):
        s3.put_object_lock_configuration(**name, ObjectLockConfiguration=_lock(lock))
    return bucket


def _encryption_rule(rule: Properties) -> Properties:
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    return {names.get(key, key): value for key, value in rule.items()}


def _lifecycle_rule(rule: Properties) -> Properties:
    renamed: Properties = {"ID": rule["Id"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    for key, value in rule.items():
        if key == "ExpirationInDays":
            renamed["Expiration"] = {"Days": int(value)}
        elif key not in ("Id", "Prefix"):
            renamed[key] = value
    return renamed


def _cors_rule(rule: Properties) -> Properties:
    return {("MaxAgeSeconds" if key == "MaxAge" else key): value for key, value in rule.items()}


def _notification(properties: Properties) -> Properties:
    """EventBridge is asked for by a value in the template, and by the element's presence in the API."""
    bridge = properties["EventBridgeConfiguration"]
    rest = {key: value for key, value in bridge.items() if key != "EventBridgeEnabled"}
    return {"EventBridgeConfiguration": rest} if bridge["EventBridgeEnabled"] else rest


def _lock(lock: Properties) -> Properties:
    retention = dict(lock["Rule"]["DefaultRetention"])
    retention["Days"] = int(retention["Days"])
    return {**lock, "Rule": {**lock["Rule"], "DefaultRetention": retention}}


def _put_bucket_policy(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    bucket, document = properties["Bucket"], json.dumps(properties["PolicyDocument"])
    target.client("s3").put_bucket_policy(Bucket=bucket, Policy=document)
    return Deployed(bucket)


# What create_table takes as it stands in the template.
_TABLE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "DeletionProtectionEnabled")


def _create_table(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    stream = {**properties["StreamSpecification"], "StreamEnabled": True}
    table = target.client("dynamodb").create_table(
        TableName=name,
        StreamSpecification=stream,
        SSESpecification=_sse(properties),
        **{key: properties[key] for key in _TABLE if key in properties},
    )["TableDescription"]
    deployed = Deployed(name, {"Arn": table["TableArn"], "StreamArn": table["LatestStreamArn"]})
    _configure_backups(target, name, properties)
    target.client("dynamodb").update_time_to_live(
        TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
    )
    return deployed


def _update_table(target: Target, table: Deployed, properties: Properties) -> Deployed:
    target.client("dynamodb").update_table(
        TableName=table.ref,
        BillingMode=properties["BillingMode"],
        DeletionProtectionEnabled=properties["DeletionProtectionEnabled"],
        SSESpecification=_sse(properties),
    )
    _configure_backups(target, table.ref, properties)
    return table


def _configure_backups(target: Target, name: str, properties: Properties) -> None:
    target.client("dynamodb").update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification=properties["PointInTimeRecoverySpecification"]
    )


def _sse(properties: Properties) -> Properties:
    return {("Enabled" if key == "SSEEnabled" else key): value for key, value in properties["SSESpecification"].items()}


HANDLERS: dict[str, Any] = {
    "AWS::S3::Bucket": Handler(_create_bucket, _configure_bucket, fixed=frozenset({"ObjectLockEnabled"})),
    "AWS::S3::BucketPolicy": Handler(
        _put_bucket_policy,
        lambda target, policy, properties: _put_bucket_policy(target, policy.ref, properties),
    ),
    "AWS::DynamoDB::Table": Handler(
        _create_table,
        _update_table,
        fixed=frozenset(
            {
                "AttributeDefinitions",
                "KeySchema",
                "GlobalSecondaryIndexes",
                "StreamSpecification",
                "TimeToLiveSpecification",
            }
        ),
    ),
}
