"""RFC 9457 problem details: the one place where errors become HTTP."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError
from pydantic import BaseModel, ValidationError

from chauban.dossiers.model import FormRef
from chauban.dossiers.requests import SubmitDossier
from chauban.errors import ChaubanError, FieldError, InvalidRequest, MalformedBody, NotFound
from chauban.http.context import Api, WithoutBody
from chauban.observability import logger, trace_of
from chauban.pointers import fragment

MEDIA_TYPE = "application/problem+json"


class ProblemError(BaseModel):
    """One fault of a request: `pointer` is a URI fragment into the body (RFC 6901)."""

    pointer: str
    code: str
    detail: str


class FormChangeView(BaseModel):
    """A change from the version that was named to the current one; `place` is a dotted path or a name of the form's head."""

    concerns: list[str]
    code: str
    place: str
    major: bool
    text: str


class Problem(BaseModel):
    """RFC 9457 problem details; `current` and `changes` only with `form-not-current`, `reason` where one code has several;
    `document` is the one that stands in the way, where there is one."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemError] | None = None
    current: FormRef | None = None
    changes: list[FormChangeView] | None = None
    reason: str | None = None
    document: str | None = None


def language_of(headers: Mapping[str, str]) -> str:
    """ "en" where the caller prefers English, else "vi" (RFC 9110, Accept-Language with weights)."""
    best, weight = "vi", 0.0
    for part in headers.get("accept-language", "").lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.split("-")[0]
        try:
            quality = float(parameter.strip().removeprefix("q=") or 1) if parameter else 1.0
        except ValueError:
            continue
        if language in {"vi", "en"} and quality > weight:
            best, weight = language, quality
    return best


def language_for(api: Api) -> str:
    """The language that the caller of a route reads."""
    return language_of({"accept-language": api.header("accept-language") or ""})


def problem_of(error: ChaubanError, language: str) -> Problem:
    """The problem that tells of an error, in a language."""
    faults = [ProblemError(pointer=f.pointer, code=f.code, detail=f.detail[language]) for f in error.errors]
    told = {
        "type": f"urn:chauban:problem:{error.code}",
        "title": error.title[language],
        "status": error.status,
        "detail": error.detail(language),
        "code": error.code,
        "errors": faults or None,
        **error.members(language),
    }
    return Problem.model_validate(told)


def answer_problems(app: APIGatewayHttpResolver) -> None:
    """Makes every error of a route, and a path without one, answer as a problem."""
    _answer_our_own(app)

    # A body nested too deeply for us breaks the reader's recursion.
    @app.exception_handler([json.JSONDecodeError, UnicodeDecodeError, RecursionError, RequestUnsupportedContentType])
    def _unreadable(error: Exception) -> Response[str]:
        return _reply(app, MalformedBody())

    @app.not_found
    def _no_route(error: NotFoundError) -> Response[str]:
        return _reply(app, NotFound())

    @app.exception_handler(Exception)
    def _unexpected(error: Exception) -> Response[str]:
        return _broke(app, error)


def _answer_our_own(app: APIGatewayHttpResolver) -> None:
    """The errors of the service, and what its request models find."""

    @app.exception_handler(WithoutBody)
    def _empty(answer: WithoutBody) -> Response[str]:
        return Response(answer.status, None, "", answer.headers)

    @app.exception_handler(ChaubanError)
    def _known(error: ChaubanError) -> Response[str]:
        if error.status >= 500:
            logger().error("request-failed", code=error.code, reason=str(error))
        return _reply(app, error)

    @app.exception_handler(RequestValidationError)
    def _shape(error: RequestValidationError) -> Response[str]:
        return _reply(app, _shape_error(error.errors()))

    @app.exception_handler(ValidationError)
    def _value(error: ValidationError) -> Response[str]:
        # The one body that is read twice, composed the second time. A stored value that cannot be read is a fault of ours.
        if error.title != SubmitDossier.__name__:
            return _broke(app, error)
        return _reply(app, _shape_error(error.errors(include_url=False, include_context=False, include_input=False)))


def _reply(app: APIGatewayHttpResolver, error: ChaubanError) -> Response[str]:
    language = language_of({name.lower(): value for name, value in app.current_event.headers.items()})
    problem = problem_of(error, language)
    headers = {"Content-Language": language, "Cache-Control": "no-store", "Vary": "Accept-Language"}
    return Response(problem.status, MEDIA_TYPE, problem.model_dump_json(exclude_none=True), headers)


def _broke(app: APIGatewayHttpResolver, error: Exception) -> Response[str]:
    """The process's edge: the caller learns only that it failed, the log which kind of fault and where."""
    logger().error("request-broke", error=type(error).__name__, trace=trace_of(error))
    return _reply(app, ChaubanError())


def _shape_error(errors: Sequence[Mapping[str, Any]]) -> ChaubanError:
    """The faults that pydantic found in a body, or in a path or query parameter."""
    if any(error["type"] == "json_invalid" for error in errors):
        return MalformedBody()
    # A list with a bad element is also told to be too short, as if the element were not there.
    holders = {error["loc"][: len(error["loc"]) - depth] for error in errors for depth in range(1, len(error["loc"]))}
    return InvalidRequest([_fault(e) for e in errors if not (e["type"] == "too_short" and e["loc"] in holders)])


def _fault(error: Mapping[str, Any]) -> FieldError:
    place = [str(part) for part in error["loc"]]
    inside = place[1:] if place[:1] in (["body"], ["query"], ["path"], ["header"]) else place
    code = {"missing": "required", "extra_forbidden": "additionalProperties"}.get(error["type"], "invalid-value")
    vietnamese, english = _SENTENCES[code]
    name = ".".join(inside) or "body"
    detail = {"vi": vietnamese.format(name=name), "en": english.format(name=name)}
    return FieldError(fragment(inside), code, detail)


_SENTENCES = {
    "required": ("Thiếu mục “{name}”. Vui lòng bổ sung.", "'{name}' is missing. Please add it."),
    "additionalProperties": (
        "Mục “{name}” không có trong yêu cầu này. Vui lòng bỏ mục này.",
        "This request has no entry '{name}'. Please leave it out.",
    ),
    "invalid-value": (
        "Giá trị của “{name}” chưa đúng kiểu, độ dài hoặc cách ghi. Vui lòng xem mô tả của giao diện lập trình và sửa lại.",
        "The value of '{name}' has the wrong type, length or form. Please see the API description and correct it.",
    ),
}
