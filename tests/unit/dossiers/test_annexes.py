"""What a form says of its result's annexes, and how they are made: before the document that names them, each once."""

import json

import pytest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.errors import NotCopyable

from tests.unit.fakes.amendments import amended
from tests.unit.fakes.annexed import FIRST, annexes, with_annexes
from tests.unit.fakes.copies import ordered
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.world import World, result_of

PORTS = ("store", "files", "renderer")


@pytest.fixture
def annexed(world: World) -> World:
    return with_annexes(world)


def test_one_annex_alone_has_no_ordinal_in_its_title(world: World) -> None:
    (annex,) = annexes(with_annexes(world, FIRST).drafted())
    assert annex.title == "Phụ lục: Danh mục bản vẽ"


def test_annexes_are_made_before_the_document_that_names_their_hashes(annexed: World) -> None:
    dossier = annexed.awaiting_signature()
    assert [request.template.rsplit("/", 1)[-1] for request in annexed.renderer.requests][:2] == [
        "first.html",
        "second.html",
    ]
    made = annexes(dossier)
    data = json.loads(annexed.renderer.requests[-1].data)
    assert [one["sha256"] for one in data["annexes"]] == [one.sha256 for one in made]
    assert [one.status for one in made] == [DocumentStatus.AWAITING_MAIN] * 2
    # An official has one task: the document.
    assert list(annexed.tables.tasks) == [result_of(dossier).id]


def test_a_worker_killed_anywhere_makes_each_file_once(world: World) -> None:
    for at in range(1, 30):
        world = with_annexes(World())
        dossier = world.drafted()
        steps = Steps(at, kill)
        try:
            watched(world.making, steps, *PORTS).make(dossier.id, result_of(dossier).id)
        except Killed:
            world.making.make(dossier.id, result_of(dossier).id)
        present = world.store.load(dossier.id)
        rendered = [fact for fact in present.facts if fact.type is FactType.DOCUMENT_RENDERED]
        assert len(rendered) == 3, steps.taken
        data = json.loads(world.renderer.requests[-1].data)
        assert [one["sha256"] for one in data["annexes"]] == [one.sha256 for one in annexes(present)]
        if not steps.reached:
            return
    pytest.fail("the service never came to its end")


def test_letters_have_no_annexes(annexed: World) -> None:
    after = amended(annexed, annexed.issued(), "correction")
    (letter,) = (one for one in after.documents if one.kind is DocumentKind.CORRECTION)
    assert letter.annexes == ()


def test_an_annex_is_not_copied_alone(annexed: World) -> None:
    dossier = annexed.issued()
    with pytest.raises(NotCopyable):
        ordered(annexed, dossier, DocumentKind.SAO_Y, annexes(dossier)[0].id)
