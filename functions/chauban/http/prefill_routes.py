"""`/v1/forms/{slug}/{version}/prefills`: a form filled in from a register."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response, content_types
from pydantic import BaseModel

from chauban.dossiers.model import FormRef
from chauban.forms.prefill_rules import When
from chauban.http.context import Api
from chauban.registry.inquiry import Prefill
from chauban.registry.locking import placed
from chauban.registry.requests import RequestPrefill
from chauban.services import PrefillServices


class ConditionalPrefill(BaseModel):
    """Answers that may be taken over where the answer at `at` is `equals`: then they are about the same person."""

    at: str
    equals: str
    answers: dict[str, Any]
    locked: list[str]


class PrefillView(BaseModel):
    """Answers to start from. `token` is named when they are sent; `locked` are pointers into them that may not change."""

    token: str
    expires_at: datetime
    answers: dict[str, Any]
    locked: list[str]
    conditional: list[ConditionalPrefill]


def prefill_routes(services: PrefillServices) -> Api:
    """The route of prefills."""
    api = Api(services)

    @api.post(
        "/v1/forms/<slug>/<version>/prefills", tags=["Forms"], summary="Fill in a form from the population database"
    )
    def prefills(slug: str, version: str, request: RequestPrefill) -> Response[PrefillView]:
        form = FormRef(slug=slug, version=version)
        made = services.prefilling().prefill(api.caller, api.itself, form, request)
        headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
        return Response(HTTPStatus.OK, content_types.APPLICATION_JSON, prefill_view(made), headers)

    return api


def prefill_view(prefill: Prefill) -> PrefillView:
    """A prefill without its session and its person."""
    answers, locked = _under(prefill, None)
    conditions = dict.fromkeys(prefill.when.values())
    return PrefillView(
        token=prefill.token,
        expires_at=prefill.expires_at,
        answers=answers,
        locked=locked,
        conditional=[
            ConditionalPrefill(at=when.at, equals=when.equals, answers=found, locked=kept)
            for when, (found, kept) in ((when, _under(prefill, when)) for when in conditions)
        ],
    )


def _under(prefill: Prefill, when: When | None) -> tuple[dict[str, Any], list[str]]:
    """The answers under one condition, or under none, and which of them are locked."""
    values = {pointer: value for pointer, value in prefill.values.items() if prefill.when.get(pointer) == when}
    return placed(values), [pointer for pointer in prefill.locked if pointer in values]
