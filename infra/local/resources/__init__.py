"""How each resource type of the template is made in the emulator."""

from __future__ import annotations

from infra.local.resources import compute, http_api, messaging, observing, security, storage
from infra.local.resources.handler import Handler

HANDLERS: dict[str, Handler] = {
    **storage.HANDLERS,
    **security.HANDLERS,
    **messaging.HANDLERS,
    **compute.HANDLERS,
    **http_api.HANDLERS,
    **observing.HANDLERS,
}
