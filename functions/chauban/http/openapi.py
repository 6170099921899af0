"""The OpenAPI 3.1 description, generated from the routes: it holds what exists and nothing else."""

import json
from typing import Any, cast

from chauban.http.amendment_routes import amendment_routes
from chauban.http.application import app_with
from chauban.http.attachment_routes import attachment_routes
from chauban.http.catalogue_routes import catalogue_routes
from chauban.http.copy_routes import copy_routes
from chauban.http.document_routes import document_routes
from chauban.http.dossier_routes import dossier_routes
from chauban.http.draft_routes import draft_routes
from chauban.http.form_routes import form_routes
from chauban.http.notice_routes import notice_routes
from chauban.http.number_book_routes import number_book_routes
from chauban.http.prefill_routes import prefill_routes
from chauban.http.preview_routes import preview_routes
from chauban.http.problems import MEDIA_TYPE, Problem
from chauban.http.register_routes import register_routes
from chauban.http.sealing_routes import sealing_routes
from chauban.http.signing_routes import signing_routes
from chauban.services import DossierServices, PrefillServices, PreviewServices, SigningServices

VERSION = "1.0.0"
_PUBLIC = ("/v1/procedures", "/v1/forms")
_SUCCESS = {
    "/v1/dossiers": "201",
    "/v1/dossiers/{dossier}/attachments": "201",
    "/v1/dossiers/{dossier}/decision": "202",
    "/v1/dossiers/{dossier}/refusal": "202",
    "/v1/dossiers/{dossier}/supplement-requests": "202",
    "/v1/dossiers/{dossier}/extension": "202",
    "/v1/dossiers/{dossier}/stop": "202",
    "/v1/dossiers/{dossier}/control-slip": "202",
    "/v1/agencies/{agency}/registers": "202",
    "/v1/documents/{document}/replacement": "202",
    "/v1/documents/{document}/correction": "202",
    "/v1/documents/{document}/revocation": "202",
    "/v1/documents/{document}/copies": "202",
    "/v1/signing/sessions": "202",
    "/v1/signing/sessions/{session}/signatures": "202",
}
_NUMBERS = "/v1/agencies/{agency}/number-books/{book}/{year}"
_IDEMPOTENT = (
    "/v1/dossiers",
    "/v1/dossiers/{dossier}/attachments",
    "/v1/signing/sessions",
    "/v1/agencies/{agency}/registers",
    f"{_NUMBERS}/prints",
)
_KEY_OR_VERSION = (
    "/v1/signing/sessions/{session}/cancellation",
    "/v1/signing/tasks/{task}/return",
    f"{_NUMBERS}/numbers/{{number}}/void",
    "/v1/documents/{document}/replacement",
    "/v1/documents/{document}/correction",
    "/v1/documents/{document}/revocation",
    "/v1/documents/{document}/copies",
    "/v1/sealing/tasks/{task}/release",
    "/v1/sealing/tasks/{task}/return",
    *(
        "/v1/dossiers/{dossier}/" + act
        for act in (
            "receive",
            "decision",
            "refusal",
            "supplement-requests",
            "supplements",
            "extension",
            "stop",
            "withdrawal",
            "hand-overs",
            "control-slip",
        )
    ),
)


def description() -> str:
    """The description as JSON text, the same for the same code."""
    # Routes use the services only when they are called.
    dossiers, signing = cast(DossierServices, None), cast(SigningServices, None)
    app = app_with(
        catalogue_routes(dossiers),
        form_routes(dossiers),
        preview_routes(cast(PreviewServices, None)),
        prefill_routes(cast(PrefillServices, None)),
        draft_routes(dossiers),
        dossier_routes(dossiers),
        notice_routes(dossiers),
        document_routes(dossiers),
        amendment_routes(dossiers),
        copy_routes(dossiers),
        attachment_routes(dossiers),
        register_routes(dossiers),
        number_book_routes(dossiers),
        signing_routes(signing),
        sealing_routes(signing),
    )
    described = json.loads(
        app.get_openapi_json_schema(
            title="Chauban",
            version=VERSION,
            openapi_version="3.1.0",
            description="Electronic forms and digital signatures. Conventions, states and errors: docs/api.md.",
        )
    )
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    schemas = described["components"]["schemas"]
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        schemas.pop(name, None)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs"))
    schemas["Problem"] = schema
    described["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Access token (RFC 9068)"}
    }
    return json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True)


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """What the routes' types do not say: the token, the headers, and errors as problems."""
    public = path.startswith(_PUBLIC) and not path.endswith(("/previews", "/prefills"))
    operation["security"] = [] if public else [{"token": []}]
    responses = operation["responses"]
    responses.pop("422", None)
    responses["default"] = {
        "description": "What went wrong, in Vietnamese, or in English with Accept-Language: en",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    parameters = operation.setdefault("parameters", [])
    if path == "/v1/drafts/{draft}" and method in {"put", "delete"}:
        parameters.append(_header("If-Match", required=method == "delete"))
        responses.update({"201": responses["200"]} if method == "put" else {})
        if method == "delete":
            del responses["200"]
            responses["204"] = {"description": "The draft is forgotten"}
    if method == "get" and path.startswith(_PUBLIC):
        parameters.append(_header("If-None-Match", required=False))
        responses["304"] = {"description": "The caller has it already"}
    if not parameters:
        operation.pop("parameters")
    if method != "post":
        return
    if path in _SUCCESS:
        responses[_SUCCESS[path]] = responses.pop("200")
    parameters = operation.setdefault("parameters", [])
    if path in _IDEMPOTENT:
        parameters.append(_header("Idempotency-Key", required=True))
    if path in _KEY_OR_VERSION:
        parameters += [_header("Idempotency-Key", required=False), _header("If-Match", required=False)]


def _header(name: str, *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}
