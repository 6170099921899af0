"""`/v1/procedures` and `/v1/forms`: public, and the same for everybody."""

from http import HTTPStatus
from typing import TypeVar

from aws_lambda_powertools.event_handler import Response, content_types

from chauban.bootstrap import DossierServices
from chauban.dossiers.numbering import local_day
from chauban.errors import NotFound
from chauban.forms.definition import FormDefinition, current_version
from chauban.http.context import Api
from chauban.http.views import FormView, ProcedureList, form_view, procedure_view

View = TypeVar("View", ProcedureList, FormView)
CACHED: dict[str, str | list[str]] = {"Cache-Control": "public, max-age=60"}


def catalogue_routes(services: DossierServices) -> Api:
    """The routes of the catalogue."""
    api = Api(services)

    @api.get("/v1/procedures", tags=["Catalogue"], summary="Procedures that can be filed today")
    def procedures() -> Response[ProcedureList]:
        day = local_day(services.clock.now())
        versions = services.forms.all()
        slugs = sorted({form.slug for form in versions})
        current = [form for slug in slugs if (form := current_version(versions, slug, day))]
        found = [
            procedure_view(form, procedure)
            for form in current
            for procedure in form.head.procedures
            if form.procedure(procedure.code, day)
        ]
        return _reply(ProcedureList(items=found))

    @api.get("/v1/forms/<slug>", tags=["Catalogue"], summary="The current version of a form")
    def form(slug: str) -> Response[FormView]:
        found = current_version(services.forms.all(), slug, local_day(services.clock.now()))
        return _form(found)

    @api.get("/v1/forms/<slug>/<version>", tags=["Catalogue"], summary="One version of a form")
    def form_version(slug: str, version: str) -> Response[FormView]:
        return _form(services.forms.version(slug, version))

    return api


def _form(found: FormDefinition | None) -> Response[FormView]:
    if found is None:
        raise NotFound
    return _reply(form_view(found))


def _reply(body: View) -> Response[View]:
    return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, body, dict(CACHED))
