"""`/v1/sealing`: what waits for a records office, releasing it, making it anew, and sending it back."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from chauban.dossiers.acting import Guard
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.http.attachment_views import PapersView
from chauban.http.context import Api
from chauban.http.dossier_routes import Cursor, Limit
from chauban.http.signing_routes import papers_reply
from chauban.http.signing_views import TaskDocumentView
from chauban.http.views import DossierRef, DownloadView
from chauban.services import SigningServices
from chauban.signing.seals.sealing_tasks import SealingTask

TAGS = ["Sealing"]
TASK = "/v1/sealing/tasks/<task>"


class SealingTaskView(BaseModel):
    """A document that waits for the records office while it is `open`; `reason` says what stopped an earlier sealing."""

    id: str
    agency: str
    dossier: DossierRef
    document: TaskDocumentView
    since: datetime
    reason: str | None
    open: bool


class SealingTaskList(BaseModel):
    items: list[SealingTaskView]
    cursor: str | None


def sealing_routes(services: SigningServices) -> Api:
    """The routes of the records office's work list."""
    api = Api(services)

    @api.get("/v1/sealing/tasks", tags=TAGS, summary="What waits for the records office of an agency, longest first")
    def tasks(
        agency: Annotated[str | None, Query(max_length=64)] = None, limit: Limit = 20, cursor: Cursor = None
    ) -> SealingTaskList:
        page = services.releasing.tasks(api.caller, agency, limit, cursor)
        return SealingTaskList(items=[_view(task) for task in page.items], cursor=page.cursor)

    @api.get(TASK + "/document", tags=TAGS, summary="A link to the file that would be sealed (staff)")
    def document(task: str) -> DownloadView:
        file, seconds = services.releasing.file(api.caller, task), services.download_seconds
        url = services.files.link(file, f"{file.sha256[:12]}.pdf", seconds)
        return DownloadView(url=url, expires_at=services.clock.now() + timedelta(seconds=seconds), sha256=file.sha256)

    @api.get(TASK + "/papers", tags=TAGS, summary="Links to what is read beside that file (staff)")
    def papers(task: str) -> Response[PapersView]:
        found = services.releasing.task(api.caller, task)
        return papers_reply(services, found.dossier, found.document)

    @api.post(TASK + "/release", tags=TAGS, summary="Have a document numbered and sealed (records office)")
    def release(task: str) -> Response[SealingTaskView]:
        return _reply(services.releasing.release(api.caller, task, guard(f"release {task}")))

    @api.post(TASK + "/return", tags=TAGS, summary="Send a signed document back to the desk (records office)")
    def send_back(task: str, request: ReturnDraft) -> Response[SealingTaskView]:
        return _reply(services.releasing.send_back(api.caller, task, request, guard(f"return signed {task}")))

    @api.post(TASK + "/render", tags=TAGS, summary="Make what only the seal signs anew, and seal it (records office)")
    def render(task: str) -> Response[SealingTaskView]:
        return _reply(services.releasing.render_anew(api.caller, task, guard(f"render {task}")))

    def guard(scope: str) -> Guard:
        return Guard.of(api.caller, scope, api.raw_body, api.header("idempotency-key"), api.header("if-match"))

    return api


def _reply(task: SealingTask) -> Response[SealingTaskView]:
    return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, _view(task), {"Cache-Control": "no-store"})


def _view(task: SealingTask) -> SealingTaskView:
    return SealingTaskView(
        id=task.id,
        agency=task.agency,
        dossier=DossierRef(id=task.dossier, code=task.code),
        document=TaskDocumentView(id=task.document, kind=task.kind.value, title=task.title, sha256=task.sha256),
        since=task.since,
        reason=task.reason,
        open=task.open,
    )
