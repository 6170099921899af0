"""A target that deploys nowhere: it only writes down which calls a handler makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Answer(str):
    """What an unknown call returns: something that can be asked for anything and stays the same each time."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        if key == "Items" or key == "PolicyNames":
            return []
        return Answer(f"{self}.{key}")

    def get(self, key: str, default: Any = None) -> Any:
        return default if key == "State" else self[key]


@dataclass
class Recorder:
    """Implements the handlers' `Target`; `calls` is what was asked for, as JSON."""

    region: str = "ap-southeast-1"
    account: str = "123456789012"
    code: bytes = b"code"
    calls: list[str] = field(default_factory=list)

    def client(self, service: str) -> _Client:
        return _Client(service, self.calls)

    def name(self, logical_id: str) -> str:
        return f"here-{logical_id}".lower()

    def nested(self, logical_id: str, parameters: Mapping[str, str]) -> dict[str, str]:
        self.calls.append(json.dumps(["nested", logical_id, dict(parameters)]))
        return {}


@dataclass(frozen=True)
class _Client:
    service: str
    calls: list[str]

    def __getattr__(self, operation: str) -> Any:
        def call(**parameters: Any) -> Answer:
            text = json.dumps([self.service, operation, parameters], default=repr, sort_keys=True)
            self.calls.append(text)
            return Answer(f"{self.service}.{operation}")

        return call
