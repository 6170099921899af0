"""Files of others that are brought to be copied, and copies of them, as the services make them."""

import hashlib
from typing import Any

from chauban.access.identity import Caller
from chauban.attachments.requests import BringSource
from chauban.copying.requests import OrderSourceCopy
from chauban.dossiers.attachments import Attachment
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.model import Dossier

from tests.unit.fakes.copies import PURPOSE
from tests.unit.fakes.people import records
from tests.unit.fakes.world import World

# As a file of others is in the world of fakes: with a signature that the engine of fakes finds.
CONTENT = b"%PDF-1.7 a decision of another agency\nSignature1 signed with their key"


def body(kind: str = "signed_file", content: bytes = CONTENT, **changes: Any) -> dict[str, Any]:
    """A good body of `POST /v1/dossiers/{id}/copy-sources`."""
    return {
        "kind": kind,
        "title": "Quyết định về việc hỗ trợ",
        "number": "12/QĐ-UBND",
        "day": "2026-03-05",
        "issuer": "Ủy ban nhân dân phường Vỹ Dạ",
        "name": "quyết định.pdf",
        "type": "application/pdf",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **changes,
    }


def announced(
    world: World,
    dossier: Dossier,
    kind: str = "signed_file",
    content: bytes = CONTENT,
    who: Caller | None = None,
    **changes: Any,
) -> Attachment:
    """A file that was announced and has come."""
    told = body(kind, content, **changes)
    request, who = BringSource.model_validate(told), who or records(auth_time=world.clock.now())
    found = world.sources.bring(who, dossier.id, request, told, world.ids.new()).attachment
    world.attaching.uploads.there[dossier.id, found.id] = content
    return found


def brought(
    world: World, dossier: Dossier, kind: str = "signed_file", content: bytes = CONTENT, **changes: Any
) -> Attachment:
    """The same after the workers had it."""
    found = announced(world, dossier, kind, content, **changes)
    world.attaching.examining.examine(dossier.id, found.id)
    world.checking.check(dossier.id, found.id)
    return world.store.load(dossier.id).attachment(found.id)


def ordered_from(
    world: World,
    dossier: Dossier,
    source: str,
    kind: str,
    *excerpt: str,
    who: Caller | None = None,
    compared: bool = True,
) -> Document:
    """A copy of a file of others, not made yet."""
    who = who or records(auth_time=world.clock.now())
    request = OrderSourceCopy.model_validate(
        {"kind": kind, "purpose": PURPOSE, "excerpt": excerpt, "compared_with_paper": compared}
    )
    return world.copies.order_from(who, dossier.id, source, request, world.guard(who))[1]


def copied_from(world: World, dossier: Dossier, source: str, kind: str, *excerpt: str) -> Document:
    """The same, after the workers had it."""
    copy = ordered_from(world, dossier, source, kind, *excerpt)
    if copy.status is DocumentStatus.RENDERING:
        world.copy_printing.make(dossier.id, copy.id)
    world.certifying.certify(dossier.id, copy.id)
    return world.store.load(dossier.id).document(copy.id)
