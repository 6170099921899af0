"""What callers send about notices, supplements and the way of a dossier through the offices."""

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from chauban.dossiers.requests import ReceivedComponent, RequestBody

Sentence = Annotated[str, Field(min_length=1, max_length=1000)]
Line = Annotated[str, Field(min_length=1, max_length=300)]
AppointmentId = Annotated[str, Field(min_length=1, max_length=64)]


class Missing(RequestBody):
    """One thing to supplement: what, why, and the component of the form that it belongs to."""

    what: Line
    reason: Sentence
    component: Line | None = None


class RequestSupplement(RequestBody):
    """`POST /v1/dossiers/{id}/supplement-requests`. `until` is the last day (in Vietnam) on which an answer is expected."""

    items: tuple[Missing, ...] = Field(min_length=1, max_length=30)
    until: date | None = None
    note: Sentence | None = None
    official: AppointmentId | None = None


class Supplement(RequestBody):
    """`POST /v1/dossiers/{id}/supplements`: the whole answers anew, or the papers that came in, or both.

    `prefill` is the token of a prefill, whose locked fields are checked again.
    """

    request: str = Field(min_length=1, max_length=64)
    answers: dict[str, Any] | None = None
    components: tuple[ReceivedComponent, ...] = Field(default=(), max_length=50)
    note: Sentence | None = None
    prefill: str | None = Field(default=None, min_length=1, max_length=100)


class RefuseDossier(RequestBody):
    """`POST /v1/dossiers/{id}/refusal`."""

    reason: Sentence
    legal_basis: Sentence | None = None
    advice: Sentence | None = None
    official: AppointmentId | None = None


class ExtendDeadline(RequestBody):
    """`POST /v1/dossiers/{id}/extension`. `due_at` is the new due time."""

    due_at: AwareDatetime
    reason: Sentence
    official: AppointmentId | None = None


class StopDossier(RequestBody):
    """`POST /v1/dossiers/{id}/stop`."""

    reason: Sentence
    legal_basis: Sentence | None = None
    advice: Sentence | None = None
    official: AppointmentId | None = None


class WithdrawDossier(RequestBody):
    """`POST /v1/dossiers/{id}/withdrawal`."""

    reason: Sentence | None = None


class ReturnDraft(RequestBody):
    """`POST /v1/signing/tasks/{id}/return` and `POST /v1/dossiers/{id}/documents/{document}/take-back`."""

    reason: Sentence


class HandOver(RequestBody):
    """`POST /v1/dossiers/{id}/hand-overs`: to which unit or office, and until when it is to be done with its step."""

    to: Line
    due_at: AwareDatetime | None = None
    note: Sentence | None = None


class MakeControlSlip(RequestBody):
    """`POST /v1/dossiers/{id}/control-slip`."""
