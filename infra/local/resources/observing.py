"""Log groups, alarms and the dashboard, and the nested stack that holds them."""

from __future__ import annotations

from typing import Any

from infra.local.resources.handler import Deployed, Handler, Properties, Target, camel


def _create_log_group(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    target.client("logs").create_log_group(logGroupName=name, kmsKeyId=properties["KmsKeyId"])
    arn = f"arn:aws:logs:{target.region}:{target.account}:log-group:{name}:*"
    return _configure_log_group(target, Deployed(name, {"Arn": arn}), properties)


def _configure_log_group(target: Target, group: Deployed, properties: Properties) -> Deployed:
    target.client("logs").put_retention_policy(
        logGroupName=group.ref, retentionInDays=int(properties["RetentionInDays"])
    )
    return group


def _put_filter(target: Target, name: str, properties: Properties) -> Deployed:
    target.client("logs").put_metric_filter(
        logGroupName=properties["LogGroupName"],
        filterName=name,
        filterPattern=properties["FilterPattern"],
        metricTransformations=[_transformation(each) for each in properties["MetricTransformations"]],
    )
    return Deployed(name)


def _transformation(properties: Properties) -> Properties:
    camelled: Properties = camel(properties)
    return camelled | {"defaultValue": float(camelled["defaultValue"])}


def _put_alarm(target: Target, name: str, properties: Properties) -> Deployed:
    whole = ("Period", "EvaluationPeriods")
    alarm = {key: int(value) if key in whole else value for key, value in properties.items()}
    target.client("cloudwatch").put_metric_alarm(AlarmName=name, **alarm | {"Threshold": float(alarm["Threshold"])})
    return Deployed(name, {"Arn": f"arn:aws:cloudwatch:{target.region}:{target.account}:alarm:{name}"})


def _put_dashboard(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    target.client("cloudwatch").put_dashboard(**properties)
    return Deployed(properties["DashboardName"])


def _deploy_nested(target: Target, logical_id: str, properties: Properties) -> Deployed:
    outputs = target.nested(logical_id, properties["Parameters"])
    return Deployed(logical_id, {f"Outputs.{name}": value for name, value in outputs.items()})


HANDLERS: dict[str, Any] = {
    "AWS::Logs::LogGroup": Handler(_create_log_group, _configure_log_group, fixed=frozenset({"KmsKeyId"})),
    "AWS::Logs::MetricFilter": Handler(
        lambda target, logical_id, properties: _put_filter(target, target.name(logical_id), properties),
        lambda target, filter_, properties: _put_filter(target, filter_.ref, properties),
        fixed=frozenset({"LogGroupName"}),
    ),
    "AWS::CloudWatch::Alarm": Handler(
        lambda target, logical_id, properties: _put_alarm(target, target.name(logical_id), properties),
        lambda target, alarm, properties: _put_alarm(target, alarm.ref, properties),
    ),
    "AWS::CloudWatch::Dashboard": Handler(
        _put_dashboard, lambda target, board, properties: _put_dashboard(target, board.ref, properties)
    ),
    "AWS::CloudFormation::Stack": Handler(
        _deploy_nested,
        lambda target, stack, properties: _deploy_nested(target, stack.ref, properties),
        left_out={
            "TemplateURL": "the nested template is read from the working copy",
            "Tags": "a nested stack is not a resource here",
        },
    ),
}
