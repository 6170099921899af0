"""`/v1/agencies/{agency}/number-books`: the numbers of a book, making one void, printing the book."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response, content_types
from pydantic import BaseModel

from chauban.dossiers.acting import Guard
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.number_books import NumberEntry
from chauban.http.context import Api
from chauban.http.dossier_routes import Cursor, Limit
from chauban.http.register_routes import RegisterView, asked_reply
from chauban.http.views import DossierRef
from chauban.registers.number_books import Book, PrintNumberBook, VoidNumber
from chauban.services import DossierServices

TAGS = ["Number books"]
BOOK = "/v1/agencies/<agency>/number-books/<book>/<year>"


class VoidView(BaseModel):
    """Why a number is void, since when, and by which appointment."""

    reason: str
    at: datetime
    by: str | None


class NumberedDocumentView(BaseModel):
    """A document that took a number; what it is worth today, and by which documents, once it is issued under that number."""

    id: str
    kind: str
    title: str
    validity: str | None = None
    replaced_by: str | None = None
    corrected_by: list[str] = []
    revoked_by: str | None = None


class NumberEntryView(BaseModel):
    """A number of a book, as printed in `display`, with the document that took it."""

    number: int
    display: str
    symbol: str
    date: date
    taken_at: datetime
    dossier: DossierRef
    document: NumberedDocumentView
    void: VoidView | None


class NumberEntryList(BaseModel):
    items: list[NumberEntryView]
    cursor: str | None


def number_book_routes(services: DossierServices) -> Api:
    """The routes of number books."""
    api = Api(services)

    @api.get(BOOK, tags=TAGS, summary="The numbers of a book, void ones too, in their order (staff)")
    def numbers(agency: str, book: str, year: int, limit: Limit = 20, cursor: Cursor = None) -> NumberEntryList:
        page = services.number_books.looked_up(api.caller, Book(agency, book, year), limit, cursor)
        return NumberEntryList(items=[_view(*numbered) for numbered in page.items], cursor=page.cursor)

    @api.post(BOOK + "/numbers/<number>/void", tags=TAGS, summary="Make a number void (records office)")
    def void(agency: str, book: str, year: int, number: int, request: VoidNumber) -> Response[NumberEntryView]:
        scope = f"void {agency} {book} {year} {number}"
        guard = Guard.of(api.caller, scope, api.raw_body, api.header("idempotency-key"), api.header("if-match"))
        entry = services.number_books.void(api.caller, Book(agency, book, year), number, request, guard)
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, _view(entry), {"Cache-Control": "no-store"})

    @api.post(BOOK + "/prints", tags=TAGS, summary="Have a number book printed and sealed (staff)")
    def print_book(agency: str, book: str, year: int, request: PrintNumberBook) -> Response[RegisterView]:
        key, place = api.header("idempotency-key"), Book(agency, book, year)
        return asked_reply(services.number_books.print(api.caller, place, request, api.raw_body, key))

    return api


def _view(entry: NumberEntry, document: Document | None = None) -> NumberEntryView:
    issued, void = entry.issued, entry.void
    return NumberEntryView(
        number=issued.number,
        display=issued.display,
        symbol=issued.symbol,
        date=issued.day,
        taken_at=entry.taken_at,
        dossier=DossierRef(id=entry.dossier, code=entry.code),
        document=NumberedDocumentView(
            id=entry.document,
            kind=entry.kind.value,
            title=entry.title,
            **_worth(entry, document),
        ),
        void=VoidView(reason=void.reason, at=void.at, by=void.by.appointment) if void else None,
    )


def _worth(entry: NumberEntry, document: Document | None) -> dict[str, Any]:
    """What the document is worth under this very number; nothing before it is issued, and of a void number."""
    if document is None or document.status is not DocumentStatus.ISSUED or document.number != entry.issued:
        return {}
    return {
        "validity": document.validity.value,
        "replaced_by": document.replaced_by,
        "corrected_by": list(document.corrected_by),
        "revoked_by": document.revoked_by,
    }
