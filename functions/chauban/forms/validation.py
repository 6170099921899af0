"""Answers against a form version: normalised, freed of hidden ones, validated, with every fault in two languages.

JSON Schema 2020-12 by jsonschema-rs, formats asserted. Text is normalised to NFC first (Vietnamese arrives decomposed too).
`today` is the day in Vietnam.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import jsonschema_rs

from chauban.errors import FieldError, InvalidRequest
from chauban.forms.checks import CheckFault
from chauban.forms.definition import FormDefinition, ResultTemplate
from chauban.forms.derived import with_derived
from chauban.forms.field_errors import field_error, field_pointer
from chauban.forms.formats import formats
from chauban.forms.messages import Label, Texts, explain
from chauban.forms.printable import FORBIDDEN, broken_text, forbidden_text, unprintable_text
from chauban.forms.visibility import controls, without_hidden

MAX_NAMES_PER_FAULT = 20
ANSWERS, DATA = "#/answers", "#/data"
NOT_COMPUTED = "not-computed"


@dataclass(frozen=True)
class Examined:
    """Answers as they would be stored, what is wrong with them, and pointers of the questions that were not shown."""

    answers: dict[str, Any]
    faults: tuple[FieldError, ...]
    hidden: tuple[str, ...]


def examined(form: FormDefinition, answers: dict[str, Any], today: date) -> Examined:
    """Everything there is to say about answers, whole or in part; nothing is raised. Pointers lie below `#/answers`."""
    if faults := broken_text(answers, ANSWERS, form.texts):
        # Such text can be neither measured nor matched.
        return Examined({}, tuple(faults), ())
    tidy: dict[str, Any] = normalised(answers)
    kept = without_hidden(form.uischema, tidy)
    found = [
        *forbidden_text(kept, ANSWERS, form.texts),
        *_schema_faults(form.form_schema, kept, form.texts, ANSWERS, today),
        *unprintable_text(kept, ANSWERS, form.texts, form.glyphs),
        *_check_faults(form, kept, today),
    ]
    unseen = [path for path, shown in controls(form.uischema, kept).items() if not shown]
    return Examined(kept, _each_once(found), tuple(field_pointer(ANSWERS, path) for path in unseen))


def accepted_answers(form: FormDefinition, answers: dict[str, Any], today: date) -> dict[str, Any]:
    """The answers as they are stored, rendered and signed; raises `InvalidRequest` with pointers below `#/answers`."""
    result = examined(form, answers, today)
    if result.faults:
        raise InvalidRequest(result.faults)
    return result.answers


def accepted_decision(
    form: FormDefinition, result: ResultTemplate, answers: dict[str, Any], data: dict[str, Any], today: date
) -> dict[str, Any]:
    """The decision's data as stored, with what is derived of them and of the accepted `answers`.

    Raises `InvalidRequest` with pointers below `#/data`.
    """
    refuse_broken_text(data, DATA)
    sent: dict[str, Any] = normalised(data)
    tidy = with_derived(result.derived, answers, sent)
    found = [
        *forbidden_text(tidy, DATA, form.texts),
        *_schema_faults(form.decision_schemas[result.decision_schema], tidy, form.texts, DATA, today),
        *unprintable_text(tidy, DATA, form.texts, form.glyphs),
        *_decision_check_faults(form, result, {"answers": answers, "decision": tidy}, today),
        *_computed_faults(form, result, sent, tidy),
    ]
    # What a derived value lacks is told once, where it is lacking.
    derived = {field_pointer(DATA, (one.name,)) for one in result.derived}
    if faults := [fault for fault in found if fault.pointer not in derived or fault.code == "derived"] or found:
        told = [fault for fault in faults if fault.code == NOT_COMPUTED] or faults
        raise InvalidRequest(_each_once(told))
    return tidy


def refuse_broken_text(value: Any, base: str = "#") -> None:
    """Raises `InvalidRequest` where a text of a request holds half a surrogate pair."""
    if faults := broken_text(value, base, {}):
        raise InvalidRequest(faults)


def refuse_forbidden_text(value: Any, base: str = "#") -> None:
    """Raises `InvalidRequest` where a text of a request holds a control, a hidden character or half a surrogate pair."""
    if faults := forbidden_text(value, base, {}):
        raise InvalidRequest(faults)


def refuse_unprintable_text(value: Any, base: str, form: FormDefinition) -> None:
    """Raises `InvalidRequest` where a text that will be printed has a character that the form's fonts lack."""
    if faults := unprintable_text(value, base, form.texts, form.glyphs):
        raise InvalidRequest(faults)


def normalised(value: Any) -> Any:
    """The same JSON value with every text in NFC, lines ended in one way, and without surrounding blanks."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): normalised(item) for key, item in value.items()}
    return value


def _schema_faults(schema: dict[str, Any], value: Any, texts: Texts, base: str, today: date) -> Iterator[FieldError]:
    for error in _validator(json.dumps(schema, sort_keys=True), today).iter_errors(value):
        yield from _faults(error, texts, base)


@lru_cache(maxsize=64)
def _validator(schema: str, today: date) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=dict(formats(today)))


def _faults(error: jsonschema_rs.ValidationError, texts: Texts, base: str) -> list[FieldError]:
    """One fault, or one for each property that an object lacks or has too much."""
    path = tuple(error.instance_path)
    details = error.kind.as_dict()
    names = [details["property"]] if "property" in details else list(details.get("unexpected", ()))
    places = [(*path, name) for name in names[:MAX_NAMES_PER_FAULT]] or [path]
    code = error.kind.name
    return [FieldError(field_pointer(base, place), code, explain(code, details, place, texts)) for place in places]


def _check_faults(form: FormDefinition, answers: dict[str, Any], today: date) -> Iterator[FieldError]:
    for check in form.head.checks:
        for fault in check.check(answers, today):
            yield _check_fault(fault, check.place, form.texts)


def _decision_check_faults(
    form: FormDefinition, result: ResultTemplate, both: dict[str, Any], today: date
) -> Iterator[FieldError]:
    """Faults of a result's checks, which look at answers and decision together and blame the decision."""
    for check in result.checks:
        for fault in check.check(both, today):
            labels = {
                name: Label(".".join((*check.place, dotted)).partition(".")[2]) for name, dotted in fault.labels.items()
            }
            yield field_error(DATA, fault.path[1:], fault.code, form.texts, **fault.values, **labels)


def _computed_faults(
    form: FormDefinition, result: ResultTemplate, sent: dict[str, Any], tidy: dict[str, Any]
) -> Iterator[FieldError]:
    """Values that were sent in place of others, and those that nothing can be computed from."""
    required = form.decision_schemas[result.decision_schema].get("required", ())
    for name in sorted({one.name for one in result.derived}):
        if name not in tidy and (name in sent or name in required):
            yield field_error(DATA, (name,), NOT_COMPUTED, form.texts)
        elif name in tidy and name in sent and sent[name] != tidy[name]:
            yield field_error(DATA, (name,), "derived", form.texts)


def _check_fault(fault: CheckFault, place: tuple[str, ...], texts: Texts) -> FieldError:
    labels = {name: Label(".".join((*place, dotted))) for name, dotted in fault.labels.items()}
    return field_error(ANSWERS, fault.path, fault.code, texts, **fault.values, **labels)


def _each_once(faults: list[FieldError]) -> tuple[FieldError, ...]:
    """Each fault once, although a schema may say the same in two places; of a forbidden character nothing else is told."""
    unique: dict[tuple[str, str], FieldError] = {}
    for fault in faults:
        if fault.code == FORBIDDEN or (fault.pointer, FORBIDDEN) not in unique:
            unique.setdefault((fault.pointer, fault.code), fault)
    return tuple(unique.values())
