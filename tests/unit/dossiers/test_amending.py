"""Replacing, correcting and revoking an issued result: a new document by the ordinary way, and the original as it was."""

from datetime import timedelta
from typing import Any

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.amendment_requests import CorrectResult, ReplaceResult, RevokeResult
from chauban.dossiers.amendments import not_told
from chauban.dossiers.control_slip import slip_rows
from chauban.dossiers.documents import DocumentKind, DocumentStatus, Validity
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.errors import (
    AmendmentOpen,
    ChaubanError,
    CompetentAgencyOnly,
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotInForce,
    OnlyResults,
    PreconditionFailed,
    WrongState,
)

from infra.local.demo.checks.events import check_events
from tests.unit.fakes.amendments import KINDS, WHY, amended, amendment_drafted, body_of, first_result, newest
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.notices import issued, signed
from tests.unit.fakes.people import AN, citizen, clerk, portal, records
from tests.unit.fakes.world import World, document_of

ACTS = tuple(KINDS)
WORTH = {"replacement": Validity.REPLACED, "correction": Validity.CORRECTED, "revocation": Validity.REVOKED}
TOLD = {"replacement": "replaced", "correction": "corrected", "revocation": "revoked"}


@pytest.mark.parametrize("act", ACTS)
def test_the_original_stays_as_it_is_and_names_the_new_document(world: World, act: str) -> None:
    before = world.issued()
    original = before.document(first_result(before))
    after = amended(world, before, act)
    now, new = after.document(original.id), document_of(after, KINDS[act])
    named = {"replaced_by": now.replaced_by, "revoked_by": now.revoked_by, "corrected_by": now.corrected_by}
    assert now.validity is WORTH[act]
    assert new.id in (*named.pop("corrected_by"), *named.values())  # type: ignore[misc]
    assert (now.revisions, now.signatures, now.status) == (original.revisions, original.signatures, original.status)
    assert (new.amends, new.validity, new.agency) == (original.id, Validity.IN_FORCE, original.agency)
    assert [one.field for one in new.signatures] == ["official", "seal"]
    assert new.number is not None
    assert new.number != original.number
    assert after.status == before.status == "processed"


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_before_the_new_document_is_issued(world: World, act: str) -> None:
    dossier = world.issued()
    original, told = first_result(dossier), f"result.{TOLD[act]}.v1"
    for step in (amendment_drafted(world, dossier, act), signed(world, world.store.load(dossier.id), KINDS[act])):
        assert step.document(original).validity is Validity.IN_FORCE
        assert not_told(step) == {newest(step, act)}
        assert told not in world.events_of(dossier.id)
    world.sealing.seal(dossier.id, newest(world.store.load(dossier.id), act))
    after = world.store.load(dossier.id)
    assert not_told(after) == frozenset()
    events = [message.body for message in world.messages("bus", dossier.id) if message.body["type"] == told]
    check_events(events)
    (data,) = [event["data"] for event in events]
    assert (data["document"], data[f"{TOLD[act]}_by"]) == (original, newest(after, act))


@pytest.mark.parametrize("act", ACTS)
def test_killed_at_any_step_the_amendment_takes_effect_once(world: World, act: str) -> None:
    for at in range(1, 40):
        dossier = signed(world, amendment_drafted(world, world.issued(), act), KINDS[act])
        new, steps = newest(dossier, act), Steps(at, kill)
        try:
            watched(world.sealing, steps, "store", "files", "engine", "keys").seal(dossier.id, new)
        except Killed:
            present = world.store.load(dossier.id)
            done = present.document(new).status is DocumentStatus.ISSUED
            assert (present.document(first_result(present)).validity is WORTH[act]) == done
            world.sealing.seal(dossier.id, new)
        after = world.store.load(dossier.id)
        assert after.document(first_result(after)).validity is WORTH[act]
        assert world.events_of(dossier.id).count(f"result.{TOLD[act]}.v1") == 1
        if not steps.reached:
            return
    pytest.fail("the steps never ended")


@pytest.mark.parametrize("second", ACTS)
@pytest.mark.parametrize("first", ACTS)
def test_one_amendment_is_open_at_a_time(world: World, first: str, second: str) -> None:
    dossier = amendment_drafted(world, world.issued(), first)
    with pytest.raises(AmendmentOpen) as refusal:
        amendment_drafted(world, dossier, second)
    assert refusal.value.members("vi") == {"document": newest(dossier, first)}


@pytest.mark.parametrize("second", ACTS)
@pytest.mark.parametrize("first", ["replacement", "revocation"])
def test_what_is_not_in_force_is_not_amended_again(world: World, first: str, second: str) -> None:
    dossier = world.issued()
    original = first_result(dossier)
    dossier = amended(world, dossier, first)
    with pytest.raises(NotInForce) as refusal:
        amendment_drafted(world, dossier, second, original)
    assert refusal.value.members("en") == {"document": newest(dossier, first)}


def test_a_corrected_result_is_corrected_again_and_then_replaced(world: World) -> None:
    dossier = amended(world, amended(world, world.issued(), "correction"), "correction")
    letters = [one.id for one in dossier.documents if one.kind is DocumentKind.CORRECTION]
    assert dossier.document(first_result(dossier)).corrected_by == tuple(letters)
    assert len(set(letters)) == 2
    assert amended(world, dossier, "replacement").document(first_result(dossier)).validity is Validity.REPLACED


def test_a_replacing_result_is_a_result_and_can_be_revoked(world: World) -> None:
    dossier = amended(world, world.issued(), "replacement")
    second = newest(dossier, "replacement")
    listed = world.reading.results(citizen(), 20, None).items
    assert [one.document.id for one in listed] == [second, first_result(dossier)]
    after = amended(world, dossier, "revocation", second)
    assert after.document(second).validity is Validity.REVOKED
    assert after.document(first_result(dossier)).validity is Validity.REPLACED


@pytest.mark.parametrize("act", ACTS)
def test_letters_and_receipts_are_not_amended(world: World, act: str) -> None:
    dossier = amended(world, world.issued(), "correction")
    for kind in (DocumentKind.CORRECTION, DocumentKind.RECEIPT, DocumentKind.APPLICATION):
        with pytest.raises(OnlyResults):
            amendment_drafted(world, dossier, act, document_of(dossier, kind).id)


@pytest.mark.parametrize("act", ACTS)
def test_a_result_on_its_way_is_not_amended(world: World, act: str) -> None:
    with pytest.raises(WrongState):
        amendment_drafted(world, world.awaiting_seal(), act)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (clerk("phu-xuan"), NotFound),
        (citizen("046195000202"), NotFound),
        (citizen(AN), NotAllowed),
        (portal(), NotAllowed),
        (records(), NotAllowed),
    ],
    ids=["another agency's clerk", "another citizen", "the citizen", "the portal", "the records office"],
)
def test_only_a_clerk_of_the_issuing_agency_amends(world: World, who: Caller, refusal: type[ChaubanError]) -> None:
    dossier = world.issued()
    with pytest.raises(refusal):
        world.amending.revoke(who, first_result(dossier), RevokeResult(**WHY), world.guard(who))
    assert world.store.load(dossier.id) == dossier


def test_the_desk_that_received_does_not_amend_another_agencys_result(world: World) -> None:
    dossier = world.issued(receiving_agency="ubnd-phuong-phu-xuan")
    desk = clerk("phu-xuan")
    with pytest.raises(CompetentAgencyOnly):
        world.amending.revoke(desk, first_result(dossier), RevokeResult(**WHY), world.guard(desk))


def test_an_unknown_document_is_not_found(world: World) -> None:
    world.issued()
    with pytest.raises(NotFound):
        world.amending.revoke(clerk(), "NO-SUCH-DOCUMENT", RevokeResult(**WHY), world.guard(clerk()))


def test_the_same_request_again_drafts_nothing_new(world: World) -> None:
    dossier, request = world.issued(), RevokeResult(**WHY)
    guards = [world.guard(clerk(), key="once") for _ in range(2)]
    made = [world.amending.revoke(clerk(), first_result(dossier), request, guard)[1].id for guard in guards]
    assert made[0] == made[1]
    assert [one.kind for one in world.store.load(dossier.id).documents].count(DocumentKind.REVOCATION) == 1


def test_an_older_state_is_refused(world: World) -> None:
    dossier = world.issued()
    with pytest.raises(PreconditionFailed):
        world.amending.revoke(clerk(), first_result(dossier), RevokeResult(**WHY), world.guard(clerk(), if_match='"1"'))


def test_the_replacements_data_are_checked_as_a_decisions(world: World) -> None:
    request = ReplaceResult.model_validate({**body_of("replacement"), "data": {"unknown": 1}})
    with pytest.raises(InvalidRequest):
        world.amending.replace(clerk(), first_result(world.issued()), request, world.guard(clerk()))


@pytest.mark.parametrize("act", ACTS)
def test_a_draft_that_is_taken_back_leaves_the_original_in_force_and_free(world: World, act: str) -> None:
    dossier = amendment_drafted(world, world.issued(), act)
    back = ReturnDraft(reason="Soạn nhầm hồ sơ.")
    after = world.returning.take_back(clerk(), dossier.id, newest(dossier, act), back, world.guard(clerk()))
    assert after.document(first_result(after)).validity is Validity.IN_FORCE
    assert after.status == "processed"
    assert amended(world, after, act).document(first_result(after)).validity is WORTH[act]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_printed_names_number_day_and_hash_of_the_original(world: World, act: str) -> None:
    dossier = amended(world, world.issued(), act)
    original, request = dossier.document(first_result(dossier)), world.renderer.requests[-1]
    assert original.number
    expected: dict[str, Any] = {
        "id": original.id,
        "title": original.title,
        "number": original.number.display,
        "day": original.number.day.isoformat(),
        "revision": 1,
        "sha256": original.revisions[-1].file.sha256,
        "issuer": world.catalogue.agencies[original.agency].name,
    }
    assert request.context["original"] == expected
    assert expected["sha256"].encode() in request.data
    assert request.context["amendment"]["reason"] == WHY["reason"]  # type: ignore[index]


def test_answers_that_were_wrong_are_given_anew_and_stay_with_what_replaces(world: World) -> None:
    dossier = world.issued()
    corrected = {**dossier.answers, "purpose": "Bổ túc hồ sơ mua nhà"}
    body = {**body_of("replacement"), "answers": corrected}
    request = ReplaceResult.model_validate(body)
    world.amending.replace(clerk(), first_result(dossier), request, world.guard(clerk()))
    second = issued(world, world.store.load(dossier.id), DocumentKind.RESULT)
    assert world.renderer.requests[-1].context["answers"] == corrected
    assert "mua nhà".encode() in world.renderer.requests[-1].data
    assert second.answers == dossier.answers
    third = amended(world, second, "replacement", newest(second, "replacement"))
    assert world.renderer.requests[-1].context["answers"] == corrected
    assert third.document(first_result(third)).validity is Validity.REPLACED


def test_a_replacement_about_somebody_else_is_refused(world: World) -> None:
    dossier = world.issued()
    number = str(int(dossier.answers["requester"]["personal_number"]) + 1).zfill(12)
    others = {who: {**dossier.answers[who], "personal_number": number} for who in ("requester", "subject")}
    request = ReplaceResult.model_validate({**body_of("replacement"), "answers": {**dossier.answers, **others}})
    with pytest.raises(InvalidRequest) as refusal:
        world.amending.replace(clerk(), first_result(dossier), request, world.guard(clerk()))
    assert [(fault.pointer, fault.code) for fault in refusal.value.errors] == [
        ("#/answers/requester/personal_number", "another-person")
    ]


def test_wrong_answers_are_refused_with_their_place(world: World) -> None:
    dossier = world.issued()
    request = ReplaceResult.model_validate({**body_of("replacement"), "answers": {"purpose": 1}})
    with pytest.raises(InvalidRequest) as refusal:
        world.amending.replace(clerk(), first_result(dossier), request, world.guard(clerk()))
    assert all(fault.pointer.startswith("#/answers") for fault in refusal.value.errors)


def test_the_process_of_settling_is_not_reckoned_anew(world: World) -> None:
    """The control slip and the dossier's end are those of the first result."""
    before = world.issued()
    world.clock.forward(days=400)
    after = amended(world, before, "replacement")
    assert slip_rows(after) == slip_rows(before)


def test_the_amendment_is_told_only_when_it_is_issued(world: World) -> None:
    dossier = amendment_drafted(world, world.issued(), "correction")
    letter = newest(dossier, "correction")
    with pytest.raises(NotFound):
        world.reading.one_document(citizen(), letter)
    assert world.reading.one_document(clerk(), letter)[1].id == letter
    issued(world, dossier, DocumentKind.CORRECTION)
    assert world.reading.one_document(citizen(), letter)[1].status is DocumentStatus.ISSUED


def test_amending_years_later_needs_no_clock(world: World) -> None:
    dossier: Dossier = world.issued()
    world.clock.forward(days=365)
    after = amended(world, dossier, "correction")
    assert after.fact(FactType.RESULT_CORRECTED) is not None
    assert after.due_at == dossier.due_at
    assert world.clock.now() - after.filing.submitted_at > timedelta(days=300)


def test_a_letter_needs_something_to_correct() -> None:
    with pytest.raises(ValueError, match="errors"):
        CorrectResult.model_validate({**WHY, "errors": []})
