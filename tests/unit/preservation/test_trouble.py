"""Files that cannot be extended are told, come ever later, and hold up nobody: also those that end their worker."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from chauban.signing.preservation.entries import KILLED, PreservationEntry
from chauban.signing.preservation.planning import Planning
from chauban.signing.preservation.renewing import ANOTHER_REVISION, TAKEN, Outcome, Renewing
from chauban.signing.preservation.standing import standing

from tests.unit.fakes.world import World, result_of
from tests.unit.preservation.test_algorithm_policy import policy, retired


class Killed(BaseException):
    """The worker is gone."""


class Deadly:
    """In place of `Extending`: nobody survives one of the files."""

    def __init__(self, real: Any, document: str) -> None:
        self.real, self.document = real, document
        self.deaths = 0

    def extend(self, dossier: str, document: str, revision: int) -> bool:
        if document == self.document:
            self.deaths += 1
            raise Killed
        return bool(self.real.extend(dossier, document, revision))


def lived(world: World, renewing: Renewing, hours: int) -> None:
    """Runs of the schedule, one a quarter of an hour, whoever dies."""
    for _ in range(4 * hours):
        with suppress(Killed):
            renewing.run(240, 100)
        world.clock.forward(minutes=15)


def entry_of(world: World, document: str) -> PreservationEntry:
    entry = world.due.entry(document)
    assert entry
    return entry


def test_a_file_that_ends_its_worker_comes_ever_later_and_is_reported(world: World) -> None:
    deadly, others = result_of(world.issued()).id, [world.issued() for _ in range(3)]
    extending = Deadly(world.extending, deadly)
    renewing = replace(world.renewing, extending=extending)  # type: ignore[arg-type]
    lived(world, renewing, hours=72)
    # After 16 minutes, an hour, two, four, ...: not every 16 minutes for three days.
    assert 5 <= extending.deaths <= 9
    assert standing(world.due, world.clock.now()).failed == {KILLED: 1}
    for each in others:
        assert len(result_of(world.store.load(each.id)).revisions) == 2
    since = renewing.overdue_since()
    assert since is not None
    assert world.clock.now() - since > timedelta(days=2)


def test_a_worker_that_died_once_is_no_trouble_of_the_file(world: World) -> None:
    document = result_of(world.issued()).id
    taken = world.due.take(entry_of(world, document), world.clock.now() + TAKEN)
    assert taken
    assert taken.trouble is None
    world.clock.forward(seconds=TAKEN.total_seconds())
    assert world.renewing.run(60, 10).done == 1


def test_a_file_that_fails_stays_overdue_whenever_it_is_tried_next(world: World) -> None:
    dossier = world.issued()
    world.preserving.spoilt.add(world.files.read(result_of(dossier).revisions[0].file))
    due = entry_of(world, result_of(dossier).id).due_at
    for _ in range(10):
        world.clock.forward(days=3)
        world.renewing.run(60, 10)
        assert world.renewing.overdue_since() == due
    assert entry_of(world, result_of(dossier).id).failures >= 3


def test_an_entry_about_a_revision_that_is_not_there_is_told(world: World) -> None:
    document = result_of(world.issued()).id
    world.tables.due[document] = entry_of(world, document).model_copy(update={"revision": 7})
    world.clock.forward(hours=1)
    assert world.renewing.one(document, 7) is Outcome.FAILED
    assert entry_of(world, document).trouble == ANOTHER_REVISION


def test_planning_leaves_alone_what_somebody_works_on_or_has_written_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, changed, free = (result_of(world.issued()).id for _ in range(3))
    world.clock.forward(hours=1)
    assert world.renewing.run(60, 10).done == 3
    assert world.due.take(entry_of(world, busy), world.clock.now() + TAKEN)
    read = world.due.page(None, 10)
    failed = entry_of(world, changed).failed("altered", world.clock.now())
    assert world.due.put_back(failed)
    before = {name: entry_of(world, name) for name in (busy, changed)}
    monkeypatch.setattr(world.due, "page", lambda _cursor, _limit: read)
    day = (world.clock.now() + timedelta(days=30)).date().isoformat()
    world.catalogue.put_algorithms(policy(ends=[retired("sha256", day)]))
    assert Planning(world.due, world.catalogue).plan() == (3, 1)
    assert {name: entry_of(world, name) for name in (busy, changed)} == before
    assert entry_of(world, free).due_at < world.clock.now() + timedelta(days=30)
