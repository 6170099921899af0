"""Many issued results in the emulated table and archive, all due; and what became of each of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chauban.adapters.dynamodb import items
from chauban.adapters.dynamodb.dossiers import transaction
from chauban.adapters.dynamodb.preservation import SHARDS
from chauban.dossiers.changes import Change
from chauban.dossiers.documents import Document, DocumentKind, StoredFile
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.signing.preservation.entries import PreservationEntry

from tests.chaos.emulated import ARCHIVE, TABLE, Emulated
from tests.unit.fakes.world import World, result_of

Content = Callable[[int], bytes]


def place_holder(number: int) -> bytes:
    """A small file of its own for each result, for whoever does not need a signed one."""
    return f"a result, numbered {number}".encode()


@dataclass
class Backlog:
    """`files` results, due one second after another, the last one just now; `letter` begins the ids of one backlog."""

    aws: Emulated
    files: int
    content: Content = place_holder
    letter: str = "D"
    issued: Dossier = field(default_factory=lambda: World().issued())

    def dossier(self, number: int) -> str:
        return f"{self.letter}{number:025d}"

    def document(self, number: int, kind: DocumentKind = DocumentKind.RESULT) -> str:
        return f"{kind.name[:3]}{self.letter}{number:022d}"

    def fill(self) -> None:
        """Writes everything, in batches."""
        left = (write for number in range(self.files) for write in self._items(number))
        while batch := list(islice(left, 25)):
            requests = {TABLE: [{"PutRequest": {"Item": wire}} for wire in batch]}
            while requests:
                requests = self.aws.table.client.batch_write_item(RequestItems=requests)["UnprocessedItems"]

    def _items(self, number: int) -> Iterator[dict[str, Any]]:
        dossier = _with_file(self._renamed(number), self.aws.files.archive(self.content(number)))
        name, due = self.document(number), self.aws.clock.now() - timedelta(seconds=self.files - number)
        entry = PreservationEntry(document=name, dossier=dossier.id, revision=1, due_at=due, next_at=due)
        return (write["Put"]["Item"] for write in transaction(Change(None, dossier, (), preservations=(entry,))))

    def _renamed(self, number: int) -> Dossier:
        """The issued dossier under ids of its own."""
        text = self.issued.model_dump_json().replace(self.issued.id, self.dossier(number))
        for each in self.issued.documents:
            text = text.replace(each.id, self.document(number, each.kind))
        return Dossier.model_validate_json(text)


def _with_file(dossier: Dossier, stored: StoredFile) -> Dossier:
    result = result_of(dossier)
    first = result.revisions[0].model_copy(update={"file": stored})
    return dossier.with_document(result.model_copy(update={"current": stored, "revisions": (first,)}))


@dataclass
class Audit:
    """What was found: `wrong` says which result is not as it must be, and why; files of the archive that nothing points to are
    `orphans`.
    """

    wrong: list[str] = field(default_factory=list)
    orphans: int = 0

    def require(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(what)


def audit(backlog: Backlog, now: datetime) -> Audit:
    """Looks at every result: extended once, told once, kept in the archive, and due again one day."""
    aws, found = backlog.aws, Audit()
    told, archived, kept = Counter(told_in(aws)), set(archive_keys(aws)), set()
    entries = {entry.document: (entry, item) for entry, item in entries_in(aws)}
    for number in range(backlog.files):
        name, dossier = backlog.document(number), aws.dossiers.load(backlog.dossier(number))
        result = result_of(dossier)
        facts = [fact.data["sha256"] for fact in dossier.facts if fact.type is FactType.DOCUMENT_EXTENDED]
        entry, item = entries.pop(name, (None, {}))
        kept |= {each.file.key for each in result.revisions}
        found.require([each.revision for each in result.revisions] == [1, 2], f"{name}: not two revisions")
        found.require(facts == [result.sha256], f"{name}: not one fact")
        found.require(told[dossier.id] == 1, f"{name}: told {told[dossier.id]} times")
        found.require(_grown(aws, result), f"{name}: not the file before with something appended")
        found.require(entry is not None and entry.revision == 2 and entry.due_at > now, f"{name}: not due again")
        found.require(entry is not None and entry.taken_until is None, f"{name}: taken by somebody who is gone")
    found.require(not entries, f"{len(entries)} entries of unknown documents")
    found.require(kept <= archived, f"{len(kept - archived)} files are not in the archive")
    found.orphans = len(archived - kept)
    return found


def entries_in(aws: Emulated) -> Iterator[tuple[PreservationEntry, items.Item]]:
    """All entries, with the items that hold them."""
    for item in _in_index(aws, "due", SHARDS):
        yield items.value_of(PreservationEntry, item), item


def told_in(aws: Emulated) -> Iterator[str]:
    """The dossiers about whose documents an event says that they were extended, once for each event."""
    for item in _in_index(aws, "outbox", items.OUTBOX_SHARDS):
        message = items.message_from(item)
        if message.body.get("type") == "document.extended.v1":
            yield message.owner


def archive_keys(aws: Emulated) -> Iterator[str]:
    """The keys in the archive."""
    for page in aws.s3.get_paginator("list_objects_v2").paginate(Bucket=ARCHIVE):
        yield from (each["Key"] for each in page.get("Contents", ()))


def _in_index(aws: Emulated, index: str, shards: tuple[str, ...]) -> Iterator[items.Item]:
    for shard in shards:
        found, cursor = aws.table.page(index, shard, limit=1000, cursor=None, newest_first=False)
        yield from found
        while cursor:
            found, cursor = aws.table.page(index, shard, limit=1000, cursor=cursor, newest_first=False)
            yield from found


def _grown(aws: Emulated, result: Document) -> bool:
    first, last = (aws.files.read(result.revisions[at].file) for at in (0, -1))
    return last.startswith(first) and len(last) > len(first)
