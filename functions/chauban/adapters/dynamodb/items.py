"""Keys and items of the table: the one place that knows how domain values are laid out in it.

Partitions: a dossier `D#<id>` (filing, head, facts, documents, party links), the messages about it `O#<id>`, a signing session
`S#<id>`, what a provider calls back about `X#<hash>`, a task `T#<id>`, a draft `W#<id>`, counters `C#...`, number books `N#...`, an
idempotency key `I#...`, when a document is
extended next `L#<id>`, and the catalogue. Values are stored as JSON text next to the few attributes that conditions and indexes
need: no number is changed by a round trip, and no personal number is ever a key.
"""

import hashlib
from datetime import date, datetime
from math import ceil
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from chauban.dossiers.attachments import Attachment
from chauban.dossiers.changes import IdempotencyRecord, OutboxMessage, PartyLink
from chauban.dossiers.documents import Document
from chauban.dossiers.drafts import Draft
from chauban.dossiers.facts import Fact
from chauban.dossiers.model import Dossier, DossierLine, Filing
from chauban.dossiers.number_books import NumberEntry
from chauban.dossiers.numbering import local_day
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.sessions.model import SessionAuthorisation, SessionItem, SigningSession, SigningTask

Item = dict[str, Any]
# How the sort keys of a dossier's documents begin, and the one of an agency's register.
DOCUMENTS, REGISTER = "DOC#", "REGISTER"
OUTBOX_SHARDS = tuple(f"waiting-{shard}" for shard in range(8))
_MESSAGE = TypeAdapter(OutboxMessage)
Model = TypeVar("Model", bound=BaseModel)


def value_of(model: type[Model], item: Item) -> Model:
    """The domain value kept in an item."""
    return model.model_validate_json(item["value"])


def key(pk: str, sk: str) -> Item:
    """A primary key."""
    return {"pk": pk, "sk": sk}


def partition(dossier: str) -> str:
    """The partition of a dossier."""
    return f"D#{dossier}"


def filing_item(filing: Filing) -> Item:
    """What was filed; written once, and apart from the head, which every change writes again."""
    return {**key(partition(filing.id), "FILING"), "value": filing.model_dump_json()}


def head_item(dossier: Dossier) -> Item:
    """The dossier's head: the version that guards every change, and its line in the agency's work list."""
    filing = dossier.filing
    day = local_day(filing.submitted_at)
    return {
        **head_key(dossier.id),
        "version": dossier.version,
        "line": dossier.line.model_dump_json(),
        "work_pk": agency_day(filing.agencies.competent, day),
        "work_sk": filing.id,
    }


def desk_item(dossier: Dossier) -> Item | None:
    """What puts a dossier into the work list of the agency where it is received, where that is another one."""
    filing = dossier.filing
    if filing.agencies.receiving == filing.agencies.competent:
        return None
    day = agency_day(filing.agencies.receiving, local_day(filing.submitted_at))
    return {**key(partition(filing.id), "DESK"), "work_pk": day, "work_sk": filing.id}


def line_from(item: Item) -> DossierLine:
    """The line of a list in a dossier's head."""
    return DossierLine.model_validate_json(item["line"])


def head_key(dossier: str) -> Item:
    """Where a dossier's head lies."""
    return key(partition(dossier), "HEAD")


def document_key(dossier: str, document: str) -> Item:
    """Where a document lies."""
    return key(partition(dossier), DOCUMENTS + document)


def attachment_key(dossier: str, attachment: str) -> Item:
    """Where an attachment lies."""
    return key(partition(dossier), f"ATT#{attachment}")


def agency_day(agency: str, day: date) -> str:
    """The work-list key of an agency's dossiers of a day."""
    return f"D#{agency}#{day.isoformat()}"


def fact_item(dossier: str, fact: Fact) -> Item:
    """One fact."""
    return {**key(partition(dossier), f"F#{fact.seq:06d}"), "value": fact.model_dump_json()}


def document_item(dossier: str, document: Document) -> Item:
    """One document."""
    return {**document_key(dossier, document.id), "value": document.model_dump_json()}


def dossier_from(items: list[Item]) -> Dossier | None:
    """The dossier of a partition's items; None where there is no filing among them."""
    filings = [item for item in items if item["sk"] == "FILING"]
    if not filings:
        return None
    facts = [value_of(Fact, item) for item in items if item["sk"].startswith("F#")]
    documents = [value_of(Document, item) for item in items if item["sk"].startswith(DOCUMENTS)]
    order = {fact.data["document"]: fact.seq for fact in reversed(facts) if "document" in fact.data}
    return Dossier(
        filing=value_of(Filing, filings[0]),
        facts=tuple(sorted(facts, key=lambda fact: fact.seq)),
        documents=tuple(
            sorted(documents, key=lambda document: (order.get(document.id, len(facts) + 1), document.kind))
        ),
        attachments=tuple(value_of(Attachment, item) for item in items if item["sk"].startswith("ATT#")),
    )


def link_item(link: PartyLink) -> Item:
    """What makes a dossier or a result appear in a party's lists."""
    place = hashlib.sha256(f"{link.party_key}{link.sort}".encode()).hexdigest()[:16]
    return {
        **key(partition(link.dossier), f"PARTY#{place}"),
        "party_pk": link.party_key,
        "party_sk": link.sort,
        "dossier": link.dossier,
        "document": link.document or "",
    }


def outbox_item(message: OutboxMessage) -> Item:
    """A message that waits; the attributes of the `outbox` index are taken away when it is published."""
    return {
        **outbox_key(message),
        "value": _message(message),
        "outbox_pk": outbox_shard(message.id),
        "outbox_sk": message.id,
    }


def outbox_shard(message: str) -> str:
    """Which of the shards of the waiting messages one is in, so that no index key is hot."""
    return OUTBOX_SHARDS[ord(message[-1]) % len(OUTBOX_SHARDS)]


def outbox_key(message: OutboxMessage) -> Item:
    """Where a message lies: with the dossier or session that it tells of."""
    return key(f"O#{message.owner}", message.id)


def message_from(item: Item) -> OutboxMessage:
    """The message in an item."""
    return _MESSAGE.validate_json(item["value"])


def _message(message: OutboxMessage) -> str:
    return _MESSAGE.dump_json(message).decode()


def idempotency_key(client: str, name: str) -> Item:
    """Where the use of an idempotency key is kept; client and key are hashed, since a key is the caller's text."""
    return key("I#" + hashlib.sha256(f"{client}\n{name}".encode()).hexdigest(), "USE")


def idempotency_item(record: IdempotencyRecord) -> Item:
    """The use of an idempotency key; `expires_at` (epoch seconds) lets the table forget it."""
    return {
        **idempotency_key(record.client, record.key),
        "body_sha256": record.body_sha256,
        "target": record.target,
        "expires_at": int(record.expires_at.timestamp()),
    }


SAME_DRAFT = "draft_version = :before"


def draft_key(draft: str) -> Item:
    """Where a draft lies."""
    return key(f"W#{draft}", "DRAFT")


def draft_item(draft: Draft) -> Item:
    """A draft; `expires_at` lets the table forget it."""
    value = {"value": draft.model_dump_json(), "draft_version": draft.version, "expires_at": epoch(draft.expires_at)}
    return {**draft_key(draft.id), **value}


def erased_draft_item(draft: Draft, now: int) -> Item:
    """What is left of a draft until the table forgets it."""
    return {**draft_key(draft.id), "expires_at": now}


def task_item(task: SigningTask) -> Item:
    """A signing task; only open ones are in the agency's work list."""
    item = {**key(f"T#{task.id}", "TASK"), "task_open": task.open, "value": task.model_dump_json()}
    if task.open:
        item |= {"work_pk": f"T#{task.agency}", "work_sk": f"{task.since.isoformat()}#{task.id}"}
    if task.session and task.session_until:
        item |= {"held_by": task.session, "held_until": ceil(task.session_until.timestamp())}
    return item


def sealing_task_key(task: str) -> Item:
    """Where lies what waits for a records office."""
    return key(f"T#{task}", "SEALING")


def sealing_task_item(task: SealingTask) -> Item:
    """What waits for a records office; only open ones are in the agency's list."""
    item = {**sealing_task_key(task.id), "task_open": task.open, "value": task.model_dump_json()}
    if task.open:
        item |= {"work_pk": f"SEALING#{task.agency}", "work_sk": f"{task.since.isoformat()}#{task.id}"}
    return item


def session_key(session: str) -> Item:
    """Where a session's head lies."""
    return key(f"S#{session}", "HEAD")


def session_item(session: SigningSession) -> Item:
    """A session without its items; `cancelled` is there only when it is."""
    head = session.model_copy(update={"items": (), "authorisation": None})
    item = {**session_key(session.id), "value": head.model_dump_json()}
    return item | ({"cancelled": True} if session.cancelled_at else {})


def session_entry_item(session: str, entry: SessionItem) -> Item:
    """One item of a session."""
    return {
        **session_entry_key(session, entry.item),
        "item_status": entry.status.value,
        "value": entry.model_dump_json(),
        **({"accepted": True} if entry.accepted_at else {}),
    }


def session_entry_key(session: str, item: int) -> Item:
    """Where an item of a session lies."""
    return key(f"S#{session}", f"I#{item:04d}")


def authorisation_key(session: str) -> Item:
    """Where a session's authorisation lies; what is secret of it lies apart."""
    return key(f"S#{session}", "AUTH")


def session_from(items: list[Item]) -> SigningSession | None:
    """The session of a partition's items."""
    heads = [item for item in items if item["sk"] == "HEAD"]
    if not heads:
        return None
    entries = [value_of(SessionItem, item) for item in items if item["sk"].startswith("I#")]
    ordered = tuple(sorted(entries, key=lambda entry: entry.item))
    given = [value_of(SessionAuthorisation, item) for item in items if item["sk"] == "AUTH"]
    known = {"items": ordered, "authorisation": given[0] if given else None}
    return value_of(SigningSession, heads[0]).model_copy(update=known)


def code_counter(agency: str, day: date) -> Item:
    """The counter of an agency's dossiers of a day."""
    return key(f"C#{agency}#{day.isoformat()}", "DOSSIERS")


def number_counter(agency: str, book: str, year: int) -> Item:
    """The counter of a book of numbers."""
    return key(f"N#{agency}#{book}#{year}", "NUMBER")


def number_entry_key(agency: str, book: str, year: int, number: int) -> Item:
    """Where the entry of a number lies, beside its book's counter."""
    return key(number_counter(agency, book, year)["pk"], f"E#{number:09d}")


def number_entry_item(entry: NumberEntry) -> Item:
    """The entry of a number; `voided` is there only when it is."""
    issued = entry.issued
    item = {**number_entry_key(entry.agency, issued.book, issued.year, issued.number), "value": entry.model_dump_json()}
    return item | ({"voided": True} if entry.void else {})


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970, as conditions compare them."""
    return int(moment.timestamp())
