"""What was found about a certificate before each signature and each document timestamp is a fact, and shown to staff."""

from typing import Any

import pytest
from chauban.dossiers.documents import Document, DocumentKind
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.errors import TimestampUnavailable

from tests.unit.fakes.amendments import KINDS, amended, newest
from tests.unit.fakes.copies import copied
from tests.unit.fakes.world import World, document_of, result_of


def checks(dossier: Dossier, document: Document) -> dict[str, Any]:
    """The facts about a document's signatures, by field: what was found about the certificate that signs there."""
    prepared = (fact for fact in dossier.facts if fact.type is FactType.SIGNATURE_PREPARED)
    return {f.data["field"]: f.data["certificate_check"] for f in prepared if f.data["document"] == document.id}


def assert_kept(dossier: Dossier, document: Document, *fields: str) -> None:
    """Of these fields there is a fact, and the document says the same."""
    found = checks(dossier, document)
    assert sorted(found) == sorted(fields)
    assert all(each["result"] == "good" for each in found.values())
    own = {one.field: one.certificate_check for one in document.signatures if one.field in fields}
    assert own == found


def test_of_the_official_and_of_the_seal(world: World) -> None:
    dossier = world.issued()
    assert_kept(dossier, result_of(dossier), "official", "seal")


def test_of_the_seal_of_a_receipt(world: World) -> None:
    dossier = world.received()
    receipt = document_of(dossier, DocumentKind.RECEIPT)
    world.making.make(dossier.id, receipt.id)
    world.sealing.seal(dossier.id, receipt.id)
    after = world.store.load(dossier.id)
    assert_kept(after, after.document(receipt.id), "seal")


@pytest.mark.parametrize("act", KINDS)
def test_of_what_amends_a_result(world: World, act: str) -> None:
    dossier = amended(world, world.issued(), act)
    assert_kept(dossier, dossier.document(newest(dossier, act)), "official", "seal")


def test_of_each_kind_of_copy(world: World) -> None:
    dossier = world.issued()
    for kind in ("sao_y", "sao_luc"):
        copy = copied(world, dossier, kind)
        assert_kept(world.store.load(dossier.id), copy, "copy")
    # A SAO Y shows what was found before the signatures of its original, too.
    y = document_of(world.store.load(dossier.id), DocumentKind.SAO_Y)
    assert [one.field for one in y.signatures] == ["official", "seal", "copy"]


def test_of_each_document_timestamp(world: World) -> None:
    dossier = world.issued()
    for revision in (1, 2):
        assert world.extending.extend(dossier.id, result_of(dossier).id, revision)
    after = world.store.load(dossier.id)
    facts = [fact.data for fact in after.facts if fact.type is FactType.DOCUMENT_EXTENDED]
    kept = [one.timestamp for one in result_of(after).revisions if one.timestamp]
    assert [fact["certificate_check"] for fact in facts] == [one.certificate_check for one in kept]
    assert [fact["authority"] for fact in facts] == [one.authority for one in kept]
    assert all(one.certificate_check["result"] == "good" for one in kept)
    assert len(kept) == 2


def test_also_of_a_signature_that_came_into_no_file(world: World) -> None:
    """A seal that was fixed, could not be finished, and is fixed anew: both checks stay."""
    dossier = world.awaiting_seal()
    document = result_of(dossier).id
    world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        world.sealing.seal(dossier.id, document)
    world.engine.timestamps_fail = False
    world.clock.forward(hours=7)
    world.sealing.seal(dossier.id, document)
    facts = [fact for fact in world.store.load(dossier.id).facts if fact.type is FactType.SIGNATURE_PREPARED]
    seals = [fact.data["certificate_check"]["checked_at"] for fact in facts if fact.data["field"] == "seal"]
    assert len(set(seals)) == 2
