"""What was issued is raised in the background: through slow and broken authorities, and after an outage of all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from infra.local.folder import REPOSITORY, Folder
from infra.local.stack import Stack
from infra.local.trust import open_authority
from tests.integration.journey import Journey, facts, good
from tests.integration.papers import signed_by
from tests.integration.running_stack import RunningStack, eventually

LTA = "PAdES-BASELINE-LTA"
NOBODY = "http://127.0.0.1:9/"


class _Misbehaving(BaseHTTPRequestHandler):
    """An authority that never answers (`/asleep`), one with a page of its proxy, and the way to a good one (`/good`)."""

    asked: list[str]
    good_one: Callable[[], str]

    def do_POST(self) -> None:
        self.asked.append(self.path)
        if self.path == "/asleep":
            time.sleep(30)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = b"<html>502 Bad Gateway</html>"
        if self.path == "/good":
            kind = {"Content-Type": self.headers["Content-Type"]}
            answer = httpx.post(type(self).good_one(), content=body, headers=kind).content
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@contextmanager
def misbehaving(good_one: Callable[[], str]) -> Iterator[tuple[str, list[str]]]:
    """The address of such authorities, and where they were asked."""
    asked: list[str] = []
    members = {"asked": asked, "good_one": staticmethod(good_one)}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Misbehaving,), members))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


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


def test_an_authority_that_sleeps_and_one_that_talks_nonsense_delay_nobody(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "kho dữ liệu")
    with misbehaving(lambda: open_authority(folder.trust).tsa_urls[0]) as (address, asked):
        urls = f"{address}/asleep,{address}/nonsense,{address}/good"
        running = RunningStack(Stack(folder, parameters={"TsaUrls": urls}))
        running.start()
        try:
            journey = Journey(running)
            journey.until_drafted()
            started = time.monotonic()
            journey.sign()
            journey.issued("result")
            waited = time.monotonic() - started
            raised(journey)
        finally:
            running.stop()
    assert {"/asleep", "/nonsense"} <= set(asked)
    # A second at most for each time that the first one was asked; it then rests.
    assert waited < 30


def test_after_an_outage_of_all_authorities_what_waits_is_raised_by_itself(tmp_path: Path) -> None:
    running = RunningStack(Stack(Folder(tmp_path / "kho dữ liệu"), template=_without_authorities(tmp_path)))
    running.start()
    try:
        journeys = [Journey(running) for _ in range(3)]
        for journey in journeys:
            journey.whole()
        eventually(lambda: _orders(running) == 0 or None, what="all orders to be taken")
        assert [level(journey) for journey in journeys] == ["PAdES-BASELINE-LT"] * 3
        running.deploy(REPOSITORY / "template.yaml")
        for journey in journeys:
            raised(journey, seconds=180)
        assert running.messages("ExtendDeadLetterQueue") == []
        made = [facts(running, journey.id, "document_extended")[0]["at"] for journey in journeys]
        assert made == sorted(made)
    finally:
        running.stop()


def _without_authorities(folder: Path) -> Path:
    """The template, with an address where nobody answers for the worker that nobody waits for."""
    text = (REPOSITORY / "template.yaml").read_text(encoding="utf-8")
    place = text.index("CHAUBAN_TSA_URLS", text.index("POWERTOOLS_SERVICE_NAME: extend"))
    changed = text[:place] + text[place:].replace("!Ref TsaUrls", f'"{NOBODY}"', 1)
    path = folder / "template.yaml"
    path.write_text(changed, encoding="utf-8")
    (folder / "infra").symlink_to(REPOSITORY / "infra")
    (folder / "functions").symlink_to(REPOSITORY / "functions")
    return path


def _orders(stack: RunningStack) -> int:
    """The orders of the extend worker, in its queue or its hands."""
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = stack.aws("sqs").get_queue_attributes(QueueUrl=stack.resource("ExtendQueue"), AttributeNames=wanted)
    return sum(int(count) for count in found["Attributes"].values())
