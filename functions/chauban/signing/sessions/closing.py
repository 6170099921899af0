"""What becomes of a session's item whose task is not the session's to sign: closed with its document, or held elsewhere."""

from datetime import datetime

from chauban.dossiers.changes import ClosedTask, SessionStep
from chauban.ports import SigningStore
from chauban.signing.sessions.model import FINAL_ITEMS, LIVE_SESSIONS, ItemStatus, ReturnedDraft, SigningTask

# Why there is nothing to sign any more.
CANCELLED = "cancelled"
RETURNED = "returned"
ALREADY_SIGNED = "already-signed"
# The session ended by another machine's clock, and the next one has the task.
ELSEWHERE = "in-another-session"


def closed_with_its_item(
    signing: SigningStore, task: SigningTask, now: datetime, returned: ReturnedDraft | None = None
) -> ClosedTask:
    """The task, closed since its document was cancelled or `returned`; the item of the live session that holds it is settled."""
    closed = task.closed(returned)
    if task.session is None:
        return ClosedTask(closed)
    session = signing.session(task.session)
    entry = next((item for item in session.items if item.task == task.id), None)
    if entry is None or entry.status in FINAL_ITEMS or session.status(now) not in LIVE_SESSIONS:
        return ClosedTask(closed, task.session)
    status, reason = (ItemStatus.REFUSED, RETURNED) if returned else (ItemStatus.FAILED, CANCELLED)
    settled = entry.model_copy(update={"status": status, "reason": reason})
    return ClosedTask(closed, task.session, SessionStep(session.id, settled, was=entry.status))


def gone(task: SigningTask, session: str) -> tuple[ItemStatus, str] | None:
    """How the item of a session ends whose task it cannot sign any more, and why; None where the session holds the open task."""
    if task.open:
        return None if task.session == session else (ItemStatus.FAILED, ELSEWHERE)
    if task.returned:
        return ItemStatus.REFUSED, RETURNED
    # What was signed stays with the session in which it was.
    return ItemStatus.FAILED, ALREADY_SIGNED if task.session else CANCELLED
