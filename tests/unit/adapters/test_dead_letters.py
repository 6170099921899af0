"""Dead-letter queues: every order with its reason, and back again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from chauban.adapters.dead_letters import dead_orders, redrive
from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.outbox import DynamoOutbox
from chauban.adapters.dynamodb.table import Table, put

from tests.unit.fakes.world import World


@pytest.fixture
def sqs(aws: Callable[[str], Any]) -> Any:
    return aws("sqs")


@pytest.fixture
def queues(sqs: Any) -> tuple[str, str]:
    dead, queue = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("seal-dead", "seal"))
    return dead, queue


def bury(sqs: Any, dead: str, body: dict[str, Any]) -> None:
    sqs.send_message(QueueUrl=dead, MessageBody=json.dumps(body))


def depth(sqs: Any, queue: str) -> int:
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def test_an_order_is_listed_with_its_reason(sqs: Any, queues: tuple[str, str], table: Table, stored: World) -> None:
    dead, _ = queues
    stored.awaiting_signature()
    outbox = DynamoOutbox(table, stored.clock)
    order = next(m for m in outbox.unpublished(100) if m.channel == "render")
    outbox.note_failure(order.owner, order.id, "signing-failed: kms-AccessDeniedException", stored.clock.now(), 3)
    bury(sqs, dead, order.body)
    (listed,) = dead_orders(sqs, table.client, dead, "chauban")
    assert listed["document"] == order.body["document"]
    assert listed["failure"] == {
        "code": "signing-failed: kms-AccessDeniedException",
        "at": stored.clock.now().isoformat(),
        "attempt": 3,
    }
    assert json.dumps(listed)


def test_an_order_of_a_session_is_found_under_its_session(
    sqs: Any, queues: tuple[str, str], table: Table, stored: World
) -> None:
    session = stored.opened(stored.awaiting_signature())
    outbox = DynamoOutbox(table, stored.clock)
    order = next(m for m in outbox.unpublished(100) if m.channel == "sign")
    outbox.note_failure(session.id, order.id, "timestamp-unavailable", stored.clock.now(), 3)
    bury(sqs, queues[0], order.body)
    (listed,) = dead_orders(sqs, table.client, queues[0], "chauban")
    assert listed["failure"]["code"] == "timestamp-unavailable"


def test_an_order_without_a_known_reason_is_listed_all_the_same(
    sqs: Any, queues: tuple[str, str], table: Table
) -> None:
    bury(sqs, queues[0], {"task": "seal", "dossier": "D", "document": "X", "order": "O"})
    (listed,) = dead_orders(sqs, table.client, queues[0], "chauban")
    assert listed["failure"] is None


def test_all_orders_are_listed_and_stay(sqs: Any, queues: tuple[str, str], table: Table) -> None:
    """More than one answer of SQS holds."""
    dead, _ = queues
    for number in range(25):
        bury(sqs, dead, {"task": "seal", "dossier": "D", "document": "X", "order": f"O{number:02d}"})
    for _ in range(2):
        listed = list(dead_orders(sqs, table.client, dead, "chauban"))
        assert sorted(order["order"] for order in listed) == [f"O{number:02d}" for number in range(25)]
    assert depth(sqs, dead) == 25


def test_a_redrive_moves_every_order_back(sqs: Any, queues: tuple[str, str]) -> None:
    dead, queue = queues
    bodies = [{"task": "seal", "dossier": "D", "document": "X", "order": f"O{number:02d}"} for number in range(25)]
    for body in bodies:
        bury(sqs, dead, body)
    assert redrive(sqs, dead, queue) == 25
    assert (depth(sqs, dead), depth(sqs, queue)) == (0, 25)
    found: list[dict[str, Any]] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    assert sorted(found, key=lambda body: body["order"]) == bodies


def test_an_empty_queue_has_nothing_to_list_or_move(sqs: Any, queues: tuple[str, str], table: Table) -> None:
    assert list(dead_orders(sqs, table.client, queues[0], "chauban")) == []
    assert redrive(sqs, *queues) == 0


def test_an_order_of_a_register_is_found_under_its_register(
    sqs: Any, queues: tuple[str, str], table: Table, stored: World
) -> None:
    order = stored.orders.register("seal", stored.ids.new())
    table.transact([put(items.outbox_item(order))])
    reason = "not-configured: a valid appointment in the records office of the agency"
    DynamoOutbox(table, stored.clock).note_failure(order.owner, order.id, reason, stored.clock.now(), 3)
    bury(sqs, queues[0], order.body)
    (listed,) = dead_orders(sqs, table.client, queues[0], "chauban")
    assert (listed["register"], listed["failure"]["code"]) == (order.owner, reason)


def test_an_upload_that_nobody_could_settle_is_listed_by_its_key(
    sqs: Any, queues: tuple[str, str], table: Table
) -> None:
    bury(sqs, queues[0], {"source": "aws.s3", "detail": {"object": {"key": "uploads/D/A"}}})
    assert dead_orders(sqs, table.client, queues[0], "chauban") == [
        {"task": "examine", "upload": "uploads/D/A", "failure": None}
    ]
