"""Lambda functions, their versions, aliases, permissions and event sources.

The code is the project's own package and nothing else: the libraries are those of the project's environment, which the
emulator's workers run in. So neither layers nor the code's place in S3 mean anything here.
"""

from __future__ import annotations

import time
from typing import Any

from infra.local.resources.handler import Deployed, Handler, Properties, Target

_CONFIGURATION = (
    "Description",
    "Handler",
    "Role",
    "Runtime",
    "TracingConfig",
    "SnapStart",
    "LoggingConfig",
    "DeadLetterConfig",
)


# Points into the layer.
_ONLY_WITH_THE_LAYER = ("FONTCONFIG_PATH",)


def _configuration(properties: Properties) -> Properties:
    variables = properties["Environment"]["Variables"]
    return {key: properties[key] for key in _CONFIGURATION if key in properties} | {
        "MemorySize": int(properties["MemorySize"]),
        "Timeout": int(properties["Timeout"]),
        "Environment": {
            "Variables": {name: str(value) for name, value in variables.items() if name not in _ONLY_WITH_THE_LAYER}
        },
    }


def _create_function(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    arn = target.client("lambda").create_function(
        FunctionName=name,
        Code={"ZipFile": target.code},
        Architectures=properties["Architectures"],
        Tags={tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])},
        **_configuration(properties),
    )["FunctionArn"]
    return _limit(target, Deployed(name, {"Arn": arn}), properties)


def _update_function(target: Target, function: Deployed, properties: Properties) -> Deployed:
    client = target.client("lambda")
    client.update_function_code(
        FunctionName=function.ref, ZipFile=target.code, Architectures=properties["Architectures"]
    )
    client.update_function_configuration(FunctionName=function.ref, **_configuration(properties))
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    client.tag_resource(Resource=function.attributes["Arn"], Tags=tags)
    return _limit(target, function, properties)


def _limit(target: Target, function: Deployed, properties: Properties) -> Deployed:
    if (reserved := properties.get("ReservedConcurrentExecutions")) is not None:
        target.client("lambda").put_function_concurrency(
            FunctionName=function.ref, ReservedConcurrentExecutions=int(reserved)
        )
    return function


def _publish(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    client = target.client("lambda")
    version = client.publish_version(FunctionName=properties["FunctionName"])
    arn, deadline = version["FunctionArn"], time.monotonic() + 60
    while version.get("State") == "Pending":
        if time.monotonic() > deadline:
            raise TimeoutError(f"{arn} is still being prepared")
        time.sleep(0.1)
        version = client.get_function_configuration(
            FunctionName=properties["FunctionName"], Qualifier=version["Version"]
        )
    if version.get("State") == "Failed":
        raise RuntimeError(f"{arn}: {version.get('StateReason')}")
    return Deployed(arn, {"Version": version["Version"], "FunctionArn": arn})


def _create_alias(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    return Deployed(target.client("lambda").create_alias(**properties)["AliasArn"])


def _update_alias(target: Target, alias: Deployed, properties: Properties) -> Deployed:
    target.client("lambda").update_alias(**properties)
    return alias


def _create_permission(target: Target, logical_id: str, properties: Properties) -> Deployed:
    target.client("lambda").add_permission(StatementId=logical_id, **properties)
    return Deployed(logical_id)


def _mapping(properties: Properties) -> Properties:
    whole = ("BatchSize", "MaximumRetryAttempts")
    mapping = {key: int(value) if key in whole else value for key, value in properties.items()}
    if "ScalingConfig" in mapping:
        mapping["ScalingConfig"] = {key: int(value) for key, value in mapping["ScalingConfig"].items()}
    return mapping


def _create_mapping(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    created = target.client("lambda").create_event_source_mapping(**_mapping(properties))
    return Deployed(created["UUID"])


def _update_mapping(target: Target, mapping: Deployed, properties: Properties) -> Deployed:
    fixed = ("EventSourceArn", "StartingPosition")
    changed = {key: value for key, value in _mapping(properties).items() if key not in fixed}
    target.client("lambda").update_event_source_mapping(UUID=mapping.ref, **changed)
    return mapping


def _no_layer(target: Target, logical_id: str, _properties: Properties) -> Deployed:
    return Deployed(f"arn:aws:lambda:{target.region}:{target.account}:layer:{logical_id}:1")


def _unchangeable(_target: Target, resource: Deployed, _properties: Properties) -> Deployed:
    return resource


_OWN_LIBRARIES = "the native libraries are those of the machine, so there is no layer here"

HANDLERS: dict[str, Any] = {
    "AWS::Lambda::Function": Handler(
        _create_function,
        _update_function,
        left_out={
            "Code.S3Bucket": "the code is read from the working copy",
            "Code.S3Key": "the code is read from the working copy",
            "Environment.Variables.FONTCONFIG_PATH": _OWN_LIBRARIES,
            "Layers": _OWN_LIBRARIES,
            "VpcConfig": "there is no network here but the machine's own",
        },
    ),
    "AWS::Lambda::Version": Handler(
        _publish, lambda target, version, properties: _publish(target, version.ref, properties)
    ),
    "AWS::Lambda::Alias": Handler(_create_alias, _update_alias, fixed=frozenset({"Name", "FunctionName"})),
    "AWS::Lambda::Permission": Handler(
        _create_permission,
        _unchangeable,
        fixed=frozenset({"Action", "FunctionName", "Principal", "SourceArn", "SourceAccount"}),
    ),
    "AWS::Lambda::EventSourceMapping": Handler(
        _create_mapping, _update_mapping, fixed=frozenset({"EventSourceArn", "StartingPosition"})
    ),
    "AWS::Lambda::LayerVersion": Handler(
        _no_layer,
        _unchangeable,
        left_out=dict.fromkeys(
            (
                "Content.S3Bucket",
                "Content.S3Key",
                "Description",
                "LayerName",
                "CompatibleArchitectures",
                "CompatibleRuntimes",
            ),
            _OWN_LIBRARIES,
        ),
    ),
}
