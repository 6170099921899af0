"""Certified copies have no number, and are raised and renewed all the same: each by itself, from its issuing on."""

import pytest
from chauban.copying import ordering
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.signing.preservation.renewing import Outcome

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.amendments import amended, first_result, newest
from tests.unit.fakes.copies import copied, ordered
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.world import World

KINDS = ("sao_y", "sao_luc", "trich_sao")
PASSAGE = "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai."


@pytest.fixture(autouse=True)
def _every_passage_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of these tests are no PDF."""
    monkeypatch.setattr(ordering, "says", lambda _pdf, passages: [True for _ in passages])


def excerpt(kind: str) -> tuple[str, ...]:
    return (PASSAGE,) if kind == "trich_sao" else ()


def orders_for(world: World, document: str) -> list[int]:
    return [message.body["revision"] for message in world.messages("extend") if message.body["document"] == document]


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_raised_when_it_is_issued_and_renewed_when_it_is_due(world: World, kind: str) -> None:
    dossier = world.issued()
    copied(world, dossier, "sao_y")
    copy = copied(world, dossier, kind, None, *excerpt(kind))
    assert orders_for(world, copy.id) == [1]
    assert world.renewing.one(copy.id, 1) is Outcome.DONE
    entry = world.due.entry(copy.id)
    assert entry
    assert entry.revision == 2
    world.clock.moment = entry.due_at
    world.renewing.run(60, 100)
    present = world.store.load(dossier.id)
    levels = [each.level for each in present.document(copy.id).revisions]
    assert levels[1:] == ["PAdES-BASELINE-LTA"] * 2
    assert present.document(copy.id).signatures == copy.signatures
    assert present.status == "processed"
    told = [m.body for m in world.messages("bus", dossier.id) if m.body["type"] == "document.extended.v1"]
    mine = [body for body in told if body["data"]["document"] == copy.id]
    check_events(mine)
    assert [(body["data"]["kind"], body["data"]["revision"]) for body in mine] == [(kind, 2), (kind, 3)]


def test_original_and_copy_are_extended_apart(world: World) -> None:
    dossier = world.issued()
    original = first_result(dossier)
    world.renewing.one(original, 1)
    before = world.store.load(dossier.id).document(original)
    copy = copied(world, dossier, "sao_y")
    # It begins with the newest revision of its original.
    content = world.files.read(copy.revisions[0].file)
    assert content.startswith(world.files.read(before.revisions[1].file))
    world.renewing.one(copy.id, 1)
    present = world.store.load(dossier.id)
    assert present.document(original) == before
    assert world.files.read(present.document(copy.id).revisions[1].file).startswith(content)


def test_an_original_may_be_extended_while_its_copy_is_made(world: World) -> None:
    dossier = world.issued()
    original = first_result(dossier)
    copy = ordered(world, dossier, "sao_y")
    world.renewing.one(original, 1)
    world.certifying.certify(dossier.id, copy.id)
    present = world.store.load(dossier.id)
    assert present.document(copy.id).status is DocumentStatus.ISSUED
    first = present.document(original).revisions[0].file
    assert world.files.read(present.document(copy.id).revisions[0].file).startswith(world.files.read(first))


def test_killed_at_any_step_a_copy_is_ordered_to_be_raised_once(world: World) -> None:
    for at in range(1, 40):
        dossier = world.issued()
        copy, steps = ordered(world, dossier, "sao_y"), Steps(at, kill)
        try:
            watched(world.certifying, steps, "store", "files", "engine", "keys").certify(dossier.id, copy.id)
        except Killed:
            world.certifying.certify(dossier.id, copy.id)
        assert orders_for(world, copy.id) == [1]
        assert world.due.entry(copy.id)
        if not steps.reached:
            return
    pytest.fail("the steps never ended")


def test_a_copy_that_is_refused_is_not_kept(world: World) -> None:
    dossier = world.issued()
    copy = ordered(world, dossier, "sao_y")
    amended(world, dossier, "replacement")
    assert world.certifying.certify(dossier.id, copy.id) == "not-in-force"
    assert orders_for(world, copy.id) == []
    assert world.due.entry(copy.id) is None


@pytest.mark.parametrize("act", ["replacement", "correction", "revocation"])
def test_what_is_issued_about_a_result_lasts_too(world: World, act: str) -> None:
    dossier = world.issued()
    world.renewing.one(first_result(dossier), 1)
    after = amended(world, dossier, act)
    new = newest(after, act)
    assert orders_for(world, new) == [1]
    assert world.renewing.one(new, 1) is Outcome.DONE
    present = world.store.load(dossier.id)
    assert [each.level for each in present.document(new).revisions][1:] == ["PAdES-BASELINE-LTA"]
    # What was found about the original while it was extended stays with it, and the other way round.
    assert present.document(first_result(dossier)) == after.document(first_result(dossier))
    assert [fact.type for fact in present.facts].count(FactType.DOCUMENT_EXTENDED) == 2
    assert present.status == "processed"
