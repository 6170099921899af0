"""A small IAM evaluator: may this role, or this service by a resource's own policy, do that?"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from typing import Any

from tests.infrastructure.expanded import ACCOUNT, Resource, named, of_kind

Context = Mapping[str, str | list[str]]
_OPERATORS = {
    "StringEquals": lambda actual, expected: actual == expected,
    "StringLike": fnmatch.fnmatchcase,
    "ArnEquals": fnmatch.fnmatchcase,
    "ArnLike": fnmatch.fnmatchcase,
    "Bool": lambda actual, expected: actual == expected,
}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _conditions_hold(statement: Mapping[str, Any], context: Context) -> bool:
    return all(
        _holds(operator, as_list(context.get(key, [])), as_list(values))
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def _holds(operator: str, actual: list[str], expected: list[str]) -> bool:
    """As IAM has it: a key that the request does not have holds for all of its values, and for any of them not."""
    qualifier, _, name = operator.rpartition(":")
    found = [any(_OPERATORS[name](value, one) for one in expected) for value in actual]
    return all(found) if qualifier == "ForAllValues" else any(found)


def _matches(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    return (
        any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in as_list(statement["Action"]))
        and any(fnmatch.fnmatchcase(resource, pattern) for pattern in as_list(statement["Resource"]))
        and _conditions_hold(statement, context)
    )


def _decide(statements: Iterable[Mapping[str, Any]], action: str, resource: str, context: Context) -> bool:
    effects = {one["Effect"] for one in statements if _matches(one, action, resource, context)}
    return effects == {"Allow"}


def statements_of(role: Resource) -> list[dict[str, Any]]:
    return [one for policy in role.properties["Policies"] for one in policy["PolicyDocument"]["Statement"]]


def role_of(function: Resource) -> Resource:
    return next(role for role in of_kind("AWS::IAM::Role") if role.arn == function.properties["Role"])


def role_may(role: Resource, action: str, resource: str, **context: str | list[str]) -> bool:
    """By the role's own policies; `context` has condition keys with `__` for the colon (`kms__ViaService`)."""
    keys = {name.replace("__", ":"): value for name, value in context.items()}
    return _decide(statements_of(role), action, resource, keys)


def policy_allows(document: Mapping[str, Any], service: str, action: str, resource: str, source: str) -> bool:
    """By a resource's policy: may the AWS service act on the resource for `source`?"""
    context = {"aws:SourceArn": source, "aws:SourceAccount": ACCOUNT, "aws:SecureTransport": "true"}
    concerned = [one for one in document["Statement"] if _names(one, service)]
    return _decide(concerned, action, resource, context)


def _names(statement: Mapping[str, Any], service: str) -> bool:
    principal = statement["Principal"]
    return principal == "*" or service in as_list(principal.get("Service", []))


def key_policy() -> dict[str, Any]:
    document: dict[str, Any] = named("DataKey").properties["KeyPolicy"]
    return document


def queue_policy(url: str) -> dict[str, Any]:
    """The policy of a queue, by its URL."""
    document: dict[str, Any] = next(
        policy.properties["PolicyDocument"]
        for policy in of_kind("AWS::SQS::QueuePolicy")
        if url in policy.properties["Queues"]
    )
    return document
