"""Certified copies: of what, by whom, and that a copy is its source with one more signature, or names and embeds it."""

import json

import pytest
from chauban.access.identity import Caller
from chauban.copying import ordering
from chauban.copying.requests import OrderCopy
from chauban.documents.requests import RenderRequest
from chauban.dossiers.documents import DocumentKind, DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.errors import (
    ChaubanError,
    CopyOfCopy,
    InvalidRequest,
    NotAllowed,
    NotCopyable,
    NotFound,
    NotInForce,
    SaoYNeeded,
    StrongLoginRequired,
    VerificationFailed,
    WrongState,
)
from chauban.signing.linting.findings import Finding

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.amendments import amended, amendment_drafted, first_result, newest
from tests.unit.fakes.copies import PURPOSE, copied, ordered
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.people import AN, citizen, clerk, official, portal, records
from tests.unit.fakes.world import World, document_of

KINDS = ("sao_y", "sao_luc", "trich_sao")
PASSAGE = "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai."


@pytest.fixture(autouse=True)
def _every_passage_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of these tests are no PDF; but for one passage everything stands in them."""
    monkeypatch.setattr(ordering, "says", lambda _pdf, passages: ["không có" not in each for each in passages])


def excerpt(kind: str) -> tuple[str, ...]:
    return (PASSAGE,) if kind == "trich_sao" else ()


def test_a_sao_y_is_the_issued_bytes_and_one_more_signature(world: World) -> None:
    dossier = world.issued()
    original = dossier.document(first_result(dossier))
    copy = copied(world, dossier, "sao_y")
    before, after = world.files.read(original.revisions[-1].file), world.files.read(copy.revisions[-1].file)
    assert after.startswith(before)
    assert len(after) > len(before)
    assert [one.field for one in copy.signatures] == ["official", "seal", "copy"]
    assert (copy.status, copy.copy_of, copy.number) == (DocumentStatus.ISSUED, original.id, None)
    assert world.store.load(dossier.id).document(original.id) == original
    assert copy.revisions[-1].file.sha256 in world.files.archived


@pytest.mark.parametrize("kind", ["sao_luc", "trich_sao"])
def test_a_new_document_names_and_embeds_what_was_copied(world: World, kind: str) -> None:
    dossier = world.issued()
    original, sao_y = dossier.document(first_result(dossier)), copied(world, dossier, "sao_y")
    copy = copied(world, dossier, kind, None, *excerpt(kind))
    source = sao_y if kind == "sao_luc" else original
    request: RenderRequest = world.renderer.requests[-1]
    (attached,) = request.attached
    assert (attached.name, attached.relationship) == ("ban-goc.pdf", "Source")
    assert attached.content == world.files.read(source.revisions[-1].file)
    said = json.loads(request.data)["copy"]
    assert said["source"]["sha256"] == source.revisions[-1].file.sha256
    assert said["original"]["sha256"] == original.revisions[-1].file.sha256
    assert original.number
    assert (said["original"]["number"], said["purpose"]) == (original.number.display, PURPOSE)
    assert said["excerpt"] == list(excerpt(kind))
    assert (copy.copy_of, [one.field for one in copy.signatures]) == (source.id, ["copy"])


@pytest.mark.parametrize(("kind", "form"), [("sao_y", "SAO Y"), ("sao_luc", "SAO LỤC"), ("trich_sao", "TRÍCH SAO")])
def test_form_organisation_and_time_are_shown_in_the_place_of_a_picture(world: World, kind: str, form: str) -> None:
    dossier = world.issued()
    copied(world, dossier, "sao_y")
    copied(world, dossier, kind, None, *excerpt(kind))
    assert world.engine.words[-1] == (form, "Ủy ban nhân dân phường Thuận Hóa", "2026-11-23T09:00:00+07:00")


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_step_there_is_one_copy(world: World, kind: str) -> None:
    for at in range(1, 40):
        dossier = world.issued()
        copied(world, dossier, "sao_y")
        copy, steps = ordered(world, dossier, kind, None, *excerpt(kind)), Steps(at, kill)
        ports = ("store", "files", "renderer")
        for service, names in ((world.copy_printing, ports), (world.certifying, ("store", "files", "engine", "keys"))):
            act = "make" if service is world.copy_printing else "certify"
            try:
                getattr(watched(service, steps, *names), act)(dossier.id, copy.id)
            except Killed:
                getattr(service, act)(dossier.id, copy.id)
        done = world.store.load(dossier.id).document(copy.id)
        assert done.status is DocumentStatus.ISSUED
        facts = [fact for fact in world.store.load(dossier.id).facts if fact.data.get("document") == copy.id]
        assert [fact.type for fact in facts].count(FactType.DOCUMENT_ISSUED) == 1
        if not steps.reached:
            return
    pytest.fail("the steps never ended")


def test_of_a_copy_only_a_sao_luc_of_a_sao_y_is_made(world: World) -> None:
    dossier = world.issued()
    sao_y = copied(world, dossier, "sao_y")
    sao_luc = copied(world, dossier, "sao_luc", sao_y.id)
    assert (sao_luc.copy_of, sao_luc.status) == (sao_y.id, DocumentStatus.ISSUED)
    trich_sao = copied(world, dossier, "trich_sao", None, PASSAGE)
    for kind, source in [
        ("sao_y", sao_y),
        ("trich_sao", sao_y),
        *((kind, copy) for kind in KINDS for copy in (sao_luc, trich_sao)),
    ]:
        with pytest.raises(CopyOfCopy):
            ordered(world, dossier, kind, source.id, *excerpt(kind))


def test_a_sao_luc_needs_a_sao_y(world: World) -> None:
    with pytest.raises(SaoYNeeded):
        ordered(world, world.issued(), "sao_luc")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", ["replacement", "revocation"])
def test_what_is_not_in_force_is_not_copied(world: World, kind: str, act: str) -> None:
    dossier = world.issued()
    sao_y = copied(world, dossier, "sao_y")
    amended(world, dossier, act)
    for source in (first_result(dossier), sao_y.id):
        with pytest.raises((NotInForce, CopyOfCopy) if source == sao_y.id and kind != "sao_luc" else NotInForce):
            ordered(world, dossier, kind, source, *excerpt(kind))


def test_letters_and_decisions_are_copied_and_corrections_are_told(world: World) -> None:
    dossier = amended(world, world.issued(), "correction")
    letter = document_of(dossier, DocumentKind.CORRECTION)
    assert copied(world, dossier, "sao_y", letter.id).status is DocumentStatus.ISSUED
    copied(world, dossier, "trich_sao", None, PASSAGE)
    (told,) = json.loads(world.renderer.requests[-1].data)["copy"]["corrections"]
    assert letter.number
    assert told["number"] == letter.number.display


@pytest.mark.parametrize("kind", KINDS)
def test_receipts_and_drafts_are_not_copied(world: World, kind: str) -> None:
    dossier = world.issued()
    receipt = document_of(dossier, DocumentKind.RECEIPT).id
    with pytest.raises(WrongState):
        ordered(world, dossier, kind, receipt, *excerpt(kind))
    world.making.make(dossier.id, receipt)
    world.sealing.seal(dossier.id, receipt)
    with pytest.raises(NotCopyable):
        ordered(world, dossier, kind, receipt, *excerpt(kind))
    drafted = amendment_drafted(world, dossier, "revocation")
    with pytest.raises(WrongState):
        ordered(world, dossier, kind, newest(drafted, "revocation"), *excerpt(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (records("phu-xuan"), NotFound),
        (citizen("046195000202"), NotFound),
        (citizen(AN), NotAllowed),
        (portal(), NotAllowed),
        (clerk(), NotAllowed),
        (official(), NotAllowed),
        (records(acr="loa2"), StrongLoginRequired),
        (records("thuan-hoa", None, "loa3", "dossiers:read"), NotAllowed),
    ],
    ids=["another office", "another citizen", "the citizen", "portal", "clerk", "official", "weak login", "no scope"],
)
def test_only_the_records_office_of_the_agency_has_copies_made(
    world: World, kind: str, who: Caller, refusal: type[ChaubanError]
) -> None:
    dossier = world.issued()
    request = OrderCopy.model_validate({"kind": kind, "purpose": PURPOSE, "excerpt": excerpt(kind)})
    with pytest.raises(refusal):
        world.copies.order(who, first_result(dossier), request, world.guard(who))
    assert world.store.load(dossier.id) == dossier


def test_the_desk_that_holds_a_document_certifies_in_its_own_name(world: World) -> None:
    dossier = world.issued(receiving_agency="ubnd-phuong-phu-xuan")
    who = records("phu-xuan")
    request = OrderCopy(kind=DocumentKind.SAO_Y, purpose=PURPOSE)
    copy = world.copies.order(who, first_result(dossier), request, world.guard(who))[1]
    world.certifying.certify(dossier.id, copy.id)
    done = world.store.load(dossier.id).document(copy.id)
    assert done.signatures[-1].credential == "cred-seal-phu-xuan"
    assert world.engine.words[-1][1] == "Ủy ban nhân dân phường Phú Xuân"
    (fact,) = [fact for fact in world.store.load(dossier.id).facts if fact.type is FactType.COPY_ORDERED]
    assert fact.data["accountable"] == "records-phu-xuan-1"


@pytest.mark.parametrize("fault", ["altered", "unsafe", "replaced"])
def test_nothing_is_certified_of_a_source_that_is_not_what_it_was(world: World, fault: str) -> None:
    dossier = world.issued()
    original, copy = dossier.document(first_result(dossier)), ordered(world, dossier, "sao_y")
    if fault == "altered":
        file = original.revisions[-1].file
        world.files.stored[file.bucket, file.key] += b"\nseal signed with something else"
    if fault == "unsafe":
        world.engine.unsafe = [Finding("unexplained-change")]
    if fault == "replaced":
        amended(world, dossier, "replacement")
    reason = world.certifying.certify(dossier.id, copy.id)
    done = world.store.load(dossier.id).document(copy.id)
    assert (done.status, done.hindrance, done.revisions) == (DocumentStatus.CANCELLED, reason, ())
    assert reason in {"altered": {"source-altered"}, "replaced": {"not-in-force"}}.get(fault, {"unexplained-change"})
    assert world.certifying.certify(dossier.id, copy.id) == reason
    assert "copy" not in {one.field for one in done.signatures}


def test_an_archive_that_gives_other_bytes_is_told_apart_from_a_fault_that_passes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = world.issued()
    copy = ordered(world, dossier, "sao_y")

    def refuse(_file: object) -> bytes:
        raise VerificationFailed(reason="a stored file is not what was stored")

    monkeypatch.setattr(world.files, "read", refuse)
    assert world.certifying.certify(dossier.id, copy.id) == "source-altered"


@pytest.mark.parametrize(
    ("kind", "passages", "pointer"),
    [
        ("trich_sao", [], "#/excerpt"),
        ("sao_y", [PASSAGE], "#/excerpt"),
        ("trich_sao", [PASSAGE, "câu này không có trong văn bản"], "#/excerpt/1"),
    ],
)
def test_an_excerpt_is_what_the_document_says(world: World, kind: str, passages: list[str], pointer: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        ordered(world, world.issued(), kind, None, *passages)
    assert [fault.pointer for fault in refusal.value.errors] == [pointer]


def test_the_same_order_again_makes_nothing_new(world: World) -> None:
    dossier, who, request = world.issued(), records(), OrderCopy(kind=DocumentKind.SAO_Y, purpose=PURPOSE)
    guards = [world.guard(who, key="once") for _ in range(2)]
    made = {world.copies.order(who, first_result(dossier), request, guard)[1].id for guard in guards}
    assert len(made) == 1


def test_a_copy_is_seen_outside_once_it_is_issued_and_its_event_keeps_the_schema(world: World) -> None:
    dossier = world.issued()
    copy = ordered(world, dossier, "sao_y")
    with pytest.raises(NotFound):
        world.reading.one_document(citizen(), copy.id)
    world.certifying.certify(dossier.id, copy.id)
    assert world.reading.document(citizen(), dossier.id, copy.id, None).file.revision == 1
    told = [message.body for message in world.messages("bus", dossier.id)][-1]
    check_events([told])
    assert (told["data"]["kind"], told["data"]["field"]) == ("sao_y", "copy")
    assert world.store.load(dossier.id).status == "processed"


@pytest.mark.parametrize("act", ["replacement", "revocation", "correction"])
def test_a_copy_is_worth_what_its_original_is_worth(world: World, act: str) -> None:
    dossier = world.issued()
    copies = [copied(world, dossier, kind, None, *excerpt(kind)).id for kind in KINDS]
    after = amended(world, dossier, act)
    original = after.document(first_result(after))
    for copy in copies:
        told = world.reading.document(citizen(), dossier.id, copy, None).document
        assert told == world.reading.one_document(citizen(), copy)[1]
        assert told.validity is original.validity
        assert (told.replaced_by, told.corrected_by, told.revoked_by) == (
            original.replaced_by,
            original.corrected_by,
            original.revoked_by,
        )
