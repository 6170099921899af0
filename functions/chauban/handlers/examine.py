"""The examining worker: looks into what was uploaded, each file told of by the bucket (S3, EventBridge, then the queue)."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chauban import bootstrap
from chauban.attachments.examining import NotScannedYet
from chauban.attachments.keys import upload_of
from chauban.handlers.failures import reason_of
from chauban.observability import logger, trace_of

# After which attempt a file is looked at again how soon (seconds): whoever sent it waits, and so does the decision. After the
# last one it is refused, to be sent again.
PAUSES = {1: 5, 2: 15, 3: 30, 4: 60, 5: 180}


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Examines the uploads of an SQS event; answers which are to be tried again (ReportBatchItemFailures)."""
    failures = []
    for record in event["Records"]:
        attempt = int(record["attributes"]["ApproximateReceiveCount"])
        upload = upload_of(json.loads(record["body"])["detail"]["object"]["key"])
        if upload is None:
            continue
        with logger().append_context_keys(attachment=upload[1], attempt=attempt):
            try:
                _examine(upload, attempt)
            except Exception as fault:  # the process's edge: the queue tries again, then keeps the message
                _tell(fault)
                bootstrap.own_queue().try_again_in(record["receiptHandle"], PAUSES.get(attempt, PAUSES[5]))
                failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _tell(fault: Exception) -> None:
    if isinstance(fault, NotScannedYet):
        logger().info("attachment-not-scanned-yet")
    else:
        logger().error("attachment-not-examined", reason=reason_of(fault), trace=trace_of(fault))


def _examine(upload: tuple[str, str], attempt: int) -> None:
    service = bootstrap.examining()
    # A file that ends the whole function leaves no other trace than the count.
    if attempt > len(PAUSES):
        logger().error("attachment-given-up", outcome=service.give_up(*upload))
    else:
        logger().info("attachment-examined", outcome=service.examine(*upload))
