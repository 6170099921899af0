"""Logs and traces: JSON lines with stable codes and ids. Answers, names, personal numbers and whole events never go in."""

from functools import cache
from traceback import extract_tb

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """This process's logger; service and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL."""
    return Logger(log_uncaught_exceptions=False)


def trace_of(fault: BaseException) -> list[str]:
    """Where a fault came from, then its causes: types and places only, for the texts of exceptions quote what they were given."""
    lines: list[str] = []
    cause: BaseException | None = fault
    while cause is not None:
        lines.append(type(cause).__name__)
        lines += [
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
            for frame in extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    return lines
