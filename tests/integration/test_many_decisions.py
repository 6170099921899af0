"""Many decisions under one authorisation: first as it should go, then by two officials of a ward while workers are killed. Each is
signed once, numbered once, and nothing is missing in the book of the ward."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil

import httpx
import pytest

from infra.local.folder import Folder
from infra.local.stack import Stack
from tests.integration.copies import copied
from tests.integration.journey import OTHER_WARD, WARD, Journey, Json, facts, good, key, sample
from tests.integration.offices import HEAD, Office, deputy
from tests.integration.offices import WARD as AGENCY
from tests.integration.papers import assert_one_of_each, opened, signed_by
from tests.integration.remote_keys import CSC_PIN, RemoteSession, mood, outcomes, tasks_of
from tests.integration.running_stack import RunningStack, eventually

# `make long` signs two hundred, which takes minutes; a part of them goes the same way in every run.
COUNT = int(os.environ.get("CHAUBAN_DECISIONS", "8"))
KILLS = max(1, min(6, COUNT // 8))
STANDING = "x-dung"
FINAL = ("signed", "refused", "failed")
WORKERS = ("Render", "Sign", "Seal")
PER_CALL = 50
"""Values that the development provider's record asks for in one request."""


@dataclass
class Ward:
    """A ward of two officials, on a stack whose orders are tried as often as on AWS; `printed` are the numbers on its papers."""

    stack: RunningStack
    printed: list[str] = field(default_factory=list)

    def calls(self, method: str) -> int:
        """How often the provider was asked this, by its own record."""
        told = good(httpx.get(f"{self.stack.description['providers_url']}/_/seen"))["csc"]
        return sum(count for path, count in told.items() if path.endswith(method))


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    folder = Folder(tmp_path_factory.mktemp("nhiều quyết định"))
    # The template's own, and not the few attempts with which other tests see failures within seconds.
    running = RunningStack(Stack(folder, parameters={"MaxReceiveCount": "18"}))
    running.start()
    Office.opened(running, tmp_path_factory.mktemp("phường") / "danh mục", **{STANDING: {}})
    yield Ward(running)
    running.stop()


def waiting(stack: RunningStack, official: str, person: str, count: int) -> dict[str, Journey]:
    """Dossiers of the ward whose decisions wait for one of its officials (an appointment), by task."""
    first = Journey(stack)
    first.file(agency=AGENCY)
    first.receive()
    body = {"data": sample()["decision"], "official": official}
    good(stack.api(f"clerk-{WARD}").post(f"/v1/dossiers/{first.id}/decision", json=body, headers=key()), 202)

    (task,) = tasks_of(stack, [first], person=person, agency=AGENCY)
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
                if stack.kill_workers(f"{worker}Function"):
                    killed[worker] += 1
                done.wait(random.uniform(1, 5))  # noqa: S311

    watchers = [threading.Thread(target=watch, args=(worker,)) for worker in WORKERS]
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


def answer_lost(ward: Ward, session: RemoteSession) -> Json:
    """The provider signs, its answer is late, and the worker that waits for it is killed."""
    before = ward.calls("signHash")
    with mood(ward.stack, CSC_PIN, "late", "signHash", times=1):
        assert session.authorise().status_code == 202
        eventually(lambda: ward.calls("signHash") > before, what="the provider to be asked")
        assert ward.stack.kill_workers("SignFunction")
        return watched(session)[0]


def watched(session: RemoteSession) -> tuple[Json, list[int]]:
    """The session when it has settled, and how many documents were through whenever the official looked: only ever more."""
    ended: list[int] = []

    def settled(found: Json) -> bool:
        assert sum(found["progress"].values()) == len(found["items"])
        ended.append(sum(found["progress"][state] for state in FINAL))
        assert ended == sorted(ended)
        return found["status"] in {"ready", "done"}

    return session.until(settled, seconds=900), ended


def finished(session: RemoteSession, opened: Json, found: Json | None = None) -> Counter[str]:
    """Authorised until everything is signed; how often documents waited for another authorisation, by the reason told. What was
    prepared when the session was `opened` is signed in it."""
    reasons: Counter[str] = Counter()
    while found is None or found["status"] != "done":
        left = [item for item in found["items"] if item["status"] == "ready"] if found else []
        assert all(item["reason"] and set(item["explanation"]) == {"vi", "en"} for item in left)
        reasons.update(item["reason"] for item in left)
        assert session.authorise().status_code == 202
        found, _ = watched(session)
    # Whose preparation was killed again and again is free for another session, and told why.
    assert set(outcomes(found)) <= {("signed", None), ("failed", "internal")}
    lost = [item for item in found["items"] if item["status"] == "failed"]
    assert [item["task"] for item in lost] == [item["task"] for item in opened["items"] if item["status"] == "failed"]
    assert len(lost) <= KILLS
    return reasons + (again(session, [item["task"] for item in lost]) if lost else Counter())


def again(session: RemoteSession, tasks: list[str]) -> Counter[str]:
    """These documents in a session of their own."""
    another = RemoteSession(session.stack, session.provider, session.kind, ward=session.ward)
    return finished(another, another.open(tasks, seconds=900))


def test_many_decisions_are_signed_by_one_authorisation(ward: Ward) -> None:
    """Nothing goes wrong: the provider is asked once for the authorisation, and as often for values as its record says."""
    decisions = waiting(ward.stack, HEAD, f"official-{WARD}", COUNT)
    session = RemoteSession(ward.stack, CSC_PIN)
    opened = session.open(list(decisions), seconds=900)
    assert outcomes(opened) == {("ready", None): COUNT}
    assert len({item["digest"] for item in opened["items"]}) == COUNT
    before = {method: ward.calls(method) for method in ("credentials/authorize", "signHash")}
    assert session.authorise().status_code == 202
    found, signed = watched(session)
    assert outcomes(found) == {("signed", None): COUNT}
    assert ward.calls("credentials/authorize") == before["credentials/authorize"] + 1
    assert ward.calls("signHash") == before["signHash"] + ceil(COUNT / PER_CALL)
    assert any(0 < count < COUNT for count in signed), "the official saw how far it was"
    assert_all_there(ward, list(decisions.values()))


def test_two_officials_of_a_ward_sign_many_decisions_each_once_whoever_is_killed_meanwhile(ward: Ward) -> None:
    stack = ward.stack
    heads = waiting(stack, HEAD, f"official-{WARD}", COUNT)
    deputys = waiting(stack, deputy(STANDING, "KT"), f"official-{OTHER_WARD}", max(4, COUNT // 4))
    head, second = RemoteSession(stack, CSC_PIN), RemoteSession(stack, CSC_PIN, "P-256", ward=OTHER_WARD)
    with killing(stack, KILLS) as killed:
        opened_by = [head.open(list(heads), seconds=900), second.open(list(deputys), seconds=900)]
        papers = [Journey(stack) for _ in range(4)]
        for journey in papers:
            journey.file()
        lost = answer_lost(ward, head)
        assert lost["status"] == "ready"
        with ThreadPoolExecutor(2) as officials:
            reasons = list(officials.map(finished, (head, second), opened_by, (lost, None)))
        assert reasons[0].keys() & {"authorisation-spent", "authorisation-expired"}
        journeys = [*heads.values(), *deputys.values()]
        for journey in (*journeys, *papers):
            journey.issued("application" if journey in papers else "result", seconds=900)
    assert all(killed[worker] >= 1 for worker in WORKERS), killed
    assert_all_there(ward, journeys)


def assert_all_there(ward: Ward, journeys: list[Journey]) -> None:
    """Each decision was issued with a number of its own, and the ward's book knows of these numbers and no others."""
    for journey in journeys:
        journey.issued("result", seconds=900)
        ward.printed.append(one_paper(ward.stack, journey))
    assert_numbered_without_a_gap(entries(ward.stack, journeys[0]), ward.printed)


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
