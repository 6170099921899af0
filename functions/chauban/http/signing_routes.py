"""`/v1/signing`: credentials, tasks, sessions; and the drafts that the desk takes back from there."""

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Query

from chauban.dossiers.acting import Guard
from chauban.dossiers.documents import StoredFile
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.requests import AuthoriseSession, OpenSession, PostSignatures
from chauban.errors import IdempotencyKeyRequired, NotConfigured, PreconditionFailed
from chauban.http.attachment_views import PapersView, papers_view
from chauban.http.context import Api, WithoutBody
from chauban.http.dossier_routes import Cursor, Limit, staff_reply
from chauban.http.signing_views import (
    AuthorisationView,
    CredentialList,
    SessionView,
    TaskList,
    TaskView,
    authorisation_view,
    credential_view,
    retry_after,
    session_view,
    task_view,
)
from chauban.http.views import DossierView, DownloadView
from chauban.services import SigningServices
from chauban.signing.sessions.model import SigningSession

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

    @api.get("/v1/signing/tasks/<task>/papers", tags=TAGS, summary="Links to what a task's draft answers")
    def task_papers(task: str) -> Response[PapersView]:
        found = services.sessions.task(api.caller, task)
        return papers_reply(services, found.dossier, found.document)

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
        return _link(services, services.sessions.prepared_file(api.caller, session, item))

    @api.get(SESSION + "/items/<item>/application", tags=TAGS, summary="A link to the application that an item answers")
    def application(session: str, item: int) -> DownloadView:
        return _link(services, services.sessions.application_file(api.caller, session, item))

    @api.get(SESSION + "/items/<item>/papers", tags=TAGS, summary="Links to what an item answers")
    def papers(session: str, item: int) -> Response[PapersView]:
        found = services.sessions.readable(api.caller, session, item)
        return papers_reply(services, found.dossier, found.document)

    @api.get(SESSION + "/authorisation", tags=TAGS, summary="What authorising the session's remote key takes")
    def terms(session: str) -> Response[AuthorisationView]:
        view = authorisation_view(services.authorisations.terms(api.caller, session))
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, {"Cache-Control": "no-store"})

    @api.post(SESSION + "/authorisation", tags=TAGS, summary="Authorise the session's remote key (Idempotency-Key)")
    def authorise(session: str, request: AuthoriseSession) -> Response[SessionView]:
        key = api.header("idempotency-key")
        return reply(services.authorisations.authorise(api.caller, session, request, key), HTTPStatus.ACCEPTED)

    @api.post(
        "/v1/signing/callbacks/<provider>",
        tags=TAGS,
        summary="A signing provider's call back; nothing in it is believed",
    )
    def callback(provider: str) -> Response[None]:
        services.callbacks.called(provider, api.raw_body)
        raise WithoutBody(HTTPStatus.NO_CONTENT, {"Cache-Control": "no-store"})

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


def papers_reply(services: SigningServices, dossier: str, draft: str) -> Response[PapersView]:
    """What is read beside a draft whose task or session the caller is known to see."""
    view = papers_view(services.papers.beside(dossier, draft, services.files))
    return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, {"Cache-Control": "no-store"})


def _link(services: SigningServices, file: StoredFile) -> DownloadView:
    seconds = services.download_seconds
    expires = services.clock.now() + timedelta(seconds=seconds)
    url = services.files.link(file, f"{file.sha256[:12]}.pdf", seconds)
    return DownloadView(url=url, expires_at=expires, sha256=file.sha256)


def tag_of(view: SessionView) -> str:
    """The entity tag of a session as it is shown."""
    return f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()[:32]}"'
