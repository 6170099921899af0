"""Files are raised and renewed while copies are made: each names, embeds and certifies the revision that it was ordered of."""

import json
from typing import Any

import pytest
from chauban.copying import ordering
from chauban.dossiers.documents import Document
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.signing.preservation.renewing import Outcome

from tests.unit.fakes.amendments import amended, first_result
from tests.unit.fakes.copies import copied, ordered
from tests.unit.fakes.copy_sources import brought, copied_from
from tests.unit.fakes.people import records
from tests.unit.fakes.world import World

PASSAGE = "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai."
HERE = "ỦY BAN NHÂN DÂN PHƯỜNG THUẬN HÓA"


@pytest.fixture(autouse=True)
def _every_passage_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of these tests are no PDF."""
    monkeypatch.setattr(ordering, "says", lambda _pdf, passages: [True for _ in passages])


def extended(world: World, dossier: Dossier, document: str, revision: int = 1) -> Document:
    assert world.renewing.one(document, revision) is Outcome.DONE
    return world.store.load(dossier.id).document(document)


def said(world: World) -> dict[str, Any]:
    """What the newest printed copy says, as its data have it; its page is made of the same."""
    request = world.renderer.requests[-1]
    found: dict[str, Any] = json.loads(request.data)["copy"]
    assert request.context["copy"] == found
    return found


def named(one: dict[str, Any]) -> tuple[int, str]:
    return one["revision"], one["sha256"]


def of(document: Document, revision: int) -> tuple[int, str]:
    return revision, document.revisions[revision - 1].file.sha256


def without_revision(world: World, dossier: Dossier) -> None:
    """The orders as those have it that name no revision."""
    present = world.store.load(dossier.id)
    for fact in present.facts:
        if fact.type is FactType.COPY_ORDERED:
            del fact.data["revision"], fact.data["sha256"]
    assert not [
        fact for fact in world.store.load(dossier.id).facts if "revision" in fact.data and "accountable" in fact.data
    ]


@pytest.mark.parametrize("begun", [1, 2, 3])
@pytest.mark.parametrize("older", [False, True], ids=["the order names it", "the order names none"])
def test_a_sao_luc_names_the_revision_that_the_embedded_sao_y_begins_with(
    world: World, begun: int, older: bool
) -> None:
    dossier = world.issued()
    result = first_result(dossier)
    for revision in range(1, begun):
        extended(world, dossier, result, revision)
    sao_y = copied(world, dossier, "sao_y")
    original = extended(world, dossier, result, begun)
    if older:
        without_revision(world, dossier)
    copied(world, dossier, "sao_luc")
    (embedded,) = world.renderer.requests[-1].attached
    assert named(said(world)["original"]) == of(original, begun)
    assert named(said(world)["source"]) == of(sao_y, 1)
    begins_with = world.files.read(original.revisions[begun - 1].file)
    assert embedded.content == world.files.read(sao_y.revisions[0].file)
    assert embedded.content.startswith(begins_with)
    assert not embedded.content.startswith(world.files.read(original.revisions[begun].file))


def test_the_order_tells_the_revision_and_its_hash(world: World) -> None:
    dossier = world.issued()
    original = extended(world, dossier, first_result(dossier))
    copied(world, dossier, "sao_y")
    (fact,) = [fact for fact in world.store.load(dossier.id).facts if fact.type is FactType.COPY_ORDERED]
    assert named(fact.data) == of(original, 2)


@pytest.mark.parametrize("kind", ["sao_luc", "trich_sao"])
def test_what_is_raised_between_order_and_printing_is_embedded_as_it_was_ordered(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    dossier = world.issued()
    source = copied(world, dossier, "sao_y").id if kind == "sao_luc" else first_result(dossier)
    copy = ordered(world, dossier, kind, None, *((PASSAGE,) if kind == "trich_sao" else ()))
    raised = extended(world, dossier, source)
    world.copy_printing.make(dossier.id, copy.id)
    (embedded,) = world.renderer.requests[-1].attached
    first = world.files.read(raised.revisions[0].file)
    assert (named(said(world)["source"]), embedded.content) == (of(raised, 1), first)
    extended(world, dossier, source, 2)
    examined = examined_by(world, monkeypatch)
    assert world.certifying.certify(dossier.id, copy.id) is None
    assert examined[0] == first


def test_what_is_examined_is_what_a_sao_y_begins_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = world.issued()
    copy = ordered(world, dossier, "sao_y")
    raised = extended(world, dossier, first_result(dossier))
    examined = examined_by(world, monkeypatch)
    assert world.certifying.certify(dossier.id, copy.id) is None
    assert examined[0] == world.files.read(raised.revisions[0].file)


def examined_by(world: World, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the engine is asked to look through from now on, in order."""
    seen: list[bytes] = []
    asked = world.engine.require_safe

    def watched(content: bytes) -> None:
        seen.append(content)
        asked(content)

    monkeypatch.setattr(world.engine, "require_safe", watched)
    return seen


def test_a_sao_luc_of_the_original_is_one_of_its_newest_sao_y(world: World) -> None:
    dossier = world.issued()
    first, second = copied(world, dossier, "sao_y"), copied(world, dossier, "sao_y")
    copy = copied(world, dossier, "sao_luc")
    assert first.id != second.id
    assert copy.copy_of == second.id
    assert said(world)["source"]["id"] == second.id


def test_a_sao_luc_of_a_file_is_one_of_its_newest_sao_y(world: World) -> None:
    dossier = world.issued()
    source = brought(world, dossier)
    first, second = (copied_from(world, dossier, source.id, "sao_y") for _ in range(2))
    copy = copied_from(world, dossier, source.id, "sao_luc")
    assert first.id != second.id
    assert copy.copy_of == second.id
    assert (said(world)["original"]["revision"], named(said(world)["source"])) == (None, of(second, 1))


@pytest.mark.parametrize("kind", ["sao_luc", "trich_sao"])
def test_who_issued_is_named_and_not_who_copies(world: World, kind: str) -> None:
    dossier = world.issued(receiving_agency="ubnd-phuong-phu-xuan")
    who = records("phu-xuan")
    excerpt = (PASSAGE,) if kind == "trich_sao" else ()
    for each, passages in (("sao_y", ()), (kind, excerpt)):
        request = ordering.OrderCopy.model_validate({"kind": each, "purpose": "Lưu", "excerpt": passages})
        copy = world.copies.order(who, first_result(dossier), request, world.guard(who))[1]
        world.copy_printing.make(dossier.id, copy.id)
        world.certifying.certify(dossier.id, copy.id)
    agency: Any = world.renderer.requests[-1].context["agency"]
    assert said(world)["issuer"] == HERE
    assert agency["name"] != HERE


@pytest.mark.parametrize("act", ["replacement", "correction", "revocation"])
def test_what_amends_a_result_names_the_revision_with_its_hash(world: World, act: str) -> None:
    dossier = world.issued()
    original = extended(world, dossier, first_result(dossier))
    amended(world, dossier, act)
    told = json.loads(world.renderer.requests[-1].data)["original"]
    assert named(told) == of(original, 2)


def test_a_passage_is_printed_with_the_space_that_the_document_has(world: World) -> None:
    dossier = world.issued()
    copied(world, dossier, "trich_sao", None, "Tình trạng  hôn nhân:\u0020 Chưa đăng ký kết hôn với ai. ")
    assert said(world)["excerpt"] == [PASSAGE]
