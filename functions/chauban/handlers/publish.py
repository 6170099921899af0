"""The publisher: events to the bus and orders to the queues, from the table's stream and from a schedule.

The stream is only the fast way. A process sweeps the outbox when it starts, and the schedule does every minute, so that no
message depends on its stream record.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chauban import bootstrap
from chauban.adapters.dynamodb.items import message_from
from chauban.adapters.dynamodb.table import item_from
from chauban.handlers.failures import reason_of
from chauban.observability import logger, trace_of

_swept = False


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Publishes the new messages among a stream's records, or what waits where there are none (the schedule)."""
    global _swept
    failed = [failure for record in event.get("Records", ()) if (failure := _published(record))]
    if "Records" not in event:
        _sweep()
    elif not _swept:
        _swept = True
        try:
            _sweep()
        except Exception as fault:  # what is stuck must not hold up what the stream brings; the schedule tells of it
            logger().error("not-swept", reason=reason_of(fault), trace=trace_of(fault))
    return {"batchItemFailures": failed[:1]}


def _sweep() -> None:
    logger().info("swept", messages=bootstrap.publisher().sweep())


def _published(record: dict[str, Any]) -> dict[str, str] | None:
    """Publishes a record's message; the place to try again from where it was not taken."""
    image = record["dynamodb"].get("NewImage") or {}
    if record["eventName"] != "INSERT" or "outbox_pk" not in image:
        return None
    try:
        bootstrap.publisher().publish(message_from(item_from(image)))
    except Exception as fault:  # the process's edge: the stream brings the record again, and the sweep sees it too
        logger().error("not-published", reason=reason_of(fault))
        return {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
    return None
