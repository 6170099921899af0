"""The rows of a register: each dossier, or each number of a book, as it was at the moment for which the register stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chauban.dossiers.clock import deadline
from chauban.dossiers.control_slip import StepResult, judged
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.number_books import NumberEntry
from chauban.registers.model import RegisterRow

_ENDS = {FactType.REFUSED, FactType.STOPPED, FactType.WITHDRAWN}


def register_row(dossier: Dossier, at: datetime) -> RegisterRow | None:
    """The row of a dossier, from what had happened to it by `at`; None where it had not been filed."""
    then = dossier.model_copy(update={"facts": tuple(fact for fact in dossier.facts if fact.at <= at)})
    if not then.facts:
        return None
    received = then.fact(FactType.RECEIVED)
    finished = next((fact for fact in then.facts if _finishes(fact)), None)
    # A dossier that has ended is measured by the due time that stood when it did.
    due = deadline(then.facts[: finished.seq - 1]).due_at if finished else then.due_at
    return RegisterRow(
        code=then.filing.code,
        procedure=then.filing.procedure_name,
        requester=then.filing.requester.name,
        channel=then.filing.channel.value,
        submitted_at=then.filing.submitted_at,
        received_at=received.at if received else None,
        due_at=due,
        finished_at=finished.at if finished else None,
        status=then.status.value,
        result=_result(due, finished.at if finished else None, at).value,
    )


def number_row(entry: NumberEntry, names: Mapping[str, str]) -> dict[str, Any]:
    """The row of a number; `names` are those of the agency's appointments."""
    void = entry.void
    return {
        "number": entry.issued.display,
        "day": entry.issued.day.isoformat(),
        "title": entry.title,
        "code": entry.code,
        "document": entry.document,
        "void": None
        if void is None
        else {"reason": void.reason, "at": void.at.isoformat(), "by": names.get(void.by.appointment or "", "")},
    }


def _result(due: datetime | None, finished: datetime | None, at: datetime) -> StepResult:
    """As on the control slip; but what is overdue and not finished is late already."""
    overdue = due is not None and finished is None and at > due
    return StepResult.LATE if overdue else judged(due, finished)


def _finishes(fact: Fact) -> bool:
    issued = fact.type is FactType.DOCUMENT_ISSUED and fact.data.get("kind") == DocumentKind.RESULT
    return issued or fact.type in _ENDS
