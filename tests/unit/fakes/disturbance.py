"""Processes killed between two steps, and other processes that do their work in between."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

Service = TypeVar("Service")


class Killed(BaseException):
    """The process is gone: no handler of the service may catch it."""


class Steps:
    """Counts the calls that a service makes to its ports; after the `at`-th, `happen` is called once."""

    def __init__(self, at: int, happen: Callable[[], None]) -> None:
        self._at = at
        self._happen = happen
        self.taken: list[str] = []

    def passed(self, name: str) -> None:
        """A call has returned to its port, but not yet to the service."""
        self.taken.append(name)
        if len(self.taken) == self._at:
            self._happen()

    @property
    def reached(self) -> bool:
        """Whether there were as many steps."""
        return len(self.taken) >= self._at


class Watched:
    """A port whose every call is a step."""

    def __init__(self, target: Any, name: str, steps: Steps) -> None:
        self._target, self._name, self._steps = target, name, steps

    def __getattr__(self, attribute: str) -> Any:
        method = getattr(self._target, attribute)

        def call(*arguments: Any, **named: Any) -> Any:
            answer = method(*arguments, **named)
            self._steps.passed(f"{self._name}.{attribute}")
            return answer

        return call


def watched(service: Service, steps: Steps, *ports: str) -> Service:
    """The same service, with the calls to some of its ports as steps."""
    return replace(service, **{port: Watched(getattr(service, port), port, steps) for port in ports})  # type: ignore[type-var]


def kill() -> None:
    """Ends the process."""
    raise Killed
