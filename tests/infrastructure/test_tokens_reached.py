"""A seal's key may be in a PKCS#11 module: then the sealing function alone has the vendor's library and the module's network."""

from __future__ import annotations

import pytest

from infra.local.resources import HANDLERS
from tests.infrastructure.expanded import GIVEN, Resource, resources
from tests.infrastructure.permissions import as_list
from tests.infrastructure.recorder import Recorder

LAYER = "arn:aws:lambda:ap-southeast-1:123456789012:layer:hsm:3"
REACHED = {
    "SealTokenLayer": LAYER,
    "SealSubnets": "subnet-0a,subnet-0b",
    "SealSecurityGroups": "sg-0a,sg-0b",
}
# What Lambda needs to make a function's network interfaces (AWS Lambda developer guide, "Giving functions access to a VPC").
INTERFACES = {
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}


def _with(kind: str, given: dict[str, str]) -> dict[str, Resource]:
    return {one.name: one for one in resources(given=tuple({**GIVEN, **given}.items())) if one.kind == kind}


def _network(role: Resource) -> list[dict[str, object]]:
    return [
        statement
        for policy in role.properties["Policies"]
        if policy["PolicyName"] == "network"
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_without_a_module_no_function_is_in_a_network() -> None:
    for function in _with("AWS::Lambda::Function", {}).values():
        assert "VpcConfig" not in function.properties
        assert LAYER not in function.properties.get("Layers", [])
    assert all(_network(role) == [] for role in _with("AWS::IAM::Role", {}).values())


def test_with_a_module_the_sealing_function_alone_reaches_it() -> None:
    functions = _with("AWS::Lambda::Function", REACHED)
    seal = functions.pop("SealFunction").properties
    assert seal["VpcConfig"] == {"SubnetIds": ["subnet-0a", "subnet-0b"], "SecurityGroupIds": ["sg-0a", "sg-0b"]}
    # The native libraries stay the first layer, the vendor's comes after them.
    assert seal["Layers"][1:] == [LAYER]
    assert seal["Layers"][0] == _with("AWS::Lambda::Function", {})["SealFunction"].properties["Layers"][0]
    assert not any(
        "VpcConfig" in one.properties or LAYER in one.properties.get("Layers", []) for one in functions.values()
    )


def test_the_role_may_what_lambda_needs_for_it_and_the_code_may_not() -> None:
    roles = _with("AWS::IAM::Role", REACHED)
    allowed, denied = _network(roles.pop("SealRole"))
    assert (allowed["Effect"], set(as_list(allowed["Action"]))) == ("Allow", INTERFACES)
    assert (denied["Effect"], set(as_list(denied["Action"]))) == ("Deny", INTERFACES)
    assert set(denied["Condition"]) == {"ArnLike"}  # type: ignore[call-overload]
    assert all(_network(role) == [] for role in roles.values())


@pytest.mark.parametrize("given", [{}, REACHED], ids=["without", "with"])
def test_the_embedded_stack_deploys_either(given: dict[str, str]) -> None:
    """It has no network of its own: the module, if any, is on this machine."""
    handler = HANDLERS["AWS::Lambda::Function"]
    recorder = Recorder()
    handler.create(recorder, "SealFunction", _with("AWS::Lambda::Function", given)["SealFunction"].properties)
    assert recorder.calls
    assert "subnet" not in "".join(recorder.calls)
