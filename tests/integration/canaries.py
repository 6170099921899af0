"""Secrets that a test puts on purpose where none may be, so that a search that finds nothing is known to look there."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from tests.integration.running_stack import RunningStack
from tests.integration.secrecy import Leak, messages

GROUP = "/chim-hoang-yen"
FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    # Not at its beginning, as within something longer.
    "base64": lambda text: base64.b64encode(f"x{text}".encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(f"xy{text}".encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "url": lambda text: quote(text, safe=""),
    "json": lambda text: json.dumps({"in": text}),
}


@contextmanager
def planted(stack: RunningStack) -> Iterator[dict[str, str]]:
    """One secret for each place, there in every form; by the place. All are gone afterwards, but from the logs."""
    queues = {
        stack.resource(name).rsplit("/", 1)[-1]: stack.resource(name) for name in ("SignQueue", "SealDeadLetterQueue")
    }
    places = [*queues, "table", stack.resource("WorkBucket"), "functions.log", GROUP]
    canaries = {f"canary in {place}": f'{secrets.token_hex(6)}+/?đ"{secrets.token_hex(4)}' for place in places}
    texts = {place: "\n".join(form(canaries[f"canary in {place}"]) for form in FORMS.values()) for place in places}
    with ExitStack() as cleaning:
        for name, url in queues.items():
            stack.aws("sqs").send_message(QueueUrl=url, MessageBody=texts[name])
            cleaning.callback(_unsent, stack, texts[name])
        _put_item(stack, texts["table"], cleaning)
        _put_object(stack, texts[stack.resource("WorkBucket")], cleaning)
        _log(stack, texts["functions.log"], texts[GROUP], cleaning)
        yield canaries


def expected(canaries: dict[str, str]) -> set[Leak]:
    """What a search must find of them."""
    return {Leak(name, name.removeprefix("canary in "), form) for name in canaries for form in FORMS}


def _unsent(stack: RunningStack, text: str) -> None:
    for url in stack.aws("sqs").list_queues()["QueueUrls"]:
        for message in messages(stack, url):
            if message["Body"] == text:
                stack.aws("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _put_item(stack: RunningStack, text: str, cleaning: ExitStack) -> None:
    """Half of the forms within a binary value, half within a map of lists."""
    table, item_key = stack.resource("Table"), {"pk": {"S": "canary"}, "sk": {"S": "canary"}}
    lines = text.split("\n")
    value = {
        "deep": {"L": [{"M": {"in": {"S": line}}} for line in lines[:3]]},
        "raw": {"B": "\n".join(lines[3:]).encode()},
    }
    stack.aws("dynamodb").put_item(TableName=table, Item={**item_key, "value": {"M": value}})
    cleaning.callback(stack.aws("dynamodb").delete_item, TableName=table, Key=item_key)


def _put_object(stack: RunningStack, text: str, cleaning: ExitStack) -> None:
    place = {"Bucket": stack.resource("WorkBucket"), "Key": "canary"}
    stack.aws("s3").put_object(**place, Body=text.encode())
    cleaning.callback(stack.aws("s3").delete_object, **place)


def _log(stack: RunningStack, file: str, group: str, cleaning: ExitStack) -> None:
    with (stack.stack.folder.logs / "functions.log").open("a", encoding="utf-8") as log:
        log.write(file + "\n")
    logs = stack.aws("logs")
    logs.create_log_group(logGroupName=GROUP)
    cleaning.callback(logs.delete_log_group, logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="canary")
    event = {"timestamp": int(time.time() * 1000), "message": group}
    logs.put_log_events(logGroupName=GROUP, logStreamName="canary", logEvents=[event])
