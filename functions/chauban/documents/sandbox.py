"""What a template may do: Jinja2's sandbox, narrowed to what documents need, with a bound on time, steps and sizes.

Jinja2's own sandbox keeps a template from the interpreter, not from filling memory or running for ever: loops that print
nothing, texts doubled again and again, widths of a thousand million. Here every loop turn, call and template counts as a step,
every operation that can make a long text is bounded, and what is not on a list is refused.
"""

import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jinja2 import Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

MAX_TEXT = 1_000_000
MAX_ITEMS = 10_000
MAX_STEPS = 1_000_000
MAX_NUMBER = 10**18

_TEXT_METHODS = {
    *(
        "capitalize",
        "count",
        "endswith",
        "find",
        "isdigit",
        "lower",
        "lstrip",
        "removeprefix",
        "removesuffix",
        "rstrip",
    ),
    *("split", "splitlines", "startswith", "strip", "title", "upper"),
}
_METHODS: dict[type, set[str]] = {
    str: _TEXT_METHODS,
    Markup: _TEXT_METHODS,
    dict: {"get", "items", "keys", "values"},
    list: {"count", "index"},
}
TOO_MUCH = "the template makes more than a document may hold"


@dataclass
class Allowance:
    """How long one filling of a template may still go on."""

    clock: Callable[[], float]
    deadline: float
    steps: int = 0

    def step(self) -> None:
        """Counts one step; raises `SecurityError` when there are too many, or the time is over."""
        self.steps += 1
        if self.steps > MAX_STEPS or self.clock() > self.deadline:
            raise SecurityError(TOO_MUCH)


_allowance: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def within(allowance: Allowance) -> Iterator[None]:
    """Everything inside counts against the allowance."""
    token = _allowance.set(allowance)
    try:
        yield
    finally:
        _allowance.reset(token)


class _Generator(CodeGenerator):
    """Has texts joined by the environment, which looks at their lengths, and steps counted."""

    def visit_ExprStmt(self, node: nodes.ExprStmt, frame: Frame) -> None:
        if isinstance(node.node, nodes.EnvironmentAttribute):
            self.writeline("environment.tick()", node)
        else:
            super().visit_ExprStmt(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.joined(context.eval_ctx.autoescape, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class SandboxedTemplates(ImmutableSandboxedEnvironment):
    """The environment of templates."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def tick(self) -> None:
        """One step of the template that is being filled."""
        allowance = _allowance.get()
        if allowance:
            allowance.step()

    def call(self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: PYI063  Jinja's signature
        """Calls what is on the list; raises `SecurityError` for anything else."""
        self.tick()
        if not (self._is_own(__obj) or _is_harmless_method(__obj)):
            raise SecurityError("a template may not call this")
        return super().call(__context, __obj, *args, **kwargs)

    def _is_own(self, called: Any) -> bool:
        return (
            isinstance(called, Macro | BlockReference | LoopContext | Undefined)
            or called in self.globals.values()
            or (isinstance(called, types.MethodType) and isinstance(called.__self__, LoopContext))
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Sums and products of numbers, and sums of short texts and lists."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" or (operator != "+" and not numbers):
            raise SecurityError(f"the operator {operator} is not available here")
        if not numbers and _length(left) + _length(right) > MAX_TEXT:
            raise SecurityError(TOO_MUCH)
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int | float) and abs(result) > MAX_NUMBER:
            raise SecurityError(TOO_MUCH)
        return result

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """What a macro or a block has made, as one text."""
        return "".join(_bounded(parts))

    @staticmethod
    def joined(autoescape: bool, parts: tuple[Any, ...]) -> str:
        """The operator `~`."""
        kept = _bounded(part if isinstance(part, str) else str(part) for part in parts)
        markup = autoescape and any(hasattr(part, "__html__") for part in parts)
        return markup_join(kept) if markup else str_join(kept)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with a step at its beginning and in every turn of a loop."""
        tree = super()._parse(source, name, filename)
        tree.body.insert(0, self._step(1))
        for loop in tree.find_all(nodes.For):
            loop.body.insert(0, self._step(loop.lineno))
        return tree

    def _step(self, line: int) -> nodes.Node:
        return nodes.ExprStmt(nodes.EnvironmentAttribute("tick"), lineno=line).set_environment(self)


def _is_harmless_method(called: Any) -> bool:
    owner = getattr(called, "__self__", None)
    return getattr(called, "__name__", None) in _METHODS.get(type(owner), ())


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple) else MAX_TEXT + 1


def _bounded(parts: Iterable[str]) -> list[str]:
    kept, size = [], 0
    for part in parts:
        size += len(part)
        if size > MAX_TEXT:
            raise SecurityError(TOO_MUCH)
        kept.append(part)
    return kept
