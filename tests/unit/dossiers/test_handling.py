"""Receiving and deciding: in the right state, by the right clerk, once."""

from datetime import datetime, time

import pytest
from chauban.access.catalogue import Role
from chauban.access.identity import Caller
from chauban.dossiers.acting import Guard
from chauban.dossiers.documents import DocumentKind
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.requests import DraftDecision, ReceivedComponent, ReceiveDossier
from chauban.errors import (
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    InvalidRequest,
    NotAllowed,
    NotConfigured,
    NotFound,
    PreconditionFailed,
    WrongState,
)
from pydantic import ValidationError

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA
from tests.unit.fakes.disturbance import Steps, watched
from tests.unit.fakes.people import AN, citizen, clerk, decision_data, official, portal, staff
from tests.unit.fakes.world import World, document_of, result_of


def receive(world: World, dossier: Dossier, caller: Caller | None = None, **headers: str) -> Dossier:
    who = caller or clerk()
    return world.handling.receive(who, dossier.id, ReceiveDossier(), world.guard(who, **headers))


def draft(world: World, dossier: Dossier, caller: Caller | None = None, **changes: object) -> Dossier:
    who = caller or clerk()
    request = DraftDecision.model_validate({"data": decision_data(), **changes})
    return world.handling.draft(who, dossier.id, request, world.guard(who))


def test_receiving_starts_the_clock_and_orders_the_receipt(world: World) -> None:
    dossier = receive(world, world.submitted())
    assert dossier.status == "received"
    assert dossier.due_at is not None
    # 24 working hours from Monday, 9:00 in Huế.
    assert dossier.due_at.isoformat() == "2026-11-26T02:00:00+00:00"
    receipt = document_of(dossier, DocumentKind.RECEIPT)
    assert world.messages("render", dossier.id)[-1].body["document"] == receipt.id
    assert world.events_of(dossier.id) == ["dossier.submitted.v1", "dossier.received.v1"]


def test_a_form_that_promises_the_same_day_is_due_when_the_office_closes(world: World) -> None:
    (form,) = world.forms.versions
    head = form.head.model_copy(update={"same_day_until": time(15)})
    world.forms.versions[:] = [form.model_copy(update={"head": head})]
    due = receive(world, world.submitted()).due_at
    assert due == datetime.fromisoformat("2026-11-23T17:30:00+07:00")


def test_the_receipt_lists_what_came_in_or_what_the_form_asks_for(world: World) -> None:
    counted = ReceiveDossier(components=(ReceivedComponent(name="Quyết định ly hôn", certified_copy=1),), sets=2)
    dossier = world.handling.receive(clerk(), world.submitted().id, counted, world.guard(clerk()))
    received = dossier.fact(FactType.RECEIVED)
    assert received is not None
    assert [c["name"] for c in received.data["components"]] == ["Quyết định ly hôn"]
    assert received.data["sets"] == 2
    usual = world.received().fact(FactType.RECEIVED)
    assert usual is not None
    assert usual.data["components"][0]["original"] == 1


@pytest.mark.parametrize(
    "bad", [{"name": "", "original": 1}, {"name": "Đơn", "original": -1}, {"name": "Đơn", "copies": 1}]
)
def test_a_malformed_component_is_refused(bad: dict) -> None:
    with pytest.raises(ValidationError):
        ReceiveDossier.model_validate({"components": [bad]})


def test_a_dossier_is_received_once(world: World) -> None:
    dossier = receive(world, world.submitted())
    with pytest.raises(WrongState, match="received"):
        receive(world, dossier)


def test_a_decision_needs_a_received_dossier(world: World) -> None:
    with pytest.raises(WrongState, match="submitted"):
        draft(world, world.submitted())


def test_a_decision_is_drafted_once(world: World) -> None:
    dossier = world.drafted()
    with pytest.raises(WrongState, match="processing"):
        draft(world, dossier)


def test_repeating_a_request_with_its_key_changes_nothing(world: World) -> None:
    dossier = world.submitted()
    first = receive(world, dossier, key="k1")
    again = receive(world, dossier, key="k1")
    assert again == first
    assert len([m for m in world.messages("bus") if m.body["type"] == "dossier.received.v1"]) == 1


def test_repeating_a_request_after_the_dossier_moved_on_still_answers(world: World) -> None:
    dossier = world.submitted()
    receive(world, dossier, key="k1")
    drafted = draft(world, dossier)
    assert receive(world, dossier, key="k1") == drafted


def test_a_key_used_for_one_dossier_does_not_serve_another(world: World) -> None:
    one, other = world.submitted(), world.submitted()
    who = clerk()
    for dossier in (one, other):
        guard = Guard.of(who, f"receive {dossier.id}", {}, "k1", None)
        if dossier is other:
            with pytest.raises(IdempotencyKeyReused):
                world.handling.receive(who, dossier.id, ReceiveDossier(), guard)
        else:
            world.handling.receive(who, dossier.id, ReceiveDossier(), guard)
    assert world.store.load(other.id).status == "submitted"


def test_if_match_lets_only_the_state_that_was_read_be_changed(world: World) -> None:
    dossier = world.submitted()
    with pytest.raises(PreconditionFailed):
        receive(world, dossier, if_match='"7"')
    assert receive(world, dossier, if_match=f'"{dossier.version}"').status == "received"


@pytest.mark.parametrize("tag", ["*", 'W/"1"', '"abc"', ""])
def test_a_tag_that_the_service_never_gave_is_refused(world: World, tag: str) -> None:
    with pytest.raises(PreconditionFailed):
        Guard.of(clerk(), "receive", {}, None, tag)


def test_neither_key_nor_tag_is_refused(world: World) -> None:
    with pytest.raises(IdempotencyKeyRequired):
        Guard.of(clerk(), "receive", {}, None, None)


def test_another_agency_does_not_find_the_dossier(world: World) -> None:
    dossier = world.submitted()
    with pytest.raises(NotFound):
        receive(world, dossier, clerk("phu-xuan"))
    with pytest.raises(NotFound):
        draft(world, world.received(), clerk("phu-xuan"))


@pytest.mark.parametrize("who", [official(), citizen(AN), portal(), staff("clerk-thuan-hoa", "dossiers:read")])
def test_seeing_a_dossier_is_not_handling_it(world: World, who: Caller) -> None:
    with pytest.raises(NotAllowed):
        receive(world, world.submitted(), who)


def test_the_desk_that_received_a_dossier_for_another_agency_receives_and_does_not_decide(world: World) -> None:
    dossier = world.submitted(receiving_agency=PHU_XUAN)
    received = receive(world, dossier, clerk("phu-xuan"))
    fact = received.fact(FactType.RECEIVED)
    assert fact is not None
    assert fact.by.appointment == "clerk-phu-xuan-1"
    with pytest.raises(NotAllowed):
        draft(world, received, clerk("phu-xuan"))
    assert draft(world, received).status == "processing"


def test_a_clerk_whose_appointment_ended_does_not_find_the_dossier(world: World) -> None:
    held = world.catalogue.appointments["clerk-thuan-hoa-1"]
    world.catalogue.put_appointment(held.model_copy(update={"valid_to": world.clock.now()}))
    with pytest.raises(NotFound):
        receive(world, world.submitted())


def test_the_decision_names_the_official_whose_signature_it_needs(world: World) -> None:
    drafted = world.drafted().fact(FactType.DECISION_DRAFTED)
    assert drafted is not None
    assert drafted.data["official"] == "official-thuan-hoa-1"
    assert drafted.data["signer"]["title"] == "CHỦ TỊCH"


@pytest.mark.parametrize("named", ["official-phu-xuan-1", "clerk-thuan-hoa-1", "khong-co"])
def test_only_an_official_of_the_agency_can_be_named(world: World, named: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        draft(world, world.received(), official=named)
    assert [(f.pointer, f.code) for f in error.value.errors] == [("#/official", "official-not-clear")]


def test_of_two_officials_one_must_be_named(world: World) -> None:
    first = world.catalogue.appointments["official-thuan-hoa-1"]
    deputy = first.model_copy(
        update={
            "id": "official-thuan-hoa-2",
            "title": "PHÓ CHỦ TỊCH",
            "capacity": "KT. CHỦ TỊCH",
            "legal_basis": "Quy chế làm việc",
        }
    )
    world.catalogue.put_appointment(deputy)
    assert deputy.role is Role.OFFICIAL
    assert deputy.agency == THUAN_HOA
    dossier = world.received()
    with pytest.raises(InvalidRequest):
        draft(world, dossier)
    drafted = draft(world, dossier, official="official-thuan-hoa-2").fact(FactType.DECISION_DRAFTED)
    assert drafted is not None
    assert drafted.data["signer"]["capacity"] == "KT. CHỦ TỊCH"


def test_faults_in_the_decision_are_told_with_pointers_below_data(world: World) -> None:
    data = decision_data()
    data["valid_months"] = 12
    data["residence_period"]["from"] = "hôm qua"
    del data["purpose"]
    with pytest.raises(InvalidRequest) as error:
        draft(world, world.received(), data=data)
    assert sorted((f.pointer, f.code) for f in error.value.errors) == [
        ("#/data/purpose", "required"),
        ("#/data/residence_period/from", "format"),
        ("#/data/valid_months", "const"),
    ]


def test_without_a_calendar_nothing_is_received(world: World) -> None:
    world.catalogue.years.clear()
    dossier = world.submitted()
    with pytest.raises(NotConfigured, match="calendar 2026"):
        receive(world, dossier)
    assert world.store.load(dossier.id).status == "submitted"


def test_of_two_clerks_at_once_one_receives_and_the_other_is_told(world: World) -> None:
    dossier = world.submitted()
    steps = Steps(1, lambda: receive(world, dossier) and None)
    slow = watched(world.handling, steps, "store")
    with pytest.raises(WrongState, match="received"):
        slow.receive(clerk(), dossier.id, ReceiveDossier(), world.guard(clerk()))
    receipts = [d for d in world.store.load(dossier.id).documents if d.kind is DocumentKind.RECEIPT]
    assert len(receipts) == 1


def test_a_drafted_result_is_ordered_to_be_rendered(world: World) -> None:
    dossier = world.drafted()
    assert world.messages("render", dossier.id)[-1].body["document"] == result_of(dossier).id
