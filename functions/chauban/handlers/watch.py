"""The watch: once a day, tells of signing credentials that end soon and have no successor yet."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from chauban import bootstrap
from chauban.observability import logger


def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Logs one line for each such credential; the alarm counts the lines. A record's id names an office, nobody's number."""
    ending = bootstrap.credential_watch().ending()
    for credential, days in ending:
        logger().error("credential-ends-soon", credential=credential.id, days=days)
    logger().info("credentials-watched", ending=len(ending))
    return {"ending": len(ending)}
