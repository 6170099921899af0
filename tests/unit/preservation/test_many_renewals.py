"""A backlog whose workers are killed again and again: each file is extended once, in the order in which it was due."""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

from chauban.dossiers.facts import FactType
from chauban.signing.preservation.entries import PreservationEntry
from chauban.signing.preservation.renewing import TAKEN

from tests.unit.fakes.disturbance import Killed, Steps, kill, watched
from tests.unit.fakes.world import World, result_of

LONG = os.environ.get("CHAUBAN_LONG") == "1"
FILES, KILLS = (10_000, 20) if LONG else (1_000, 20)
STEPS_PER_FILE = 6


def backlog(world: World) -> list[str]:
    """Results that are due one second after another; the dossiers, in that order."""
    issued = world.issued()
    tables, document = world.tables, result_of(issued)
    made, start = [], world.clock.now()
    tables.due.clear()
    for number in range(FILES):
        dossier, name = f"D{number:025d}", f"R{number:025d}"
        copy = document.model_copy(update={"id": name})
        others = tuple(each for each in issued.documents if each.id != document.id)
        filing = issued.filing.model_copy(update={"id": dossier})
        tables.dossiers[dossier] = issued.model_copy(update={"filing": filing, "documents": (*others, copy)})
        due = start + timedelta(seconds=number)
        entry = PreservationEntry(document=name, dossier=dossier, revision=1, due_at=due, next_at=due)
        tables.due[name] = entry
        made.append(dossier)
    world.clock.forward(seconds=FILES)
    return made


def test_workers_killed_twenty_times_extend_each_file_once_and_in_order(world: World) -> None:
    dossiers, random = backlog(world), Random(20)  # noqa: S311 - when a worker is killed
    killed = 0
    while killed < KILLS:
        at = random.randint(1, 2 * STEPS_PER_FILE * FILES // KILLS)
        disturbed = replace(
            world.renewing, extending=watched(world.extending, Steps(at, kill), "store", "files", "engine")
        )
        try:
            disturbed.run(3600, FILES)
        except Killed:
            killed += 1
        else:
            break
        # Whatever it had taken is free again after a while.
        world.clock.forward(seconds=TAKEN.total_seconds() / 4)
    assert killed == KILLS
    world.clock.forward(seconds=TAKEN.total_seconds())
    with suppress(Killed):
        world.renewing.run(3600, FILES)
    told = [m.owner for m in world.messages("bus") if m.body["type"] == "document.extended.v1"]
    assert sorted(told) == sorted(dossiers)
    for dossier in dossiers:
        present = world.store.load(dossier)
        result = next(each for each in present.documents if each.id.startswith("R0"))
        assert [each.revision for each in result.revisions] == [1, 2]
        assert [fact.type for fact in present.facts].count(FactType.DOCUMENT_EXTENDED) == 1
    # A file that a killed worker had taken comes later; all others keep their turn.
    late = sum(later < earlier for earlier, later in zip(told, told[1:], strict=False))
    assert late <= killed


def test_after_a_day_without_any_authority_the_backlog_drains_by_itself_in_the_order_of_its_due_times(
    world: World,
) -> None:
    dossiers = backlog(world)
    world.preserving.available = lambda: False
    for _ in range(24 * 60):
        report = world.renewing.run(240, FILES)
        assert (report.done, report.waits, report.failed) == (0, True, {})
        world.clock.forward(minutes=1)
    # One file was tried each minute, and all stay where they were.
    assert all(entry.failures == 0 and entry.next_at == entry.due_at for entry in world.tables.due.values())
    world.preserving.available = lambda: True
    runs = 0
    while world.renewing.overdue_since():
        world.renewing.run(240, 150)
        world.clock.forward(minutes=1)
        runs += 1
    told = [m.owner for m in world.messages("bus") if m.body["type"] == "document.extended.v1"]
    assert told == dossiers
    assert runs == -(-FILES // 150)
