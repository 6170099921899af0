"""The template as CloudFormation sees it, with every reference resolved to a name that says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from infra.local.folder import REPOSITORY
from infra.local.intrinsics import Scope, resolve
from infra.local.template import RELEASE, Template

REGION, ACCOUNT = "ap-southeast-1", "123456789012"
GIVEN = {
    "Release": RELEASE,
    "Issuer": "https://login.example",
    "Audience": "https://api.example",
    "PublicUrl": "https://look.example",
    "RegistryUrl": "https://registry.example/lookups",
    "TsaUrls": "https://tsa.example",
    "WithSubscriber": "true",
}
_PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "chauban",
}
_ARN = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::Events::EventBus": "arn:aws:events:{region}:{account}:event-bus/{name}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{name}",
}


def arn_of(kind: str, name: str) -> str:
    return _ARN.get(kind, f"arn:aws:{kind}:{REGION}:{ACCOUNT}:{name}").format(region=REGION, account=ACCOUNT, name=name)


class _Names(Scope):
    """Ref and GetAtt without a deployment: a resource is called by its logical id."""

    kinds: dict[str, str]

    def ref(self, name: str) -> Any:
        if name not in self.kinds:
            return super().ref(name)
        kind = self.kinds[name]
        if kind == "AWS::Lambda::Alias":
            return f"{arn_of('AWS::Lambda::Function', name.split('Alias')[0])}:live"
        if kind == "AWS::SQS::Queue":
            return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"
        return arn_of(kind, name) if kind in ("AWS::SNS::Topic", "AWS::SecretsManager::Secret") else name

    def attribute(self, name: str, attribute: str) -> Any:
        arn = arn_of(self.kinds[name], name)
        return {"Arn": arn, "StreamArn": f"{arn}/stream/label"}.get(attribute, f"{name}.{attribute}")


@dataclass(frozen=True)
class Resource:
    name: str
    kind: str
    properties: dict[str, Any] = field(repr=False)

    @property
    def arn(self) -> str:
        return arn_of(self.kind, self.name)


@cache
def resources(
    nested: str | None = None, given: tuple[tuple[str, str], ...] = tuple(GIVEN.items())
) -> tuple[Resource, ...]:
    """Every resource of the template, or of a nested stack of it, under the conditions of these parameters."""
    template, values = Template.load(REPOSITORY / "template.yaml"), dict(given)
    if nested:
        inner = template.nested(nested)
        template, values = inner, dict.fromkeys(inner.body["Parameters"], "given")
    scope = template.scope(values, _PSEUDO)
    names = _Names(scope.parameters, scope.conditions)
    names.kinds = {name: resource["Type"] for name, resource in template.body["Resources"].items()}
    return tuple(
        Resource(name, names.kinds[name], resolve(template.body["Resources"][name].get("Properties", {}), names))
        for name in template.order(names)
    )


def of_kind(kind: str) -> list[Resource]:
    return [resource for resource in resources() if resource.kind == kind]


def named(name: str) -> Resource:
    return next(resource for resource in resources() if resource.name == name)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every scalar of a nested value with the way to it; an empty list or object counts as one."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value
