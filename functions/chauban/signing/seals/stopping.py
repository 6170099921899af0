"""What is not sealed as it is waits for the records office, with the reason, and an order for its seal finds nothing to do."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from chauban.dossiers.annexes import annexes_alike, annexes_of
from chauban.dossiers.changes import Change
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.facts import SERVICE, FactType
from chauban.dossiers.model import Dossier
from chauban.signing.seals.sealing_tasks import sealing_task


def stopped(before: Dossier, document: Document, at: datetime, reason: str, findings: Collection[str] = ()) -> Change:
    """The document stopped before its seal for a reason in a word, with what the linter found; what was fixed is given up, for its
    annexes too."""
    update = {"status": DocumentStatus.AWAITING_RELEASE, "preparation": None, "hindrance": reason}
    waiting = document.model_copy(update=update)
    after = annexes_alike(before.with_document(waiting), waiting, preparation=None).with_fact(
        FactType.SEALING_STOPPED,
        at,
        SERVICE,
        document=document.id,
        of=document.kind.value,
        reason=reason,
        findings=sorted(findings),
        **finished_files(before, document),
    )
    return Change(before, after, sealing_task=sealing_task(after, waiting, at))


def finished_files(dossier: Dossier, document: Document) -> dict[str, Any]:
    """For the fact of whatever keeps a finished file, and its annexes, from being issued: a worker may have archived them in that
    moment, and under retention they stay there, with number and seal; the hashes tell everybody that they were never issued."""
    own = _finished(document)
    annexes = [sha256 for annex in annexes_of(dossier, document) if (sha256 := _finished(annex))]
    return {
        **({"unissued_sha256": own} if own else {}),
        **({"unissued_annexes": annexes} if annexes else {}),
    }


def _finished(document: Document) -> str | None:
    finished = document.preparation and document.preparation.finished
    return finished.file.sha256 if finished else None
