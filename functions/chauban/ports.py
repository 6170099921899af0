"""What the services need of the world, as protocols; `bootstrap` alone chooses who fulfils them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from chauban.access.catalogue import Agency, Appointment, Delegation
from chauban.dossiers.changes import Change, IdempotencyRecord, OutboxMessage, SessionOpened
from chauban.dossiers.deadlines import YearCalendar
from chauban.dossiers.documents import StoredFile
from chauban.dossiers.drafts import Draft
from chauban.dossiers.model import Dossier, DossierLine, IssuedResult
from chauban.forms.definition import FormDefinition
from chauban.signing.credentials import Credential
from chauban.signing.providers import Provider, TokenRecord
from chauban.signing.seals.sealing_tasks import SealingTask
from chauban.signing.sessions.model import ItemStatus, SigningSession, SigningTask


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC, whole milliseconds."""
        ...


class Ids(Protocol):
    """New identifiers."""

    def new(self) -> str:
        """A ULID, 26 characters."""
        ...


T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of a list's items; `cursor` asks for those after them, None when there are no more."""

    items: tuple[T, ...]
    cursor: str | None


class DossierStore(Protocol):
    """Dossiers with their facts and documents, and all that changes together with them."""

    def load(self, dossier: str) -> Dossier:
        """The dossier; raises `NotFound`."""
        ...

    def dossier_of(self, document: str) -> str:
        """The id of the dossier that a document belongs to; raises `NotFound`."""
        ...

    def commit(self, change: Change) -> None:
        """Writes the change as one transaction; raises `ConcurrentChange` when the dossier or a counter moved on."""
        ...

    def idempotent(self, client: str, key: str) -> IdempotencyRecord | None:
        """What a client's idempotency key was used for in the last 7 days."""
        ...

    def next_code(self, agency: str, day: date) -> int:
        """The next count of the agency's dossiers of a day, from 1; never the same twice."""
        ...

    def last_number(self, agency: str, book: str, year: int) -> int:
        """The last number taken from a book, 0 if none."""
        ...

    def of_agency(self, agency: str, day: date, limit: int, cursor: str | None) -> Page[DossierLine]:
        """The dossiers filed on a day (Vietnam) that an agency is to decide or to receive, newest first."""
        ...

    def of_party(self, party_key: str, limit: int, cursor: str | None) -> Page[DossierLine]:
        """The dossiers of a party, newest first."""
        ...

    def results_of_party(self, party_key: str, limit: int, cursor: str | None) -> Page[IssuedResult]:
        """The issued results of a party, newest first."""
        ...


class DraftStore(Protocol):
    """Drafts; those of others, expired and filed ones do not exist for a caller."""

    def load(self, draft: str, owner: str) -> Draft | None:
        """The owner's draft with that id."""
        ...

    def create(self, draft: Draft) -> bool:
        """Writes a new draft; False where the id is in use, by whomever."""
        ...

    def change(self, before: Draft, after: Draft) -> bool:
        """Writes a draft over its last version; False where that is not the last one any more."""
        ...

    def erase(self, draft: Draft) -> bool:
        """Forgets a draft's content at once; False where it has changed since."""
        ...


class SigningStore(Protocol):
    """Signing tasks and sessions."""

    def task(self, task: str) -> SigningTask:
        """The task; raises `NotFound`."""
        ...

    def tasks(self, tasks: Sequence[str]) -> tuple[SigningTask, ...]:
        """The tasks, in that order; raises `NotFound` where one is not there."""
        ...

    def tasks_of_agency(self, agency: str, limit: int, cursor: str | None) -> Page[SigningTask]:
        """The open tasks of an agency, oldest first."""
        ...

    def sealing_task(self, task: str) -> SealingTask:
        """What waits, or waited, for a records office; raises `NotFound`."""
        ...

    def sealing_tasks_of_agency(self, agency: str, limit: int, cursor: str | None) -> Page[SealingTask]:
        """What waits for an agency's records office, longest first."""
        ...

    def session(self, session: str, wanted: Collection[int] | None = None) -> SigningSession:
        """The session, with only the items `wanted` where they are named; raises `NotFound`."""
        ...

    def open_session(self, opened: SessionOpened, now: datetime) -> None:
        """Writes the session and locks its tasks; raises `TaskTaken` when one is in a live session or signed already.

        A session of many tasks is written in parts and is `opening` meanwhile. The same again goes on where it was cut off;
        what nobody goes on with is given up for whoever wants one of its tasks a minute later.
        """
        ...

    def give_up_opening(self, session: SigningSession, now: datetime) -> None:
        """Cancels a session that is still opening, frees its tasks and the idempotency key that led to it."""
        ...

    def cancel_session(self, session: SigningSession, now: datetime) -> None:
        """Marks the session cancelled and frees the tasks that it still holds; goes on with that where it was cut off before."""
        ...

    def settle_item(self, session: SigningSession, item: int, status: ItemStatus, reason: str | None) -> None:
        """Marks an item as final, a failed one with its reason; frees its task unless it was signed.

        Does nothing when the item's status is no longer that in `session`: another worker has settled or prepared it.
        """
        ...

    def note(self, session: SigningSession, item: int, reason: str) -> None:
        """Shows with an item why it waits; does nothing where its status is no longer that in `session`."""
        ...


class Catalogue(Protocol):
    """Agencies, appointments, delegations, calendars, credentials and the providers that hold their keys."""

    def agency(self, agency: str) -> Agency | None:
        """The agency with that id."""
        ...

    def appointments_of(self, person: str) -> tuple[Appointment, ...]:
        """All appointments of a person, valid now or not."""
        ...

    def officials_of(self, agency: str) -> tuple[Appointment, ...]:
        """All appointments in an agency."""
        ...

    def delegation(self, delegation: str) -> Delegation | None:
        """The delegation with that id, as it is now."""
        ...

    def calendars(self) -> Mapping[int, YearCalendar]:
        """The calendars by year."""
        ...

    def credential(self, credential: str) -> Credential | None:
        """The credential with that id."""
        ...

    def credentials_of_person(self, person: str) -> tuple[Credential, ...]:
        """The credentials of an official."""
        ...

    def provider(self, provider: str) -> Provider | None:
        """The remote signing provider with that id."""
        ...

    def token(self, token: str) -> TokenRecord | None:
        """The PKCS#11 token with that id."""
        ...

    def seals_of_agency(self, agency: str) -> tuple[Credential, ...]:
        """The seal credentials of an agency."""
        ...


class FormLibrary(Protocol):
    """The published form versions."""

    def all(self) -> tuple[FormDefinition, ...]:
        """Every published version."""
        ...

    def taking(self, slug: str | None = None) -> tuple[FormDefinition, ...]:
        """The published versions that are not withdrawn, of one form or of all."""
        ...

    def version(self, slug: str, version: str) -> FormDefinition:
        """One version; raises `NotFound`."""
        ...

    def in_force_from(self, form: FormDefinition) -> date:
        """The day since which a published version has been in force: its first one, or that of its publication if later."""
        ...

    def print_files(self, slug: str, version: str) -> Mapping[str, bytes]:
        """The files from which a version's documents are rendered, by path."""
        ...


class Files(Protocol):
    """The buckets: drafts on their way, and the archive that nobody can shorten."""

    def put_draft(self, folder: str, content: bytes) -> StoredFile:
        """Stores bytes on their way to being issued, under their hash."""
        ...

    def archive(self, content: bytes) -> StoredFile:
        """Stores an issued file under its hash, with retention."""
        ...

    def is_archived(self, sha256: str) -> bool:
        """Whether the archive has a file of that hash (hex)."""
        ...

    def read(self, file: StoredFile) -> bytes:
        """The bytes, checked against their hash."""
        ...

    def appearance(self, key: str) -> bytes:
        """A signature's or seal's image (PNG) from the forms bucket."""
        ...

    def link(self, file: StoredFile, name: str, seconds: int) -> str:
        """A presigned URL to download the file under a name, for some seconds."""
        ...


class EventBus(Protocol):
    """Where events go."""

    def publish(self, event: Mapping[str, Any]) -> None:
        """Hands over one CloudEvent; raises when it was not taken."""
        ...


class WorkQueues(Protocol):
    """The queues of the workers."""

    def send(self, channel: str, body: Mapping[str, Any]) -> None:
        """Queues work for "render", "sign", "seal" or "extend"; a worker gets it after the body's `delay` (seconds) at the
        earliest."""
        ...


class OwnQueue(Protocol):
    """The queue that a worker takes its orders from."""

    def try_again_in(self, receipt: str, seconds: int) -> None:
        """Gives a received message back after some seconds, instead of at the end of the queue's visibility timeout."""
        ...


class Outbox(Protocol):
    """Messages written with a transaction and not yet published."""

    def unpublished(self, limit: int) -> tuple[OutboxMessage, ...]:
        """Some of the messages that wait, oldest first."""
        ...

    def mark_published(self, message: OutboxMessage) -> None:
        """Takes a message off the list."""
        ...

    def note_failure(self, owner: str, order: str, code: str, at: datetime, attempt: int) -> None:
        """Keeps why the work ordered by a message failed, for whoever looks into the dead-letter queue."""
        ...
