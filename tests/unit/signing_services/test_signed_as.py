"""Facts and events say in which capacity an official signs and by which delegation, as it stood then; parties are not told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from chauban.dossiers.facts import Fact, FactType
from chauban.dossiers.model import Dossier
from chauban.errors import SignerNotEntitled
from chauban.http.views import dossier_view
from chauban.signing.credentials import Purpose
from chauban.signing.sessions.model import ItemStatus

from tests.unit.fakes.catalogue import credential
from tests.unit.fakes.notices import extended
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of, signatures_for
from tests.unit.signing_services.test_two_officials import (
    DEPUTY,
    FIRST,
    SECOND,
    delegated,
    deputy,
    expert,
    in_order,
    official,
    pair,
    prepared,
    record,
    signed,
    tasks,
    waiting,
)

__all__ = ["delegated", "pair"]
STEPS = (FactType.DECISION_DRAFTED, FactType.SIGNATURE_ACCEPTED, FactType.DOCUMENT_SIGNED)


def steps(dossier: Dossier) -> list[Fact]:
    """The facts that name an official."""
    return [fact for fact in dossier.facts if fact.type in STEPS and fact.data.get("signs_as")]


def number(fact: Fact) -> str:
    named: str = fact.data["signs_as"]["delegation"]["number"]
    return named


def sent(world: World, dossier: Dossier, kind: str) -> list[dict[str, Any]]:
    return [message.body["data"] for message in world.messages("bus", dossier.id) if message.body["type"] == kind]


def test_each_step_of_a_deputys_signature_names_the_delegation(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    signed(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    dossier = delegated.store.load(dossier.id)
    assert [fact.type for fact in steps(dossier)] == list(STEPS)
    for fact in steps(dossier):
        assert fact.data["signs_as"]["capacity"] in {"KT", "TUQ"}
        assert fact.data["signs_as"]["delegation"] == {
            "id": "giao-ky-1",
            "number": "7/QĐ-UBND",
            "legal_basis": "Quy chế",
            "grantor": "Chủ tịch",
            "valid_from": "2026-10-24T02:00:00Z",
            "valid_to": "2026-12-23T02:00:00Z",
        }


def test_what_became_of_the_delegation_after_the_act_is_not_what_it_was_signed_by(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    session = prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.desk.accept(deputy(), session.id, signatures_for(session))
    end = delegated.clock.now() + timedelta(seconds=1)
    delegated.catalogue.put_delegation(record(valid_to=end))
    delegated.clock.forward(minutes=1)
    delegated.official.embed(session.id, 1)
    embedded = steps(delegated.store.load(dossier.id))[-1]
    assert embedded.type is FactType.DOCUMENT_SIGNED
    assert embedded.data["signs_as"]["delegation"]["valid_to"] == "2026-12-23T02:00:00Z"


LATER = [
    {"title": "CHỦ TỊCH", "capacity": None},
    {"capacity": "TL. CHỦ TỊCH"},
    {"name": "Trịnh Công Hậu Hai"},
    {"delegation": "giao-ky-2"},
    {"valid_to": MORNING + timedelta(seconds=1)},
]


@pytest.mark.parametrize("changes", LATER, ids=lambda changes: ",".join(changes))
def test_what_an_appointment_says_after_the_act_does_not_undo_it(delegated: World, changes: dict[str, Any]) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    session = prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.desk.accept(deputy(), session.id, signatures_for(session))
    known = delegated.catalogue.appointments[DEPUTY]
    delegated.catalogue.put_appointment(known.model_copy(update=changes))
    delegated.clock.forward(minutes=1)
    delegated.official.embed(session.id, 1)
    assert delegated.signing.session(session.id).items[0].status is ItemStatus.SIGNED


def head_of(world: World, **changes: Any) -> None:
    """The delegation names whoever gave it, in office since long before."""
    known = world.catalogue.appointments[DEPUTY]
    head = {"id": "head-1", "person": "head", "capacity": None, "delegation": None, "title": "CHỦ TỊCH"}
    world.catalogue.put_appointment(known.model_copy(update={**head, **changes}))
    world.catalogue.put_delegation(record(grantor_appointment="head-1"))


ENDED_BEFORE = [
    (lambda world: head_of(world, valid_to=MORNING), "delegation-grantor-not-in-office"),
    (lambda world: head_of(world, valid_from=MORNING - timedelta(days=1)), "delegation-grantor-not-in-office"),
    (lambda world: world.catalogue.put_delegation(record(withdrawn_at=MORNING)), "delegation-withdrawn"),
    (
        lambda world: world.catalogue.put_appointment(
            world.catalogue.appointments[DEPUTY].model_copy(update={"valid_to": MORNING})
        ),
        "appointment-not-valid",
    ),
    (
        lambda world: world.catalogue.put_credential(
            credential("cred-deputy", "deputy-thuan-hoa", Purpose.SIGN, valid_to=MORNING)
        ),
        "credential-not-valid",
    ),
]


@pytest.mark.parametrize(("learnt", "reason"), ENDED_BEFORE)
def test_what_had_ended_before_the_act_and_is_heard_of_later_undoes_it(
    delegated: World, learnt: Callable[[World], None], reason: str
) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    session = prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.desk.accept(deputy(), session.id, signatures_for(session))
    learnt(delegated)
    delegated.official.embed(session.id, 1)
    item = delegated.signing.session(session.id).items[0]
    assert (item.status, item.reason) == (ItemStatus.FAILED, reason)


def test_a_delegation_ends_with_the_office_of_whoever_gave_it(delegated: World) -> None:
    head_of(delegated)
    dossier = waiting(delegated, official=DEPUTY)
    head_of(delegated, valid_to=delegated.clock.now())
    with pytest.raises(SignerNotEntitled) as refused:
        prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    assert refused.value.reason == "delegation-grantor-not-in-office"
    head_of(delegated)
    signed(delegated, result_of(dossier).id, deputy(), "cred-deputy")


def test_another_delegation_between_drafting_and_signing_is_the_one_that_is_named_then(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    known = delegated.catalogue.appointments[DEPUTY]
    delegated.catalogue.put_delegation(record(id="giao-ky-2", number="8/QĐ-UBND"))
    delegated.catalogue.put_appointment(known.model_copy(update={"delegation": "giao-ky-2"}))
    signed(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    named = [number(fact) for fact in steps(delegated.store.load(dossier.id))]
    assert named == ["7/QĐ-UBND", "8/QĐ-UBND", "8/QĐ-UBND"]


def test_a_right_that_ends_while_a_value_is_being_written_down_keeps_it_out(delegated: World) -> None:
    """Between the check and the transaction: judged with what is written."""
    dossier = waiting(delegated, official=DEPUTY)
    session = prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    checked = delegated.desk.verify

    def slow(*given: Any) -> None:
        checked(*given)
        delegated.catalogue.put_delegation(record(withdrawn_at=MORNING))

    object.__setattr__(delegated.desk, "verify", slow)
    delegated.desk.accept(deputy(), session.id, signatures_for(session))
    entry = delegated.signing.session(session.id).items[0]
    assert (entry.status, entry.reason, entry.accepted_at) == (ItemStatus.FAILED, "delegation-withdrawn", None)
    assert tasks(delegated)[0].session is None, "the document is back in the list"


def test_events_tell_the_capacity_and_the_delegations_number_and_no_name(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    signed(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.sealing.seal(dossier.id, result_of(dossier).id)
    first, seal = sent(delegated, dossier, "document.signed.v1")
    (issued,) = sent(delegated, dossier, "result.issued.v1")
    assert (first["official"], first["delegation"]["number"]) == (DEPUTY, "7/QĐ-UBND")
    assert set(first["delegation"]) == {"id", "number", "valid_from", "valid_to"}
    assert not {"official", "capacity", "delegation"} & set(seal)
    (signatory,) = issued["signatories"]
    assert signatory == {name: first[name] for name in ("field", "official", "capacity", "delegation")}
    assert "Trịnh" not in delegated.all_text()


def test_of_two_officials_each_is_named(pair: World) -> None:
    dossier = in_order(pair)
    signed(pair, tasks(pair)[0].id, official(), "cred-official-thuan-hoa")
    signed(pair, tasks(pair)[0].id, expert(), "cred-expert")
    pair.sealing.seal(dossier.id, result_of(dossier).id)
    (issued,) = sent(pair, dossier, "result.issued.v1")
    assert [(one["field"], one["official"], one["capacity"]) for one in issued["signatories"]] == [
        ("official", FIRST, "TM"),
        ("official2", SECOND, "own"),
    ]
    view = dossier_view(pair.store.load(dossier.id), inside=True)
    drafted = next(entry for entry in view.history if entry.type == "decision_drafted")
    assert [one.official for one in drafted.signers or []] == [FIRST, SECOND]


def test_staff_sees_who_signed_by_which_delegation_and_a_party_does_not(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    signed(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    dossier = delegated.store.load(dossier.id)
    inside = [entry for entry in dossier_view(dossier, inside=True).history if entry.signers]
    assert [entry.type for entry in inside] == [step.value for step in STEPS]
    for entry in inside:
        (signer,) = entry.signers or []
        assert signer.official == DEPUTY
        assert signer.delegation
        assert (signer.delegation.number, signer.delegation.grantor) == ("7/QĐ-UBND", "Chủ tịch")
    outside = dossier_view(dossier, inside=False)
    assert all(entry.signers is None for entry in outside.history)
    assert "7/QĐ-UBND" not in outside.model_dump_json()


def test_a_notice_names_its_signer_in_the_draft_and_not_in_what_is_told(world: World) -> None:
    dossier = extended(world, world.received())
    drafted, told = dossier.fact(FactType.NOTICE_DRAFTED), dossier.fact(FactType.EXTENDED)
    assert drafted
    assert drafted.data["signs_as"]["capacity"] == "TM"
    assert told
    assert "signs_as" not in told.data
