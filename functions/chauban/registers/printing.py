"""Printing a register: the render worker lists dossiers or numbers as they were when it was asked for, and orders the seal."""

from dataclasses import dataclass
from typing import Any

import rfc8785

from chauban.access.catalogue import Agency
from chauban.documents.requests import RenderRequest
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.rendering import Renderer
from chauban.errors import ConcurrentChange, NotConfigured
from chauban.events.orders import OrderMaker
from chauban.ports import Catalogue, Clock, DossierStore, Files, FormLibrary
from chauban.registers.desk import MAX_ROWS, listed
from chauban.registers.model import BookExtract, Register, RegisterRow
from chauban.registers.ports import NumberBookStore, RegisterStore
from chauban.registers.rows import number_row, register_row

TEMPLATE = "_shared/notices/register.html"
BOOK_TEMPLATE = "_shared/notices/number_book.html"


@dataclass(frozen=True)
class RegisterPrinting:
    """Prints registers."""

    store: RegisterStore
    dossiers: DossierStore
    forms: FormLibrary
    catalogue: Catalogue
    files: Files
    renderer: Renderer
    orders: OrderMaker
    clock: Clock
    books: NumberBookStore

    def make(self, register: str) -> None:
        """Renders the register unless that has been done; raises `NotFound`, `RenderingError`."""
        found = self.store.load(register)
        if found.document.status is not DocumentStatus.RENDERING:
            return
        rendered = self.renderer.render(self._request(found))
        stored = self.files.put_draft("drafts", rendered.pdf)
        update = {"status": DocumentStatus.AWAITING_SEAL, "current": stored, "fonts_sha256": rendered.fonts_sha256}
        after = found.with_document(found.document.model_copy(update=update))
        try:
            self.store.replace(found, after, self.orders.register("seal", register))
        except ConcurrentChange:
            # Another worker has printed it.
            return

    def _request(self, found: Register) -> RenderRequest:
        agency = _agency(self.catalogue, found.agency)
        period = {"first": found.first.isoformat(), "last": found.last.isoformat()}
        head: dict[str, Any] = {
            "id": found.id,
            "agency": found.agency,
            "taken_at": found.taken_at.isoformat(),
            **period,
        }
        if found.numbers:
            head["numbers"] = found.numbers.model_dump(mode="json")
        printed = self._numbers(found, found.numbers) if found.numbers else self._dossiers(found)
        return RenderRequest(
            template=BOOK_TEMPLATE if found.numbers else TEMPLATE,
            files=self.forms.print_files(found.printed_with.slug, found.printed_with.version),
            context={
                "agency": agency.model_dump(mode="json", include={"id", "name", "parent_name", "place", "address"}),
                "register": head,
                "rows": printed,
            },
            data=rfc8785.dumps({"register": head, "rows": printed}),
            title=found.document.title,
            language="vi",
            made_at=found.taken_at,
            document_id=found.document.id,
        )

    def _dossiers(self, found: Register) -> list[dict[str, Any]]:
        ids = listed(self.dossiers, found.agency, found.first, found.last)[:MAX_ROWS]
        rows = (register_row(self.dossiers.load(each), found.taken_at) for each in ids)
        return [_printed(row) for row in rows if row]

    def _numbers(self, found: Register, asked: BookExtract) -> list[dict[str, Any]]:
        entries = self.books.entries(found.agency, asked.book, asked.year, asked.first, asked.last)
        names = {held.id: held.name for held in self.catalogue.officials_of(found.agency)}
        return [number_row(entry, names) for each in entries if (entry := each.at(found.taken_at))]


def _agency(catalogue: Catalogue, agency: str) -> Agency:
    found = catalogue.agency(agency)
    if found is None:
        raise NotConfigured(what="agency of the register")
    return found


def _printed(row: RegisterRow) -> dict[str, Any]:
    printed: dict[str, Any] = row.model_dump(mode="json")
    return printed
