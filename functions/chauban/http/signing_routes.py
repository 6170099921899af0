"""`/v1/signing`: credentials, tasks, sessions; and the drafts that the desk takes back from there."""

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Query

from chauban.dossiers.acting import Guard
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.requests import OpenSession, PostSignatures
from chauban.errors import IdempotencyKeyRequired, NotConfigured, PreconditionFailed
from chauban.http.context import Api
from chauban.http.dossier_routes import Cursor, Limit, staff_reply
from chauban.http.signing_views import (
    CredentialList,
    SessionView,
    TaskList,
    TaskView,
    credential_view,
    retry_after,
    session_view,
    task_view,
)
from chauban.http.views import DossierView, DownloadView
from chauban.services import SigningServices
from chauban.signing.sessions import SigningSession

TAGS = ["Signing"]
SESSION = "/v1/signing/sessions/<session>"


def signing_routes(services: SigningServices) -> Api:
    """The routes of signing."""
    api = Api(services)

    @api.get("/v1/signing/credentials", tags=TAGS, summary="The caller's signing credentials")
    def credentials() -> CredentialList:
        return CredentialList(items=[credential_view(held) for held in services.sessions.credentials(api.caller)])

    @api.get("/v1/signing/tasks", tags=TAGS, summary="What waits for an official of an agency, oldest first")
    def tasks(
        agency: Annotated[str | None, Query(max_length=64)] = None, limit: Limit = 20, cursor: Cursor = None
    ) -> TaskList:
        page = services.sessions.tasks(api.caller, agency, limit, cursor)
        now = services.clock.now()
        return TaskList(items=[task_view(task, now) for task in page.items], cursor=page.cursor)

    @api.get("/v1/signing/tasks/<task>", tags=TAGS, summary="One task")
    def task(task: str) -> TaskView:
        return task_view(services.sessions.task(api.caller, task), services.clock.now())

    @api.post("/v1/signing/tasks/<task>/return", tags=TAGS, summary="Send a draft back to the desk (official)")
    def return_draft(task: str, request: ReturnDraft) -> Response[DossierView]:
        key, tag = api.header("idempotency-key"), api.header("if-match")
        guard = Guard.of(api.caller, f"return {task}", api.raw_body, key, tag)
        return staff_reply(services.returning.send_back(api.caller, task, request, guard))

    @api.post("/v1/dossiers/<dossier>/documents/<document>/take-back", tags=TAGS, summary="Take a draft back (clerk)")
    def take_back(dossier: str, document: str, request: ReturnDraft) -> Response[DossierView]:
        key, tag = api.header("idempotency-key"), api.header("if-match")
        guard = Guard.of(api.caller, f"take-back {dossier} {document}", api.raw_body, key, tag)
        return staff_reply(services.returning.take_back(api.caller, dossier, document, request, guard))

    @api.post("/v1/signing/sessions", tags=TAGS, summary="Open a signing session (Idempotency-Key)")
    def open_session(request: OpenSession) -> Response[SessionView]:
        opened = services.sessions.open(api.caller, request, api.raw_body, api.header("idempotency-key"))
        return reply(opened, HTTPStatus.ACCEPTED, {"Location": f"/v1/signing/sessions/{opened.id}"})

    @api.get(SESSION, tags=TAGS, summary="A signing session")
    def session(session: str) -> Response[SessionView]:
        return reply(services.sessions.session(api.caller, session))

    @api.get(SESSION + "/items/<item>/document", tags=TAGS, summary="A link to exactly the bytes that are signed")
    def document(session: str, item: int) -> DownloadView:
        file = services.sessions.prepared_file(api.caller, session, item)
        seconds = services.download_seconds
        expires = services.clock.now() + timedelta(seconds=seconds)
        return DownloadView(
            url=services.files.link(file, f"{file.sha256[:12]}.pdf", seconds), expires_at=expires, sha256=file.sha256
        )

    @api.post(SESSION + "/signatures", tags=TAGS, summary="Hand in raw signatures")
    def signatures(session: str, request: PostSignatures) -> Response[SessionView]:
        return reply(services.signatures.accept(api.caller, session, request), HTTPStatus.ACCEPTED)

    @api.post(SESSION + "/cancellation", tags=TAGS, summary="Cancel a session")
    def cancellation(session: str) -> Response[SessionView]:
        wanted = api.header("if-match")
        if wanted is None and not api.header("idempotency-key"):
            raise IdempotencyKeyRequired
        if wanted is not None and wanted != tag_of(view_of(services.sessions.session(api.caller, session))):
            raise PreconditionFailed
        # A session is cancelled or it is not: the same request again finds it done.
        return reply(services.sessions.cancel(api.caller, session))

    def view_of(found: SigningSession) -> SessionView:
        credential = services.catalogue.credential(found.credential)
        if credential is None:
            raise NotConfigured(what="credential of the session")
        return session_view(found, credential.algorithm.value, services.clock.now())

    def reply(
        found: SigningSession, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None
    ) -> Response[SessionView]:
        view = view_of(found)
        known: dict[str, str | list[str]] = {"ETag": tag_of(view), "Cache-Control": "no-store", **(headers or {})}
        if (seconds := retry_after(view)) is not None:
            known["Retry-After"] = str(seconds)
        return Response(status, content_types.APPLICATION_JSON, view, known)

    return api


def tag_of(view: SessionView) -> str:
    """The entity tag of a session as it is shown."""
    return f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()[:32]}"'
