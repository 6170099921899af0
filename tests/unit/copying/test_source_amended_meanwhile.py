"""A source that is replaced or revoked while its copy is being certified: no copy is issued, wherever the worker was."""

from contextlib import suppress

import pytest
from chauban.copying import ordering
from chauban.dossiers.documents import Document, DocumentStatus

from tests.unit.fakes.amendments import amended
from tests.unit.fakes.copies import copied, ordered
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.world import World

WATCHED = ("store", "files", "engine", "keys")


def begun(world: World, kind: str, killed_at: int) -> tuple[str, Document]:
    """A copy whose worker is killed after so many steps."""
    dossier = world.issued()
    if kind == "sao_luc":
        copied(world, dossier, "sao_y")
    copy = ordered(world, dossier, kind, None, *(("Đoạn",) if kind == "trich_sao" else ()))
    if copy.status is DocumentStatus.RENDERING:
        world.copy_printing.make(dossier.id, copy.id)
    with suppress(Killed):
        watched(world.certifying, Steps(killed_at, kill), *WATCHED).certify(dossier.id, copy.id)
    return dossier.id, world.store.load(dossier.id).document(copy.id)


@pytest.mark.parametrize("act", ["revocation", "replacement"])
@pytest.mark.parametrize("kind", ["sao_y", "sao_luc", "trich_sao"])
def test_no_copy_is_issued_of_what_lost_its_force_meanwhile(
    monkeypatch: pytest.MonkeyPatch, act: str, kind: str
) -> None:
    monkeypatch.setattr(ordering, "says", lambda _pdf, passages: [True for _ in passages])
    reached = set()
    for killed_at in range(1, 60):
        world = World()
        dossier, copy = begun(world, kind, killed_at)
        if copy.status is DocumentStatus.ISSUED:
            break
        fixed = copy.preparation
        reached.add("" if not fixed else "finished" if fixed.finished else "signed" if fixed.signature else "prepared")
        amended(world, world.store.load(dossier), act)
        assert world.certifying.certify(dossier, copy.id) == "not-in-force"
        copy = world.store.load(dossier).document(copy.id)
        assert (copy.status, copy.revisions) == (DocumentStatus.CANCELLED, ())
    assert reached == {"", "prepared", "signed", "finished"}
