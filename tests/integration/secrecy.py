"""Where a secret could have got to: all that a stack keeps or says, looked through for it in whatever it may be written as."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pikepdf

from tests.integration.running_stack import RunningStack

Places = Iterable[tuple[str, bytes]]
_SHORTEST = 7
"""Characters below which a part of a Base64 text would be found by chance."""


@dataclass(frozen=True, order=True)
class Leak:
    """A secret by its name, the place, and as what it was written there."""

    secret: str
    place: str
    form: str


def written(secret: str) -> dict[str, set[bytes]]:
    """Each way in which a secret may stand in something, with the texts to look for."""
    value = secret.encode()
    assert len(value) >= _SHORTEST, "too short to be looked for"
    found = {
        "plain": {value},
        "base64": _base64(value),
        "base64url": {text.translate(bytes.maketrans(b"+/", b"-_")) for text in _base64(value)},
        "hex": {value.hex().encode(), value.hex().upper().encode()},
        "url": {quote(secret, safe="").encode(), "".join(f"%{byte:02X}" for byte in value).encode()},
        "json": {json.dumps(secret)[1:-1].encode(), json.dumps(json.dumps(secret))[3:-3].encode()}
        | {"".join(f"\\u{ord(letter):04x}" for letter in secret).encode()},
    }
    return {form: {text for text in texts if len(text) >= _SHORTEST} for form, texts in found.items()}


def _base64(value: bytes) -> set[bytes]:
    """What is in any Base64 text of something that has the value in it, wherever in a group of three it begins."""
    texts = set()
    for before in range(3):
        text = base64.b64encode(bytes(before) + value)
        # The first letters say what stood before, the last one or two groups what comes after.
        begin, end = -(-before * 8 // 6), (before + len(value)) * 8 // 6
        texts.add(text[begin:end])
    return texts


def leaks(secrets: Mapping[str, str], places: Places) -> set[Leak]:
    """Every secret (by name) that stands somewhere; a number counts where no other digit is beside it."""
    wanted: dict[bytes, set[tuple[str, str]]] = {}
    for name, secret in secrets.items():
        for form, texts in written(secret).items():
            for text in texts:
                wanted.setdefault(text, set()).add((name, form))
    return {
        Leak(name, place, form)
        for place, content in places
        for text, meant in wanted.items()
        if text in content and (not text.isdigit() or re.search(rb"(?<!\d)" + text + rb"(?!\d)", content))
        for name, form in meant
    }


def everything(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    """What lies in queues, table, buckets, environments and logs, as bytes; reading changes nothing."""
    yield from _queues(stack)
    yield from _items(stack)
    yield from _objects(stack)
    yield from _logs(stack)
    for function in stack.aws("lambda").list_functions()["Functions"]:
        yield "environments", json.dumps(function, default=str).encode()


def _queues(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    sqs = stack.aws("sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        for message in messages(stack, url):
            yield url.rsplit("/", 1)[-1], b"\n".join(_values(message))


def messages(stack: RunningStack, url: str) -> list[dict[str, Any]]:
    """All messages of a queue, which stay in it."""
    sqs, found = stack.aws("sqs"), []
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 60}
    while batch := sqs.receive_message(**asked, AttributeNames=["All"], MessageAttributeNames=["All"]).get("Messages"):
        found += batch
    for message in found:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    return found


def _items(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    for page in stack.aws("dynamodb").get_paginator("scan").paginate(TableName=stack.resource("Table")):
        for item in page["Items"]:
            yield "table", b"\n".join(_values(item))


def _values(value: Any) -> Iterator[bytes]:
    """The keys and values of an item, binary ones as they are."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name.encode()
            yield from _values(inner)
    elif isinstance(value, list | set | tuple):
        for inner in value:
            yield from _values(inner)
    else:
        yield bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()


def _objects(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    """Each object once, whatever it is called, and the streams of a PDF unpacked."""
    s3, seen = stack.aws("s3"), set()
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"]):
            for version in page.get("Versions", ()):
                yield bucket["Name"], version["Key"].encode()
                if (tag := (version["ETag"], version["Size"])) in seen:
                    continue
                seen.add(tag)
                named = {"Bucket": bucket["Name"], "Key": version["Key"], "VersionId": version["VersionId"]}
                content = s3.get_object(**named)["Body"].read()
                yield bucket["Name"], content
                if content.startswith(b"%PDF"):
                    # Another test may have put something in a file's place that is none.
                    with suppress(pikepdf.PdfError):
                        yield bucket["Name"], unpacked(content)


def unpacked(pdf: bytes) -> bytes:
    """The streams of a PDF as they are without their compression."""
    with pikepdf.open(BytesIO(pdf)) as file:
        streams = [one for one in file.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") != "/Image"]
        return b"\n".join(one.read_bytes(pikepdf.StreamDecodeLevel.generalized) for one in streams)


def _logs(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    """The servers' own files, and what CloudWatch Logs holds: functions and the API's accesses."""
    for log in stack.stack.folder.logs.glob("*.log"):
        yield log.name, log.read_bytes()
    logs = stack.aws("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
            yield group["logGroupName"], "\n".join(event["message"] for event in page["events"]).encode()
