"""The dossier register: what it lists, who may have it, and that it is made and sealed once."""

import json
from datetime import date, timedelta

import pytest
from chauban.access.identity import Caller
from chauban.dossiers.documents import DocumentStatus
from chauban.errors import (
    CertificateNotUsable,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    InvalidRequest,
    NotAllowed,
    NotFound,
    TimestampUnavailable,
)
from chauban.registers.desk import RequestRegister
from chauban.registers.model import Register
from chauban.registers.rows import register_row
from chauban.signing.credentials import Purpose

from tests.unit.fakes.catalogue import PHU_XUAN, THUAN_HOA, credential
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.notices import asked, refused
from tests.unit.fakes.people import AN, citizen, clerk, official, portal, staff
from tests.unit.fakes.world import World

TODAY = "2026-11-23"


def ask(world: World, caller: Caller | None = None, key: str | None = None, **period: str) -> Register:
    body = {"from": TODAY, "to": TODAY, **period}
    request = RequestRegister.model_validate(body)
    return world.register_desk.ask(caller or clerk(), THUAN_HOA, request, body, key or world.ids.new())


def printed(world: World, register: Register) -> list[dict]:
    world.register_printing.make(register.id)
    rows: list[dict] = json.loads(world.renderer.requests[-1].data)["rows"]
    return rows


def test_a_register_lists_the_days_dossiers_oldest_first(world: World) -> None:
    first, second = world.submitted(), world.received()
    rows = printed(world, ask(world))
    assert [row["code"] for row in rows] == [first.filing.code, second.filing.code]
    assert [row["status"] for row in rows] == ["submitted", "received"]
    assert rows[1]["due_at"] is not None
    assert AN not in world.renderer.requests[-1].data.decode()


def test_dossiers_handed_in_here_for_another_agency_are_listed_and_others_not(world: World) -> None:
    world.submitted(agency=PHU_XUAN)
    here = world.submitted(agency=PHU_XUAN, receiving_agency=THUAN_HOA)
    assert [row["code"] for row in printed(world, ask(world))] == [here.filing.code]


def test_what_happens_after_it_was_asked_for_is_not_in_it(world: World) -> None:
    dossier = world.submitted()
    register = ask(world)
    world.clock.forward(minutes=1)
    refused(world, dossier)
    world.submitted()
    assert [row["status"] for row in printed(world, register)] == ["submitted"]


def test_each_dossier_is_judged_by_the_deadline_that_stood(world: World) -> None:
    early, waiting = world.issued(), asked(world, world.received())
    late = world.awaiting_seal()
    world.clock.forward(days=20)
    world.sealing.seal(late.id, late.documents[-1].id)
    rows = {row["code"]: row for row in printed(world, ask(world, to="2026-12-13"))}
    assert rows[early.filing.code]["result"] == "early"
    assert rows[late.filing.code]["result"] == "late"
    assert rows[waiting.filing.code]["result"] == "untimed"


def test_what_is_overdue_and_unfinished_is_late(world: World) -> None:
    world.received()
    assert [row["result"] for row in printed(world, ask(world))] == ["running"]
    world.clock.forward(days=20)
    assert [row["result"] for row in printed(world, ask(world, to="2026-12-13"))] == ["late"]


def test_a_dossier_not_yet_filed_at_that_moment_has_no_row(world: World) -> None:
    dossier = world.submitted()
    assert register_row(dossier, world.clock.now() - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ({"from": "2026-11-24", "to": "2026-11-23"}, "period-not-past"),
        ({"to": "2026-11-24"}, "period-not-past"),
        ({"from": "2026-10-23"}, "period-too-long"),
    ],
)
def test_a_period_is_past_and_a_month_at_the_most(world: World, period: dict, code: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        ask(world, **period)
    assert [(fault.pointer, fault.code) for fault in error.value.errors] == [("#/to", code)]
    assert ask(world, **{"from": "2026-10-24"}).first == date(2026, 10, 24)


def test_too_many_dossiers_are_divided(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chauban.registers.desk.MAX_ROWS", 2)
    for _ in range(3):
        world.submitted()
    with pytest.raises(InvalidRequest) as error:
        ask(world)
    assert error.value.errors[0].code == "too-many-dossiers"


def test_who_may_have_a_register_made_and_who_may_see_it(world: World) -> None:
    register = ask(world)
    assert ask(world, staff("records-thuan-hoa", "dossiers:read", "records")).agency == THUAN_HOA
    for who in (official(), staff("clerk-thuan-hoa", "dossiers:read")):
        with pytest.raises(NotAllowed):
            ask(world, who)
        assert world.register_desk.see(who, THUAN_HOA, register.id)[0] == register
    for who in (clerk("phu-xuan"), citizen(AN), portal()):
        with pytest.raises(NotFound):
            ask(world, who)
        with pytest.raises(NotFound):
            world.register_desk.see(who, THUAN_HOA, register.id)
    with pytest.raises(NotFound):
        world.register_desk.see(clerk("phu-xuan"), PHU_XUAN, register.id)


def test_one_key_stands_for_one_register(world: World) -> None:
    assert ask(world, key="k") == ask(world, key="k")
    with pytest.raises(IdempotencyKeyReused):
        ask(world, key="k", **{"from": "2026-11-20"})
    with pytest.raises(IdempotencyKeyRequired):
        world.register_desk.ask(clerk(), THUAN_HOA, RequestRegister(**{"from": TODAY, "to": TODAY}), {}, None)


def test_a_register_is_printed_sealed_and_handed_out(world: World) -> None:
    register = ask(world)
    assert world.messages("render", register.id)[-1].body["register"] == register.id
    world.register_printing.make(register.id)
    assert world.messages("seal", register.id)[-1].body["task"] == "register"
    assert world.register_desk.see(clerk(), THUAN_HOA, register.id)[1] is None
    for _ in range(2):
        world.register_sealing.seal(register.id)
    found, link = world.register_desk.see(clerk(), THUAN_HOA, register.id)
    assert found.document.status is DocumentStatus.ISSUED
    assert link is not None
    assert link.sha256 == found.document.sha256
    assert len(world.keys.values) == 1


@pytest.mark.parametrize("service", ["register_printing", "register_sealing"])
def test_a_worker_killed_anywhere_leaves_one_register(service: str) -> None:
    for at in range(1, 40):
        world = World()
        register = ask(world).id
        if service == "register_sealing":
            world.register_printing.make(register)
        work = getattr(world, service)
        act = "make" if service == "register_printing" else "seal"
        ports = ("store", "files") if act == "make" else ("store", "files", "engine", "keys")
        steps = Steps(at, kill)
        try:
            getattr(watched(work, steps, *ports), act)(register)
        except Killed:
            world.clock.forward(minutes=7)
            getattr(work, act)(register)
        found = world.registers.load(register).document
        assert found.status is (DocumentStatus.AWAITING_SEAL if act == "make" else DocumentStatus.ISSUED), steps.taken
        assert len(world.messages("seal", register)) == 1
        assert [s.field for s in found.signatures] == ([] if act == "make" else ["seal"])
        if not steps.reached:
            return
    pytest.fail("the service never came to its end")


def test_without_a_timestamp_nothing_is_issued_and_the_value_is_kept(world: World) -> None:
    register = ask(world).id
    world.register_printing.make(register)
    world.engine.timestamps_fail = True
    with pytest.raises(TimestampUnavailable):
        world.register_sealing.seal(register)
    world.engine.timestamps_fail = False
    world.register_sealing.seal(register)
    assert len(world.keys.values) == 1


def test_a_register_s_seal_that_was_revoked_is_given_up_and_the_next_one_seals(world: World) -> None:
    register = ask(world).id
    world.register_printing.make(register)
    world.engine.refused_at_embedding = {"cred-seal-thuan-hoa": "revoked"}
    with pytest.raises(CertificateNotUsable):
        world.register_sealing.seal(register)
    assert world.registers.load(register).document.preparation is None
    now = world.clock.now()
    world.catalogue.put_credential(credential("seal-new", THUAN_HOA, Purpose.SEAL, valid_from=now))
    world.register_sealing.seal(register)
    assert [one.credential for one in world.registers.load(register).document.signatures] == ["seal-new"]


def test_a_register_that_was_fixed_for_a_seal_that_was_replaced_is_fixed_for_the_new_one(world: World) -> None:
    register = ask(world).id
    world.register_printing.make(register)
    with pytest.raises(Killed):
        watched(world.register_sealing, Steps(1, kill), "keys").seal(register)
    fixed = world.registers.load(register).document.preparation
    assert fixed is not None
    now = world.clock.now()
    world.catalogue.put_credential(credential("seal-new", THUAN_HOA, Purpose.SEAL, valid_from=now))
    world.register_sealing.seal(register)
    assert [one.credential for one in world.registers.load(register).document.signatures] == ["seal-new"]
