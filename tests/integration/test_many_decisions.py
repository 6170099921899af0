"""Hundreds of decisions under one authorisation, with workers killed meanwhile: each is signed once, and numbered once."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from infra.local.folder import Folder
from infra.local.stack import Stack
from tests.integration.copies import copied
from tests.integration.journey import OTHER_WARD, WARD, Journey, Json, facts
from tests.integration.remote_keys import CSC_PIN, RemoteSession, outcomes
from tests.integration.running_stack import RunningStack, eventually

# `make long` signs two hundred, which takes minutes; a part of them goes the same way in every run.
COUNT = int(os.environ.get("CHAUBAN_DECISIONS", "8"))
KILLS = min(6, COUNT // 4)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack whose orders outlast several killed workers."""
    folder = Folder(tmp_path_factory.mktemp("nhiều quyết định"))
    running = RunningStack(Stack(folder, parameters={"MaxReceiveCount": "20"}))
    running.start()
    yield running
    running.stop()


def waiting(stack: RunningStack, ward: str, count: int) -> dict[str, Journey]:
    """Dossiers of a ward whose decisions wait for its official, by task."""
    first = Journey(stack, ward)
    first.until_drafted()
    task = first.task()
    journeys = [first, *copied(stack, first, task, count - 1)]
    return {journey.document("result")["id"]: journey for journey in journeys}


def killing(stack: RunningStack, session: RemoteSession, kills: int) -> Json:
    """Waits for the session to settle; now and then all workers that sign are gone."""
    progress, killed = [], 0
    for _ in range(kills):
        time.sleep(random.uniform(0.2, 3))  # noqa: S311 - where it hits is not foreseen
        killed += stack.kill_workers("SignFunction")
        progress.append(session.now()["progress"])
    assert killed
    assert all(sum(counts.values()) == len(session.now()["items"]) for counts in progress)
    return session.settled(seconds=600)


def test_every_decision_is_signed_once_whoever_is_killed_meanwhile(many: RunningStack) -> None:
    ours, theirs = waiting(many, WARD, COUNT), waiting(many, OTHER_WARD, 3)
    session, other = RemoteSession(many, CSC_PIN), RemoteSession(many, CSC_PIN, "P-256", ward=OTHER_WARD)
    session.open(list(ours), seconds=600)
    other.open(list(theirs), seconds=300)
    assert session.authorise().status_code == 202
    assert other.authorise().status_code == 202
    found = killing(many, session, KILLS)
    # What the killed ones lost waits with its reason, and a second authorisation finishes it.
    while found["status"] != "done":
        assert found["status"] == "ready"
        left = [item for item in found["items"] if item["status"] == "ready"]
        assert left
        assert all(item["reason"] and item["explanation"] for item in left)
        assert session.authorise().status_code == 202
        found = session.settled(seconds=600)
    assert outcomes(found) == Counter({("signed", None): COUNT})
    while other.settled(seconds=600)["status"] != "done":
        assert other.authorise().status_code == 202
    for journeys in (ours, theirs):
        assert_each_once(many, list(journeys.values()))


def assert_each_once(stack: RunningStack, journeys: list[Journey]) -> None:
    """One signature and one number each, and the ward's numbers are all different."""
    numbers = []
    for journey in journeys:
        (number,) = eventually(lambda one=journey: numbers_of(stack, one), seconds=600, what="the number")
        assert len(facts(stack, journey.id, "document_signed")) == 1
        accepted = [fact for fact in facts(stack, journey.id, "signature_accepted") if fact["by"]["kind"] == "person"]
        assert len(accepted) == 1
        numbers.append((number["book"], number["number"]))
    assert len(set(numbers)) == len(numbers)


def numbers_of(stack: RunningStack, journey: Journey) -> list[Json]:
    """The numbers that the decision got."""
    issued = [fact["data"] for fact in facts(stack, journey.id, "number_issued")]
    return [number for number in issued if number["of"] == "result"]
