"""Sealed registers and printed number books last: raised after sealing, renewed in time, once each."""

import pytest
from chauban.dossiers.documents import Revision
from chauban.errors import NotConfigured
from chauban.registers.model import Register
from chauban.signing.preservation.algorithm_policy import AlgorithmPolicy
from chauban.signing.preservation.entries import ORDER_KEPT, PreservationEntry
from chauban.signing.preservation.planning import Planning
from chauban.signing.preservation.renewing import Outcome, Renewing
from chauban.signing.preservation.standing import standing

from tests.unit.adapters.conftest import aws, either, stored, table
from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.preservation import LIFE
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of
from tests.unit.registers.test_number_books import ask as ask_for_book
from tests.unit.registers.test_registers import ask

__all__ = ["aws", "either", "stored", "table"]
STEPS = ["store.load", "files.read", "engine.extend", "files.archive", "store.replace"]


def sealed(world: World, register: Register | None = None) -> Register:
    """A register in the archive."""
    register = register or ask(world)
    world.register_printing.make(register.id)
    world.register_sealing.seal(register.id)
    return world.registers.load(register.id)


def entry_of(world: World, register: Register) -> PreservationEntry:
    entry = world.due.entry(register.document.id)
    assert entry
    return entry


def revisions(world: World, register: Register) -> tuple[Revision, ...]:
    return world.registers.load(register.id).document.revisions


def assert_extended_once(world: World, register: Register, number: int = 2) -> None:
    made = revisions(world, register)
    assert [each.revision for each in made] == list(range(1, number + 1))
    files = [world.files.read(each.file) for each in made]
    assert all(after.startswith(before) for before, after in zip(files, files[1:], strict=False))
    entry = entry_of(world, register)
    assert (entry.revision, entry.agency_register, entry.dossier) == (number, register.id, None)
    assert entry.due_at > world.clock.now() + LIFE / 2


def test_a_sealed_register_is_ordered_to_be_extended_and_stands_in_the_list(either: World) -> None:
    either.submitted()
    register = sealed(either)
    entry = entry_of(either, register)
    assert (entry.revision, entry.agency_register, entry.due_at) == (1, register.id, either.clock.now())
    assert either.due.due(either.clock.now(), 10) == []
    either.clock.moment += ORDER_KEPT
    assert either.due.due(either.clock.now(), 10) == [entry]


def test_the_order_is_one_for_its_document(world: World) -> None:
    register = sealed(world)
    (order,) = world.messages("extend", register.id)
    named = {"task": "extend", "register": register.id, "document": register.document.id, "revision": 1}
    assert order.body.items() >= named.items()


def test_it_gets_its_second_revision_with_what_was_found_about_the_authority(either: World) -> None:
    either.submitted()
    register = sealed(either)
    assert either.renewing.one(register.document.id, 1) is Outcome.DONE
    assert_extended_once(either, register)
    first, second = revisions(either, register)
    assert first == register.document.revisions[0]
    assert (second.level, first.timestamp) == ("PAdES-BASELINE-LTA", None)
    assert second.timestamp
    assert second.timestamp.certificate_check["result"] == "good"
    # The seal's own check stays.
    assert either.registers.load(register.id).document.signatures == register.document.signatures


def test_an_order_that_comes_twice_finds_its_work_done(either: World) -> None:
    either.submitted()
    register = sealed(either)
    outcomes = [either.renewing.one(register.document.id, 1) for _ in range(3)]
    assert outcomes == [Outcome.DONE, Outcome.ELSEWHERE, Outcome.ELSEWHERE]
    assert_extended_once(either, register)
    assert not either.register_extending.extend(register.id, 1)


def test_renewal_comes_in_time_and_again_beside_the_documents_of_dossiers(world: World) -> None:
    dossier, register = world.issued(), sealed(world)
    world.clock.forward(hours=1)
    assert world.renewing.run(60, 100).done == 2
    for number in range(3, 6):
        documents = (result_of(dossier).id, register.document.id)
        world.clock.moment = max(entry.due_at for name in documents if (entry := world.due.entry(name)))
        assert world.renewing.run(60, 100).done == 2
        assert_extended_once(world, register, number)
        assert len(result_of(world.store.load(dossier.id)).revisions) == number


def test_a_printed_number_book_lasts_too(world: World) -> None:
    world.issued()
    register = sealed(world, ask_for_book(world))
    assert world.renewing.one(register.document.id, 1) is Outcome.DONE
    assert_extended_once(world, register)


@pytest.mark.parametrize("at", range(1, len(STEPS) + 1))
def test_a_worker_killed_after_any_step_leaves_it_to_the_next(world: World, at: int) -> None:
    register = sealed(world)
    service = watched(world.register_extending, Steps(at, kill), "store", "files", "engine")
    with pytest.raises(Killed):
        service.extend(register.id, 1)
    world.clock.forward(hours=1)
    world.renewing.run(60, 100)
    assert_extended_once(world, register)


def test_the_steps_are_these(world: World) -> None:
    register, steps = sealed(world), Steps(0, kill)
    watched(world.register_extending, steps, "store", "files", "engine").extend(register.id, 1)
    assert steps.taken == STEPS


def test_the_worker_that_was_slower_changes_nothing(world: World) -> None:
    """Between reading and writing another one extends it."""
    register = sealed(world)

    def meanwhile() -> None:
        assert world.register_extending.extend(register.id, 1)

    for at in range(1, len(STEPS)):
        fresh = register if at == 1 else sealed(world, ask(world))
        register = fresh
        slow = watched(world.register_extending, Steps(at, meanwhile), "store", "files", "engine")
        assert not slow.extend(register.id, 1)
        assert_extended_once(world, register)


def test_the_report_counts_registers_beside_documents(world: World) -> None:
    world.issued()
    sealed(world)
    found = standing(world.due, world.clock.now())
    assert (found.kept, found.registers, found.due) == (2, 1, 2)


def test_a_new_end_of_an_algorithm_brings_registers_forward_too(world: World) -> None:
    register = sealed(world)
    world.renewing.one(register.document.id, 1)
    before = entry_of(world, register)
    end = world.clock.now() + LIFE / 2
    known = world.catalogue.algorithms().model_dump()
    used = before.rests_on[0].name
    gone = {"family": "hash", "name": used, "weak_from": end.date(), "source": "a regulator of the tests"}
    world.catalogue.put_algorithms(AlgorithmPolicy.model_validate({**known, "ends": [*known["ends"], gone]}))
    assert Planning(world.due, world.catalogue).plan() == (1, 1)
    after = entry_of(world, register)
    assert after.due_at < end < before.due_at
    assert (after.agency_register, after.revision) == (register.id, 2)


def test_an_entry_names_a_dossier_or_a_register() -> None:
    for owner in ({}, {"dossier": "D", "agency_register": "G"}):
        with pytest.raises(ValueError, match="a dossier or to a register"):
            PreservationEntry.model_validate(
                {"document": "X", "revision": 1, "due_at": MORNING, "next_at": MORNING, **owner}
            )


def test_a_run_that_cannot_reach_registers_says_so_and_does_the_others(world: World) -> None:
    dossier, register = world.issued(), sealed(world)
    world.clock.forward(hours=1)
    lame = Renewing(world.due, world.extending, world.clock, world.renewing.explain)
    report = lame.run(60, 100)
    assert (report.done, list(report.failed)) == (1, [f"{NotConfigured.code}: where registers are kept"])
    assert len(result_of(world.store.load(dossier.id)).revisions) == 2
    assert len(revisions(world, register)) == 1
