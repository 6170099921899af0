"""What may be seen, and by whom."""

from datetime import date, timedelta

import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.errors import NotAllowed, NotFound

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.people import AN, BINH, citizen, clerk, official, portal, staff
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, document_of, result_of


def test_a_dossier_is_seen_by_its_party_its_portal_and_its_agency(world: World) -> None:
    dossier = world.submitted()
    for who in (citizen(AN), portal(), clerk(), official(), staff("records-thuan-hoa", "dossiers:read")):
        assert world.reading.dossier(who, dossier.id) == dossier


def test_for_everybody_else_it_does_not_exist(world: World) -> None:
    dossier = world.submitted()
    for who in (citizen(BINH), portal("other-portal"), clerk("phu-xuan"), staff("nobody", "dossiers:read")):
        with pytest.raises(NotFound):
            world.reading.dossier(who, dossier.id)


def test_an_agencys_list_is_of_a_day_in_vietnam_newest_first(world: World) -> None:
    made = [world.submitted(), world.submitted()]
    world.clock.forward(hours=15)  # midnight in Huế
    tomorrow = world.submitted()
    today = world.reading.dossiers(clerk(), THUAN_HOA, None, 20, None)
    before = world.reading.dossiers(clerk(), THUAN_HOA, date(2026, 11, 23), 20, None)
    assert [line.id for line in today.items] == [tomorrow.id]
    assert [line.id for line in before.items] == [made[1].id, made[0].id]


def test_a_list_of_another_agency_does_not_exist(world: World) -> None:
    for who in (clerk(), citizen(AN), portal()):
        with pytest.raises(NotFound):
            world.reading.dossiers(who, PHU_XUAN, None, 20, None)


def test_a_citizen_lists_her_own_dossiers_page_by_page(world: World) -> None:
    made = [world.submitted() for _ in range(3)]
    other = {"scheme": "personal_number", "identifier": BINH, "name": "Trần Văn Bình"}
    world.submitted(requester=other)
    first = world.reading.dossiers(citizen(AN), None, None, 2, None)
    rest = world.reading.dossiers(citizen(AN), None, None, 2, first.cursor)
    assert [line.id for line in (*first.items, *rest.items)] == [d.id for d in reversed(made)]
    assert rest.cursor is None


def test_staff_must_name_an_agency_and_scopes_count(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.reading.dossiers(clerk(), None, None, 20, None)
    with pytest.raises(NotAllowed):
        world.reading.results(citizen(AN, "dossiers:read"), 20, None)


def test_a_result_is_listed_once_it_is_issued(world: World) -> None:
    world.awaiting_seal()
    assert world.reading.results(citizen(AN), 20, None).items == ()
    issued = world.issued()
    (found,) = world.reading.results(citizen(AN), 20, None).items
    assert found.document == result_of(issued)
    assert world.reading.results(citizen(BINH), 20, None).items == ()


def test_a_link_names_hash_revision_and_end(world: World) -> None:
    dossier = world.issued()
    result = result_of(dossier)
    download = world.reading.document(citizen(AN), dossier.id, result.id, None).file
    assert (download.sha256, download.revision) == (result.revisions[0].file.sha256, 1)
    assert download.expires_at == MORNING + timedelta(seconds=300)
    assert AN not in download.url
    assert world.reading.document(citizen(AN), dossier.id, result.id, 1).file == download


def test_a_document_that_is_not_issued_has_no_link(world: World) -> None:
    dossier = world.awaiting_seal()
    for document in (result_of(dossier), document_of(dossier, DocumentKind.RECEIPT)):
        with pytest.raises(NotFound):
            world.reading.document(citizen(AN), dossier.id, document.id, None)


def test_an_unknown_revision_or_document_and_a_foreign_citizen_find_nothing(world: World) -> None:
    dossier = world.issued()
    result = result_of(dossier).id
    for who, document, revision in ((citizen(AN), result, 2), (citizen(AN), "X", None), (citizen(BINH), result, None)):
        with pytest.raises(NotFound):
            world.reading.document(who, dossier.id, document, revision)
