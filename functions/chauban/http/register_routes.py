"""`/v1/agencies/{agency}/registers`: the dossier register (form 07)."""

from datetime import date, datetime
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types
from pydantic import BaseModel, Field

from chauban.dossiers.reading import Download
from chauban.http.context import Api
from chauban.http.document_views import (
    RevisionView,
    SignatureCheckView,
    TimestampCheckView,
    revision_views,
    signature_checks,
    timestamp_checks,
)
from chauban.http.views import DownloadView
from chauban.registers.desk import RequestRegister
from chauban.registers.model import BookExtract, Register
from chauban.services import DossierServices

REGISTERS = "/v1/agencies/<agency>/registers"


class RegisterView(BaseModel):
    """A register; `file` once it is issued. `numbers` says which of a book it prints, for a printed number book.

    `signatures` and `document_timestamps` say what was found about the certificates before.
    """

    id: str
    agency: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    taken_at: datetime
    status: str
    numbers: BookExtract | None
    file: DownloadView | None
    revisions: list[RevisionView]
    signatures: list[SignatureCheckView]
    document_timestamps: list[TimestampCheckView]


def register_routes(services: DossierServices) -> Api:
    """The routes of registers."""
    api = Api(services)

    @api.post(REGISTERS, tags=["Registers"], summary="Have the dossier register made (staff; form 07)")
    def ask(agency: str, request: RequestRegister) -> Response[RegisterView]:
        asked = services.registers.ask(api.caller, agency, request, api.raw_body, api.header("idempotency-key"))
        return asked_reply(asked)

    @api.get(REGISTERS + "/<register>", tags=["Registers"], summary="A register, with a link once it is issued (staff)")
    def see(agency: str, register: str) -> Response[RegisterView]:
        found, file = services.registers.see(api.caller, agency, register)
        return _reply(found, file, HTTPStatus.OK, {} if file else {"Retry-After": "5"})

    return api


def asked_reply(asked: Register) -> Response[RegisterView]:
    """The answer to whoever asked for a register: it is being made, and where to look."""
    place = {"Location": f"/v1/agencies/{asked.agency}/registers/{asked.id}", "Retry-After": "5"}
    return _reply(asked, None, HTTPStatus.ACCEPTED, place)


def _reply(
    register: Register, file: Download | None, status: HTTPStatus, headers: dict[str, str]
) -> Response[RegisterView]:
    view = RegisterView(
        id=register.id,
        agency=register.agency,
        first=register.first,
        last=register.last,
        taken_at=register.taken_at,
        status=register.document.status.value,
        numbers=register.numbers,
        file=DownloadView(**file._asdict()) if file else None,
        revisions=revision_views(register.document),
        signatures=signature_checks(register.document),
        document_timestamps=timestamp_checks(register.document),
    )
    known: dict[str, str | list[str]] = {"Cache-Control": "no-store", **headers}
    return Response(status, content_types.APPLICATION_JSON, view, known)
