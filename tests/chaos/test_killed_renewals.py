"""Extend workers killed at random moments, two side by side: every file is extended once, told once, and due again one day."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from chauban.signing.preservation.renewing import TAKEN

from tests.chaos.backlog import Audit, Backlog, audit
from tests.chaos.crew import Crew, Desk
from tests.chaos.emulated import Emulated, emulated
from tests.unit.signing.conftest import RESULT, rendered
from tests.unit.signing.world import NUMBER, World, running_world

LONG = os.environ.get("CHAUBAN_LONG") == "1"
FILES, REAL_FILES, KILLS = (10_000, 200, 20) if LONG else (300, 30, 20)
SIDE_BY_SIDE = ("one", "two")


def killed_again_and_again(crew: Crew, files: int, moment: float) -> None:
    """Works off a backlog. Workers are killed meanwhile, up to `moment` seconds after a file, wherever they are then; what they had
    taken is free again at once, also for the one who works beside them.
    """
    random = Random(20)  # noqa: S311 - when a worker is killed
    for name in SIDE_BY_SIDE:
        crew.begin(name)
    # The last files may be those that somebody was killed over.
    for extended in sorted(random.sample(range(1, files * 5 // 6), KILLS)):
        assert crew.until(extended)
        time.sleep(random.uniform(0, moment))
        victim = random.choice(SIDE_BY_SIDE)
        crew.kill(victim)
        crew.desk.clock.forward(TAKEN)
        crew.begin(victim)
    crew.end()
    # Whatever the last ones left is free again after a while, and what workers were killed over twice, some hours later.
    crew.desk.clock.forward(timedelta(hours=6))
    crew.begin("last")
    crew.end()


def assert_each_once(found: Audit, crew: Crew, files: int) -> None:
    assert found.wrong == []
    assert crew.codes == [-signal.SIGKILL] * KILLS
    # They were killed at work, and not always at the same.
    assert len(set(crew.killed_after) - {"start"}) >= 3, crew.killed_after
    assert files <= crew.extended() <= files + 2 * KILLS
    assert found.orphans <= crew.extended() - files


def backlog_with(aws: Emulated, pdf: bytes, files: int) -> Backlog:
    made = Backlog(aws, files, lambda _: pdf) if pdf else Backlog(aws, files)
    made.fill()
    return made


def test_workers_killed_twenty_times_extend_each_file_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with emulated(tmp_path / "aws", desk.clock) as aws:
        backlog = backlog_with(aws, b"", FILES)
        crew = Crew(desk, aws.environment(), cheap=True)
        killed_again_and_again(crew, FILES, 0.06)
        assert_each_once(audit(backlog, desk.clock.now()), crew, FILES)


def test_so_do_workers_that_really_extend(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with running_world(tmp_path / "trust") as world:
        anchors = world.authority.root_file.read_bytes()
        with emulated(tmp_path / "aws", desk.clock, anchors) as aws:
            backlog = backlog_with(aws, sealed(world), REAL_FILES)
            crew = Crew(desk, aws.environment(",".join(world.authority.tsa_urls)), cheap=False)
            killed_again_and_again(crew, REAL_FILES, 0.5)
            assert_each_once(audit(backlog, desk.clock.now()), crew, REAL_FILES)
            # An engine takes longest, between reading a file and storing it.
            assert "files.read" in crew.killed_after


def sealed(world: World) -> bytes:
    """A result that an official has signed and the organisation sealed."""
    signed = world.by_official(rendered(RESULT), world.owner("official"))
    return world.by_organisation(signed, world.owner("seal", "ec", "seal"), NUMBER)
