"""Whose a document is: the agency whose clerk acts says so under its own name, number and seal."""

import pytest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ExtendDeadline, RefuseDossier, RequestSupplement, StopDossier
from chauban.errors import CompetentAgencyOnly, NotAllowed, NotFound

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.notices import MISSING, REASONS, asked, issued, refused, sealed, waiting, with_policy
from tests.unit.fakes.people import AN, citizen, clerk, staff
from tests.unit.fakes.world import World, document_of

REFUSAL, ASKED = DocumentKind.REFUSAL, DocumentKind.SUPPLEMENT_REQUEST
DESK = clerk("phu-xuan")


def refused_by(world: World, who: object = DESK) -> Dossier:
    """A dossier for one ward, handed in at another, refused by a clerk."""
    dossier = world.submitted(receiving_agency=PHU_XUAN)
    return world.notices.refuse(who, dossier.id, RefuseDossier(**REASONS), world.guard(who))  # type: ignore[arg-type]


def asked_by_desk(world: World) -> Dossier:
    dossier = world.submitted(receiving_agency=PHU_XUAN)
    request = RequestSupplement.model_validate(MISSING)
    return world.notices.request_supplement(DESK, dossier.id, request, world.guard(DESK))[0]


@pytest.mark.parametrize(("make", "kind"), [(refused_by, REFUSAL), (asked_by_desk, ASKED)])
def test_what_the_desk_says_has_its_name_its_number_and_its_seal(
    world: World, make: object, kind: DocumentKind
) -> None:
    dossier = make(world)  # type: ignore[operator]
    notice = document_of(sealed(world, waiting(world, dossier, kind), kind), kind)
    assert (notice.agency, notice.status) == (PHU_XUAN, DocumentStatus.ISSUED)
    assert world.renderer.requests[-1].context["agency"]["id"] == PHU_XUAN  # type: ignore[index]
    assert [signature.credential for signature in notice.signatures] == ["cred-seal-phu-xuan"]
    books = [world.store.last_number(agency, "mot-cua", 2026) for agency in (PHU_XUAN, THUAN_HOA)]
    assert books == [1, 0]


def test_what_the_competent_agency_says_is_its_own(world: World) -> None:
    dossier = refused_by(world, clerk())
    notice = document_of(sealed(world, waiting(world, dossier, REFUSAL), REFUSAL), REFUSAL)
    assert notice.agency == THUAN_HOA
    assert [signature.credential for signature in notice.signatures] == ["cred-seal-thuan-hoa"]


def test_the_desks_own_official_signs_what_the_desk_says(world: World) -> None:
    with_policy(world, refusal={"signed_by": "official", "numbering": {"book": "mot-cua", "symbol": "TCTN"}})
    dossier = waiting(world, refused_by(world), REFUSAL)
    task = world.signing.task(document_of(dossier, REFUSAL).id)
    assert (task.agency, task.official) == (PHU_XUAN, "official-phu-xuan-1")
    notice = document_of(issued(world, dossier, REFUSAL, "phu-xuan"), REFUSAL)
    signers = [signature.credential for signature in notice.signatures]
    assert signers == ["cred-official-phu-xuan", "cred-seal-phu-xuan"]


def test_the_receipt_is_the_desks_and_the_result_the_competent_agencys(world: World) -> None:
    dossier = world.drafted(receiving_agency=PHU_XUAN)
    whose = {document.kind: document.agency for document in dossier.documents}
    assert whose[DocumentKind.RECEIPT] == PHU_XUAN
    assert (whose[DocumentKind.RESULT], whose[DocumentKind.APPLICATION]) == (THUAN_HOA, THUAN_HOA)


def test_only_the_competent_agency_extends_and_stops(world: World) -> None:
    dossier = world.received(receiving_agency=PHU_XUAN)
    later = ExtendDeadline.model_validate({"due_at": "2026-12-24T17:00:00+07:00", "reason": "x"})
    acts = (
        lambda who: world.notices.stop(who, dossier.id, StopDossier(reason="x"), world.guard(who)),
        lambda who: world.notices.extend(who, dossier.id, later, world.guard(who)),
        lambda who: world.handing_over.print_slip(who, dossier.id, world.guard(who)),
    )
    for act in acts:
        with pytest.raises(CompetentAgencyOnly) as error:
            act(DESK)
        assert (error.value.status, error.value.code) == (403, "competent-agency-only")
        assert "cơ quan có thẩm quyền" in error.value.detail("vi")
        # Nothing is said of agencies to those who may do nothing of the kind anyhow.
        for other in (citizen(AN), staff("clerk-phu-xuan", "dossiers:read"), staff("clerk-thuan-hoa", "dossiers:read")):
            with pytest.raises(NotAllowed) as plain:
                act(other)
            assert plain.value.code == "not-allowed"
        with pytest.raises(NotFound):
            act(clerk("another"))


def test_at_a_desk_of_the_competent_agency_there_is_one_agency(world: World) -> None:
    for dossier, kind in ((refused(world, world.submitted()), REFUSAL), (asked(world, world.received()), ASKED)):
        assert document_of(dossier, kind).agency == THUAN_HOA
