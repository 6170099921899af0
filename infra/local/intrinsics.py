"""CloudFormation's intrinsic functions, as far as the project's templates use them; any other is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NO_VALUE = object()
_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


class UnknownReference(Exception):
    """A Ref or GetAtt names what is neither a parameter nor a deployed resource."""


@dataclass
class Scope:
    """What names mean: parameters and pseudo parameters, conditions, and the resources deployed so far."""

    parameters: Mapping[str, Any]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        for place in (self.parameters, self.refs):
            if name in place:
                return place[name]
        raise UnknownReference(name)

    def attribute(self, name: str, attribute: str) -> Any:
        try:
            return self.attributes[name][attribute]
        except KeyError as error:
            raise UnknownReference(f"{name}.{attribute}") from error

    def condition(self, name: str) -> bool:
        return bool(resolve(self.conditions[name], self))


def resolve(value: Any, scope: Scope) -> Any:
    """The value with every intrinsic function replaced by what it yields in this scope."""
    if isinstance(value, list):
        return [item for item in (resolve(item, scope) for item in value) if item is not NO_VALUE]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (name, argument), *_ = value.items()
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](argument, scope)
        if name.startswith("Fn::"):
            raise NotImplementedError(f"the intrinsic function {name}")
    resolved = {key: resolve(item, scope) for key, item in value.items()}
    return {key: item for key, item in resolved.items() if item is not NO_VALUE}


def _get_att(argument: Any, scope: Scope) -> Any:
    name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
    return scope.attribute(name, attribute)


def _sub(argument: Any, scope: Scope) -> str:
    text, variables = (argument, {}) if isinstance(argument, str) else argument

    def replaced(match: re.Match[str]) -> str:
        name = match[1]
        if name in variables:
            return str(resolve(variables[name], scope))
        return str(scope.attribute(*name.split(".", 1)) if "." in name else scope.ref(name))

    return _VARIABLE.sub(replaced, text).replace("${!", "${")


def _if(argument: Any, scope: Scope) -> Any:
    name, when_true, when_false = argument
    return resolve(when_true if scope.condition(name) else when_false, scope)


_FUNCTIONS = {
    "Ref": lambda name, scope: scope.ref(name),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::If": _if,
    "Fn::Equals": lambda pair, scope: str(resolve(pair[0], scope)) == str(resolve(pair[1], scope)),
    "Fn::Not": lambda one, scope: not resolve(one[0], scope),
    "Fn::And": lambda all_of, scope: all(resolve(one, scope) for one in all_of),
    "Fn::Or": lambda any_of, scope: any(resolve(one, scope) for one in any_of),
    "Fn::Join": lambda pair, scope: pair[0].join(str(item) for item in resolve(pair[1], scope)),
    "Fn::Split": lambda pair, scope: str(resolve(pair[1], scope)).split(pair[0]),
    "Condition": lambda name, scope: (
        scope.condition(name) if isinstance(name, str) else {"Condition": resolve(name, scope)}
    ),
}


def references(value: Any) -> set[str]:
    """The names that a value depends on (resources and parameters alike)."""
    if isinstance(value, list):
        return set().union(*(references(item) for item in value))
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for key, item in value.items():
        if key == "Ref":
            found.add(item)
        elif key == "Fn::GetAtt":
            found.add(item.split(".")[0] if isinstance(item, str) else item[0])
        elif key == "Fn::Sub":
            text, variables = (item, {}) if isinstance(item, str) else item
            names = {match[1].split(".")[0] for match in _VARIABLE.finditer(text)}
            found |= (names - set(variables)) | references(variables)
        else:
            found |= references(item)
    return found
