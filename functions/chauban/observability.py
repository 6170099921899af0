"""Logs and traces: JSON lines with stable codes and ids. Answers, names, personal numbers and whole events never go in."""

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """This process's logger; service and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL."""
    return Logger(log_uncaught_exceptions=False)
