"""What was issued is raised in the background: through slow and broken authorities, and after an outage of all of them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from chauban.signing.preservation.renewing import BATCH

from infra.local.folder import Folder
from infra.local.stack import Stack
from infra.local.trust import open_authority
from tests.integration.authorities import FickleAuthority, Mood, fickle
from tests.integration.backlog import Backlog, result_of, runs, seeded
from tests.integration.journey import Journey, facts, good
from tests.integration.papers import signed_by
from tests.integration.running_stack import RunningStack, eventually

LTA = "PAdES-BASELINE-LTA"
# `make long` has a thousand, in runs that may do two hundred each; every run a few.
LONG = os.environ.get("CHAUBAN_LONG") == "1"
FILES, FILES_OF_A_RUN = (1_000, 200) if LONG else (30, 5_000)
# Places by which a file may miss its turn where runs work side by side, of which one may be slow.
DISPLACED = BATCH if LONG else 10
# Beside what it takes with good authorities: the head starts of those who ask, on a machine that has other work. Whoever waited for
# one to time out (ten seconds at least) would be late.
SLOWER_BY = 6.0
# Other work on the machine may delay a journey; who is waited for delays each of them.
TRIES = 3
# As on AWS, and not the few seconds with which other tests see failures.
TIMES = {
    "TsaSeconds": "140",
    "SignTimeout": "600",
    "SealTimeout": "600",
    "ExtendTimeout": "840",
    "RenewalSeconds": "240",
    "SignVisibility": "3600",
    "SealVisibility": "3600",
    "ExtendVisibility": "5040",
    "MaxReceiveCount": "18",
}
WORKERS = ("Sign", "Seal", "Extend")


@dataclass
class Watched(RunningStack):
    """A stack whose callers look at the clock; `longest` is how long the slowest call took since it was set to 0."""

    longest: float = 0.0

    def api(self, who: str | None = None, *, token: str | None = None) -> httpx.Client:
        client = super().api(who, token=token)
        client.event_hooks = {"request": [self._begins], "response": [self._ends]}
        return client

    def _begins(self, request: httpx.Request) -> None:
        request.extensions["begun"] = time.monotonic()

    def _ends(self, response: httpx.Response) -> None:
        self.longest = max(self.longest, time.monotonic() - response.request.extensions["begun"])


@dataclass
class Town:
    """A stack with two authorities, of which the first is the preferred one, and how people waited in each of its moods."""

    stack: Watched
    first: FickleAuthority
    second: FickleAuthority
    waited: dict[Mood, dict[str, float]] = field(default_factory=dict)

    def journey(self, mood: Mood) -> Journey:
        """A whole journey while the first authority is in that mood, by workers that know nothing of it yet, in each part of it."""
        self.first.become(mood)
        self.forget()
        self.stack.longest, journey = 0.0, Journey(self.stack)
        waited: dict[str, float] = {}
        journey.file()
        with stopwatch(waited, "receipt"):
            journey.receive()
            journey.issued("receipt")
        journey.draft()
        task = journey.task()
        with stopwatch(waited, "session"):
            session = journey.open_session(task)
        signatures = journey.signatures(session)
        self.forget()
        with stopwatch(waited, "result"):
            journey.hand_in(session, signatures)
            journey.issued("result")
        self.waited[mood] = waited | {"call": self.stack.longest}
        return journey

    def forget(self) -> None:
        """Ends the workers; those that begin have yet to learn which authority is late."""
        for worker in WORKERS:
            self.stack.kill_workers(f"{worker}Function")


@contextmanager
def stopwatch(waited: dict[str, float], name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    waited[name] = time.monotonic() - started


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = Folder(tmp_path_factory.mktemp("kho dữ liệu"))
    real = {
        folder.port("first-authority"): lambda: open_authority(folder.trust).tsa_urls[0],
        folder.port("second-authority"): lambda: open_authority(folder.trust).tsa_urls[1],
    }
    with fickle(real) as (first, second):
        own = TIMES | {"TsaUrls": f"{first.url},{second.url}", "RenewalFiles": str(FILES_OF_A_RUN)}
        running = Watched(Stack(folder, parameters=own))
        running.start()
        yield Town(running, first, second)
        running.stop()


def level(journey: Journey) -> str:
    newest: str = journey.document("result")["revisions"][-1]["level"]
    return newest


def raised(journey: Journey, seconds: float = 60) -> None:
    eventually(lambda: level(journey) == LTA or None, seconds=seconds, what="the result to be raised")


def test_the_newest_revision_is_the_download_and_what_was_issued_stays(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.whole()
    raised(journey)
    result, citizen = journey.document("result"), stack.api(journey.citizen)
    path = f"/v1/dossiers/{journey.id}/documents/{result['id']}"
    links = [good(citizen.get(path, params=asked)) for asked in ({}, {"revision": 1}, {"revision": 2})]
    assert [link["revision"] for link in links] == [2, 1, 2]
    newest, issued = (httpx.get(link["url"]).content for link in links[:2])
    assert newest.startswith(issued)
    assert len(newest) > len(issued)
    assert signed_by(journey, newest) == signed_by(journey, issued) == ["official", "seal"]
    assert citizen.get(path, params={"revision": 3}).status_code == 404
    (fact,) = facts(stack, journey.id, "document_extended")
    assert (fact["data"]["sha256"], fact["data"]["revision"]) == (links[0]["sha256"], 2)
    locked = stack.aws("s3").get_object_retention(
        Bucket=stack.resource("ArchiveBucket"), Key=f"documents/{links[0]['sha256']}.pdf"
    )
    assert locked["Retention"]["Mode"] == "COMPLIANCE"


def test_a_receipt_is_not_raised(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.whole()
    raised(journey)
    assert [each["revision"] for each in journey.document("receipt")["revisions"]] == [1]


def authority_of(journey: Journey) -> str:
    """Whose document timestamp the result has."""
    (fact,) = facts(journey.stack, journey.id, "document_extended")
    return str(fact["data"]["authority"])


def test_nobody_waits_for_an_authority_that_is_late_talks_nonsense_or_is_silent(
    town: Town, record_testsuite_property: Callable[[str, object], None]
) -> None:
    # The first one finds a machine that has just begun, and is no measure.
    for _ in range(2):
        well = town.journey(Mood.GOOD)
        raised(well)
    preferred, usual = authority_of(well), town.waited[Mood.GOOD]
    record_testsuite_property(Mood.GOOD.name, usual)
    for mood in (Mood.LATE, Mood.GARBAGE, Mood.SILENT, Mood.GONE):
        late = set(usual)
        for _ in range(TRIES):
            asked = town.first.asked
            journey = town.journey(mood)
            raised(journey)
            assert authority_of(journey) != preferred
            town.first.become(Mood.GOOD)
            assert mood is Mood.GONE or town.first.asked > asked
            record_testsuite_property(mood.name, town.waited[mood])
            late &= {what for what, seconds in town.waited[mood].items() if seconds > usual[what] + SLOWER_BY}
            if not late:
                break
        assert not late, town.waited


def test_after_an_outage_of_all_authorities_the_backlog_drains_by_itself_in_the_order_of_its_due_times(
    town: Town, record_testsuite_property: Callable[[str, object], None]
) -> None:
    journey = town.journey(Mood.GOOD)
    raised(journey)
    for authority in (town.first, town.second):
        authority.become(Mood.GONE)
    before = len(runs(town.stack))
    backlog = seeded(journey, FILES)
    eventually(lambda: any(run["waits"] for run in runs(town.stack)[before:]), seconds=150, what="the schedule to try")
    assert reported(town) == {"due": FILES, "failed": {}}
    assert all(run["done"] == 0 and not run["failed"] for run in runs(town.stack)[before:])
    assert [result_of(each).revisions[-1].revision for each in backlog.present()] == [1] * FILES
    before, started = len(runs(town.stack)), time.monotonic()
    for authority in (town.first, town.second):
        authority.become(Mood.GOOD)
    eventually(backlog.is_done, seconds=120 + 6 * FILES, what="the backlog to be worked off", every=2)
    record_testsuite_property("seconds until the last was done", time.monotonic() - started)
    assert reported(town) == {"due": 0, "failed": {}}
    record_testsuite_property("displaced at most", assert_each_raised_once_and_in_order(backlog))
    done = eventually(lambda: told_all(runs(town.stack)[before:]), seconds=300, what="the runs to tell what they did")
    record_testsuite_property("files by run", done)
    assert max(done) <= FILES_OF_A_RUN


def told_all(told: list[dict[str, Any]]) -> list[int] | None:
    """What each run did that did anything, once they have told of all files."""
    done = [run["done"] for run in told if run["done"]]
    return done if sum(done) >= FILES else None


def assert_each_raised_once_and_in_order(backlog: Backlog) -> int:
    """How many places at most one was before or behind its turn: several runs do one file each at the same time."""
    made = []
    for place, dossier in enumerate(backlog.present()):
        revisions = result_of(dossier).revisions
        assert [each.revision for each in revisions] == [1, 2]
        assert revisions[-1].level == LTA
        assert [fact.type.value for fact in dossier.facts].count("document_extended") == 1
        made.append((revisions[-1].made_at, place))
    displaced = max(abs(turn - place) for turn, (_, place) in enumerate(sorted(made)))
    assert displaced <= DISPLACED
    return displaced


def reported(town: Town) -> dict[str, object]:
    """What the command says is due, and what failed."""
    answer = town.stack.chauban("preservation", "report", "--table", town.stack.resource("Table"), "--json")
    told = json.loads(answer.stdout)
    return {"due": told["due"], "failed": told["failed"]}
