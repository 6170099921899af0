"""The schemas: valid by the standard, named as their version, bounded everywhere, and with a Control for what must be filled in."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from chauban.forms.definition import FormDefinition
from chauban.forms.fields import schema_fields
from chauban.forms.findings import Finding, finding
from chauban.forms.layout import controls
from chauban.forms.schema_nodes import EVERY, every_node, pointer

SCHEMA, UISCHEMA = "schema.json", "uischema.json"
_BOUNDED = {"enum", "const", "format", "$ref"}


def schema_findings(form: FormDefinition) -> list[Finding]:
    """All faults of the schemas as they would be published."""
    named = f"urn:chauban:form:{form.slug}:{form.version}"
    found = [*_one(SCHEMA, form.form_schema, named), *_uncontrolled(form)]
    for file, schema in form.decision_schemas.items():
        found += _one(file, schema, named)
    return [*found, *_head(form)]


def _one(file: str, schema: dict[str, Any], named: str) -> Iterator[Finding]:
    try:
        jsonschema_rs.meta.validate(schema)
        jsonschema_rs.Draft202012Validator(schema)
    except (ValueError, jsonschema_rs.ValidationError) as fault:
        where = pointer(getattr(fault, "instance_path", ()))
        reason = str(fault).splitlines()[0]
        english = f"Not a valid schema (JSON Schema 2020-12): {reason}"
        yield finding(file, where, "schema", f"Không phải lược đồ hợp lệ (JSON Schema 2020-12): {reason}", english)
        return
    if not str(schema.get("$id", "")).startswith(named):
        text = f'Sửa “$id” thành "{named}" (hoặc "{named}:...").', f'"$id" must be "{named}" (or "{named}:...").'
        yield finding(file, "/$id", "schema-id", *text)
    for place, node in every_node(schema):
        if not {"if", "then", "else", "allOf", "not"} & set(place):
            yield from _unbounded(file, place, node)


def _unbounded(file: str, place: tuple[str, ...], node: dict[str, Any]) -> Iterator[Finding]:
    at, kind = pointer(place), node.get("type")
    if kind == "object" and "properties" in node and node.get("additionalProperties") is not False:
        text = 'Thêm "additionalProperties": false.', 'Add "additionalProperties": false.'
        yield finding(file, at, "open-object", *text)
    if kind == "string" and "maxLength" not in node and not _BOUNDED & set(node):
        text = "Thêm maxLength: mọi ô chữ đều phải có độ dài tối đa.", "Add maxLength: every text needs a limit."
        yield finding(file, at, "no-max-length", *text)
    if kind == "array" and "maxItems" not in node:
        text = "Thêm maxItems: mọi danh sách đều phải có số dòng tối đa.", "Add maxItems: every list needs a limit."
        yield finding(file, at, "no-max-items", *text)


def _uncontrolled(form: FormDefinition) -> Iterator[Finding]:
    """Required fields that nobody is asked for."""
    shown = {".".join(part for part in one.place if part != EVERY) for one in controls(form.form_schema, form.uischema)}
    for field in schema_fields(form.form_schema):
        covered = any(path == field.path or path.startswith(field.path + ".") for path in shown)
        whole = any(field.path.startswith(path + ".") and not _has_detail(shown, path) for path in shown)
        if field.required and not covered and not whole:
            yield finding(
                UISCHEMA,
                field.path,
                "no-control",
                "Mục này bắt buộc trong schema.json nhưng không có Control nào để điền.",
                "schema.json requires this field, but no Control asks for it.",
            )


def _has_detail(shown: set[str], path: str) -> bool:
    return any(other.startswith(path + ".") for other in shown)


def _head(form: FormDefinition) -> Iterator[Finding]:
    head = form.head
    if head.valid_to and head.valid_to < head.valid_from:
        text = "valid_to phải từ valid_from trở đi.", "valid_to must not be before valid_from."
        yield finding("form.yaml", "valid_to", "valid-to", *text)
    if not 0 <= head.grace_days <= 365:
        text = "grace_days phải từ 0 đến 365.", "grace_days must be between 0 and 365."
        yield finding("form.yaml", "grace_days", "grace-days", *text)
    for language in ("vi", "en"):
        if not head.title.get(language):
            text = f"Thiếu tên mẫu bằng “{language}”.", f"The title in '{language}' is missing."
            yield finding("form.yaml", f"title.{language}", "text-missing", *text)
    starts = min(procedure.valid_from for procedure in head.procedures)
    if starts > head.valid_from:
        text = (
            "Vào ngày valid_from chưa có thủ tục nào có hiệu lực.",
            "On valid_from none of the procedures is in force yet.",
        )
        yield finding("form.yaml", "procedures", "procedure-dates", *text)
