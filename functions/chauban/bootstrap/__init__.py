"""Puts the service together: the only place that knows which adapter fulfils which port.

Everything is made on first use and kept for the life of the process. What needs WeasyPrint or pyHanko is imported inside the
function that makes it, so that the API starts without them.
"""

from chauban.bootstrap.routes import dossier_services, prefill_services, preview_services, signing_services
from chauban.bootstrap.state import catalogue, client, clock, files, outbox, party_keys
from chauban.bootstrap.workers import (
    attempts,
    certifying,
    copy_printing,
    credential_watch,
    document_making,
    examining,
    hindrances,
    official_signing,
    own_queue,
    publisher,
    register_printing,
    register_sealing,
    remote_signing,
    renewal_budget,
    renewing,
    sealing,
    source_checking,
)

__all__ = [
    "attempts",
    "catalogue",
    "certifying",
    "client",
    "clock",
    "copy_printing",
    "credential_watch",
    "document_making",
    "dossier_services",
    "examining",
    "files",
    "hindrances",
    "official_signing",
    "outbox",
    "own_queue",
    "party_keys",
    "prefill_services",
    "preview_services",
    "publisher",
    "register_printing",
    "register_sealing",
    "remote_signing",
    "renewal_budget",
    "renewing",
    "sealing",
    "signing_services",
    "source_checking",
]
