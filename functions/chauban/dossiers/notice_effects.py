"""What a notice does to its dossier, and when.

One that the seal alone signs takes effect at the clerk's call. One that waits for an official is drafted first, and takes
effect in the transaction that issues it: until then nothing was said to the citizen.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chauban.dossiers import clock as dossier_clock
from chauban.dossiers.changes import OutboxMessage
from chauban.dossiers.documents import OPEN, Document, DocumentKind, DocumentStatus
from chauban.dossiers.facts import Actor, DossierStatus, Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_documents import NOTICE_FORMS
from chauban.dossiers.numbering import local_day
from chauban.errors import NoticeOpen
from chauban.events import contracts
from chauban.events.contracts import EventMaker
from chauban.ports import Catalogue


@dataclass(frozen=True)
class Act:
    """One kind of act of the desk: the notice that it makes, under which right, what follows from it, and in which states.

    `received` says whether the dossier must have been received before, or must not; None leaves that open.
    """

    kind: DocumentKind
    fact: FactType
    event: str
    action: str
    allowed: frozenset[DossierStatus]
    received: bool | None = None

    def possible(self, dossier: Dossier) -> bool:
        """Whether the dossier is where the act has its time."""
        received = dossier.fact(FactType.RECEIVED) is not None
        return dossier.status in self.allowed and self.received in (None, received)


SUPPLEMENT_REQUEST = Act(
    DocumentKind.SUPPLEMENT_REQUEST,
    FactType.SUPPLEMENT_REQUESTED,
    contracts.SUPPLEMENT_REQUESTED,
    "request-supplement",
    frozenset({DossierStatus.SUBMITTED, DossierStatus.RECEIVED}),
)
REFUSAL = Act(
    DocumentKind.REFUSAL,
    FactType.REFUSED,
    contracts.REFUSED,
    "refuse",
    frozenset({DossierStatus.SUBMITTED, DossierStatus.SUPPLEMENT_REQUESTED}),
    received=False,
)
EXTENSION = Act(
    DocumentKind.EXTENSION,
    FactType.EXTENDED,
    contracts.EXTENDED,
    "extend",
    frozenset({DossierStatus.RECEIVED, DossierStatus.PROCESSING, DossierStatus.SIGNING}),
)
STOP = Act(
    DocumentKind.STOP_NOTICE,
    FactType.STOPPED,
    contracts.STOPPED,
    "stop",
    frozenset({DossierStatus.RECEIVED, DossierStatus.SUPPLEMENT_REQUESTED}),
    received=True,
)
_ACTS = {act.kind: act for act in (SUPPLEMENT_REQUEST, REFUSAL, EXTENSION, STOP)}
# What a drafted fact holds for the document alone.
_OF_THE_DOCUMENT = {"of", "official", "signer", "signs_as", "clerk"}


def drafted(dossier: Dossier, document: Document) -> Fact | None:
    """The fact of a notice that waits, or waited, for an official; None for every other document."""
    cause = dossier.cause_of(document)
    return cause if cause and cause.type is FactType.NOTICE_DRAFTED else None


def open_notices(dossier: Dossier) -> tuple[Document, ...]:
    """The drafted notices that are still to be issued."""
    return tuple(one for one in dossier.documents if one.status in OPEN and drafted(dossier, one))


def untold(dossier: Dossier) -> frozenset[str]:
    """The ids of drafted notices that were not issued, or never will be: nothing was said by them to the citizen."""
    kept = (one for one in dossier.documents if one.status is not DocumentStatus.ISSUED and drafted(dossier, one))
    return frozenset(one.id for one in kept)


def refuse_while_open(dossier: Dossier, *, but: DocumentKind | None = None) -> None:
    """Raises `NoticeOpen` while a drafted notice waits; one of the kind `but` does no harm."""
    for notice in open_notices(dossier):
        if notice.kind is not but:
            raise NoticeOpen(form=NOTICE_FORMS[notice.kind].number, title=notice.title)


# The reason in a word of a notice that would have no effect: its dossier went on, or the time that it sets is over.
VOID = "notice-void"


def is_void(dossier: Dossier, document: Document, now: datetime) -> bool:
    """Whether a drafted notice can have no effect any more: its dossier went on or ended meanwhile, the supplement came
    whose absence was the reason, or the time that it sets is over.
    """
    draft = drafted(dossier, document)
    if draft is None:
        return False
    possible = _ACTS[document.kind].possible(dossier)
    return not possible or _was_supplemented(dossier, draft) or not _is_ahead(draft.data, now)


def _is_ahead(said: dict[str, Any], now: datetime) -> bool:
    """Whether the time that an act sets is still to come: the new due time, or the last day (in Vietnam) for an answer."""
    due, until = said.get("due_at"), said.get("until")
    if due is not None and datetime.fromisoformat(due) <= now:
        return False
    return until is None or date.fromisoformat(until) > local_day(now)


def _was_supplemented(dossier: Dossier, draft: Fact) -> bool:
    """Whether a notice drafted while a supplement was awaited (a refusal, a stop) was overtaken by that supplement."""
    waited = dossier.at(draft.seq).status is DossierStatus.SUPPLEMENT_REQUESTED
    return waited and any(fact.type is FactType.SUPPLEMENTED for fact in dossier.facts[draft.seq :])


@dataclass(frozen=True)
class NoticeEffects:
    """Lets notices take effect: the fact from which status and clock follow, and the event that tells it."""

    catalogue: Catalogue
    events: EventMaker

    def take(
        self, before: Dossier, act: Act, now: datetime, by: Actor, said: dict[str, Any]
    ) -> tuple[Dossier, OutboxMessage]:
        """The dossier after an act that takes effect now, and the event; `said` is what the act's fact keeps."""
        if act is SUPPLEMENT_REQUEST:
            said = {**said, "left_seconds": self.left_seconds(before, now)}
        after = before.with_fact(act.fact, now, by, **said)
        return after, self.events.handled(act.event, after, **_told(act, said))

    def at_issue(
        self, before: Dossier, document: Document, now: datetime, by: Actor
    ) -> tuple[Dossier, OutboxMessage] | None:
        """The dossier after a drafted notice was issued; None for other documents, and where it can have no effect."""
        draft = drafted(before, document)
        if draft is None or is_void(before, document, now):
            return None
        said = {name: value for name, value in draft.data.items() if name not in _OF_THE_DOCUMENT}
        return self.take(before, _ACTS[document.kind], now, by, said)

    def left_seconds(self, before: Dossier, now: datetime) -> float | None:
        """The working time that is left where the clock stops now; None where it does not run."""
        left = dossier_clock.stopped(dossier_clock.deadline(before.facts), now, self.catalogue.calendars())
        return left.total_seconds() if left is not None else None


def _told(act: Act, said: dict[str, Any]) -> dict[str, Any]:
    """What the event says beside the dossier: ids and times, no free text."""
    if act is SUPPLEMENT_REQUEST:
        return {"request": said["document"], "ordinal": said["ordinal"], "until": said["until"]}
    if act is EXTENSION:
        return {"document": said["document"], "due_at": datetime.fromisoformat(said["due_at"])}
    return {"document": said["document"]}
