"""Many dossiers that wait for their official, made of one that came the whole way there: for sessions of hundreds of documents."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.signing import DynamoSigning
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.machine import SystemClock, Ulids
from chauban.dossiers.changes import Change
from chauban.dossiers.documents import StoredFile
from chauban.dossiers.model import Dossier
from chauban.signing.sessions.model import SigningTask

from tests.integration.journey import Journey
from tests.integration.running_stack import RunningStack


def copied(stack: RunningStack, journey: Journey, task: str, count: int) -> list[Journey]:
    """So many more dossiers like this one, each with ids, a task and a file of its own: it looks like the other files, with another
    second identifier (/ID), so that no two digests are the same."""
    table = Table(stack.aws("dynamodb"), stack.resource("Table"))
    store = DynamoDossiers(table, SystemClock())
    original, waiting = store.load(journey.id), DynamoSigning(table).task(task)
    file = next(one.current for one in original.documents if one.id == waiting.document)
    assert file is not None
    assert file.sha256 == waiting.sha256
    made = []
    for number in range(count):
        dossier, copy = _copy(original, waiting, number, _file(stack.aws("s3"), file))
        store.commit(Change(None, dossier, new_task=copy))
        made.append(Journey(stack, journey.ward, journey.citizen, dossier.id))
    return made


def _file(s3: Any, file: StoredFile) -> dict[str, str]:
    """Another file that looks the same, beside the first; what is written otherwise of it."""
    content = s3.get_object(Bucket=file.bucket, Key=file.key)["Body"].read()
    other, found = re.subn(
        rb"(/ID \[\([0-9A-Za-z]+\) \()[0-9a-f]{32}\)",
        lambda match: match.group(1) + secrets.token_hex(16).encode() + b")",
        content,
    )
    assert found == 1
    assert len(other) == file.size
    digest = hashlib.sha256(other).hexdigest()
    key = file.key.replace(file.sha256, digest)
    assert key != file.key
    s3.put_object(Bucket=file.bucket, Key=key, Body=other, ContentType="application/pdf")
    return {file.sha256: digest}


def _copy(dossier: Dossier, task: SigningTask, number: int, file: dict[str, str]) -> tuple[Dossier, SigningTask]:
    new = file | {document.id: secrets.token_hex(13).upper() for document in dossier.documents}
    new |= {dossier.id: Ulids().new(), dossier.filing.code: f"{dossier.filing.code}{number:03d}"}
    values = dossier.model_dump_json(), task.model_dump_json()
    for old, fresh in new.items():
        values = values[0].replace(old, fresh), values[1].replace(old, fresh)
    return Dossier.model_validate_json(values[0]), SigningTask.model_validate_json(values[1])
