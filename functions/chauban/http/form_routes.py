"""`/v1/forms/{slug}/{version}/validations`: public, keeps nothing."""

from chauban.dossiers.numbering import local_day
from chauban.dossiers.requests import ValidateAnswers
from chauban.forms.partial import state_of
from chauban.http.context import Api
from chauban.http.problems import ProblemError, language_for
from chauban.http.views import ValidationView
from chauban.services import DossierServices


def form_routes(services: DossierServices) -> Api:
    """The routes that help to fill in a form."""
    api = Api(services)

    @api.post("/v1/forms/<slug>/<version>/validations", tags=["Forms"], summary="Check answers, complete or not")
    def validations(slug: str, version: str, request: ValidateAnswers) -> ValidationView:
        state = state_of(
            services.forms.version(slug, version),
            request.answers,
            request.scope,
            local_day(services.clock.now()),
        )
        language = language_for(api)
        errors, missing = (
            [ProblemError(pointer=fault.pointer, code=fault.code, detail=fault.detail[language]) for fault in faults]
            for faults in (state.errors, state.missing)
        )
        return ValidationView(valid=state.valid, hidden=list(state.hidden), errors=errors, missing=missing)

    return api
