"""The texts: a label for every Control and a text for every choice, in Vietnamese and in English."""

from collections.abc import Iterator
from typing import Any

from chauban.forms.definition import FormDefinition
from chauban.forms.fields import schema_fields
from chauban.forms.findings import Finding, finding
from chauban.forms.layout import controls, elements
from chauban.forms.schema_nodes import EVERY, node_at, resolved

LANGUAGES = ("vi", "en")
PARTS = ("labels", "descriptions", "options", "pages")


def text_findings(form: FormDefinition) -> list[Finding]:
    """Every text that is missing or empty."""
    found = []
    for language in LANGUAGES:
        texts, file = form.texts[language], f"texts/{language}.json"
        missing = [("title", "title")] if not texts.get("title") else []
        missing += [("labels", name) for name in _asked(form) if not _text(texts, "labels", name)]
        missing += [("options", name) for name in _choices(form) if not _text(texts, "options", name)]
        missing += [("pages", name) for name in _pages(form) if not _text(texts, "pages", name)]
        found += [_missing(file, part, name) for part, name in dict.fromkeys(missing)]
    return [*found, *_unequal(form)]


def _text(texts: dict[str, Any], part: str, name: str) -> str:
    return str(texts.get(part, {}).get(name, "")).strip()


def _asked(form: FormDefinition) -> Iterator[str]:
    """The paths of all Controls, and of the fields of decisions."""
    for control in controls(form.form_schema, form.uischema):
        yield ".".join(part for part in control.place if part != EVERY)
    for schema in form.decision_schemas.values():
        yield from (field.path for field in schema_fields(schema))


def _choices(form: FormDefinition) -> Iterator[str]:
    for control in controls(form.form_schema, form.uischema):
        node = node_at(form.form_schema, control.place) or {}
        items = resolved(form.form_schema, node.get("items")) if isinstance(node.get("items"), dict) else {}
        path = ".".join(part for part in control.place if part != EVERY)
        yield from (f"{path}.{value}" for value in (*node.get("enum", ()), *(items or {}).get("enum", ())))


def _pages(form: FormDefinition) -> Iterator[str]:
    for element in elements(form.uischema):
        name = str(element.get("i18n", ""))
        if element.get("type") in {"Category", "Group"} and name.startswith("pages."):
            yield name.removeprefix("pages.")


def _unequal(form: FormDefinition) -> Iterator[Finding]:
    """Texts that only one of the languages has."""
    for one, other in (("vi", "en"), ("en", "vi")):
        for part in PARTS:
            lacking = form.texts[one].get(part, {}).keys() - form.texts[other].get(part, {}).keys()
            for name in sorted(lacking):
                if part == "descriptions":
                    yield _missing(f"texts/{other}.json", part, name)


def _missing(file: str, part: str, name: str) -> Finding:
    english = "This text is missing or empty. Write it in the language of the file."
    return finding(
        file, f"{part} › {name}", "text-missing", "Thiếu lời ghi này. Hãy viết bằng ngôn ngữ của tệp.", english
    )
