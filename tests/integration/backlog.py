"""Many issued results that wait for their document timestamp, made of one that came the whole way."""

from __future__ import annotations

import json
import random
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chauban.adapters.dynamodb.dossiers import DynamoDossiers
from chauban.adapters.dynamodb.preservation import DynamoPreservation
from chauban.adapters.dynamodb.table import Table
from chauban.adapters.machine import SystemClock, Ulids
from chauban.dossiers.changes import Change
from chauban.dossiers.documents import Document, DocumentKind
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.standing import standing

from tests.integration.journey import Journey
from tests.integration.running_stack import RunningStack

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Backlog:
    """The dossiers, in the order in which their results were due."""

    stack: RunningStack
    dossiers: tuple[str, ...]

    def present(self) -> list[Dossier]:
        """The dossiers as they are now, in the same order."""
        store = DynamoDossiers(_table(self.stack), SystemClock())
        return [store.load(dossier) for dossier in self.dossiers]

    def is_done(self) -> bool:
        """Whether nothing is due any more, nor in anybody's hands."""
        store, now = DynamoPreservation(_table(self.stack)), datetime.now(UTC)
        return not store.due(now, 1) and standing(store, now).due == 0


def seeded(journey: Journey, count: int) -> Backlog:
    """So many dossiers like that of the journey, each with ids of its own, that were issued one after another during a day and not
    extended since: no order is left for them. The archive has one file for all; what is made of it has a timestamp of its own."""
    table = _table(journey.stack)
    store = DynamoDossiers(table, SystemClock())
    original, since = _as_issued(store.load(journey.id)), datetime.now(UTC) - DAY
    made = []
    for number in range(count):
        dossier = _copy(original, number)
        due = since + DAY * number / count
        entry = PreservationEntry(
            document=result_of(dossier).id, dossier=dossier.id, revision=1, due_at=due, next_at=due
        )
        made.append((dossier, entry))
    # They are not in the table in the order of their times.
    for dossier, entry in random.sample(made, count):
        store.commit(Change(None, dossier, preservations=(entry,)))
    return Backlog(journey.stack, tuple(dossier.id for dossier, _ in made))


def runs(stack: RunningStack) -> list[dict[str, Any]]:
    """What the runs of the schedule told until now, oldest first."""
    told = []
    for line in (stack.stack.folder.logs / "functions.log").read_text(encoding="utf-8", errors="replace").splitlines():
        start = line.find("{")
        if start >= 0 and '"message":"renewed"' in line:
            told.append(json.loads(line[start:]))
    return told


def result_of(dossier: Dossier) -> Document:
    return next(each for each in dossier.documents if each.kind is DocumentKind.RESULT)


def _table(stack: RunningStack) -> Table:
    return Table(stack.aws("dynamodb"), stack.resource("Table"))


def _as_issued(dossier: Dossier) -> Dossier:
    """The dossier as it was before its result was extended."""
    result = result_of(dossier)
    issued = result.model_copy(update={"revisions": result.revisions[:1], "current": result.revisions[0].file})
    kept = [fact for fact in dossier.facts if fact.type is not FactType.DOCUMENT_EXTENDED]
    facts = tuple(fact.model_copy(update={"seq": seq}) for seq, fact in enumerate(kept, start=dossier.facts[0].seq))
    documents = tuple(issued if each.id == result.id else each for each in dossier.documents)
    return dossier.model_copy(update={"documents": documents, "facts": facts})


def _copy(dossier: Dossier, number: int) -> Dossier:
    new = {document.id: secrets.token_hex(13).upper() for document in dossier.documents}
    new |= {dossier.id: Ulids().new(), dossier.filing.code: f"{dossier.filing.code}{number:04d}"}
    value = dossier.model_dump_json()
    for old, fresh in new.items():
        value = value.replace(old, fresh)
    return Dossier.model_validate_json(value)
