"""The gateway's routes are those that the code has: none is dead, none is forgotten, and only the catalogue is public."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra.local.folder import REPOSITORY
from tests.infrastructure.expanded import named

# The catalogue, and checking answers against it, which keeps nothing.
PUBLIC = {"GET /v1/procedures", "GET /v1/forms/{}", "GET /v1/forms/{}/{}", "POST /v1/forms/{}/{}/validations"}
# Signing providers have no token of ours; what they send is not believed.
PROVIDERS = {"POST /v1/signing/callbacks/{}"}


def _operations(description: dict[str, Any]) -> dict[str, Any]:
    """The operations of an OpenAPI description by "METHOD /path", whatever the path's parameters are called."""
    return {
        f"{method.upper()} {re.sub('{[^}]*}', '{}', path)}": operation
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    }


ROUTES = _operations(named("Api").properties["Body"])


def test_every_route_of_the_code_is_a_route_of_the_gateway() -> None:
    described = json.loads((REPOSITORY / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert set(ROUTES) == set(_operations(described))


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_only_the_catalogue_is_public_and_what_providers_call(route: str) -> None:
    asks_for_a_token = any("NONE" not in requirement for requirement in ROUTES[route].get("security", []))
    assert asks_for_a_token == (route not in PUBLIC | PROVIDERS)
