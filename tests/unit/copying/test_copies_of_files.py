"""Copies of what others issued: a signed file, the scan of a paper; by whom, of what, refused with which words."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from chauban.access.identity import Caller
from chauban.attachments import reasons
from chauban.attachments.ports import Seen, SeenPage
from chauban.dossiers.attachments import AttachmentStatus
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.requests import DraftDecision
from chauban.errors import (
    ChaubanError,
    CopyOfCopy,
    InvalidRequest,
    NoSaoY,
    NotAllowed,
    NotFound,
    SaoYNeeded,
    SourceNotReady,
    SourceRefused,
    StrongLoginRequired,
)
from chauban.signing import foreign_files
from chauban.signing.foreign_files import ForeignOpinion
from chauban.signing.preservation.renewing import Outcome

from tests.unit.fakes.copies import copied, ordered
from tests.unit.fakes.copy_sources import CONTENT, announced, body, brought, copied_from, ordered_from
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.people import AN, citizen, clerk, decision_data, official, portal, records
from tests.unit.fakes.world import World, result_of

PASSAGE = "Hỗ trợ một lần số tiền 5.000.000 đồng."
PAGE = SeenPage(b"\xff\xd8\xff a page \xff\xd9", "image/jpeg", 595.2, 841.9, 300)
SCAN = Seen(None, (370, 791, 550, 827), 0, "", (PAGE, PAGE))


@pytest.fixture(autouse=True)
def _words(world: World) -> None:
    world.attaching.examiner.sees = Seen(None, (370, 791, 550, 827), 90, f"QUYẾT ĐỊNH\r\n{PASSAGE}")


def scanned(world: World) -> None:
    world.attaching.examiner.sees = SCAN


# A signed file ------------------------------------------------------------------------------------------------------


def test_a_sao_y_is_the_file_and_one_more_signature(world: World) -> None:
    dossier = world.issued()
    source = brought(world, dossier)
    copy = copied_from(world, dossier, source.id, "sao_y")
    content = world.files.read(copy.revisions[-1].file)
    assert content.startswith(CONTENT)
    assert (copy.status, copy.made_from, copy.copy_of, copy.number) == (DocumentStatus.ISSUED, source.id, None, None)
    assert [one.field for one in copy.signatures] == ["copy"]
    (new,) = [each for each in world.engine.new_fields if each]
    assert (new.box, new.turned, new.font) == ((370, 791, 550, 827), 90, b"a font")
    assert world.engine.words[-1][0] == "SAO Y"
    assert world.store.load(dossier.id).status == "processed"


def test_a_file_that_has_the_field_keeps_it(world: World) -> None:
    world.foreign.finds = replace(world.foreign.finds, has_place=True, locked=True)
    dossier = world.issued()
    source = brought(world, dossier)
    assert source.source
    assert source.source.no_sao_y is None
    assert copied_from(world, dossier, source.id, "sao_y").status is DocumentStatus.ISSUED
    assert set(world.engine.new_fields) == {None}


def test_what_was_found_is_kept_as_a_fact_and_with_the_file(world: World) -> None:
    dossier = world.issued()
    source = brought(world, dossier)
    assert source.source
    assert [one.signer for one in source.source.signatures] == ["Người ký"]
    assert source.source.checked_at == world.clock.now()
    fact = world.store.load(dossier.id).facts[-1]
    assert (fact.type, fact.data["source"]) == (FactType.ATTACHMENT_ACCEPTED, "signed_file")
    assert [one["field"] for one in fact.data["signatures"]] == ["Signature1"]
    assert "Người ký" not in json.dumps(fact.data, ensure_ascii=False)


def test_nobody_outside_is_told_of_a_file_to_be_copied(world: World) -> None:
    dossier = world.issued()
    before = world.events_of(dossier.id)
    source = brought(world, dossier)
    assert world.events_of(dossier.id) == before
    present = world.store.load(dossier.id)
    assert source not in present.papers
    for who in (citizen(), portal()):
        with pytest.raises(NotFound):
            world.attaching.papers.one(who, dossier.id, source.id)
        with pytest.raises(NotAllowed):
            world.attaching.papers.sources(who, dossier.id)
    for who in (records(), clerk()):
        (seen,) = world.attaching.papers.sources(who, dossier.id, source.id)
        assert seen.url
    assert world.attaching.papers.beside(dossier.id, result_of(present).id, world.files).papers == ()


def test_a_new_document_names_the_file_and_embeds_it(world: World) -> None:
    dossier = world.issued()
    source = brought(world, dossier)
    sao_y = copied_from(world, dossier, source.id, "sao_y")
    for kind, excerpt, embedded in (("trich_sao", (PASSAGE,), CONTENT), ("sao_luc", (), None)):
        copy = copied_from(world, dossier, source.id, kind, *excerpt)
        request = world.renderer.requests[-1]
        (attached,) = request.attached
        assert (attached.name, attached.relationship) == ("ban-goc.pdf", "Source")
        assert attached.content == (embedded or world.files.read(sao_y.revisions[-1].file))
        said = json.loads(request.data)["copy"]
        assert said["original"] == {
            "id": source.id,
            "title": "Quyết định về việc hỗ trợ",
            "number": "12/QĐ-UBND",
            "day": "2026-03-05",
            "revision": None,
            "sha256": source.sha256,
        }
        assert said["issuer"] == "Ủy ban nhân dân phường Vỹ Dạ (chứng thư số: Cơ quan khác)"
        assert copy.status is DocumentStatus.ISSUED
        assert (copy.copy_of, copy.made_from) == ((sao_y.id, None) if kind == "sao_luc" else (None, source.id))


def test_passages_stand_in_the_file(world: World) -> None:
    dossier = world.issued()
    source = brought(world, dossier)
    with pytest.raises(InvalidRequest) as found:
        ordered_from(world, dossier, source.id, "trich_sao", PASSAGE, "Điều này không có")
    assert [(one.pointer, one.code) for one in found.value.errors] == [("#/excerpt/1", "excerpt-not-found")]


@pytest.mark.parametrize("fault", [foreign_files.ALTERED, foreign_files.NOT_SIGNED, foreign_files.UNTRUSTED])
def test_a_file_whose_signatures_do_not_hold_is_refused_and_says_what_to_do(world: World, fault: str) -> None:
    world.foreign.finds = ForeignOpinion(fault)
    dossier = world.issued()
    source = brought(world, dossier)
    assert (source.status, source.reason, source.file) == (AttachmentStatus.REFUSED, fault, None)
    for kind in ("sao_y", "sao_luc", "trich_sao"):
        with pytest.raises(SourceRefused) as refused:
            ordered_from(world, dossier, source.id, kind, *((PASSAGE,) if kind == "trich_sao" else ()))
        assert (refused.value.detail("vi"), refused.value.detail("en")) == reasons.TEXTS[fault]


@pytest.mark.parametrize("hindrance", [reasons.LOCKED, reasons.NO_PLACE])
def test_what_cannot_take_the_signature_can_still_be_quoted(world: World, hindrance: str) -> None:
    if hindrance == reasons.LOCKED:
        world.foreign.finds = replace(world.foreign.finds, locked=True)
    else:
        world.attaching.examiner.sees = replace(world.attaching.examiner.sees, place=None)
    dossier = world.issued()
    source = brought(world, dossier)
    with pytest.raises(NoSaoY) as refused:
        ordered_from(world, dossier, source.id, "sao_y")
    assert refused.value.detail("vi") == reasons.TEXTS[hindrance][0]
    assert copied_from(world, dossier, source.id, "trich_sao", PASSAGE).status is DocumentStatus.ISSUED


def test_a_file_that_was_changed_where_it_is_kept_is_not_copied(world: World) -> None:
    dossier = world.issued()
    source = brought(world, dossier)
    for kind, excerpt in (("sao_y", ()), ("trich_sao", (PASSAGE,))):
        copy = ordered_from(world, dossier, source.id, kind, *excerpt)
        if kind == "trich_sao":
            world.copy_printing.make(dossier.id, copy.id)
        world.foreign.finds = ForeignOpinion(foreign_files.ALTERED)
        assert world.certifying.certify(dossier.id, copy.id) == "source-altered"
        assert world.store.load(dossier.id).document(copy.id).status is DocumentStatus.CANCELLED


def test_no_copy_before_the_file_was_judged(world: World) -> None:
    dossier = world.issued()
    source = announced(world, dossier)
    for _ in range(2):
        with pytest.raises(SourceNotReady):
            ordered_from(world, dossier, source.id, "sao_y")
        world.attaching.examining.examine(dossier.id, source.id)
    world.checking.check(dossier.id, source.id)
    with pytest.raises(SaoYNeeded):
        ordered_from(world, dossier, source.id, "sao_luc")


def test_a_file_that_is_being_judged_hinders_no_decision(world: World) -> None:
    dossier = world.received()
    source = announced(world, dossier)
    world.attaching.examining.examine(dossier.id, source.id)
    assert world.store.load(dossier.id).attachment(source.id).status is AttachmentStatus.SCANNING
    request = DraftDecision(data=decision_data())
    assert world.handling.draft(clerk(), dossier.id, request, world.guard(clerk())).status == "processing"


def test_of_a_copy_only_a_sao_luc_of_a_sao_y_is_made(world: World) -> None:
    dossier = world.issued()
    source = brought(world, dossier)
    sao_y = copied_from(world, dossier, source.id, "sao_y")
    sao_luc = copied(world, dossier, "sao_luc", sao_y.id)
    assert sao_luc.copy_of == sao_y.id
    for kind, document in (("sao_y", sao_y), ("trich_sao", sao_y), ("sao_luc", sao_luc)):
        with pytest.raises(CopyOfCopy):
            ordered(world, dossier, kind, document.id, *((PASSAGE,) if kind == "trich_sao" else ()))


@pytest.mark.parametrize("kind", ["sao_y", "trich_sao"])
def test_killed_at_any_step_there_is_one_copy(world: World, kind: str) -> None:
    excerpt = (PASSAGE,) if kind == "trich_sao" else ()
    for at in range(1, 80):
        dossier = world.issued()
        source, steps = announced(world, dossier), Steps(at, kill)
        examining = watched(world.attaching.examining, steps, "store", "papers")
        for service, again, act in (
            (examining, world.attaching.examining, "examine"),
            (watched(world.checking, steps, "store", "files"), world.checking, "check"),
        ):
            try:
                getattr(service, act)(dossier.id, source.id)
            except Killed:
                getattr(again, act)(dossier.id, source.id)
        copy = ordered_from(world, dossier, source.id, kind, *excerpt)
        for service, names, act in (
            (world.copy_printing, ("store", "files", "renderer"), "make"),
            (world.certifying, ("store", "files", "engine", "keys"), "certify"),
        ):
            try:
                getattr(watched(service, steps, *names), act)(dossier.id, copy.id)
            except Killed:
                getattr(service, act)(dossier.id, copy.id)
        present = world.store.load(dossier.id)
        assert present.document(copy.id).status is DocumentStatus.ISSUED
        told = [fact.type for fact in present.facts if fact.data.get("attachment") == source.id]
        assert told == [FactType.ATTACHMENT_ACCEPTED]
        if not steps.reached:
            return
    pytest.fail("the steps never ended")


def test_a_copy_of_a_file_lasts(world: World) -> None:
    dossier = world.issued()
    copy = copied_from(world, dossier, brought(world, dossier).id, "sao_y")
    assert world.renewing.one(copy.id, 1) is Outcome.DONE


# Paper --------------------------------------------------------------------------------------------------------------


def test_a_sao_y_of_paper_shows_the_pages_of_the_scan(world: World) -> None:
    scanned(world)
    dossier = world.issued()
    source = brought(world, dossier, "paper_scan")
    assert source.status is AttachmentStatus.ACCEPTED
    copy = copied_from(world, dossier, source.id, "sao_y")
    request = world.renderer.requests[-1]
    assert (copy.status, copy.made_from) == (DocumentStatus.ISSUED, source.id)
    assert request.template == "_shared/copies/scan.html"
    assert [request.files[f"_shared/copies/scan-{number}.jpg"] for number in (1, 2)] == [PAGE.content] * 2
    pages = request.context["pages"]
    assert isinstance(pages, list)
    assert [page["width"] for page in pages] == [595.2] * 2
    assert pages[0]["place"]["left"] == 370
    assert pages[0]["place"]["top"] == pytest.approx(841.9 - 827)
    said = json.loads(request.data)["copy"]
    assert said["source"]["sha256"] == source.sha256
    assert said["compared_with_paper"]["appointment"] == "records-thuan-hoa-1"
    assert world.foreign.shown == []
    fact = next(one for one in world.store.load(dossier.id).facts if one.type is FactType.COPY_ORDERED)
    assert (fact.data["compared_with_paper"], fact.data["accountable"]) == (
        True,
        said["compared_with_paper"]["appointment"],
    )


def test_whoever_orders_states_that_the_scan_was_compared_with_the_paper(world: World) -> None:
    scanned(world)
    dossier = world.issued()
    source = brought(world, dossier, "paper_scan")
    for kind, excerpt in (("sao_y", ()), ("trich_sao", (PASSAGE,))):
        with pytest.raises(InvalidRequest) as found:
            ordered_from(world, dossier, source.id, kind, *excerpt, compared=False)
        assert [one.code for one in found.value.errors] == ["not-compared"]
    # What a scan says no machine reads: the passages are the office's.
    assert copied_from(world, dossier, source.id, "trich_sao", PASSAGE).status is DocumentStatus.ISSUED


@pytest.mark.parametrize("fault", [reasons.RESOLUTION, reasons.NOT_COLOUR, reasons.NO_PLACE, reasons.SIGNED_SCAN])
def test_a_scan_that_is_not_as_the_decree_asks_is_refused(world: World, fault: str) -> None:
    world.attaching.examiner.sees = Seen(fault)
    dossier = world.issued()
    source = brought(world, dossier, "paper_scan")
    assert (source.status, source.reason) == (AttachmentStatus.REFUSED, fault)


# By whom ------------------------------------------------------------------------------------------------------------

OTHERS = {
    "another office": (records("phu-xuan"), NotFound),
    "another citizen": (citizen("046195000202"), NotFound),
    "the citizen": (citizen(AN), NotAllowed),
    "portal": (portal(), NotAllowed),
    "official": (official(), NotAllowed),
    "no scope": (records("thuan-hoa", None, "loa3", "dossiers:read"), NotAllowed),
}


@pytest.mark.parametrize("who", OTHERS)
def test_others_neither_bring_nor_copy(world: World, who: str) -> None:
    caller, refusal = OTHERS[who]
    dossier = world.issued()
    source = brought(world, dossier)
    with pytest.raises(refusal):
        announced(world, dossier, who=caller)
    for kind in ("sao_y", "sao_luc", "trich_sao"):
        with pytest.raises(refusal):
            ordered_from(world, dossier, source.id, kind, who=caller)


@pytest.mark.parametrize(
    ("who", "refusal"), [(clerk(), NotAllowed), (records(acr="loa2"), StrongLoginRequired)], ids=["clerk", "weak login"]
)
def test_who_brings_need_not_be_who_certifies(world: World, who: Caller, refusal: type[ChaubanError]) -> None:
    dossier = world.issued()
    source = announced(world, dossier, who=who)
    with pytest.raises(refusal):
        ordered_from(world, dossier, source.id, "sao_y", who=who)


def test_the_same_announcement_again_is_the_same_file(world: World) -> None:
    from chauban.attachments.requests import BringSource

    dossier, who, told = world.issued(), records(), body()
    request = BringSource.model_validate(told)
    found = {world.sources.bring(who, dossier.id, request, told, "once").attachment.id for _ in range(2)}
    assert len(found) == 1
    world.clock.moment += timedelta(days=1)
    assert len(world.store.load(dossier.id).attachments) == 1
