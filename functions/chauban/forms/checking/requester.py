"""`requester:` of form.yaml: each place names texts that the form asks for, outside of repeated lists."""

from chauban.forms.definition import FormDefinition
from chauban.forms.fields import schema_fields
from chauban.forms.findings import Finding, finding


def requester_findings(form: FormDefinition) -> list[Finding]:
    """All faults of `requester:` in form.yaml."""
    known = {field.path: field for field in schema_fields(form.form_schema)}
    lists = tuple(path + "." for path, field in known.items() if field.kind.get("type") == "array")
    pointers = [pointer for place in form.head.requester for pointer in (place.name, place.identifier) if pointer]
    found = []
    for pointer in pointers:
        path = ".".join(pointer.split("/")[1:])
        field = known.get(path)
        if field is None or field.kind.get("type") != "string" or path.startswith(lists):
            found.append(
                finding(
                    "form.yaml",
                    f"requester {pointer}",
                    "requester-field",
                    "Mục nêu người đứng đơn phải là một mục chữ trong schema.json, không nằm trong danh sách lặp lại.",
                    "The place of the one who applies must be a text of schema.json, not in a repeated list.",
                )
            )
    return found
