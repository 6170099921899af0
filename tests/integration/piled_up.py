"""Orders that nobody takes: the workers' queues switched off and on, single orders carried out by hand, the rest left to die."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chauban.adapters.dead_letters import redrive

from tests.integration.running_stack import RunningStack, eventually
from tests.integration.secrecy import messages

WORKERS = ("Render", "Sign", "Seal")
Order = dict[str, Any]


@contextmanager
def nobody_works(stack: RunningStack) -> Iterator[None]:
    """The workers take nothing from their queues; afterwards they get what lay there, and what died, as orders nobody tried.

    A look into a queue counts as an attempt, and a worker gives up what was attempted too often.
    """
    _switch(stack, on=False)
    try:
        yield
    finally:
        for worker in WORKERS:
            queue = stack.resource(f"{worker}Queue")
            eventually(lambda queue=queue: not messages(stack, queue), what=f"orders of {worker} to be dead")
        _switch(stack, on=True)
        for worker in WORKERS:
            redrive(stack.aws("sqs"), stack.resource(f"{worker}DeadLetterQueue"), stack.resource(f"{worker}Queue"))


def _switch(stack: RunningStack, *, on: bool) -> None:
    client, queues = stack.aws("lambda"), {stack.resource(f"{worker}Queue").rsplit("/", 1)[-1] for worker in WORKERS}
    mappings = client.list_event_source_mappings()["EventSourceMappings"]
    ours = [one for one in mappings if one["EventSourceArn"].rsplit(":", 1)[-1] in queues]
    assert len(ours) == len(WORKERS)
    for mapping in ours:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)
    if not on:
        eventually(
            lambda: not any(_in_hand(stack, worker) for worker in WORKERS), what="the workers to end what they do"
        )


def _in_hand(stack: RunningStack, worker: str) -> int:
    asked = {"QueueUrl": stack.resource(f"{worker}Queue"), "AttributeNames": ["ApproximateNumberOfMessagesNotVisible"]}
    attributes = stack.aws("sqs").get_queue_attributes(**asked)["Attributes"]
    return int(attributes["ApproximateNumberOfMessagesNotVisible"])


def carried_out(stack: RunningStack, worker: str, wanted: Callable[[Order], bool]) -> Order:
    """The first such order, done by the worker's function and taken off its queue."""
    queue = stack.resource(f"{worker}Queue"), stack.resource(f"{worker}DeadLetterQueue")

    def found() -> tuple[str, Any] | None:
        lying = ((url, message) for url in queue for message in messages(stack, url))
        return next((one for one in lying if wanted(json.loads(one[1]["Body"]))), None)

    url, message = eventually(found, what=f"an order for the {worker.lower()} worker")
    record = {"messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"]}
    event = {"Records": [{**record, "attributes": {"ApproximateReceiveCount": "1"}}]}
    function = stack.resource(f"{worker}Function")
    answer = stack.aws("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": []}
    stack.aws("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    order: Order = json.loads(message["Body"])
    return order


def left_to_die(stack: RunningStack, tasks: dict[str, set[str]]) -> None:
    """Orders of all these tasks (by worker) are taken and never done until they are dead; then each is in its queue once more."""
    sqs = stack.aws("sqs")
    for worker, wanted in tasks.items():
        queue, dead = stack.resource(f"{worker}Queue"), stack.resource(f"{worker}DeadLetterQueue")

        def all_dead(queue: str = queue, dead: str = dead, wanted: set[str] = wanted) -> list[str] | None:
            alive = messages(stack, queue)
            bodies = [message["Body"] for message in messages(stack, dead)]
            return bodies if not alive and {json.loads(body)["task"] for body in bodies} >= wanted else None

        for body in eventually(all_dead, what=f"orders of {sorted(wanted)} to be dead"):
            sqs.send_message(QueueUrl=queue, MessageBody=body)
