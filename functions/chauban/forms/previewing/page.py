"""The page of a form as its UI schema lays it out, filled with a sample: what is shown, what a rule hides, what is required."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from chauban.forms.definition import FormDefinition
from chauban.forms.fields import resolved
from chauban.forms.schema_nodes import JsonObject, scope_names
from chauban.forms.visibility import controls, without_hidden

_INPUTS = {"date": "date", "past-date": "date", "email": "email", "phone": "tel"}
_ABSENT = object()
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class FormPage:
    """One sample of a form in one language."""

    form: FormDefinition
    answers: JsonObject
    language: str

    def html(self) -> str:
        """The form's body."""
        return "".join(self._element(self.form.uischema, self.form.form_schema, ()))

    @property
    def _texts(self) -> JsonObject:
        return self.form.texts[self.language]

    def _element(self, element: JsonObject, schema: JsonObject, base: Path) -> Iterator[str]:
        kind = element.get("type")
        if kind == "Control":
            yield from self._control(element, schema, base)
            return
        title = self._title(element)
        tag = "fieldset" if kind in {"Category", "Group"} else f'div class="{escape(str(kind))}"'
        yield f"<{tag}>"
        if title:
            yield f"<legend>{escape(title)}</legend>"
        for child in element.get("elements", ()):
            yield from self._element(child, schema, base)
        yield f"</{tag.split()[0]}>"

    def _title(self, element: JsonObject) -> str:
        name = str(element.get("i18n", "")).removeprefix("pages.")
        return str(self._texts.get("pages", {}).get(name) or element.get("label") or "")

    def _control(self, element: JsonObject, schema: JsonObject, base: Path) -> Iterator[str]:
        names = scope_names(element["scope"]) or ()
        holder, node = schema, schema
        for name in names:
            holder = resolved(node, self.form.form_schema)
            node = resolved(holder.get("properties", {}).get(name, {}), self.form.form_schema)
        place = (*base, *names)
        path = ".".join(part for part in place if isinstance(part, str))
        options = element.get("options") or {}
        required = options.get("required") or names[-1:] and names[-1] in holder.get("required", ())
        hidden = not controls(self.form.uischema, without_hidden(self.form.uischema, self.answers)).get(place, True)
        label = str(self._texts.get("labels", {}).get(path, path))
        yield f'<div class="control{" hidden" if hidden else ""}">'
        yield f"<label>{escape(label)}{' <b>*</b>' if required else ''}</label>"
        if hint := self._texts.get("descriptions", {}).get(path):
            yield f"<small>{escape(str(hint))}</small>"
        yield from self._value(node, options, place, path)
        yield "</div>"

    def _value(self, node: JsonObject, options: JsonObject, place: Path, path: str) -> Iterator[str]:
        value, detail = self._answer(place), options.get("detail")
        if isinstance(detail, dict) and node.get("type") == "array":
            items = resolved(node.get("items", {}), self.form.form_schema)
            for position in range(len(value) if isinstance(value, list) else 1):
                yield f'<div class="item"><i>{position + 1}</i>'
                yield from self._element(detail, items, (*place, position))
                yield "</div>"
        elif isinstance(detail, dict):
            yield '<div class="item">'
            yield from self._element(detail, node, place)
            yield "</div>"
        else:
            yield self._input(node, options, value, path)

    def _input(self, node: JsonObject, options: JsonObject, value: Any, path: str) -> str:
        shown = "" if value is _ABSENT else str(value)
        if "enum" in node:
            words = self._texts.get("options", {})
            choices = "".join(
                f"<option{' selected' if one == value else ''}>{escape(str(words.get(f'{path}.{one}', one)))}</option>"
                for one in node["enum"]
            )
            return f"<select>{'' if value is not _ABSENT else '<option></option>'}{choices}</select>"
        if options.get("multi") or node.get("maxLength", 0) > 500:
            return f"<textarea rows=3>{escape(shown)}</textarea>"
        kind = _INPUTS.get(str(node.get("format")), "number" if node.get("type") in {"integer", "number"} else "text")
        return f'<input type="{kind}" value="{escape(shown)}">'

    def _answer(self, place: Path) -> Any:
        value: Any = self.answers
        for part in place:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return _ABSENT
        return value
