"""What of several documents an official may sign at this moment with a credential: each is judged on its own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.errors import CredentialNotFit, NotAllowed, NotFound, SignerNotEntitled
from chauban.ports import SigningStore
from chauban.signing.credentials import Credential
from chauban.signing.policy import SigningPolicy
from chauban.signing.sessions.closing import gone
from chauban.signing.sessions.model import ItemStatus, SessionItem, SigningSession, SigningTask

# What says no to one task and leaves the others.
Refusal = SignerNotEntitled | CredentialNotFit | NotAllowed | NotFound
# The caller has no appointment any more that could sign.
NO_APPOINTMENT = "appointment-not-valid"


def refusals(tasks: Iterable[SigningTask], judge: Callable[[SigningTask], None]) -> dict[str, Refusal]:
    """What `judge` raises of the tasks, by the task's id; those in one name, under the same terms, are judged once."""
    known: dict[object, Refusal | None] = {}
    found: dict[str, Refusal] = {}
    for task in tasks:
        like = (task.agency, task.official, task.terms, task.printed)
        if like not in known:
            known[like] = _refusal(task, judge)
        if refusal := known[like]:
            found[task.id] = refusal
    return found


def _refusal(task: SigningTask, judge: Callable[[SigningTask], None]) -> Refusal | None:
    try:
        judge(task)
    except (SignerNotEntitled, CredentialNotFit, NotAllowed, NotFound) as refusal:
        return refusal
    return None


def word_of(refusal: Refusal) -> str:
    """The reason of an item that is refused so."""
    return refusal.reason if isinstance(refusal, SignerNotEntitled | CredentialNotFit) else NO_APPOINTMENT


@dataclass(frozen=True)
class Standing:
    """Judges a live session's items, and settles those that cannot be signed in it."""

    signing: SigningStore
    authorisation: Authorisation
    policy: SigningPolicy

    def signable(
        self,
        caller: Caller,
        session: SigningSession,
        credential: Credential,
        items: Sequence[SessionItem],
        at: datetime,
    ) -> tuple[SessionItem, ...]:
        """Those of the unsigned `items` that the caller may sign now. The others fail with their reasons; where the caller may sign
        none of those whose tasks are open, that is raised and they stay.

        Raises `StrongLoginRequired`, `NotFound`, `NotAllowed`, `SignerNotEntitled`, `CredentialNotFit`.
        """
        tasks = {task.id: task for task in self.signing.tasks([item.task for item in items])} if items else {}
        ends = {item.item: gone(tasks[item.task], session.id) for item in items}
        for item in items:
            if end := ends[item.item]:
                self.signing.settle_item(session, item.item, *end)
        waiting = [item for item in items if ends[item.item] is None]

        def judge(task: SigningTask) -> None:
            self.authorisation.sign_task(caller, task)
            self.policy.require(credential, task, at, caller.party_key)

        refused = refusals([tasks[item.task] for item in waiting], judge)
        good = tuple(item for item in waiting if item.task not in refused)
        if refused and not good:
            raise next(iter(refused.values()))
        for item in waiting:
            if refusal := refused.get(item.task):
                self.signing.settle_item(session, item.item, ItemStatus.FAILED, word_of(refusal))
        return good
