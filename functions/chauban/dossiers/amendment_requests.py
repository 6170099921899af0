"""What callers send to have an issued result replaced, corrected or revoked."""

from typing import Any

from pydantic import Field

from chauban.dossiers.notice_requests import AppointmentId, Line, Sentence
from chauban.dossiers.requests import DraftDecision, RequestBody

Bases = Field(min_length=1, max_length=10, description="What the act rests on, each printed as “Căn cứ ...”")


class ReplaceResult(DraftDecision):
    """`POST /v1/documents/{id}/replacement`: the decision's data anew, and why; `answers`, whole, where those were wrong."""

    answers: dict[str, Any] | None = None
    reason: Sentence
    legal_basis: tuple[Sentence, ...] = Bases


class Misprint(RequestBody):
    """One thing to correct: where it stands, what was printed, what it should be."""

    place: Line
    printed: Line
    correct: Line


class CorrectResult(RequestBody):
    """`POST /v1/documents/{id}/correction`: errors of form and of writing; an error of content needs a replacement."""

    reason: Sentence
    legal_basis: tuple[Sentence, ...] = Bases
    errors: tuple[Misprint, ...] = Field(min_length=1, max_length=20)
    official: AppointmentId | None = None


class RevokeResult(RequestBody):
    """`POST /v1/documents/{id}/revocation`."""

    reason: Sentence
    legal_basis: tuple[Sentence, ...] = Bases
    official: AppointmentId | None = None
