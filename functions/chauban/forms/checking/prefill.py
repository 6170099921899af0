"""Prefilled fields: each names a text that the form asks for, of the kind that the register's attribute is."""

from collections.abc import Iterator

from chauban.forms.definition import FormDefinition
from chauban.forms.fields import Field, schema_fields
from chauban.forms.findings import Finding, finding
from chauban.forms.prefill_rules import Attribute, PrefilledField, When

# What a field of an attribute's own kind may be; the others are plain texts.
_FORMATS: dict[Attribute, set[str | None]] = {
    Attribute.BIRTH_DATE: {"date", "past-date", "past-partial-date"},
    Attribute.PERSONAL_NUMBER: {None, "personal-number"},
}
_OPTIONS = {Attribute.SEX: {"male", "female"}}


def prefill_findings(form: FormDefinition) -> list[Finding]:
    """All faults of `prefill:` in form.yaml."""
    if form.head.prefill is None:
        return []
    known = {field.path: field for field in schema_fields(form.form_schema)}
    lists = {path for path, field in known.items() if field.kind.get("type") == "array"}
    return [fault for one in form.head.prefill.fields for fault in _of_field(one, known, lists)]


def _of_field(one: PrefilledField, known: dict[str, Field], lists: set[str]) -> Iterator[Finding]:
    path = ".".join(one.path)
    field = known.get(path)
    in_list = any(path.startswith(name + ".") for name in lists)
    if field is None or in_list:
        yield finding(
            "form.yaml",
            f"prefill {one.to}",
            "prefill-field",
            "Mục điền sẵn không có trong schema.json, hoặc nằm trong một danh sách lặp lại.",
            "The prefilled field is not in schema.json, or lies in a repeated list.",
        )
        return
    if one.when and not _asked(one.when, known):
        yield finding(
            "form.yaml",
            f"prefill {one.to}",
            "prefill-when",
            f"Điều kiện `when` phải nêu một mục trong schema.json có lựa chọn “{one.when.equals}”.",
            f"`when` must name a field of schema.json that has the choice '{one.when.equals}'.",
        )
    if not _fits(one.source, field):
        yield finding(
            "form.yaml",
            f"prefill {one.to}",
            "prefill-kind",
            f"Mục này không nhận được giá trị “{one.source.value}” của cơ sở dữ liệu (kiểu, định dạng hoặc lựa chọn khác).",
            f"The field cannot hold the register's '{one.source.value}' (another type, format or choice).",
        )


def _asked(when: When, known: dict[str, Field]) -> bool:
    field = known.get(".".join(when.at.split("/")[1:]))
    return field is not None and when.equals in (field.options or ())


def _fits(source: Attribute, field: Field) -> bool:
    options = _OPTIONS.get(source)
    if field.kind.get("type") != "string" or (field.options is not None) != (options is not None):
        return False
    if options is not None:
        return options <= set(field.options or ())
    return field.kind.get("format") in _FORMATS.get(source, {None})
