"""What an official does over HTTP: see the tasks, open a session, see what is to be signed, hand in signatures.

Nothing here needs pyHanko or the network: preparing and embedding are the sign worker's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chauban.access.authorisation import Authorisation
from chauban.access.identity import Caller
from chauban.dossiers.changes import SessionOpened
from chauban.dossiers.documents import DocumentKind, StoredFile
from chauban.dossiers.idempotency import Once
from chauban.dossiers.requests import OpenSession
from chauban.errors import FieldError, InvalidRequest, NotFound, TaskTaken, WrongState
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Ids, Page, SigningStore
from chauban.signing.credentials import Credential, Purpose
from chauban.signing.policy import SigningPolicy
from chauban.signing.sessions.model import (
    LIVE_SESSIONS,
    ItemStatus,
    SessionItem,
    SessionStatus,
    SigningSession,
    SigningTask,
)
from chauban.signing.sessions.standing import Refusal, refusals


@dataclass(frozen=True)
class SessionDesk:
    """Tasks and sessions of officials."""

    store: DossierStore
    signing: SigningStore
    catalogue: Catalogue
    authorisation: Authorisation
    orders: OrderMaker
    clock: Clock
    ids: Ids
    session_minutes: int
    policy: SigningPolicy

    def credentials(self, caller: Caller) -> tuple[Credential, ...]:
        """The caller's own signing credentials that are valid now; raises `NotAllowed` without the scope for signing."""
        self.authorisation.see_credentials(caller)
        now = self.clock.now()
        held = () if caller.is_machine else self.catalogue.credentials_of_person(caller.subject)
        return tuple(credential for credential in held if credential.valid_at(now))

    def tasks(self, caller: Caller, agency: str | None, limit: int, cursor: str | None) -> Page[SigningTask]:
        """The open tasks of an agency of the caller's: the one named, or the first; raises `NotFound` for another's."""
        agencies = self.authorisation.agencies(caller)
        chosen = agency or (agencies[0] if agencies else "")
        self.authorisation.see_task(caller, chosen, "list")
        return self.signing.tasks_of_agency(chosen, limit, cursor)

    def task(self, caller: Caller, task: str) -> SigningTask:
        """One task; raises `NotFound` for another agency's."""
        found = self.signing.task(task)
        self.authorisation.see_task(caller, found.agency, task)
        return found

    def open(self, caller: Caller, request: OpenSession, body: dict[str, Any], key: str | None) -> SigningSession:
        """A session for the tasks; its preparation is ordered in the same transaction.

        Raises `NotFound` for another agency's task, and with a pointer for each task in question `NotAllowed`, `SignerNotEntitled`,
        `CredentialNotFit`; `StrongLoginRequired`, `InvalidRequest`, `TaskTaken`, `WrongState` for a task that is closed,
        `IdempotencyKeyRequired`, `IdempotencyKeyReused`.
        """
        tasks = self.signing.tasks(tuple(dict.fromkeys(request.tasks)))
        _require_all(request, tasks, lambda task: self.authorisation.sign_task(caller, task))
        once = Once(caller, key, "POST /v1/signing/sessions", body)
        if earlier := self._earlier(once, caller, tasks):
            return earlier
        for task in tasks:
            if not task.open:
                raise WrongState(state=task.state)
        credential = self._credential(caller, request.credential)
        now = self.clock.now()
        _require_all(request, tasks, lambda task: self.policy.require(credential, task, now, caller.party_key))
        session = SigningSession(
            id=self.ids.new(),
            person=caller.subject,
            client=caller.client,
            credential=credential.id,
            created_at=now,
            expires_at=now + timedelta(minutes=self.session_minutes),
            items=tuple(self._item(number, task) for number, task in enumerate(tasks, start=1)),
        )
        try:
            return self._opened(session, tasks, once)
        except TaskTaken:
            # Another thread may have been first with the same key; then its session is the answer.
            if earlier := self._earlier(once, caller, tasks):
                return earlier
            raise

    def _opened(self, session: SigningSession, tasks: tuple[SigningTask, ...], once: Once) -> SigningSession:
        orders = tuple(self.orders.prepare(session.id, item.item) for item in session.items)
        opened = SessionOpened(session, tasks, orders, once.record(session.id, self.clock))
        self.signing.open_session(opened, self.clock.now())
        return self.signing.session(session.id)

    def _earlier(self, once: Once, caller: Caller, tasks: tuple[SigningTask, ...]) -> SigningSession | None:
        """The session that the same request led to before, wholly opened; None where there is none, or it was given up."""
        target = once.earlier(self.store)
        if target is None:
            return None
        found = self.signing.session(target)
        if not found.opening:
            return found
        if found.cancelled_at:
            self.signing.give_up_opening(found, self.clock.now())
            return None
        items = tuple(self._item(number, task) for number, task in enumerate(tasks, start=1))
        return self._opened(found.model_copy(update={"items": items}), tasks, once)

    def session(self, caller: Caller, session: str) -> SigningSession:
        """The caller's session; raises `NotFound`."""
        found = self.signing.session(session)
        self.authorisation.see_session(caller, found)
        return found

    def readable(self, caller: Caller, session: str, item: int) -> SessionItem:
        """An item whose papers the caller may read at this moment: while the session is live, or an accepted value is on its way
        into the file, and as long as the caller belongs to the agency. Raises `NotFound`, `WrongState` for a session that is over.
        """
        found = self.session(caller, session)
        entry = found.item(item)
        if entry is None:
            raise NotFound
        self.authorisation.see_task(caller, self.signing.task(entry.task).agency, entry.task)
        now = self.clock.now()
        status = found.status(now)
        embedding = entry.status is ItemStatus.READY and entry.accepted_at is not None
        if not embedding and (status not in LIVE_SESSIONS or now >= found.expires_at):
            raise WrongState(state=(SessionStatus.EXPIRED if status in LIVE_SESSIONS else status).value)
        return entry

    def prepared_file(self, caller: Caller, session: str, item: int) -> StoredFile:
        """The file that an item's digest was computed over; raises `NotFound` until it is prepared."""
        entry = self.readable(caller, session, item)
        if entry.signed_attributes is None:
            raise NotFound
        document = self.store.load(entry.dossier).document(entry.document)
        prepared = document.preparation
        if prepared is None or prepared.signed_attributes != entry.signed_attributes:
            raise NotFound
        return prepared.file

    def application_file(self, caller: Caller, session: str, item: int) -> StoredFile:
        """The application as it was filed, beside the document that answers it; raises `NotFound` until it is archived."""
        entry = self.readable(caller, session, item)
        application = self.store.load(entry.dossier).document_of(DocumentKind.APPLICATION)
        if application is None or not application.revisions:
            raise NotFound
        return application.revisions[-1].file

    def cancel(self, caller: Caller, session: str) -> SigningSession:
        """The session, cancelled: what was not accepted yet goes back to the list; raises `NotFound`, `WrongState`."""
        found = self.session(caller, session)
        now = self.clock.now()
        status = found.status(now)
        if status in {SessionStatus.DONE, SessionStatus.EXPIRED}:
            raise WrongState(state=status.value)
        # Also where it is cancelled: that request may have been cut off before all of its tasks were free.
        self.signing.cancel_session(found, now)
        return self.signing.session(session)

    def _credential(self, caller: Caller, wanted: str) -> Credential:
        """The caller's own credential for signing; anything else is as if it did not exist."""
        found = self.catalogue.credential(wanted)
        usable = (
            found is not None
            and found.person == caller.subject
            and found.purpose is Purpose.SIGN
            and found.serves
            and found.valid_at(self.clock.now())
        )
        if found is None or not usable:
            raise InvalidRequest([FieldError("#/credential", "credential-not-usable", dict(_CREDENTIAL))])
        return found

    def _item(self, number: int, task: SigningTask) -> SessionItem:
        return SessionItem(
            item=number,
            task=task.id,
            dossier=task.dossier,
            code=task.code,
            document=task.document,
            title=task.title,
            appointment=task.official,
        )


def _require_all(request: OpenSession, tasks: Sequence[SigningTask], judge: Callable[[SigningTask], None]) -> None:
    """Raises the first refusal, with the place and the words of each; of a task that is not the caller's to see nothing else."""
    refused = refusals(tasks, judge)
    for refusal in refused.values():
        if isinstance(refusal, NotFound):
            raise refusal
    if refused:
        first = next(iter(refused.values()))
        raise type(first)(
            errors=[_fault(place, refused[task]) for place, task in enumerate(request.tasks) if task in refused],
            **first.values,
        )


def _fault(place: int, refusal: Refusal) -> FieldError:
    return FieldError(f"#/tasks/{place}", refusal.code, {each: refusal.detail(each) for each in ("vi", "en")})


_CREDENTIAL = {
    "vi": "Không có chứng thư ký số này trong danh sách của bạn, hoặc đã hết hiệu lực. Xem GET /v1/signing/credentials.",
    "en": "You have no such signing credential, or it is no longer valid. See GET /v1/signing/credentials.",
}
