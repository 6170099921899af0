"""One schema out of several documents."""

import copy
import json
from typing import Any

import pytest
from chauban.forms.bundling import SHARED_ID, bundled
from chauban.forms.findings import FormFaults
from chauban.forms.schema_nodes import every_node

SHARED = {
    "$id": SHARED_ID,
    "$defs": {
        "person": {
            "type": "object",
            "properties": {"name": {"$ref": "#/$defs/name"}, "boss": {"$ref": "#/$defs/person"}},
        },
        "name": {"type": "string", "maxLength": 100},
        "unused": {"type": "integer"},
    },
}
OWN_ID = "urn:chauban:form:thu:1.0"


def form(*references: str, **more: Any) -> dict[str, Any]:
    fields = {f"field{number}": {"$ref": reference} for number, reference in enumerate(references)}
    return {"$id": OWN_ID, "type": "object", "properties": fields, **more}


def references(schema: dict[str, Any]) -> set[str]:
    return {node["$ref"] for _, node in every_node(schema) if "$ref" in node}


def test_what_is_used_comes_along_with_what_it_uses_and_nothing_else() -> None:
    bundle = bundled(form(f"{SHARED_ID}#/$defs/person"), [SHARED])
    assert set(bundle["$defs"]) == {"person", "name"}
    assert references(bundle) == {"#/$defs/person", "#/$defs/name"}


def test_sources_are_left_alone_and_bundling_twice_changes_nothing() -> None:
    source = form(f"{SHARED_ID}#/$defs/person", f"{SHARED_ID}#/$defs/name")
    before = copy.deepcopy((source, SHARED))
    bundle = bundled(source, [SHARED])
    assert (source, SHARED) == before
    assert json.dumps(bundled(bundle, [])) == json.dumps(bundle)


def test_definitions_of_the_forms_own_stay_and_may_use_shared_ones() -> None:
    own = {"$defs": {"couple": {"type": "array", "items": {"$ref": f"{SHARED_ID}#/$defs/name"}}, "idle": {}}}
    bundle = bundled(form("#/$defs/couple", **own), [SHARED])
    assert set(bundle["$defs"]) == {"couple", "name"}


def test_a_decision_may_use_definitions_of_its_form() -> None:
    answers = form(**{"$defs": {"period": {"properties": {"at": {"$ref": f"{SHARED_ID}#/$defs/name"}}}}})
    decision = {"$id": f"{OWN_ID}:decision", "properties": {"p": {"$ref": f"{OWN_ID}#/$defs/period"}}}
    bundle = bundled(decision, [SHARED, answers])
    assert references(bundle) == {"#/$defs/period", "#/$defs/name"}


def test_a_field_called_like_a_keyword_is_a_field() -> None:
    schema = {"$id": OWN_ID, "properties": {"$ref": {"type": "string"}, "if": {"$ref": f"{SHARED_ID}#/$defs/name"}}}
    assert references(bundled(schema, [SHARED])) == {"#/$defs/name"}


@pytest.mark.parametrize(
    "reference",
    [
        f"{SHARED_ID}#/$defs/nobody",
        "#/$defs/nobody",
        "urn:chauban:form:other:1.0#/$defs/name",
        f"{SHARED_ID}#/properties/name",
        SHARED_ID,
        "https://example.org/schema.json",
        "../other.json#/$defs/name",
        "file:///etc/hostname",
    ],
)
def test_a_reference_that_leads_nowhere_is_refused_with_its_place(reference: str) -> None:
    with pytest.raises(FormFaults) as error:
        bundled(form(f"{SHARED_ID}#/$defs/name", reference), [SHARED])
    assert [(found.place, found.code) for found in error.value.findings] == [
        ("/properties/field1", "unresolved-reference")
    ]


def test_two_documents_may_not_define_one_name() -> None:
    with pytest.raises(FormFaults) as error:
        bundled(form(f"{SHARED_ID}#/$defs/name", "#/$defs/name", **{"$defs": {"name": {}}}), [SHARED])
    assert {found.code for found in error.value.findings} == {"definition-clash"}
