"""One schema out of several documents: what is shared comes along as `$defs`, and no reference leaves the document.

JSON Forms, and anybody who reads a published schema, resolves references inside the document only. The same sources always
give the same bundle; a definition that nothing refers to is left out.
"""

from collections.abc import Sequence
from copy import deepcopy

from chauban.forms.findings import Finding, FormFaults, finding
from chauban.forms.schema_nodes import JsonObject, every_node, pointer

SHARED_ID = "urn:chauban:form:shared"
_DEFINITIONS = "/$defs/"


def bundled(schema: JsonObject, others: Sequence[JsonObject], file: str = "schema.json") -> JsonObject:
    """A copy of `schema` with every definition it needs of the `others`, which are known by their `$id`.

    Raises `FormFaults` for a reference that leads nowhere, and for a name that two documents define differently.
    """
    documents = {str(other["$id"]): other for other in others}
    work = _Bundle(deepcopy(schema), documents, file)
    work.take_in(work.schema, str(schema.get("$id", "")))
    if work.faults:
        raise FormFaults(work.faults)
    definitions = work.schema.pop("$defs", {})
    used = _used(work.schema, definitions)
    if used:
        work.schema["$defs"] = {name: definitions[name] for name in sorted(used)}
    return work.schema


class _Bundle:
    def __init__(self, schema: JsonObject, documents: dict[str, JsonObject], file: str) -> None:
        self.schema = schema
        self.faults: list[Finding] = []
        self._own = str(schema.get("$id", ""))
        self._documents = documents
        self._file = file
        self._origins = dict.fromkeys(schema.get("$defs", ()), self._own)

    def take_in(self, part: JsonObject, home: str) -> None:
        """Make every reference in `part`, written in the document `home`, one into this bundle."""
        for place, node in list(every_node(part)):
            if isinstance(node.get("$ref"), str):
                document, _, fragment = node["$ref"].partition("#")
                self._point(node, document or home, fragment, place)

    def _point(self, node: JsonObject, document: str, fragment: str, place: Sequence[str]) -> None:
        name = fragment.removeprefix(_DEFINITIONS)
        source = self.schema if document == self._own else self._documents.get(document, {})
        found = source.get("$defs", {}).get(name)
        if not fragment.startswith(_DEFINITIONS) or found is None:
            self._fault(place, "unresolved-reference", node["$ref"])
        elif self._origins.setdefault(name, document) != document:
            self._fault(place, "definition-clash", name)
        else:
            node["$ref"] = "#" + _DEFINITIONS + name
            definitions = self.schema.setdefault("$defs", {})
            if name not in definitions:
                # In before its own references are followed: a definition may lead back to itself.
                definitions[name] = deepcopy(found)
                self.take_in(definitions[name], document)

    def _fault(self, place: Sequence[str], code: str, name: str) -> None:
        vietnamese, english = _TEXTS[code]
        self.faults.append(
            finding(self._file, pointer(place), code, vietnamese.format(name=name), english.format(name=name))
        )


_TEXTS = {
    "unresolved-reference": (
        "Không có định nghĩa {name}. Hãy sửa $ref: #/$defs/<tên> của chính mẫu này, hoặc "
        + SHARED_ID
        + "#/$defs/<tên>.",
        "There is no definition {name}. Correct the $ref: #/$defs/<name> of this form's own, or "
        + SHARED_ID
        + "#/$defs/<name>.",
    ),
    "definition-clash": (
        "Hai tài liệu cùng định nghĩa “{name}”. Hãy đổi tên một trong hai.",
        "Two documents define '{name}'. Rename one of them.",
    ),
}


def _used(schema: JsonObject, definitions: JsonObject) -> set[str]:
    """The names of all definitions that the schema needs, directly or through another one."""
    used: set[str] = set()
    open_parts = [schema]
    while open_parts:
        for _, node in every_node(open_parts.pop()):
            name = str(node.get("$ref", "")).removeprefix("#" + _DEFINITIONS)
            if name in definitions and name not in used:
                used.add(name)
                open_parts.append(definitions[name])
    return used
