"""Many decisions under one authorisation each, by two officials of one ward at once, while workers are killed: each is signed once,
numbered once, and nothing is missing in the ward's book."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from infra.local.folder import Folder
from infra.local.stack import Stack
from tests.integration.copies import copied
from tests.integration.journey import OTHER_WARD, WARD, Journey, Json, facts, good, key, sample
from tests.integration.offices import HEAD, Office, deputy
from tests.integration.offices import WARD as AGENCY
from tests.integration.papers import assert_one_of_each, opened, signed_by
from tests.integration.remote_keys import CSC_PIN, RemoteSession, mood, outcomes
from tests.integration.running_stack import RunningStack, eventually

# `make long` signs two hundred, which takes minutes; a part of them goes the same way in every run.
COUNT = int(os.environ.get("CHAUBAN_DECISIONS", "8"))
KILLS = max(1, min(6, COUNT // 8))
STANDING = "x-dung"
FINAL = ("signed", "refused", "failed")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack whose orders outlast several killed workers."""
    folder = Folder(tmp_path_factory.mktemp("nhiều quyết định"))
    running = RunningStack(Stack(folder, parameters={"MaxReceiveCount": "20"}))
    running.start()
    yield running
    running.stop()


def waiting(stack: RunningStack, official: str, person: str, count: int) -> dict[str, Journey]:
    """Dossiers of the ward whose decisions wait for one of its officials (an appointment), by task."""
    first = Journey(stack)
    first.file(agency=AGENCY)
    first.receive()
    body = {"data": sample()["decision"], "official": official}
    good(stack.api(f"clerk-{WARD}").post(f"/v1/dossiers/{first.id}/decision", json=body, headers=key()), 202)

    def listed() -> str | None:
        tasks = good(stack.api(person).get("/v1/signing/tasks", params={"agency": AGENCY, "limit": 100}))["items"]
        return next((one["id"] for one in tasks if one["dossier"]["id"] == first.id), None)

    task = eventually(listed, what="the task in the official's list")
    journeys = [first, *copied(stack, first, task, count - 1)]
    return {journey.document("result")["id"]: journey for journey in journeys}


@contextmanager
def killing(stack: RunningStack, kills: int) -> Iterator[Counter[str]]:
    """All processes of each worker are killed so many times, whenever it has orders in its hands and nobody foresees it."""
    killed: Counter[str] = Counter()
    done = threading.Event()

    def watch(worker: str) -> None:
        while killed[worker] < kills and not done.wait(0.05):
            if busy(stack, worker):
                done.wait(random.uniform(0, 1))  # noqa: S311 - where it hits is not foreseen
                killed[worker] += bool(stack.kill_workers(f"{worker}Function"))
                done.wait(random.uniform(1, 5))  # noqa: S311

    watchers = [threading.Thread(target=watch, args=(worker,)) for worker in ("Render", "Sign", "Seal")]
    for watcher in watchers:
        watcher.start()
    try:
        yield killed
    finally:
        done.set()
        for watcher in watchers:
            watcher.join()


def busy(stack: RunningStack, worker: str) -> bool:
    asked = {"QueueUrl": stack.resource(f"{worker}Queue"), "AttributeNames": ["ApproximateNumberOfMessagesNotVisible"]}
    attributes = stack.aws("sqs").get_queue_attributes(**asked)["Attributes"]
    return int(attributes["ApproximateNumberOfMessagesNotVisible"]) > 0


def answer_lost(stack: RunningStack, session: RemoteSession) -> Json:
    """The provider signs, its answer is late, and the worker that waits for it is killed."""

    def asked() -> int:
        told = good(httpx.get(f"{stack.description['providers_url']}/_/seen"))["csc"]
        return sum(count for path, count in told.items() if path.endswith("signHash"))

    before = asked()
    with mood(stack, CSC_PIN, "late", "signHash", times=1):
        assert session.authorise().status_code == 202
        eventually(lambda: asked() > before, what="the provider to be asked")
        assert stack.kill_workers("SignFunction")
        return watched(session)


def watched(session: RemoteSession) -> Json:
    """The session when it has settled; what the official sees of it meanwhile only ever goes forward."""
    ended: list[int] = []

    def settled(found: Json) -> bool:
        assert sum(found["progress"].values()) == len(found["items"])
        ended.append(sum(found["progress"][state] for state in FINAL))
        assert ended == sorted(ended)
        return found["status"] in {"ready", "done"}

    return session.until(settled, seconds=900)


def finished(session: RemoteSession, found: Json | None = None) -> Counter[str]:
    """Authorised until everything is signed; how often documents waited for another authorisation, by the reason told."""
    reasons: Counter[str] = Counter()
    while found is None or found["status"] != "done":
        left = [item for item in found["items"] if item["status"] == "ready"] if found else []
        assert all(item["reason"] and set(item["explanation"]) == {"vi", "en"} for item in left)
        reasons.update(item["reason"] for item in left)
        assert session.authorise().status_code == 202
        found = watched(session)
    # Whose worker was killed again and again is free for another session, and told why.
    lost = [item for item in found["items"] if item["status"] == "failed"]
    assert {item["reason"] for item in lost} <= {"internal"}
    assert set(outcomes(found)) <= {("signed", None), ("failed", "internal")}
    return reasons + (again(session, [item["task"] for item in lost]) if lost else Counter())


def again(session: RemoteSession, tasks: list[str]) -> Counter[str]:
    """These documents in a session of their own."""
    another = RemoteSession(session.stack, session.provider, session.kind, ward=session.ward)
    another.open(tasks, seconds=900)
    return finished(another)


def test_two_officials_of_a_ward_sign_many_decisions_each_once_whoever_is_killed_meanwhile(
    many: RunningStack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    Office.opened(many, tmp_path_factory.mktemp("phường") / "danh mục", **{STANDING: {}})
    heads = waiting(many, HEAD, f"official-{WARD}", COUNT)
    deputys = waiting(many, deputy(STANDING, "KT"), f"official-{OTHER_WARD}", max(4, COUNT // 4))
    head, second = RemoteSession(many, CSC_PIN), RemoteSession(many, CSC_PIN, "P-256", ward=OTHER_WARD)
    with killing(many, KILLS) as killed:
        head.open(list(heads), seconds=900)
        second.open(list(deputys), seconds=900)
        papers = [Journey(many) for _ in range(4)]
        for journey in papers:
            journey.file()
        lost = answer_lost(many, head)
        assert lost["status"] == "ready"
        with ThreadPoolExecutor(2) as officials:
            reasons = list(officials.map(finished, (head, second), (lost, None)))
        assert reasons[0].keys() & {"authorisation-spent", "authorisation-expired"}
        journeys = [*heads.values(), *deputys.values()]
        for journey in (*journeys, *papers):
            journey.issued("application" if journey in papers else "result", seconds=900)
    assert set(killed) == {"Render", "Sign", "Seal"}
    printed = [one_paper(many, journey) for journey in journeys]
    assert_numbered_without_a_gap(entries(many, journeys[0]), printed)


def one_paper(stack: RunningStack, journey: Journey) -> str:
    """The number on the decision as the citizen gets it: signed by one official and the seal, and nothing is there twice."""
    pdf = journey.download("result")
    assert signed_by(journey, pdf) == ["official", "seal"]
    assert_one_of_each(stack, journey)
    accepted = [fact for fact in facts(stack, journey.id, "signature_accepted") if fact["by"]["kind"] == "person"]
    assert len(accepted) == 1
    number = opened(pdf)[0]["number"]
    assert number == journey.document("result")["number"]
    return number


def entries(stack: RunningStack, journey: Journey) -> list[Json]:
    """All entries of the number book in which a dossier's result has its number."""
    (number,) = [one["data"] for one in facts(stack, journey.id, "number_issued") if one["data"]["of"] == "result"]
    book, found, cursor = f"/v1/agencies/{AGENCY}/number-books/{number['book']}/{number['year']}", [], {}
    while True:
        page = good(stack.api(f"clerk-{WARD}").get(book, params={"limit": 100, **cursor}))
        found += page["items"]
        if page["cursor"] is None:
            return found
        cursor = {"cursor": page["cursor"]}


def assert_numbered_without_a_gap(listed: list[Json], printed: list[str]) -> None:
    """No number stands on two papers, and each of the book's is on one of them, or void with a reason."""
    assert len(set(printed)) == len(printed)
    assert [one["number"] for one in listed] == list(range(1, len(listed) + 1))
    assert sorted(one["display"] for one in listed if not one["void"]) == sorted(printed)
    assert all(one["void"]["reason"] for one in listed if one["void"])
