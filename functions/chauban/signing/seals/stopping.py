"""What is not sealed as it is waits for the records office, with the reason, and an order for its seal finds nothing to do."""

from collections.abc import Collection
from datetime import datetime

from chauban.dossiers.changes import Change
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.signing.seals.sealing_tasks import sealing_task


def stopped(before: Dossier, document: Document, at: datetime, reason: str, findings: Collection[str] = ()) -> Change:
    """The document stopped before its seal for a reason in a word, with what the linter found; what was fixed is given up."""
    update = {"status": DocumentStatus.AWAITING_RELEASE, "preparation": None, "hindrance": reason}
    waiting = document.model_copy(update=update)
    after = before.with_document(waiting).with_fact(
        FactType.SEALING_STOPPED,
        at,
        SERVICE,
        document=document.id,
        of=document.kind.value,
        reason=reason,
        findings=sorted(findings),
        **finished_file(document),
    )
    return Change(before, after, sealing_task=sealing_task(after, waiting, at))


def finished_file(document: Document) -> dict[str, str]:
    """For the fact of whatever keeps a finished file from being issued: a worker may have archived it in that moment, and under
    retention it stays there, with its number and seal; by its hash everybody can tell that it was never issued."""
    finished = document.preparation and document.preparation.finished
    return {"unissued_sha256": finished.file.sha256} if finished else {}
