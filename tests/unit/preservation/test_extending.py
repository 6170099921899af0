"""Issued documents get another revision, once each; what cannot be done stays due, and nothing before it changes."""

from datetime import timedelta
from threading import Thread

import pytest
from chauban.dossiers.documents import DocumentKind, Revision
from chauban.dossiers.facts import FactType
from chauban.dossiers.model import Dossier
from chauban.errors import TimestampUnavailable
from chauban.signing.preservation.entries import ORDER_KEPT
from chauban.signing.preservation.renewing import BATCH, TAKEN, Outcome

from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.preservation import LIFE
from tests.unit.fakes.world import World, document_of, result_of

PORTS = ("store", "files", "engine")
STEPS = ["store.load", "files.read", "engine.extend", "files.archive", "store.load", "store.commit"]


def revisions(world: World, dossier: Dossier) -> tuple[Revision, ...]:
    return result_of(world.store.load(dossier.id)).revisions


def order_of(world: World, dossier: Dossier) -> dict[str, object]:
    (message,) = world.messages("extend", dossier.id)
    return message.body


def assert_extended_once(world: World, dossier: Dossier, number: int = 2) -> None:
    present = world.store.load(dossier.id)
    result = result_of(present)
    assert [each.revision for each in result.revisions] == list(range(1, number + 1))
    files = [world.files.read(each.file) for each in result.revisions]
    assert all(after.startswith(before) for before, after in zip(files, files[1:], strict=False))
    assert [fact.type for fact in present.facts].count(FactType.DOCUMENT_EXTENDED) == number - 1
    assert world.events_of(dossier.id).count("document.extended.v1") == number - 1
    entry = world.due.entry(result.id)
    assert entry
    assert entry.revision == number
    assert entry.due_at > world.clock.now() + LIFE / 2


def test_an_issued_result_is_ordered_to_be_extended_and_stands_in_the_list(world: World) -> None:
    dossier = world.issued()
    assert (
        order_of(world, dossier).items()
        >= {
            "task": "extend",
            "dossier": dossier.id,
            "document": result_of(dossier).id,
            "revision": 1,
        }.items()
    )
    # The order goes first; who comes by on a schedule leaves it alone for a while.
    assert world.due.due(world.clock.now(), 10) == []
    world.clock.forward(seconds=ORDER_KEPT.total_seconds())
    (entry,) = world.due.due(world.clock.now(), 10)
    assert (entry.document, entry.revision) == (result_of(dossier).id, 1)


def test_a_receipt_stays_as_it_was_issued(world: World) -> None:
    dossier = world.received()
    receipt = document_of(dossier, DocumentKind.RECEIPT)
    world.making.make(dossier.id, receipt.id)
    world.sealing.seal(dossier.id, receipt.id)
    assert world.messages("extend") == []
    assert world.due.entry(receipt.id) is None


def test_an_order_makes_the_second_revision_and_the_default_download(world: World) -> None:
    dossier = world.issued()
    before = result_of(dossier)
    assert world.renewing.one(before.id, 1) is Outcome.DONE
    assert_extended_once(world, dossier)
    after = result_of(world.store.load(dossier.id))
    assert after.revisions[0] == before.revisions[0]
    assert after.revisions[1].level == "PAdES-BASELINE-LTA"
    assert after.sha256 == after.revisions[1].file.sha256 != before.sha256
    assert after.signatures == before.signatures
    fact = world.store.load(dossier.id).fact(FactType.DOCUMENT_EXTENDED)
    assert fact
    assert fact.data["sha256"] == after.sha256
    assert world.store.load(dossier.id).status == "processed"


def test_an_order_that_comes_twice_finds_its_work_done(world: World) -> None:
    dossier = world.issued()
    for _ in range(3):
        world.renewing.one(result_of(dossier).id, 1)
    assert_extended_once(world, dossier)
    assert len(world.preserving.extended) == 1


@pytest.mark.parametrize("at", range(1, len(STEPS) + 1))
def test_a_worker_killed_after_any_step_leaves_it_to_the_next(world: World, at: int) -> None:
    dossier = world.issued()
    service = watched(world.extending, Steps(at, kill), *PORTS)
    with pytest.raises(Killed):
        service.extend(dossier.id, result_of(dossier).id, 1)
    world.clock.forward(hours=1)
    world.renewing.run(60, 100)
    assert_extended_once(world, dossier)


def test_the_steps_are_these(world: World) -> None:
    dossier, steps = world.issued(), Steps(0, kill)
    watched(world.extending, steps, *PORTS).extend(dossier.id, result_of(dossier).id, 1)
    assert steps.taken == STEPS


def test_whoever_was_slower_changes_nothing(world: World) -> None:
    dossier = world.issued()
    document = result_of(dossier).id
    threads = [Thread(target=world.extending.extend, args=(dossier.id, document, 1)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert_extended_once(world, dossier)


def test_what_somebody_has_taken_is_left_alone_until_it_is_free_again(world: World) -> None:
    dossier = world.issued()
    world.clock.forward(hours=1)
    (entry,) = world.due.due(world.clock.now(), 10)
    assert world.due.take(entry, world.clock.now() + TAKEN)
    assert world.renewing.one(entry.document, 1) is Outcome.ELSEWHERE
    assert world.renewing.run(60, 100).done == 0
    world.clock.forward(seconds=TAKEN.total_seconds())
    assert world.renewing.run(60, 100).done == 1
    assert_extended_once(world, dossier)


def test_while_no_authority_answers_everything_stays_due_and_is_done_in_order_afterwards(world: World) -> None:
    world.preserving.available = lambda: False
    dossiers = []
    for _ in range(2 * BATCH + 5):
        dossier = world.issued()
        world.clock.forward(minutes=1)
        dossiers.append(dossier)
        assert world.renewing.one(result_of(dossier).id, 1) is Outcome.WAITS
    world.clock.forward(hours=24)
    report = world.renewing.run(60, 1000)
    assert (report.done, report.waits, sum(report.failed.values())) == (0, True, 0)
    since = world.renewing.overdue_since()
    assert since is not None
    assert world.clock.now() - since >= timedelta(hours=24)
    world.preserving.available = lambda: True
    assert world.renewing.run(60, 1000).done == len(dossiers)
    told = [m.owner for m in world.messages("bus") if m.body["type"] == "document.extended.v1"]
    assert told == [dossier.id for dossier in dossiers]
    assert world.renewing.overdue_since() is None


def test_what_waits_is_done_in_the_order_of_its_due_times_whichever_order_came_first(world: World) -> None:
    world.preserving.available = lambda: False
    dossiers = []
    for _ in range(3):
        dossiers.append(world.issued())
        world.clock.forward(minutes=1)
    for dossier in reversed(dossiers):
        assert world.renewing.one(result_of(dossier).id, 1) is Outcome.WAITS
        world.clock.forward(minutes=1)
    waiting = [world.due.entry(result_of(dossier).id) for dossier in dossiers]
    assert [entry.next_at for entry in waiting if entry] == [entry.due_at for entry in waiting if entry]
    world.preserving.available = lambda: True
    assert world.renewing.run(60, 1000).done == 3
    told = [m.owner for m in world.messages("bus") if m.body["type"] == "document.extended.v1"]
    assert told == [dossier.id for dossier in dossiers]


def test_one_file_that_cannot_be_kept_holds_up_nobody_and_is_tried_ever_later(world: World) -> None:
    broken, sound = world.issued(), world.issued()
    world.preserving.spoilt.add(world.files.read(revisions(world, broken)[0].file))
    world.clock.forward(hours=1)
    report = world.renewing.run(60, 100)
    assert report.done == 1
    assert report.failed == {"verification-failed: seal: altered": 1}
    assert_extended_once(world, sound)
    pauses = []
    for _ in range(10):
        entry = world.due.entry(result_of(broken).id)
        assert entry
        pauses.append((entry.next_at - world.clock.now()).total_seconds() / 3600)
        world.clock.moment = entry.next_at
        world.renewing.run(60, 100)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 168, 168]
    assert len(revisions(world, broken)) == 1


@pytest.mark.parametrize("failures", [30, 60, 5_000])
def test_a_file_that_has_failed_for_years_still_holds_up_nobody(world: World, failures: int) -> None:
    broken, sound = world.issued(), world.issued()
    world.preserving.spoilt.add(world.files.read(revisions(world, broken)[0].file))
    entry = world.due.entry(result_of(broken).id)
    assert entry
    world.tables.due[entry.document] = entry.model_copy(update={"failures": failures})
    world.clock.forward(days=8)
    report = world.renewing.run(60, 100)
    assert (report.done, report.failed.total()) == (1, 1)
    assert_extended_once(world, sound)
    after = world.due.entry(entry.document)
    assert after
    assert (after.failures, after.next_at) == (failures + 1, world.clock.now() + timedelta(days=7))


def test_a_run_ends_with_its_budget(world: World) -> None:
    for _ in range(5):
        world.issued()
    world.clock.forward(hours=1)
    report = world.renewing.run(60, 3)
    assert (report.done, report.budget_spent) == (3, True)
    assert world.renewing.run(0, 100).done == 0
    assert world.renewing.run(60, 100).done == 2


def test_renewal_comes_in_time_and_again_and_again(world: World) -> None:
    dossier = world.issued()
    world.renewing.one(result_of(dossier).id, 1)
    for number in range(3, 9):
        entry = world.due.entry(result_of(dossier).id)
        assert entry
        assert entry.due_at < world.clock.now() + LIFE - timedelta(days=179)
        world.clock.moment = entry.due_at
        assert world.renewing.run(60, 100).done == 1
        assert_extended_once(world, dossier, number)


def test_an_outage_of_all_authorities_is_told_to_whoever_extends_one_file(world: World) -> None:
    dossier = world.issued()
    world.preserving.available = lambda: False
    with pytest.raises(TimestampUnavailable):
        world.extending.extend(dossier.id, result_of(dossier).id, 1)
