"""Many dossiers that wait for their official, made of one that came the whole way there: for sessions of hundreds of documents."""

from __future__ import annotations

import secrets

from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.signing import DynamoSigning
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.machine import SystemClock, Ulids
from chauban.dossiers.changes import Change
from chauban.dossiers.model import Dossier
from chauban.signing.sessions.model import SigningTask

from tests.integration.journey import Journey
from tests.integration.running_stack import RunningStack


def copied(stack: RunningStack, journey: Journey, task: str, count: int) -> list[Journey]:
    """So many more dossiers like this one, each with ids and a task of its own; the rendered file is the same."""
    table = Table(stack.aws("dynamodb"), stack.resource("Table"))
    store = DynamoDossiers(table, SystemClock())
    original, waiting = store.load(journey.id), DynamoSigning(table).task(task)
    made = []
    for number in range(count):
        dossier, copy = _copy(original, waiting, number)
        store.commit(Change(None, dossier, new_task=copy))
        made.append(Journey(stack, journey.ward, journey.citizen, dossier.id))
    return made


def _copy(dossier: Dossier, task: SigningTask, number: int) -> tuple[Dossier, SigningTask]:
    new = {document.id: secrets.token_hex(13).upper() for document in dossier.documents}
    new |= {dossier.id: Ulids().new(), dossier.filing.code: f"{dossier.filing.code}{number:03d}"}
    values = dossier.model_dump_json(), task.model_dump_json()
    for old, fresh in new.items():
        values = values[0].replace(old, fresh), values[1].replace(old, fresh)
    return Dossier.model_validate_json(values[0]), SigningTask.model_validate_json(values[1])
