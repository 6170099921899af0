"""Files whose signatures hold, and of which no copy is made all the same: our own, copies, those that no agency signed."""

import hashlib
from dataclasses import replace

import pytest
from chauban.dossiers.attachments import AttachmentStatus
from chauban.errors import SourceRefused
from chauban.signing import foreign_files

from tests.unit.fakes.amendments import amended, first_result
from tests.unit.fakes.copy_sources import announced, brought, ordered_from
from tests.unit.fakes.world import World


def test_a_file_of_this_service_is_no_file_of_others(world: World) -> None:
    dossier = world.issued()
    result = dossier.document(first_result(dossier))
    content = world.files.read(result.revisions[-1].file)
    amended(world, dossier, "revocation")
    own = hashlib.sha256(content).hexdigest()
    for revisions, made_as in ((("ab" * 32, own), "another"), ((), result.id)):
        world.foreign.finds = replace(world.foreign.finds, revisions=revisions, made_as=made_as)
        source = brought(world, dossier, content=content + b"one more revision")
        assert (source.status, source.reason) == (AttachmentStatus.REFUSED, foreign_files.ISSUED_HERE)
        with pytest.raises(SourceRefused) as refused:
            ordered_from(world, dossier, source.id, "sao_y")
        assert "/v1/documents/" in refused.value.detail("en")
    world.foreign.finds = replace(world.foreign.finds, revisions=("ab" * 32,), made_as="another")
    assert brought(world, dossier).status is AttachmentStatus.ACCEPTED


def test_a_copy_of_another_installation_is_no_original(world: World) -> None:
    world.foreign.finds = replace(world.foreign.finds, is_copy=True)
    assert brought(world, world.issued()).reason == foreign_files.IS_COPY


def test_a_file_that_only_persons_signed_is_no_agencys(world: World) -> None:
    (signed,) = world.foreign.finds.signatures
    world.foreign.finds = replace(world.foreign.finds, signatures=(replace(signed, organisation=None),))
    dossier = world.issued()
    assert brought(world, dossier).reason == foreign_files.NO_ORGANISATION
    world.foreign.finds = replace(
        world.foreign.finds, signatures=(replace(signed, organisation=None), replace(signed, field="Signature2"))
    )
    assert brought(world, dossier).status is AttachmentStatus.ACCEPTED


def test_the_stated_agency_and_that_of_the_certificate_are_both_kept(world: World) -> None:
    dossier = world.issued()
    brought(world, dossier)
    fact = world.store.load(dossier.id).facts[-1]
    assert fact.data["issuer"] == "Ủy ban nhân dân phường Vỹ Dạ"
    assert [one["organisation"] for one in fact.data["signatures"]] == ["Cơ quan khác"]


def test_what_could_not_be_judged_is_given_up_and_says_why(world: World) -> None:
    dossier = world.issued()
    source = announced(world, dossier)
    assert world.checking.give_up(dossier.id, source.id) is None
    world.attaching.examining.examine(dossier.id, source.id)
    assert world.checking.give_up(dossier.id, source.id) == foreign_files.NOT_CHECKED
    kept = world.store.load(dossier.id).attachment(source.id)
    assert (kept.status, kept.reason, kept.file) == (AttachmentStatus.REFUSED, foreign_files.NOT_CHECKED, None)
    assert world.checking.check(dossier.id, source.id) is None
