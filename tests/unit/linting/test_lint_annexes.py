"""The organisation's signature on an annex: number and time in words and nothing else; and the annex is the one that was named."""

import hashlib
from datetime import date

import pytest
from chauban.dossiers.numbering import IssuedNumber
from chauban.signing.linting import Mode, lint
from chauban.signing.linting.annexes import annex_findings

from tests.unit.documents.permit import permit, signed_annex
from tests.unit.signing.world import NUMBER as OTHER
from tests.unit.signing.world import KeyOwner, World, seal_image

NUMBER = IssuedNumber(book="gpxd", symbol="GPXD", year=2026, number=5, day=date(2026, 11, 24))
TIME = "2026-11-24T09:15:00+07:00"


@pytest.fixture(scope="module")
def owner(world: World) -> KeyOwner:
    return world.owner("annex-seal", "ec", "seal")


def codes(pdf: bytes) -> set[str]:
    return {finding.code for finding in lint(pdf, Mode.NEXT)}


def test_number_and_time_are_what_an_annex_is_signed_with(world: World, owner: KeyOwner) -> None:
    assert lint(permit().annex, Mode.FIRST) == []
    assert codes(signed_annex(world, permit().annex, owner, NUMBER)) == set()


@pytest.mark.parametrize(
    "said",
    [
        ("06/GPXD", TIME),
        ("05/GPXD",),
        (TIME,),
        (TIME, "05/GPXD"),
        ("05/GPXD", "2026-11-24T02:15:00+00:00"),
        ("05/GPXD", "2026-11-24"),
        ("05/GPXD", TIME, "Đã kiểm tra"),
        (f"05/GPXD, {TIME}",),
        ("SAO Y", "Ủy ban nhân dân phường Thuận Hóa", TIME),
        ("05/GPXD0", TIME),
    ],
    ids=str,
)
def test_other_words_are_found(world: World, owner: KeyOwner, said: tuple[str, ...]) -> None:
    assert codes(signed_annex(world, permit().annex, owner, NUMBER, *said)) == {"value-not-shown"}


def test_a_picture_in_their_place_is_found(world: World, owner: KeyOwner) -> None:
    prepared = world.prepared(permit().annex, owner, field="annex", appearance=seal_image(), fill=dict(OTHER))
    assert codes(world.completed(prepared, owner)) == {"value-not-shown"}


def test_without_the_number_in_its_field_the_words_are_found(world: World, owner: KeyOwner) -> None:
    prepared = world.prepared(permit().annex, owner, field="annex", words=("05/GPXD", TIME))
    assert codes(world.completed(prepared, owner)) == {"value-not-shown"}


def test_an_annex_is_the_file_that_the_signed_document_names(world: World) -> None:
    made = permit()
    named = hashlib.sha256(made.annex).hexdigest()
    for pdf in (made.result, world.by_official(made.result, world.owner("permit-official"))):
        assert annex_findings(pdf, [named]) == []
        for others in ([], ["0" * 64], [named, named]):
            assert [finding.code for finding in annex_findings(pdf, others)] == ["annex-not-named"]


def test_a_document_without_annexes_names_none(result: bytes) -> None:
    assert annex_findings(result, []) == []
    assert annex_findings(result, ["0" * 64]) != []
