"""Answers against a form version: normalised, freed of hidden ones, validated, with every fault in two languages.

JSON Schema 2020-12 by jsonschema-rs, formats asserted. Text is normalised to NFC first (Vietnamese arrives decomposed too).
"""

import unicodedata
from functools import lru_cache
from typing import Any

import jsonschema_rs
import rfc8785

from chauban.errors import FieldError, InvalidRequest
from chauban.forms.definition import FormDefinition
from chauban.forms.messages import Texts, explain
from chauban.forms.visibility import without_hidden
from chauban.pointers import fragment

MAX_NAMES_PER_FAULT = 20


def accepted_answers(form: FormDefinition, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as they are stored, rendered and signed; raises `InvalidRequest` with pointers below `#/answers`."""
    visible = without_hidden(form.uischema, normalised(answers))
    _check(form.form_schema, visible, form.texts, "#/answers")
    return visible


def accepted_decision(form: FormDefinition, schema: str, data: dict[str, Any]) -> dict[str, Any]:
    """The decision's data as stored; raises `InvalidRequest` with pointers below `#/data`."""
    tidy: dict[str, Any] = normalised(data)
    _check(form.decision_schemas[schema], tidy, form.texts, "#/data")
    return tidy


def normalised(value: Any) -> Any:
    """The same JSON value with every text in NFC and without surrounding blanks."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): normalised(item) for key, item in value.items()}
    return value


def _check(schema: dict[str, Any], value: Any, texts: Texts, base: str) -> None:
    unique: dict[tuple[str, str], FieldError] = {}
    for error in _validator(rfc8785.dumps(schema)).iter_errors(value):
        unique.update({(fault.pointer, fault.code): fault for fault in _faults(error, texts, base)})
    if unique:
        raise InvalidRequest(list(unique.values()))


@lru_cache(maxsize=64)
def _validator(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema.decode(), validate_formats=True)


def _faults(error: jsonschema_rs.ValidationError, texts: Texts, base: str) -> list[FieldError]:
    """One fault, or one for each property that an object lacks or has too much."""
    path = [str(part) for part in error.instance_path]
    details = error.kind.as_dict()
    names = [details["property"]] if "property" in details else list(details.get("unexpected", ()))
    places = [[*path, name] for name in names[:MAX_NAMES_PER_FAULT]] or [path]
    return [
        FieldError(
            pointer=base + fragment(place).removeprefix("#"),
            code=error.kind.name,
            detail=explain(error.kind.name, details, place, texts),
        )
        for place in places
    ]
