"""`/v1/dossiers/{id}/...`: notices, supplements, withdrawal, hand-overs and the control slip."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response, content_types

from chauban.dossiers.acting import Guard
from chauban.dossiers.notice_requests import (
    ExtendDeadline,
    HandOver,
    MakeControlSlip,
    RefuseDossier,
    RequestSupplement,
    StopDossier,
    Supplement,
    WithdrawDossier,
)
from chauban.http.context import Api, etag
from chauban.http.dossier_routes import reply, staff_reply
from chauban.http.notice_views import ControlSlipView, SupplementRequestView, control_slip_view, request_view
from chauban.http.views import DossierView
from chauban.services import DossierServices

TAGS = ["Notices"]
DOSSIER = "/v1/dossiers/<dossier>"


def notice_routes(services: DossierServices) -> Api:
    """The routes of what may happen between filing and result."""
    api = Api(services)

    def guard(scope: str) -> Guard:
        return Guard.of(api.caller, scope, api.raw_body, api.header("idempotency-key"), api.header("if-match"))

    @api.post(DOSSIER + "/refusal", tags=TAGS, summary="Refuse to receive (clerk; form 03)")
    def refusal(dossier: str, request: RefuseDossier) -> Response[DossierView]:
        refused = services.notices.refuse(api.caller, dossier, request, guard(f"refusal {dossier}"))
        return staff_reply(refused, HTTPStatus.ACCEPTED)

    @api.post(DOSSIER + "/supplement-requests", tags=TAGS, summary="Ask for a supplement (clerk; form 02)")
    def supplement_request(dossier: str, request: RequestSupplement) -> Response[SupplementRequestView]:
        asked, made = services.notices.request_supplement(
            api.caller, dossier, request, guard(f"supplement-requests {dossier}")
        )
        headers: dict[str, str | list[str]] = {"ETag": etag(asked.version), "Cache-Control": "no-store"}
        view = request_view(asked, made)
        return Response(HTTPStatus.ACCEPTED, content_types.APPLICATION_JSON, view, headers)

    @api.post(DOSSIER + "/supplements", tags=TAGS, summary="Answer a supplement request (party, portal, desk)")
    def supplement(dossier: str, request: Supplement) -> Response[DossierView]:
        after = services.supplements.add(api.caller, dossier, request, guard(f"supplements {dossier}"))
        return reply(after, inside=services.reading.sees_drafts(api.caller, after))

    @api.post(DOSSIER + "/extension", tags=TAGS, summary="Set a later due time (clerk; form 04)")
    def extension(dossier: str, request: ExtendDeadline) -> Response[DossierView]:
        extended = services.notices.extend(api.caller, dossier, request, guard(f"extension {dossier}"))
        return staff_reply(extended, HTTPStatus.ACCEPTED)

    @api.post(DOSSIER + "/stop", tags=TAGS, summary="Stop settling a dossier (clerk; form 05)")
    def stop(dossier: str, request: StopDossier) -> Response[DossierView]:
        stopped = services.notices.stop(api.caller, dossier, request, guard(f"stop {dossier}"))
        return staff_reply(stopped, HTTPStatus.ACCEPTED)

    @api.post(DOSSIER + "/withdrawal", tags=TAGS, summary="Take a dossier back (requester)")
    def withdrawal(dossier: str, request: WithdrawDossier) -> Response[DossierView]:
        withdrawn = services.withdrawing.withdraw(api.caller, dossier, request, guard(f"withdrawal {dossier}"))
        return reply(withdrawn, inside=services.reading.sees_drafts(api.caller, withdrawn))

    @api.post(DOSSIER + "/hand-overs", tags=TAGS, summary="Hand a dossier to another unit (clerk)")
    def hand_over(dossier: str, request: HandOver) -> Response[DossierView]:
        return staff_reply(
            services.handing_over.hand_over(api.caller, dossier, request, guard(f"hand-overs {dossier}"))
        )

    @api.get(DOSSIER + "/control-slip", tags=TAGS, summary="The process control slip as it is now (staff)")
    def control_slip(dossier: str) -> ControlSlipView:
        return control_slip_view(*services.handing_over.slip(api.caller, dossier))

    @api.post(DOSSIER + "/control-slip", tags=TAGS, summary="Print the process control slip (clerk; form 06)")
    def print_control_slip(dossier: str, request: MakeControlSlip) -> Response[DossierView]:
        printed = services.handing_over.print_slip(api.caller, dossier, guard(f"control-slip {dossier}"))
        return staff_reply(printed, HTTPStatus.ACCEPTED)

    return api
