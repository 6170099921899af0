"""`/v1/forms/{slug}/{version}/previews`: a function of its own, since it renders while the caller waits."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types

from chauban.dossiers.model import FormRef
from chauban.dossiers.requests import PreviewApplication
from chauban.http.context import Api
from chauban.http.views import DownloadView
from chauban.services import PreviewServices


def preview_routes(services: PreviewServices) -> Api:
    """The route of previews."""
    api = Api(services)

    @api.post("/v1/forms/<slug>/<version>/previews", tags=["Forms"], summary="The application as it would look")
    def previews(slug: str, version: str, request: PreviewApplication) -> Response[DownloadView]:
        form = FormRef(slug=slug, version=version)
        made = services.previewing().application(api.caller, form, request, api.itself)
        view = DownloadView(**made._asdict())
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, view, {"Cache-Control": "no-store"})

    return api
