"""Two officials in sequence, and officials whose right or certificate does not hold when it is asked: each judged right."""

from datetime import timedelta
from typing import Any

import pytest
from chauban.access.catalogue import Appointment, Capacity, Delegation
from chauban.access.identity import Caller
from chauban.dossiers.documents import DocumentStatus
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.dossiers.notice_requests import ReturnDraft
from chauban.dossiers.requests import DraftDecision, OpenSession
from chauban.errors import CredentialNotFit, InvalidRequest, NotAllowed, NotFound, SignerNotEntitled, WrongState
from chauban.forms.definition import FormHead, Signatory
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Purpose
from chauban.signing.sessions.model import ItemStatus, SigningSession, SigningTask
from chauban.signing.terms import SignaturePolicy
from pydantic import ValidationError

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA, credential, real_form
from tests.unit.fakes.people import clerk, decision_data, official, staff
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of, signatures_for

FIRST, SECOND = "official-thuan-hoa-1", "expert-thuan-hoa-1"
BOTH = [
    {"role": "official", "field": "official", "capacities": ["TM", "KT", "TUQ"]},
    {"role": "official", "field": "official2"},
]
POLICY = SignaturePolicy(oid="1.3.6.1.4.1.32473.1", sha256="00" * 32)


def expert() -> Caller:
    return staff("expert-thuan-hoa", "signing")


def form_with(world: World, **changes: Any) -> None:
    """The world's form says something else about signing."""
    form = real_form()
    head = FormHead.model_validate({**form.head.model_dump(), **changes})
    world.forms.versions[:] = [form.model_copy(update={"head": head})]


@pytest.fixture
def pair(world: World) -> World:
    """A form with two signatories, and a second official with a credential of her own."""
    form_with(world, signatories=BOTH)
    values = {
        "id": SECOND,
        "person": "expert-thuan-hoa",
        "agency": THUAN_HOA,
        "role": "official",
        "name": "Cao Thị Yến",
    }
    appointment = {**values, "title": "CÔNG CHỨC", "valid_from": MORNING - timedelta(days=99)}
    world.catalogue.put_appointment(Appointment.model_validate(appointment))
    world.catalogue.put_credential(credential("cred-expert", "expert-thuan-hoa", Purpose.SIGN))
    return world


def drafted(world: World, **named: Any) -> Dossier:
    dossier = world.received()
    request = DraftDecision.model_validate({"data": decision_data(), **named})
    return world.handling.draft(clerk(), dossier.id, request, world.guard(clerk()))


def waiting(world: World, **named: Any) -> Dossier:
    dossier = drafted(world, **named)
    world.making.make(dossier.id, result_of(dossier).id)
    return world.store.load(dossier.id)


def in_order(world: World) -> Dossier:
    return waiting(world, officials=[FIRST, SECOND])


def opened(world: World, task: str, caller: Caller, key: str) -> SigningSession:
    request = OpenSession(tasks=(task,), credential=key)
    session = world.sessions.open(caller, request, request.model_dump(mode="json"), world.ids.new())
    return world.signing.session(session.id)


def prepared(world: World, task: str, caller: Caller, key: str) -> SigningSession:
    session = opened(world, task, caller, key)
    world.official.prepare(session.id, 1)
    return world.signing.session(session.id)


def signed(world: World, task: str, caller: Caller, key: str) -> SigningSession:
    session = prepared(world, task, caller, key)
    world.desk.accept(caller, session.id, signatures_for(session))
    world.official.embed(session.id, 1)
    return world.signing.session(session.id)


def tasks(world: World) -> list[SigningTask]:
    return list(world.signing.tasks_of_agency(THUAN_HOA, 50, None).items)


def test_the_second_signs_after_the_first_and_then_the_seal_follows(pair: World) -> None:
    dossier = in_order(pair)
    (first,) = tasks(pair)
    assert (first.official, first.terms.field) == (FIRST, "official")
    signed(pair, first.id, official(), "cred-official-thuan-hoa")
    halfway = result_of(pair.store.load(dossier.id))
    assert halfway.status is DocumentStatus.AWAITING_SIGNATURE
    assert not pair.messages("seal", dossier.id)[1:], "only the receipt's seal was ordered"
    (second,) = tasks(pair)
    assert (second.official, second.terms.field, second.sha256) == (SECOND, "official2", halfway.sha256)
    signed(pair, second.id, expert(), "cred-expert")
    assert tasks(pair) == []
    pair.sealing.seal(dossier.id, halfway.id)
    issued = result_of(pair.store.load(dossier.id))
    assert [(s.field, s.credential) for s in issued.signatures] == [
        ("official", "cred-official-thuan-hoa"),
        ("official2", "cred-expert"),
        ("seal", "cred-seal-thuan-hoa"),
    ]
    assert issued.status is DocumentStatus.ISSUED
    told = [m.body["data"] for m in pair.messages("bus", dossier.id) if m.body["type"] == "document.signed.v1"]
    assert [data["field"] for data in told if data["kind"] == "result"] == ["official", "official2", "seal"]
    facts = [
        fact.data["official"] for fact in pair.store.load(dossier.id).facts if fact.type is FactType.DOCUMENT_SIGNED
    ]
    assert facts == [FIRST, SECOND]


def test_the_first_may_not_sign_for_the_second(pair: World) -> None:
    in_order(pair)
    signed(pair, tasks(pair)[0].id, official(), "cred-official-thuan-hoa")
    with pytest.raises(NotAllowed):
        opened(pair, tasks(pair)[0].id, official(), "cred-official-thuan-hoa")


def test_a_second_embedding_of_the_first_changes_nothing(pair: World) -> None:
    dossier = in_order(pair)
    session = signed(pair, tasks(pair)[0].id, official(), "cred-official-thuan-hoa")
    second = prepared(pair, tasks(pair)[0].id, expert(), "cred-expert")
    before = pair.store.load(dossier.id)
    pair.official.embed(session.id, 1)
    pair.official.prepare(session.id, 1)
    assert pair.store.load(dossier.id) == before
    assert second.items[0].status is ItemStatus.READY


def test_two_workers_with_the_first_signature_make_one_second_task(pair: World) -> None:
    dossier = in_order(pair)
    session = prepared(pair, tasks(pair)[0].id, official(), "cred-official-thuan-hoa")
    pair.desk.accept(official(), session.id, signatures_for(session))
    kept, raced = pair.engine.complete, []

    def slow(*arguments: Any, **named: Any) -> Any:
        # The other worker is faster, and the second official has prepared when this one goes on.
        pair.engine.complete = kept
        pair.official.embed(session.id, 1)
        raced.append(prepared(pair, tasks(pair)[0].id, expert(), "cred-expert"))
        return kept(*arguments, **named)

    pair.engine.complete = slow
    pair.official.embed(session.id, 1)
    document = result_of(pair.store.load(dossier.id))
    assert [each.field for each in document.signatures] == ["official"]
    assert document.preparation is not None
    assert document.preparation.field == "official2"
    assert len(raced) == 1


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"official": FIRST},
        {"officials": [FIRST]},
        {"officials": [FIRST, FIRST]},
        {"officials": [FIRST, "official-phu-xuan-1"]},
        {"officials": [FIRST, "clerk-thuan-hoa-1"]},
    ],
)
def test_two_different_officials_of_the_agency_are_named(pair: World, named: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as error:
        drafted(pair, **named)
    assert error.value.errors[0].pointer.startswith("#/officials")


def test_a_form_with_one_signatory_takes_one(world: World) -> None:
    with pytest.raises(InvalidRequest):
        drafted(world, officials=[FIRST, SECOND])
    assert drafted(world, officials=[FIRST]).fact(FactType.DECISION_DRAFTED)


def test_the_second_official_sees_nothing_before_the_first_has_signed(pair: World) -> None:
    in_order(pair)
    (first,) = tasks(pair)
    with pytest.raises(NotAllowed):
        opened(pair, first.id, expert(), "cred-expert")


@pytest.mark.parametrize(
    "signatories",
    [
        [],
        [{"role": "official", "field": "official2"}],
        [{"role": "official", "field": "official"}, {"role": "official", "field": "official"}],
        [*BOTH, {"role": "official", "field": "official2"}],
        [{"role": "official", "field": "official", "capacities": []}],
    ],
)
def test_a_form_names_one_or_two_fields_in_order(signatories: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        FormHead.model_validate({**real_form().head.model_dump(), "signatories": signatories})


def test_what_the_form_says_of_signatures_goes_with_the_task(world: World) -> None:
    form_with(world, signatories=BOTH[:1], algorithms=["ECDSA_P384_SHA384"], signature_policy=POLICY.model_dump())
    dossier = waiting(world)
    (task,) = tasks(world)
    assert task.terms.policy == POLICY
    assert task.terms.algorithms == (Algorithm.ECDSA_P384_SHA384,)
    assert task.terms.capacities == (Capacity.TM, Capacity.KT, Capacity.TUQ)
    with pytest.raises(CredentialNotFit) as refused:
        prepared(world, result_of(dossier).id, official(), "cred-official-thuan-hoa")
    assert refused.value.reason == "algorithm-not-allowed"


def test_the_signature_policy_reaches_what_is_signed(world: World) -> None:
    form_with(world, signature_policy=POLICY.model_dump())
    dossier = waiting(world)
    prepared(world, result_of(dossier).id, official(), "cred-official-thuan-hoa")
    assert world.engine.policies[-1] == POLICY


def test_a_notice_has_one_signatory_whatever_the_form_says() -> None:
    head = FormHead.model_validate({**real_form().head.model_dump(), "signatories": BOTH})
    assert [terms.field for terms in head.terms("extension")] == ["official"]
    assert head.signatories[1] == Signatory(role="official", field="official2")


# A deputy who signs for the head -----------------------------------------------------------------------------------------------

DEPUTY, RECORD = "deputy-thuan-hoa-1", "giao-ky-1"


def deputy() -> Caller:
    return staff("deputy-thuan-hoa", "signing")


def record(**changes: Any) -> Delegation:
    values = {"id": RECORD, "number": "7/QĐ-UBND", "legal_basis": "Quy chế", "grantor": "Chủ tịch", "agency": THUAN_HOA}
    values |= {"grantees": (DEPUTY,)}
    times = {"valid_from": MORNING - timedelta(days=30), "valid_to": MORNING + timedelta(days=30)}
    return Delegation.model_validate({**values, **times, **changes})


@pytest.fixture(params=["KT. CHỦ TỊCH", "TUQ. CHỦ TỊCH"])
def delegated(world: World, request: pytest.FixtureRequest) -> World:
    """A deputy whose capacity rests on a delegation that stands."""
    appointment = {
        "id": DEPUTY,
        "person": "deputy-thuan-hoa",
        "agency": THUAN_HOA,
        "role": "official",
        "name": "Trịnh Công Hậu",
        "title": "PHÓ CHỦ TỊCH",
        "authority": "TM. ỦY BAN NHÂN DÂN",
        "capacity": request.param,
        "delegation": RECORD,
        "valid_from": MORNING - timedelta(days=99),
    }
    world.catalogue.put_appointment(Appointment.model_validate(appointment))
    world.catalogue.put_delegation(record())
    world.catalogue.put_credential(credential("cred-deputy", "deputy-thuan-hoa", Purpose.SIGN))
    return world


BROKEN = [
    ({"valid_to": MORNING}, "delegation-expired"),
    ({"valid_from": MORNING + timedelta(days=9)}, "delegation-not-yet-valid"),
    ({"agency": PHU_XUAN}, "delegation-of-another-agency"),
    ({"grantees": (FIRST,)}, "delegation-of-another-person"),
    ({"withdrawn_at": MORNING}, "delegation-withdrawn"),
]


def test_a_deputy_with_a_delegation_signs_and_the_capacity_is_printed(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    fact = dossier.fact(FactType.DECISION_DRAFTED)
    assert fact is not None
    assert fact.data["signer"]["capacity"].endswith("CHỦ TỊCH")
    session = signed(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    assert session.items[0].status is ItemStatus.SIGNED


@pytest.mark.parametrize(("changes", "word"), BROKEN)
def test_a_decision_is_not_drafted_for_whoever_may_not_sign(
    delegated: World, changes: dict[str, Any], word: str
) -> None:
    delegated.catalogue.put_delegation(record(**changes))
    with pytest.raises(InvalidRequest) as error:
        drafted(delegated, official=DEPUTY)
    assert [(fault.pointer, fault.code) for fault in error.value.errors] == [("#/official", word)]


@pytest.mark.parametrize(("changes", "word"), BROKEN)
def test_no_session_is_opened_once_the_delegation_does_not_stand(
    delegated: World, changes: dict[str, Any], word: str
) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    delegated.catalogue.put_delegation(record(**changes))
    with pytest.raises(SignerNotEntitled) as error:
        opened(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    assert error.value.reason == word
    assert tasks(delegated)[0].session is None


@pytest.mark.parametrize(("changes", "word"), BROKEN)
def test_between_opening_and_preparing_the_item_fails_with_the_reason(
    delegated: World, changes: dict[str, Any], word: str
) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    session = opened(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.catalogue.put_delegation(record(**changes))
    delegated.official.prepare(session.id, 1)
    entry = delegated.signing.session(session.id).items[0]
    assert (entry.status, entry.reason) == (ItemStatus.FAILED, word)
    assert tasks(delegated)[0].session is None, "the document is back in the list"


@pytest.mark.parametrize(("changes", "word"), BROKEN)
def test_between_preparing_and_signing_no_value_is_accepted(
    delegated: World, changes: dict[str, Any], word: str
) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    session = prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.catalogue.put_delegation(record(**changes))
    with pytest.raises(SignerNotEntitled) as error:
        delegated.desk.accept(deputy(), session.id, signatures_for(session))
    assert error.value.reason == word
    assert delegated.signing.session(session.id).items[0].accepted_at is None


def test_a_withdrawal_after_the_act_takes_nothing_back(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    session = prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.desk.accept(deputy(), session.id, signatures_for(session))
    delegated.catalogue.put_delegation(record(withdrawn_at=delegated.clock.now() + timedelta(seconds=1)))
    delegated.clock.forward(minutes=1)
    delegated.official.embed(session.id, 1)
    assert delegated.signing.session(session.id).items[0].status is ItemStatus.SIGNED
    assert result_of(delegated.store.load(dossier.id)).status is DocumentStatus.AWAITING_SEAL


def test_a_withdrawal_before_the_act_that_was_heard_of_late_gives_the_value_up(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    session = prepared(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    delegated.desk.accept(deputy(), session.id, signatures_for(session))
    delegated.catalogue.put_delegation(record(withdrawn_at=MORNING - timedelta(days=1)))
    delegated.official.embed(session.id, 1)
    entry = delegated.signing.session(session.id).items[0]
    assert (entry.status, entry.reason) == (ItemStatus.FAILED, "delegation-withdrawn")
    document = result_of(delegated.store.load(dossier.id))
    assert (document.status, document.preparation) == (DocumentStatus.AWAITING_SIGNATURE, None)
    assert tasks(delegated)[0].session is None


@pytest.mark.parametrize("changes", [{"title": "CHỦ TỊCH"}, {"authority": None}, {"name": "Trịnh Công Hựu"}])
def test_what_is_printed_is_still_the_appointment_when_it_is_signed(delegated: World, changes: dict[str, Any]) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    known = delegated.catalogue.appointments[DEPUTY]
    delegated.catalogue.put_appointment(known.model_copy(update=changes))
    with pytest.raises(SignerNotEntitled) as error:
        opened(delegated, result_of(dossier).id, deputy(), "cred-deputy")
    assert error.value.reason == "appointment-changed"


def test_another_agencys_deputy_sees_no_task(delegated: World) -> None:
    dossier = waiting(delegated, official=DEPUTY)
    with pytest.raises(NotFound):
        opened(delegated, result_of(dossier).id, official("phu-xuan"), "cred-official-phu-xuan")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"names": ("Người Khác",)}, "name-differs"),
        ({"signs": False}, "wrong-key-usage"),
        ({"not_after": MORNING - timedelta(days=1)}, "certificate-expired"),
        ({"algorithms": frozenset({Algorithm.ECDSA_P256_SHA256})}, "key-does-not-fit"),
    ],
)
def test_nothing_is_prepared_for_a_certificate_that_is_not_the_officials_own(
    world: World, said: dict[str, Any], word: str
) -> None:
    dossier = waiting(world)
    session = opened(world, result_of(dossier).id, official(), "cred-official-thuan-hoa")
    world.certificates.said["cred-official-thuan-hoa"] = said
    world.official.prepare(session.id, 1)
    entry = world.signing.session(session.id).items[0]
    assert (entry.status, entry.reason) == (ItemStatus.FAILED, word)
    assert world.engine.prepared == []


def halfway(world: World) -> tuple[Dossier, SigningTask, SigningTask]:
    """A dossier whose result the first of two has signed, with both tasks."""
    dossier = in_order(world)
    (first,) = tasks(world)
    signed(world, first.id, official(), "cred-official-thuan-hoa")
    (second,) = tasks(world)
    return dossier, first, second


def assert_returned_with_the_first_signature(world: World, dossier: Dossier, second: SigningTask) -> None:
    after = world.store.load(dossier.id)
    assert result_of(after).status is DocumentStatus.RETURNED
    fact = after.fact(FactType.DOCUMENT_RETURNED)
    assert fact is not None
    assert fact.data["void"] == ["official"]
    assert after.status == "received"
    assert tasks(world) == []
    assert not world.signing.task(second.id).open
    told = world.messages("bus", dossier.id)[-1].body
    assert (told["type"], told["data"]["void_signatures"]) == ("document.returned.v1", 1)


def test_the_second_returns_what_the_first_has_signed(pair: World) -> None:
    dossier, _, second = halfway(pair)
    pair.returning.send_back(expert(), second.id, ReturnDraft(reason="Sai căn cứ"), pair.guard(expert()))
    assert_returned_with_the_first_signature(pair, dossier, second)
    # The desk drafts another, which both sign anew.
    request = DraftDecision.model_validate({"data": decision_data(), "officials": [FIRST, SECOND]})
    pair.handling.draft(clerk(), dossier.id, request, pair.guard(clerk()))


def test_the_desk_takes_back_what_the_second_can_no_longer_sign(pair: World) -> None:
    dossier, _, second = halfway(pair)
    held = next(one for one in pair.catalogue.officials_of(THUAN_HOA) if one.id == SECOND)
    pair.catalogue.put_appointment(held.model_copy(update={"valid_to": pair.clock.now()}))
    document = result_of(dossier).id
    reason = ReturnDraft(reason="Người ký đã chuyển công tác")
    pair.returning.take_back(clerk(), dossier.id, document, reason, pair.guard(clerk()))
    assert_returned_with_the_first_signature(pair, dossier, second)


def test_the_first_cannot_return_what_the_first_has_signed(pair: World) -> None:
    _, first, _ = halfway(pair)
    with pytest.raises(WrongState):
        pair.returning.send_back(official(), first.id, ReturnDraft(reason="Đổi ý"), pair.guard(official()))


def test_a_second_value_on_its_way_into_the_file_cannot_be_returned(pair: World) -> None:
    dossier, _, second = halfway(pair)
    session = prepared(pair, second.id, expert(), "cred-expert")
    pair.desk.accept(expert(), session.id, signatures_for(session))
    with pytest.raises(WrongState):
        pair.returning.send_back(expert(), second.id, ReturnDraft(reason="Sai"), pair.guard(expert()))
    with pytest.raises(WrongState):
        pair.returning.take_back(
            clerk(), dossier.id, result_of(dossier).id, ReturnDraft(reason="Sai"), pair.guard(clerk())
        )


def test_the_item_names_the_office_in_which_the_document_is_signed(pair: World) -> None:
    """Whoever holds two offices in an agency signs in the one that the draft names."""
    held = next(one for one in pair.catalogue.officials_of(THUAN_HOA) if one.id == FIRST)
    pair.catalogue.put_appointment(held.model_copy(update={"id": "a-second-office", "title": "PHÓ CHỦ TỊCH"}))
    dossier = waiting(pair, officials=["a-second-office", SECOND])
    (task,) = tasks(pair)
    session = signed(pair, task.id, official(), "cred-official-thuan-hoa")
    assert [item.appointment for item in session.items] == ["a-second-office"]
    accepted = pair.store.load(dossier.id).fact(FactType.SIGNATURE_ACCEPTED)
    assert accepted is not None
    assert accepted.by.appointment == "a-second-office"
