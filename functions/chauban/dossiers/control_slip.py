"""The process control slip (form 06): from whom to whom a dossier went, when, and whether each step was early, on time or late.

The rows follow from the facts. What the service itself does between two people (rendering, sealing) is nobody's step.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chauban.dossiers.clock import deadline
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import Fact, FactType, settling
from chauban.dossiers.model import Dossier
from chauban.dossiers.numbering import local_day
from chauban.values import Frozen

APPLICANT, DESK, RECORDS = "Người nộp hồ sơ", "Bộ phận Một cửa", "Văn thư"


class StepResult(StrEnum):
    """How a step ended: by day for "early", by the minute for "late"; `untimed` ones have no deadline."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    UNTIMED = "untimed"


class SlipRow(Frozen):
    """One hand-over and the step that it began: who has the dossier since `at`, until when, and how that step ended."""

    giver: str
    taker: str
    at: datetime
    due_at: datetime | None
    done_at: datetime | None
    result: StepResult
    note: str | None = None


@dataclass(frozen=True)
class _Handed:
    taker: str
    at: datetime
    due_at: datetime | None
    note: str | None = None
    last: bool = False


def slip_rows(dossier: Dossier) -> tuple[SlipRow, ...]:
    """The rows of a dossier's slip, oldest first; none before it was received."""
    handed = list(_handed(dossier))
    rows, giver = [], APPLICANT
    for position, step in enumerate(handed):
        following = handed[position + 1] if position + 1 < len(handed) else None
        done = following.at if following else step.at if step.last else None
        rows.append(
            SlipRow(
                giver=giver,
                taker=step.taker,
                at=step.at,
                due_at=step.due_at,
                done_at=done,
                result=judged(step.due_at, done),
                note=step.note,
            )
        )
        giver = step.taker
    return tuple(rows)


def judged(due: datetime | None, done: datetime | None) -> StepResult:
    """Whether what was due then and done then was early (on an earlier day of Vietnam's), on time, or late."""
    if due is None:
        return StepResult.UNTIMED
    if done is None:
        return StepResult.RUNNING
    if done > due:
        return StepResult.LATE
    return StepResult.EARLY if local_day(done) < local_day(due) else StepResult.ON_TIME


def _handed(dossier: Dossier) -> Iterator[_Handed]:
    holder, drafter, received = APPLICANT, DESK, False
    for fact in settling(dossier.facts):
        # What the citizen was asked for before reception was no step of the administration's yet.
        received = received or fact.type is FactType.RECEIVED
        # A draft that is returned goes back to where it came from.
        taker = drafter if _of_result(fact, FactType.DOCUMENT_RETURNED) else _taker(fact)
        # What the records office has already, it does not take again with the number.
        if taker is None or not received or taker == holder == RECORDS:
            continue
        if fact.type is FactType.DECISION_DRAFTED:
            drafter = holder
        holder = taker
        due = deadline(dossier.facts[: fact.seq]).due_at
        own = fact.data.get("due_at") if fact.type is FactType.HANDED_OVER else None
        yield _Handed(
            taker=taker,
            at=fact.at,
            due_at=datetime.fromisoformat(own) if own else due,
            note=_note(fact),
            last=fact.type in _ENDS or _of_result(fact, FactType.DOCUMENT_ISSUED),
        )


_ENDS = {FactType.STOPPED, FactType.WITHDRAWN}


def _taker(fact: Fact) -> str | None:
    """Who has the dossier after a fact, as printed; None where it stays where it was."""
    if fact.type is FactType.RECEIVED:
        receiver = fact.data["receiver"]
        return f"{receiver['name']} ({DESK})"
    if fact.type is FactType.HANDED_OVER:
        return str(fact.data["to"])
    if fact.type is FactType.DECISION_DRAFTED:
        return f"{fact.data['signer']['name']} (người ký)"
    if (
        fact.type is FactType.SUPPLEMENTED
        or _of_result(fact, FactType.DOCUMENT_ISSUED)
        or fact.type is FactType.STOPPED
    ):
        return DESK
    if fact.type in {FactType.SUPPLEMENT_REQUESTED, FactType.WITHDRAWN}:
        return APPLICANT
    return RECORDS if _to_records_office(fact) else None


def _to_records_office(fact: Fact) -> bool:
    """Whether a result came to the records office: to be released, or to be numbered."""
    if fact.data.get("of") != DocumentKind.RESULT:
        return False
    released = fact.type is FactType.DOCUMENT_SIGNED and fact.data.get("awaits") == DocumentStatus.AWAITING_RELEASE
    return released or fact.type in {FactType.NUMBER_ISSUED, FactType.SEALING_STOPPED}


def _of_result(fact: Fact, kind: FactType) -> bool:
    return fact.type is kind and fact.data.get("kind") == DocumentKind.RESULT


_NOTES = {
    FactType.SUPPLEMENT_REQUESTED: "Yêu cầu bổ sung hồ sơ, tạm dừng tính thời gian",
    FactType.SUPPLEMENTED: "Đã bổ sung hồ sơ, tiếp tục tính thời gian",
    FactType.STOPPED: "Dừng giải quyết hồ sơ",
    FactType.WITHDRAWN: "Người nộp hồ sơ rút hồ sơ",
    FactType.DOCUMENT_RETURNED: "Trả lại dự thảo để soạn lại",
}


def _note(fact: Fact) -> str | None:
    note: str | None = _NOTES.get(fact.type) or fact.data.get("note")
    return note
