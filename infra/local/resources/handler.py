"""What a resource type's handler is: CloudFormation properties in, AWS calls out.

Every property must reach a call. One that does not is named in `left_out` with the reason; the infrastructure tests
change each property in turn and fail if no call changes, so a property can never be dropped unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import ClientError

Properties = dict[str, Any]


class Target(Protocol):
    """Where to deploy: clients of the emulator and what else is not in the template."""

    region: str
    account: str
    code: bytes

    def client(self, service: str) -> Any: ...
    def name(self, logical_id: str) -> str: ...
    def nested(self, logical_id: str, parameters: Mapping[str, str]) -> dict[str, str]: ...


@dataclass(frozen=True)
class Deployed:
    """A resource as the template sees it: what Ref gives, and what GetAtt gives."""

    ref: str
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Handler:
    """`create` makes the resource; `update` brings an existing one to new properties; `fixed` ones cannot change."""

    create: Callable[[Target, str, Properties], Deployed]
    update: Callable[[Target, Deployed, Properties], Deployed]
    fixed: frozenset[str] = frozenset()
    left_out: Mapping[str, str] = field(default_factory=dict)


def error_code(error: ClientError) -> str:
    code: str = error.response["Error"]["Code"]
    return code


def camel(properties: Any) -> Any:
    """The same structure with keys that begin in lower case, as some services' APIs spell CloudFormation's names."""
    if isinstance(properties, list):
        return [camel(item) for item in properties]
    if isinstance(properties, dict):
        return {key[0].lower() + key[1:]: camel(item) for key, item in properties.items()}
    return properties
