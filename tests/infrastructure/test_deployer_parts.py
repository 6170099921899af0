"""The local deployer's parts: intrinsic functions, order, rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.local.folder import REPOSITORY
from infra.local.intrinsics import NO_VALUE, Scope, UnknownReference, references, resolve
from infra.local.template import Template, TemplateRefused
from tests.infrastructure.expanded import GIVEN

PRODUCTION = {
    **GIVEN,
    "Stage": "production",
    "LockMode": "COMPLIANCE",
    "RetentionDays": "36500",
    "MalwareScan": "guardduty",
}


def _scope() -> Scope:
    return Scope(
        {"Stage": "local", "Days": "3"},
        {"IsLocal": {"Fn::Equals": [{"Ref": "Stage"}, "local"]}, "IsNot": {"Fn::Not": [{"Condition": "IsLocal"}]}},
        {"Queue": "https://queue"},
        {"Queue": {"Arn": "arn:queue"}},
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Stage"}, "local"),
        ({"Ref": "Queue"}, "https://queue"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:queue"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:queue"),
        ({"Fn::Sub": "${Stage}/${Queue.Arn}/${!Stage}"}, "local/arn:queue/${Stage}"),
        ({"Fn::Sub": ["${x}-${Stage}", {"x": {"Ref": "Days"}}]}, "3-local"),
        ({"Fn::If": ["IsLocal", "yes", "no"]}, "yes"),
        ({"Fn::If": ["IsNot", "yes", "no"]}, "no"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}]]}, "a-local"),
        ({"Fn::Split": [",", {"Fn::Sub": "${Stage},b"}]}, ["local", "b"]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
    ],
)
def test_intrinsic_functions(value: Any, expected: Any) -> None:
    assert resolve(value, _scope()) == expected


def test_what_is_unknown_is_an_error_and_not_a_text() -> None:
    for value in ({"Ref": "Nothing"}, {"Fn::GetAtt": ["Queue", "Nothing"]}, {"Fn::Sub": "${Nothing.Arn}"}):
        with pytest.raises(UnknownReference):
            resolve(value, _scope())
    with pytest.raises(NotImplementedError, match="Fn::ImportValue"):
        resolve({"Fn::ImportValue": "x"}, _scope())
    assert resolve({"Ref": "AWS::NoValue"}, _scope()) is NO_VALUE


def test_references_are_found_wherever_they_hide() -> None:
    value = {"a": [{"Ref": "A"}], "b": {"Fn::Sub": ["${B.Arn}${x}", {"x": {"Fn::GetAtt": ["C", "Arn"]}}]}}
    assert references(value) == {"A", "B", "C"}


def _template() -> Template:
    return Template.load(REPOSITORY / "template.yaml")


def test_a_resource_comes_after_what_it_refers_to() -> None:
    template = _template()
    order = template.order(template.scope(GIVEN, {}))
    assert order.index("DataKey") < order.index("Table") < order.index("ApiFunction") < order.index("Api")
    assert order.index("SealDeadLetterQueue") < order.index("SealQueue")


def test_the_subscriber_is_there_only_when_asked_for() -> None:
    template = _template()
    without = template.order(template.scope({**GIVEN, "WithSubscriber": "false"}, {}))
    assert not [name for name in without if name.startswith("Subscriber")]


def test_production_without_compliance_is_refused() -> None:
    with pytest.raises(TemplateRefused, match="COMPLIANCE"):
        _template().scope({**GIVEN, "Stage": "production"}, {})
    _template().scope(PRODUCTION, {})


def test_production_scans_uploads_unless_doing_without_was_accepted() -> None:
    with pytest.raises(TemplateRefused, match="MalwareScan"):
        _template().scope({**PRODUCTION, "MalwareScan": "none"}, {})
    _template().scope({**PRODUCTION, "MalwareScan": "none", "WithoutMalwareScan": "accepted"}, {})
    _template().scope({**GIVEN, "MalwareScan": "none"}, {})


def test_a_network_is_given_whole_or_not_at_all() -> None:
    for half in ({"SealSubnets": "subnet-0a"}, {"SealSecurityGroups": "sg-0a"}):
        with pytest.raises(TemplateRefused, match="together"):
            _template().scope({**GIVEN, **half}, {})


def test_production_does_not_keep_the_archive_for_one_day_only() -> None:
    production = {**GIVEN, "Stage": "production", "LockMode": "COMPLIANCE"}
    for days in ({}, {"RetentionDays": "1"}):
        with pytest.raises(TemplateRefused, match="RetentionDays"):
            _template().scope({**production, **days}, {})


def test_missing_and_misspelt_parameters_are_refused() -> None:
    with pytest.raises(TemplateRefused, match="without a value"):
        _template().scope({}, {})
    with pytest.raises(TemplateRefused, match="no such"):
        _template().scope({**GIVEN, "Isuer": "https://login.example"}, {})


def test_a_broken_template_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "template.yaml"
    broken.write_text("Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: AWS::Serverless::Function}}\n")
    with pytest.raises(TemplateRefused):
        Template.load(broken)
