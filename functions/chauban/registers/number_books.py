"""Number books: read by the agency's staff, printed for its files; a number is made void by its records office."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from pydantic import Field

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Appointment
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.annexes import annexes_alike
from chauban.dossiers.changes import Change
from chauban.dossiers.changing import changing
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.facts import DossierStatus, FactType
from chauban.dossiers.idempotency import Once
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import Sentence
from chauban.dossiers.number_books import NumberEntry, VoidedNumber
from chauban.dossiers.numbering import local_day
from chauban.dossiers.requests import RequestBody
from chauban.dossiers.wording import printable
from chauban.errors import FieldError, InvalidRequest, WrongState
from chauban.ports import Clock, DossierStore, FormLibrary, Page
from chauban.registers.desk import RegisterDesk
from chauban.registers.model import BookExtract, Register
from chauban.registers.ports import NumberBookStore
from chauban.signing.seals.sealing_tasks import SealingTask, sealing_task
from chauban.signing.seals.stopping import finished_files

TITLE = "Sổ đăng ký số văn bản"
MAX_NUMBERS = 500
MAX_CURSOR = 9


class VoidNumber(RequestBody):
    """`POST .../numbers/{number}/void`."""

    reason: Sentence


class PrintNumberBook(RequestBody):
    """`POST .../prints`: the numbers from one to another, both included; without `to`, as far as they are taken."""

    first: int = Field(default=1, ge=1, alias="from")
    last: int | None = Field(default=None, ge=1, alias="to")


@dataclass(frozen=True)
class Book:
    """One book of an agency."""

    agency: str
    name: str
    year: int


class Numbered(NamedTuple):
    """An entry and the document that took the number."""

    entry: NumberEntry
    document: Document


@dataclass(frozen=True)
class NumberBookDesk:
    """The number books of agencies."""

    store: DossierStore
    books: NumberBookStore
    registers: RegisterDesk
    forms: FormLibrary
    authorisation: Authorisation
    clock: Clock

    def listed(self, caller: Caller, book: Book, limit: int, cursor: str | None) -> Page[NumberEntry]:
        """Some entries in the order of their numbers; raises `NotFound` for another's agency, `InvalidRequest`."""
        self.authorisation.see_number_book(caller, book.agency)
        if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= MAX_CURSOR):
            raise InvalidRequest([_fault("#/cursor", "unknown-cursor")])
        first, last = int(cursor or 0) + 1, self._last(book)
        end = min(last, first + limit - 1)
        found = self.books.entries(book.agency, book.name, book.year, first, end) if first <= end else ()
        return Page(found, str(end) if end < last and found else None)

    def looked_up(self, caller: Caller, book: Book, limit: int, cursor: str | None) -> Page[Numbered]:
        """The same with the documents as they are today: whoever looks a number up learns what became of what bears it."""
        page = self.listed(caller, book, limit, cursor)
        documents = self.books.documents(page.items)
        return Page(tuple(map(Numbered, page.items, documents)), page.cursor)

    def void(self, caller: Caller, book: Book, number: int, request: VoidNumber, guard: Guard) -> NumberEntry:
        """The entry, void for good. Its document waits for the records office: released, it takes a new number.

        Raises `NotFound`, `NotAllowed`, `StrongLoginRequired`, `WrongState` where the document is issued or the number void,
        `PreconditionFailed`, `InvalidRequest`.
        """
        by = self.authorisation.void_number(caller, book.agency)
        dossier = self.books.entry(book.agency, book.name, book.year, number).dossier

        def decide(before: Dossier) -> Change | None:
            if guard.done_before(self.store):
                return None
            guard.expect(before, set(DossierStatus))
            return self._voided(caller, by, before, self._entry(book, number), request, guard)

        changing(self.store, dossier, decide)
        return self._entry(book, number)

    def print(
        self, caller: Caller, book: Book, request: PrintNumberBook, body: dict[str, Any], key: str | None
    ) -> Register:
        """The register that prints these numbers as they are now; its rendering and sealing are ordered with it.

        Raises `NotFound` for another's agency, `NotAllowed`, `InvalidRequest`, `IdempotencyKeyRequired`, `IdempotencyKeyReused`.
        """
        self.authorisation.print_number_book(caller, book.agency)
        once = Once(caller, key, f"number book {book.agency} {book.name} {book.year}", body)
        if target := once.earlier(self.store):
            return self.registers.store.load(target)
        asked = self._asked(book, request)
        last_day = min(date(book.year, 12, 31), local_day(self.clock.now()))
        register = self.registers.new(caller, book.agency, TITLE, date(book.year, 1, 1), last_day)
        return self.registers.begin(register.model_copy(update={"numbers": asked}), once)

    def _asked(self, book: Book, request: PrintNumberBook) -> BookExtract:
        taken = self._last(book)
        last = taken if request.last is None else request.last
        if not request.first <= last <= taken:
            raise InvalidRequest([_fault("#/to", "numbers-not-taken")])
        if last - request.first >= MAX_NUMBERS:
            raise InvalidRequest([_fault("#/to", "too-many-numbers")])
        return BookExtract(book=book.name, year=book.year, first=request.first, last=last)

    def _last(self, book: Book) -> int:
        return self.store.last_number(book.agency, book.name, book.year)

    def _entry(self, book: Book, number: int) -> NumberEntry:
        return self.books.entry(book.agency, book.name, book.year, number)

    def _voided(
        self, caller: Caller, by: Appointment, before: Dossier, entry: NumberEntry, request: VoidNumber, guard: Guard
    ) -> Change:
        form = self.forms.version(before.filing.form.slug, before.filing.form.version)
        now, reason = self.clock.now(), printable(form, request)["reason"]
        document = before.document(entry.document)
        if entry.void or document.number != entry.issued:
            raise WrongState(state="void")
        if document.status not in {DocumentStatus.AWAITING_SEAL, DocumentStatus.AWAITING_RELEASE}:
            raise WrongState(state=document.status.value)
        # What was fixed for the seal bears the number; it goes into no file any more.
        update = {"status": DocumentStatus.AWAITING_RELEASE, "number": None, "preparation": None}
        waiting = document.model_copy(update=update)
        actor = caller.actor(by.id)
        after = annexes_alike(before.with_document(waiting), waiting, preparation=None).with_fact(
            FactType.NUMBER_VOIDED,
            now,
            actor,
            document=document.id,
            of=document.kind.value,
            reason=reason,
            **entry.issued.model_dump(mode="json"),
            **finished_files(before, document),
        )
        void = entry.model_copy(update={"void": VoidedNumber(reason=reason, at=now, by=actor)})
        # One that was stopped waits for the records office already.
        stopped = document.status is DocumentStatus.AWAITING_RELEASE
        task: SealingTask | None = None if stopped else sealing_task(after, waiting, now)
        record = guard.record(after.id, self.clock)
        return Change(before, after, idempotency=record, voided=void, sealing_task=task)


_FAULTS = {
    "unknown-cursor": (
        "Tham số cursor không phải do danh sách này cấp. Hãy đọc lại từ trang đầu.",
        "The cursor was not given by this list. Read it again from the first page.",
    ),
    "numbers-not-taken": (
        "Các số này chưa được cấp. Hãy chọn từ một số đã cấp đến một số đã cấp sau nó.",
        "These numbers have not been taken. Choose from one that was taken to one that was taken after it.",
    ),
    "too-many-numbers": (
        "Mỗi lần chỉ in nhiều nhất 500 số. Hãy chia thành nhiều phần.",
        "500 numbers are printed at once at the most. Divide them.",
    ),
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
