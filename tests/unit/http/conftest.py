"""The API over fakes."""

from collections.abc import Iterator

import pytest
from chauban.handlers import api, prefill, preview, signing_api

from tests.unit.fakes.gateway import Gateway
from tests.unit.fakes.world import World


@pytest.fixture
def call(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """Sends requests to the handlers, with the fakes in the place of what bootstrap makes."""
    gateway = Gateway(world)
    monkeypatch.setattr(api, "dossier_services", lambda: gateway.dossiers)
    monkeypatch.setattr(preview, "preview_services", lambda: gateway.previews)
    monkeypatch.setattr(prefill, "prefill_services", lambda: gateway.prefills)
    monkeypatch.setattr(signing_api, "signing_services", lambda: gateway.signing)
    for module in (api, signing_api, preview, prefill):
        module.app.cache_clear()
    yield gateway
    for module in (api, signing_api, preview, prefill):
        module.app.cache_clear()
