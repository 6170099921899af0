"""Queues, topics, the event bus, its rules and archive, and schedules."""

from __future__ import annotations

import json
from typing import Any

from infra.local.resources.handler import Deployed, Handler, Properties, Target


def _queue_attributes(properties: Properties) -> dict[str, str]:
    return {key: json.dumps(value) if isinstance(value, dict) else str(value) for key, value in properties.items()}


def _create_queue(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    sqs = target.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes=_queue_attributes(properties))["QueueUrl"]
    arn = f"arn:aws:sqs:{target.region}:{target.account}:{name}"
    return Deployed(url, {"Arn": arn, "QueueName": name, "QueueUrl": url})


def _update_queue(target: Target, queue: Deployed, properties: Properties) -> Deployed:
    target.client("sqs").set_queue_attributes(QueueUrl=queue.ref, Attributes=_queue_attributes(properties))
    return queue


def _put_queue_policy(target: Target, logical_id: str, properties: Properties) -> Deployed:
    for url in properties["Queues"]:
        target.client("sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": json.dumps(properties["PolicyDocument"])}
        )
    return Deployed(logical_id)


def _create_topic(target: Target, logical_id: str, properties: Properties) -> Deployed:
    arn = target.client("sns").create_topic(Name=target.name(logical_id), Attributes=_queue_attributes(properties))
    return Deployed(arn["TopicArn"], {"TopicArn": arn["TopicArn"]})


def _update_topic(target: Target, topic: Deployed, properties: Properties) -> Deployed:
    for key, value in _queue_attributes(properties).items():
        target.client("sns").set_topic_attributes(TopicArn=topic.ref, AttributeName=key, AttributeValue=value)
    return topic


def _put_topic_policy(target: Target, logical_id: str, properties: Properties) -> Deployed:
    for arn in properties["Topics"]:
        target.client("sns").set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"])
        )
    return Deployed(logical_id)


def _create_bus(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    arn = target.client("events").create_event_bus(**properties)["EventBusArn"]
    return Deployed(properties["Name"], {"Arn": arn, "Name": properties["Name"]})


def _create_archive(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    arn = target.client("events").create_archive(
        ArchiveName=name,
        EventSourceArn=properties["SourceArn"],
        Description=properties["Description"],
        RetentionDays=int(properties["RetentionDays"]),
    )["ArchiveArn"]
    return Deployed(name, {"Arn": arn})


def _update_archive(target: Target, archive: Deployed, properties: Properties) -> Deployed:
    target.client("events").update_archive(
        ArchiveName=archive.ref,
        Description=properties["Description"],
        RetentionDays=int(properties["RetentionDays"]),
    )
    return archive


def _put_rule(target: Target, name: str, properties: Properties) -> Deployed:
    events = target.client("events")
    rule = {key: value for key, value in properties.items() if key not in ("Targets", "EventPattern")}
    arn = events.put_rule(Name=name, EventPattern=json.dumps(properties["EventPattern"]), **rule)["RuleArn"]
    events.put_targets(Rule=name, EventBusName=properties["EventBusName"], Targets=properties["Targets"])
    return Deployed(name, {"Arn": arn})


def _create_schedule(target: Target, logical_id: str, properties: Properties) -> Deployed:
    name = target.name(logical_id)
    arn = target.client("scheduler").create_schedule(Name=name, **properties)["ScheduleArn"]
    return Deployed(name, {"Arn": arn})


def _update_schedule(target: Target, schedule: Deployed, properties: Properties) -> Deployed:
    target.client("scheduler").update_schedule(Name=schedule.ref, **properties)
    return schedule


def _unchangeable(_target: Target, resource: Deployed, _properties: Properties) -> Deployed:
    return resource


HANDLERS: dict[str, Any] = {
    "AWS::SQS::Queue": Handler(_create_queue, _update_queue),
    "AWS::SQS::QueuePolicy": Handler(
        _put_queue_policy, lambda target, policy, properties: _put_queue_policy(target, policy.ref, properties)
    ),
    "AWS::SNS::Topic": Handler(_create_topic, _update_topic),
    "AWS::SNS::TopicPolicy": Handler(
        _put_topic_policy, lambda target, policy, properties: _put_topic_policy(target, policy.ref, properties)
    ),
    "AWS::Events::EventBus": Handler(_create_bus, _unchangeable, fixed=frozenset({"Name"})),
    "AWS::Events::Archive": Handler(_create_archive, _update_archive, fixed=frozenset({"SourceArn"})),
    "AWS::Events::Rule": Handler(
        lambda target, logical_id, properties: _put_rule(target, target.name(logical_id), properties),
        lambda target, rule, properties: _put_rule(target, rule.ref, properties),
    ),
    "AWS::Scheduler::Schedule": Handler(_create_schedule, _update_schedule),
}
