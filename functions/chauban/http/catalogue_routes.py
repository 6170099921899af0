"""`/v1/procedures` and `/v1/forms`: public, the same for everybody, and not sent again to who has them already."""

import hashlib
from http import HTTPStatus
from typing import TypeVar

from aws_lambda_powertools.event_handler import Response, content_types

from chauban.dossiers.numbering import local_day
from chauban.errors import NotFound
from chauban.forms.definition import FormDefinition, current_version
from chauban.http.context import Api, WithoutBody
from chauban.http.views import FormView, ProcedureList, form_view, procedure_view
from chauban.services import DossierServices

View = TypeVar("View", ProcedureList, FormView)
# With the half minute for which functions remember the list of forms, a publication is seen by all within a minute.
CACHED = "public, max-age=30"


def catalogue_routes(services: DossierServices) -> Api:
    """The routes of the catalogue."""
    api = Api(services)

    @api.get("/v1/procedures", tags=["Catalogue"], summary="Procedures that can be filed today")
    def procedures() -> Response[ProcedureList]:
        day = local_day(services.clock.now())
        versions = services.forms.taking()
        slugs = sorted({form.slug for form in versions})
        current = [form for slug in slugs if (form := current_version(versions, slug, day))]
        found = [
            procedure_view(form, procedure)
            for form in current
            for procedure in form.head.procedures
            if form.procedure(procedure.code, day)
        ]
        return reply(ProcedureList(items=found))

    @api.get("/v1/forms/<slug>", tags=["Catalogue"], summary="The current version of a form")
    def form(slug: str) -> Response[FormView]:
        return described(current_version(services.forms.taking(slug), slug, local_day(services.clock.now())))

    @api.get("/v1/forms/<slug>/<version>", tags=["Catalogue"], summary="One version of a form")
    def form_version(slug: str, version: str) -> Response[FormView]:
        return described(services.forms.version(slug, version))

    def described(found: FormDefinition | None) -> Response[FormView]:
        if found is None:
            raise NotFound
        return reply(form_view(found, withdrawn=found not in services.forms.taking(found.slug)))

    def reply(body: View) -> Response[View]:
        tag = _tag(body.model_dump_json(by_alias=True))
        headers: dict[str, str | list[str]] = {"Cache-Control": CACHED, "ETag": tag}
        if _known(api.header("if-none-match"), tag):
            raise WithoutBody(HTTPStatus.NOT_MODIFIED, headers)
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, body, headers)

    return api


def _tag(content: str) -> str:
    """A strong entity tag: the same bytes have the same one, in every process."""
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def _known(if_none_match: str | None, tag: str) -> bool:
    """Whether the caller has it: `If-None-Match` compares weakly (RFC 9110, 13.1.2)."""
    tags = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    return "*" in tags or tag in tags
