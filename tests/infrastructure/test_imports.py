"""What each function loads: its cold start is paid in imports, measured here in a fresh interpreter of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from infra.local.folder import REPOSITORY
from tests.infrastructure.expanded import Resource, of_kind

HEAVY = ("weasyprint", "pyhanko", "fontTools", "aiohttp", "holidays", "moto", "flask", "authlib", "certomancer")
# Loads what the first request would load; the one network call on the way is answered here.
SCRIPT = """
import importlib, json, sys
module = importlib.import_module(sys.argv[1])
if hasattr(module, "app"):
    from chauban.bootstrap import state
    from chauban.dossiers.parties import PartyKeys
    state.party_keys = lambda: PartyKeys(b"0" * 64)
    module.app()
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "PYTHONPATH": str(REPOSITORY / "functions"),
    "CHAUBAN_ISSUER": "https://login.example",
    "CHAUBAN_TABLE": "table",
    "CHAUBAN_FORMS_BUCKET": "forms",
    "CHAUBAN_UPLOADS_BUCKET": "uploads",
    "CHAUBAN_ACCESS_SECRET_ARN": "secret",
    "CHAUBAN_SESSION_KEY": "key",
    "CHAUBAN_REGISTRY_URL": "https://registry.example",
    "CHAUBAN_REGISTRY_SECRET_ARN": "secret",
}


def _module(function: Resource) -> str:
    name: str = function.properties["Handler"].rpartition(".")[0]
    return name


def _loaded(module: str) -> set[str]:
    command = [sys.executable, "-c", SCRIPT, module]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("function", of_kind("AWS::Lambda::Function"), ids=lambda function: function.name)
def test_a_function_loads_the_heavy_libraries_only_where_it_needs_them(function: Resource) -> None:
    loaded = _loaded(_module(function)) & set(HEAVY)
    allowed = {
        "PreviewFunction": {"weasyprint", "fontTools"},
        "RenderFunction": {"weasyprint", "fontTools"},
        "SignFunction": {"pyhanko", "aiohttp", "fontTools"},
        "SealFunction": {"pyhanko", "aiohttp", "fontTools"},
        "ExtendFunction": {"pyhanko", "aiohttp", "fontTools"},
    }
    assert loaded <= allowed.get(function.name, set())


def test_the_check_sees_a_heavy_library() -> None:
    assert "weasyprint" in _loaded("chauban.documents.rendering")
