"""Small forms made up for tests."""

from typing import Any

from chauban.forms.definition import FormDefinition

HEAD: dict[str, Any] = {
    "slug": "thu",
    "version": "1.0",
    "title": {"vi": "Thử", "en": "Trial"},
    "procedures": [{"code": "1.000001", "name": "Thử", "valid_from": "2025-07-01"}],
    "legal_basis": [],
    "valid_from": "2025-07-01",
    "competent_level": "commune",
    "processing_hours": 8,
    "signatories": [{"role": "official", "field": "official"}],
    "seal": "automatic",
    "results": [
        {
            "kind": "result",
            "template": "result.html",
            "title": "Kết quả",
            "decision_schema": "decision.schema.json",
            "numbering": {"book": "thu", "symbol": "THU"},
        }
    ],
}


def form(schema: dict[str, Any], uischema: dict[str, Any] | None = None, **head: Any) -> FormDefinition:
    """A form with that schema; labels exist for `ten` only."""
    labels = {"vi": {"labels": {"ten": "Họ và tên"}}, "en": {"labels": {"ten": "Full name"}}}
    return FormDefinition.model_validate(
        {
            "head": {**HEAD, **head},
            "form_schema": schema,
            "uischema": uischema or {"type": "VerticalLayout", "elements": []},
            "texts": labels,
            "decision_schemas": {"decision.schema.json": {"type": "object"}},
        }
    )


def control(scope: str, **rule: Any) -> dict[str, Any]:
    """A control for a dotted path, with a rule if one is given."""
    element: dict[str, Any] = {"type": "Control", "scope": place(scope)}
    return {**element, "rule": rule} if rule else element


def place(path: str) -> str:
    """The scope of a dotted path."""
    return "#/" + "/".join(f"properties/{part}" for part in path.split("."))


def when(path: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A condition on the value at a path."""
    return {"scope": place(path), "schema": schema}


def group(*elements: dict[str, Any], **rule: Any) -> dict[str, Any]:
    """A layout, with a rule if one is given."""
    layout: dict[str, Any] = {"type": "VerticalLayout", "elements": list(elements)}
    return {**layout, "rule": rule} if rule else layout
