"""An `HttpCall` whose answers a test gives one after the other, and that keeps what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chauban.signing.signers.calling import Answer


@dataclass
class Answering:
    """`answers` are contents, or a status with a content."""

    answers: list[Any]
    asked: list[tuple[str, Mapping[str, Any], Mapping[str, str]]] = field(default_factory=list)

    def json(self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        self.asked.append((url, body, headers or {}))
        told = self.answers.pop(0)
        return Answer(*told) if isinstance(told, tuple) else Answer(200, told)

    def form(self, url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        raise AssertionError("neither provider takes a form")
