"""How many files are due makes no difference to what a run, a report or a plan holds at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from chauban.signing.preservation.planning import Planning
from chauban.signing.preservation.renewing import BATCH, REMEMBERED
from chauban.signing.preservation.standing import standing

from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World
from tests.unit.preservation.endless import EndlessList, peak
from tests.unit.preservation.test_algorithm_policy import policy, retired

FEW, MANY = 1_000, 5_000


class Extended:
    """In place of `Extending`: what is asked for is done."""

    def extend(self, _dossier: str, _document: str, _revision: int) -> bool:
        return True


def renewed(length: int) -> None:
    world, due = World(), EndlessList(length)
    run = replace(world.renewing, store=due, extending=Extended())  # type: ignore[arg-type]
    report = run.run(3600, length)
    assert (report.done, due.done) == (length, length)


def reported(length: int) -> None:
    found = standing(EndlessList(length), MORNING)
    assert (found.kept, found.due, found.failed.total()) == (length, length, length // 10)


def planned(length: int) -> None:
    world, due = World(), EndlessList(length)
    world.catalogue.put_algorithms(policy(ends=[retired("sha256", (MORNING + timedelta(days=30)).date().isoformat())]))
    assert Planning(due, world.catalogue).plan() == (length, due.replaced)
    assert due.replaced >= length * 9 // 10


@pytest.mark.parametrize("work", [renewed, reported, planned])
def test_five_times_as_many_files_take_no_more_memory(work: Callable[[int], None]) -> None:
    work(10 * BATCH)  # what is made once stays out of the comparison
    few, many = peak(lambda: work(FEW)), peak(lambda: work(MANY))
    assert many < 1.1 * few + 20_000


def test_what_an_index_shows_too_late_is_passed_over_as_long_as_it_is_remembered() -> None:
    world = World()
    late = EndlessList(2_000, lag=BATCH - 1)
    assert late.lag < REMEMBERED
    run = replace(world.renewing, store=late, extending=Extended())  # type: ignore[arg-type]
    assert run.run(3600, 5_000).done == 2_000
