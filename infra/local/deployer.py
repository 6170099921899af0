"""Bring the emulator to what the template says: make what is missing, change what differs, leave the rest alone.

What was deployed is remembered in a table of the emulator itself, so that both are lost or kept together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.folder import ACCOUNT, REGION
from infra.local.intrinsics import Scope, resolve
from infra.local.resources import HANDLERS
from infra.local.resources.handler import Deployed, Properties
from infra.local.template import Template

RECORD = "embedded-stack"


class CannotChange(Exception):
    """A property that only a new stack can have: `make clean` first."""


@dataclass
class Emulator:
    """Clients of the emulator as its root user, which no policy limits: for deployment alone."""

    endpoint: str
    access_key: str
    secret_key: str
    prefix: str
    code: bytes
    region: str = REGION
    account: str = ACCOUNT
    _clients: dict[str, Any] = field(default_factory=dict)
    nested_stack: Callable[[str, Mapping[str, str]], dict[str, str]] | None = None

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,
                endpoint_url=self.endpoint,
                region_name=self.region,
                aws_access_key_id=self.access_key,
                aws_secret_access_key=self.secret_key,
                config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        return self._clients[service]

    def name(self, logical_id: str) -> str:
        return f"{self.prefix}-{logical_id}".lower()

    def nested(self, logical_id: str, parameters: Mapping[str, str]) -> dict[str, str]:
        if self.nested_stack is None:
            raise CannotChange(f"{logical_id}: a nested stack inside a nested stack")
        return self.nested_stack(logical_id, parameters)

    @cached_property
    def code_sha256(self) -> str:
        return hashlib.sha256(self.code).hexdigest()


class Record:
    """What was deployed: one item a resource, with its properties as they were resolved then."""

    def __init__(self, emulator: Emulator) -> None:
        self._table = emulator.client("dynamodb")
        try:
            self._table.create_table(
                TableName=RECORD,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceInUseException":
                raise
        pages = self._table.get_paginator("scan").paginate(TableName=RECORD)
        self.items = {item["name"]["S"]: json.loads(item["is"]["S"]) for page in pages for item in page["Items"]}

    def put(self, name: str, properties: Properties, deployed: Deployed) -> None:
        value = {"properties": properties, "ref": deployed.ref, "attributes": deployed.attributes}
        self._table.put_item(TableName=RECORD, Item={"name": {"S": name}, "is": {"S": json.dumps(value)}})
        self.items[name] = value


def deploy(template: Template, parameters: dict[str, str], emulator: Emulator) -> Scope:
    """Deploy the template and its nested ones; returns the scope with every resource's name and attributes."""
    record = Record(emulator)

    def nested(logical_id: str, values: Mapping[str, str]) -> dict[str, str]:
        inner = template.nested(logical_id)
        scope = _deploy(inner, dict(values), emulator, record, f"{logical_id}-")
        return {name: resolve(output["Value"], scope) for name, output in inner.body.get("Outputs", {}).items()}

    emulator.nested_stack = nested
    return _deploy(template, parameters, emulator, record, "")


def _deploy(template: Template, parameters: dict[str, str], emulator: Emulator, record: Record, prefix: str) -> Scope:
    pseudo = {
        "AWS::Region": emulator.region,
        "AWS::AccountId": emulator.account,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackName": emulator.prefix,
    }
    scope = template.scope(parameters, pseudo)
    for logical_id in template.order(scope):
        resource = template.body["Resources"][logical_id]
        properties = resolve(resource.get("Properties", {}), scope)
        deployed = _bring(resource["Type"], prefix + logical_id, properties, emulator, record)
        scope.refs[logical_id] = deployed.ref
        scope.attributes[logical_id] = deployed.attributes
    return scope


def _bring(kind: str, name: str, properties: Properties, emulator: Emulator, record: Record) -> Deployed:
    """Make the resource, change it, or leave it, whichever its record asks for."""
    if kind not in HANDLERS:
        raise CannotChange(f"{name}: nothing here makes {kind}")
    handler, remembered = HANDLERS[kind], json.loads(json.dumps(properties))
    if kind in ("AWS::Lambda::Function", "AWS::Lambda::Version"):
        remembered["code"] = emulator.code_sha256
    if kind == "AWS::Lambda::Version":
        remembered["of"] = _configuration_of(properties["FunctionName"], record)
    if kind == "AWS::CloudFormation::Stack":
        deployed = handler.create(emulator, name, properties)
        record.put(name, remembered, deployed)
        return deployed
    if name not in record.items:
        deployed = handler.create(emulator, name, properties)
    else:
        before = record.items[name]
        deployed = Deployed(before["ref"], before["attributes"])
        changed = {
            key for key in {*remembered, *before["properties"]} if remembered.get(key) != before["properties"].get(key)
        }
        if not changed:
            return deployed
        if fixed := changed & handler.fixed:
            raise CannotChange(f"{name}: {sorted(fixed)} cannot be changed in place; run `make clean` first")
        deployed = handler.update(emulator, deployed, properties)
    record.put(name, remembered, deployed)
    return deployed


def _configuration_of(function: str, record: Record) -> Any:
    """A new version is due whenever anything of its function changed."""
    return next(item["properties"] for item in record.items.values() if item["ref"] == function)
