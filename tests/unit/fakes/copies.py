"""Certified copies, as the services make them."""

from chauban.copying.requests import OrderCopy
from chauban.dossiers.documents import Document, DocumentStatus
from chauban.dossiers.model import Dossier

from tests.unit.fakes.amendments import first_result
from tests.unit.fakes.people import records
from tests.unit.fakes.world import World

PURPOSE = "Bổ túc hồ sơ đăng ký kết hôn"


def ordered(world: World, dossier: Dossier, kind: str, document: str | None = None, *excerpt: str) -> Document:
    """A copy of the dossier's first result, or of the document named, not made yet."""
    who = records(auth_time=world.clock.now())
    request = OrderCopy.model_validate({"kind": kind, "purpose": PURPOSE, "excerpt": excerpt})
    return world.copies.order(who, document or first_result(dossier), request, world.guard(who))[1]


def copied(world: World, dossier: Dossier, kind: str, document: str | None = None, *excerpt: str) -> Document:
    """The same, after the workers had it."""
    copy = ordered(world, dossier, kind, document, *excerpt)
    if copy.status is DocumentStatus.RENDERING:
        world.copy_printing.make(dossier.id, copy.id)
    world.certifying.certify(dossier.id, copy.id)
    return world.store.load(dossier.id).document(copy.id)
