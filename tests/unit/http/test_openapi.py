"""The committed description is the code's, and every route is in it."""

import json
import re
from typing import Any

import pytest
from chauban.http.openapi import description

from tests.unit.fakes.catalogue import ROOT
from tests.unit.fakes.gateway import Gateway

DESCRIBED: dict[str, Any] = json.loads(description())
OPERATIONS = [(path, method) for path, methods in DESCRIBED["paths"].items() for method in methods]
FORM = "/v1/forms/{slug}"
PUBLIC = {"/v1/procedures", FORM, f"{FORM}/{{version}}", f"{FORM}/{{version}}/validations"}
# Those that answer without a body, and those that say whether what they keep is new.
EMPTY = {("/v1/drafts/{draft}", "delete"): {"204"}}
NEW_OR_NOT = {("/v1/drafts/{draft}", "put"): {"200", "201"}}


def test_the_committed_description_is_the_codes() -> None:
    """`chauban openapi > docs/openapi.json` after a change of a route or a view."""
    assert (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8").rstrip("\n") == description()


def test_every_route_is_described_and_nothing_else(call: Gateway) -> None:
    from chauban.handlers import api, prefill, preview, signing_api

    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", route.path), route.method.lower())
        for module in (api, signing_api, preview, prefill)
        for app in (module.app(),)
        for route in app._static_routes + app._dynamic_routes
    }
    assert set(OPERATIONS) == routes


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_operation_says_what_it_does_who_may_call_it_and_how_it_fails(path: str, method: str) -> None:
    operation = DESCRIBED["paths"][path][method]
    assert operation["summary"]
    assert operation["tags"]
    assert operation["security"] == ([] if path in PUBLIC else [{"token": []}])
    problem = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}
    good = {code for code in operation["responses"] if code.startswith("2")}
    if expected := EMPTY.get((path, method)):
        assert good == expected
        assert all("content" not in operation["responses"][code] for code in good)
        return
    assert len(good) == 1 or good == NEW_OR_NOT.get((path, method))
    assert all(operation["responses"][code]["content"]["application/json"]["schema"] for code in good)


def test_what_changes_something_asks_for_its_header() -> None:
    headers = {
        path: {p["name"]: p["required"] for p in methods["post"].get("parameters", []) if p["in"] == "header"}
        for path, methods in DESCRIBED["paths"].items()
        if "post" in methods
    }
    assert headers["/v1/dossiers"] == {"Idempotency-Key": True}
    assert headers["/v1/signing/sessions"] == {"Idempotency-Key": True}
    assert headers["/v1/dossiers/{dossier}/receive"] == {"Idempotency-Key": False, "If-Match": False}
    assert headers["/v1/dossiers/{dossier}/decision"] == {"Idempotency-Key": False, "If-Match": False}


def test_operations_have_ids_of_their_own() -> None:
    ids = [DESCRIBED["paths"][path][method]["operationId"] for path, method in OPERATIONS]
    assert len(set(ids)) == len(ids)


def test_every_reference_leads_somewhere() -> None:
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', description())):
        assert name in DESCRIBED["components"]["schemas"]


def test_request_bodies_refuse_what_they_do_not_name() -> None:
    for name in ("SubmitDossier", "ReceiveDossier", "DraftDecision", "OpenSession", "PostSignatures"):
        assert DESCRIBED["components"]["schemas"][name]["additionalProperties"] is False
