"""Asking for a register, and seeing it: staff of the agency only."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import Field

from chauban.access.authorisation import Authorisation
from chauban.access.catalogue import Role
from chauban.access.identity import Caller
from chauban.dossiers.documents import Document, DocumentKind, DocumentStatus, document_id
from chauban.dossiers.idempotency import Once
from chauban.dossiers.numbering import local_day
from chauban.dossiers.print_files import newest_print_files
from chauban.dossiers.reading import Download
from chauban.dossiers.requests import RequestBody
from chauban.errors import ConcurrentChange, FieldError, InvalidRequest, NotFound
from chauban.events.orders import OrderMaker
from chauban.ports import Clock, DossierStore, Files, FormLibrary, Ids
from chauban.registers.model import TITLE, Register
from chauban.registers.ports import RegisterStore

MAX_DAYS = 31
MAX_ROWS = 500


class RequestRegister(RequestBody):
    """`POST /v1/agencies/{agency}/registers`: the dossiers filed from one day to another, both included, in Vietnam."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")


@dataclass(frozen=True)
class RegisterDesk:
    """Registers of an agency."""

    store: RegisterStore
    dossiers: DossierStore
    forms: FormLibrary
    files: Files
    authorisation: Authorisation
    orders: OrderMaker
    clock: Clock
    ids: Ids
    download_seconds: int

    def ask(
        self, caller: Caller, agency: str, request: RequestRegister, body: dict[str, Any], key: str | None
    ) -> Register:
        """The register that this request stands for; its rendering and sealing are ordered with it.

        Raises `NotFound` for another's agency, `NotAllowed`, `InvalidRequest`, `IdempotencyKeyRequired`, `IdempotencyKeyReused`.
        """
        self.authorisation.on_agency(caller, "make-register", agency)
        once = Once(caller, key, f"registers {agency}", body)
        if target := once.earlier(self.dossiers):
            return self.store.load(target)
        self._check(agency, request)
        return self.begin(self.new(caller, agency, TITLE, request.first, request.last), once)

    def begin(self, register: Register, once: Once) -> Register:
        """Keeps a new register and orders its rendering; the one that the same request led to before, if it did."""
        try:
            self.store.create(
                register, self.orders.register("render", register.id), once.record(register.id, self.clock)
            )
        except ConcurrentChange:
            # Another thread was first with the same key; its register is the answer.
            if target := once.earlier(self.dossiers):
                return self.store.load(target)
            raise
        return register

    def see(self, caller: Caller, agency: str, register: str) -> tuple[Register, Download | None]:
        """A register, and a link to it once it is issued; raises `NotFound`, `NotAllowed`."""
        self.authorisation.on_agency(caller, "view-register", agency)
        found = self.store.load(register)
        if found.agency != agency:
            raise NotFound
        return found, self._link(found)

    def _link(self, found: Register) -> Download | None:
        if found.document.status is not DocumentStatus.ISSUED:
            return None
        newest = found.document.revisions[-1]
        name = f"so-theo-doi-{found.first.isoformat()}-{found.last.isoformat()}.pdf"
        if numbers := found.numbers:
            name = f"so-van-ban-{numbers.year}-{numbers.first}-{numbers.last}.pdf"
        expires = self.clock.now() + timedelta(seconds=self.download_seconds)
        url = self.files.link(newest.file, name, self.download_seconds)
        return Download(url, expires, newest.file.sha256, newest.revision)

    def _check(self, agency: str, request: RequestRegister) -> None:
        today = local_day(self.clock.now())
        if request.last < request.first or request.last > today:
            raise InvalidRequest([_fault("#/to", "period-not-past")])
        if (request.last - request.first).days >= MAX_DAYS:
            raise InvalidRequest([_fault("#/to", "period-too-long")])
        if sum(1 for _ in listed(self.dossiers, agency, request.first, request.last)) > MAX_ROWS:
            raise InvalidRequest([_fault("#/to", "too-many-dossiers")])

    def new(self, caller: Caller, agency: str, title: str, first: date, last: date) -> Register:
        """A register that is to be made of what is true now."""
        now, register = self.clock.now(), self.ids.new()
        held = self.authorisation.appointment(caller, agency, Role.CLERK)
        kind = DocumentKind.REGISTER
        name = document_id(register, kind, 1, "request")
        document = Document(id=name, kind=kind, agency=agency, ordinal=1, cause="request", title=title)
        return Register(
            id=register,
            agency=agency,
            first=first,
            last=last,
            taken_at=now,
            by=caller.actor(held.id if held else None),
            printed_with=newest_print_files(self.forms, now),
            document=document,
        )


def listed(store: DossierStore, agency: str, first: date, last: date) -> list[str]:
    """The ids of an agency's dossiers filed in a period, oldest first; no more than `MAX_ROWS` and one."""
    found: list[str] = []
    day = first
    while day <= last and len(found) <= MAX_ROWS:
        of_day: list[str] = []
        cursor: str | None = None
        while True:
            page = store.of_agency(agency, day, 100, cursor)
            of_day += [line.id for line in page.items]
            cursor = page.cursor
            if cursor is None or len(of_day) > MAX_ROWS:
                break
        found += sorted(of_day)
        day += timedelta(days=1)
    return found


_FAULTS = {
    "period-not-past": (
        "Kỳ của sổ phải kết thúc không trước ngày bắt đầu và không sau hôm nay.",
        "The period must not end before it begins, nor after today.",
    ),
    "period-too-long": (
        "Mỗi sổ chỉ gồm nhiều nhất 31 ngày. Hãy chia thành nhiều kỳ.",
        "A register covers 31 days at the most. Divide the period.",
    ),
    "too-many-dossiers": (
        "Kỳ này có quá 500 hồ sơ. Hãy chọn kỳ ngắn hơn.",
        "There are more than 500 dossiers in this period. Choose a shorter one.",
    ),
}


def _fault(pointer: str, code: str) -> FieldError:
    vietnamese, english = _FAULTS[code]
    return FieldError(pointer, code, {"vi": vietnamese, "en": english})
