"""The records office over the stack: what it releases is sealed in its name, what it sends back is drafted anew."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from chauban.adapters.dynamodb.catalogue import CREDENTIAL_KEPT

from infra.local.accounts import AGENCIES, PEOPLE
from infra.local.demo.checks.pdfsig import verdict
from tests.integration.departments import Department, sample_of
from tests.integration.journey import Journey, facts, good, key
from tests.integration.papers import opened, signed_by
from tests.integration.remote_keys import CSC_PIN, RemoteSession, drafted, outcomes, tasks_of
from tests.integration.replacing import ONE_BY_ONE, Keeper
from tests.integration.running_stack import RunningStack, eventually
from tests.integration.sleep import trust_services_asleep

SLUG, PROCEDURE = "mau-dong-dau-tay", "1.999998"
OFFICE, AGENCY = "records-thuan-hoa", "ubnd-phuong-thuan-hoa"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def form(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form whose results the records office releases."""
    department = Department.at(stack, tmp_path_factory.mktemp("sở") / "mẫu đơn")
    version = department.new(SLUG, "--valid-from", "2026-01-01")
    path = version / "form.yaml"
    head = yaml.safe_load(path.read_text(encoding="utf-8"))
    head["seal"] = "manual"
    head["procedures"][0]["code"] = PROCEDURE
    path.write_text(yaml.safe_dump(head, allow_unicode=True, sort_keys=False), encoding="utf-8")
    published = department.publish(version, "--skip-check")
    assert published.returncode == 0, published.stdout + published.stderr
    eventually(lambda: stack.api().get(f"/v1/forms/{SLUG}").status_code == 200, seconds=60, what="the form to appear")
    return version


def signed(stack: RunningStack, form: Path) -> Journey:
    """A dossier whose result the official has signed."""
    given, journey = sample_of(form), Journey(stack)
    filed = {"form": {"slug": SLUG, "version": "1.0"}, "procedure": PROCEDURE, "answers": given["answers"]}
    journey.file(**filed)
    journey.receive()
    draft(journey, given)
    journey.sign()
    return journey


def draft(journey: Journey, given: Json) -> None:
    clerk = journey.stack.api(f"clerk-{journey.ward}")
    body = {"data": given["decision"]}
    good(clerk.post(f"/v1/dossiers/{journey.id}/decision", json=body, headers=key()), 202)


def waiting(journey: Journey) -> Json:
    """What waits for the records office of a dossier, once it does."""

    def mine() -> Json | None:
        listed = journey.stack.api(OFFICE).get("/v1/sealing/tasks", params={"agency": AGENCY, "limit": 100})
        return next((one for one in good(listed)["items"] if one["dossier"]["id"] == journey.id), None)

    return eventually(mine, what="the document in the records office's list")


def test_a_released_result_is_numbered_and_sealed_in_the_name_of_the_office(stack: RunningStack, form: Path) -> None:
    journey = signed(stack, form)
    task = waiting(journey)
    assert journey.document("result")["status"] == "awaiting_release"
    link = good(stack.api(OFFICE).get(f"/v1/sealing/tasks/{task['id']}/document"))
    assert httpx.get(link["url"]).content.startswith(b"%PDF")
    path = f"/v1/sealing/tasks/{task['id']}/release"
    for who, status in (("clerk-thuan-hoa", 403), ("official-thuan-hoa", 403), ("records-phu-xuan", 404)):
        assert stack.api(who).post(path, headers=key()).status_code == status
    assert not good(stack.api(OFFICE).post(path, headers=key()))["open"]
    assert journey.issued("result")["number"] is not None
    sealed = [fact for fact in facts(stack, journey.id, "signature_accepted") if fact["data"]["field"] == "seal"]
    assert {fact["data"]["accountable"] for fact in sealed} == {"records-thuan-hoa-1"}


def test_what_is_sent_back_takes_no_number_and_is_drafted_anew(stack: RunningStack, form: Path) -> None:
    journey = signed(stack, form)
    path = f"/v1/sealing/tasks/{waiting(journey)['id']}/return"
    good(stack.api(OFFICE).post(path, json={"reason": "Thiếu căn cứ pháp lý"}, headers=key()))
    assert (journey.document("result")["status"], journey.dossier()["status"]) == ("returned", "received")
    assert facts(stack, journey.id, "number_issued") == []
    draft(journey, sample_of(form))
    journey.sign()
    release(journey)
    journey.issued("result")
    assert len(facts(stack, journey.id, "number_issued")) == 1


def release(journey: Journey) -> None:
    path = f"/v1/sealing/tasks/{waiting(journey)['id']}/release"
    good(journey.stack.api(OFFICE).post(path, headers=key()))


def book_of(stack: RunningStack, journey: Journey) -> str:
    """The address of the number book in which a dossier's last number was taken."""
    data = eventually(lambda: facts(stack, journey.id, "number_issued"), what="the number")[-1]["data"]
    return f"/v1/agencies/{AGENCY}/number-books/{data['book']}/{data['year']}"


def entries(stack: RunningStack, book: str) -> list[Json]:
    """All entries of a book, read page by page."""
    found: list[Json] = []
    cursor: dict[str, str] = {}
    while True:
        page = good(stack.api(OFFICE).get(book, params={"limit": "2", **cursor}))
        found += page["items"]
        if page["cursor"] is None:
            return found
        cursor = {"cursor": page["cursor"]}


def test_documents_released_at_once_never_share_a_number_and_the_book_is_printed(
    stack: RunningStack, form: Path
) -> None:
    journeys = [signed(stack, form) for _ in range(4)]
    for journey in journeys:
        waiting(journey)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(release, journeys))
    for journey in journeys:
        journey.issued("result", seconds=90)
    book = book_of(stack, journeys[0])
    listed = entries(stack, book)
    assert [one["number"] for one in listed] == list(range(1, len(listed) + 1))
    taken = {one["document"]["id"]: one["display"] for one in listed}
    results = [journey.document("result") for journey in journeys]
    assert [taken[result["id"]] for result in results] == [result["number"] for result in results]
    refused = stack.api(OFFICE).post(f"{book}/numbers/1/void", json={"reason": "Hỏng"}, headers=key())
    assert good(refused, 409)["code"] == "wrong-state"

    asked = stack.api(OFFICE).post(f"{book}/prints", json={}, headers=key())
    assert good(asked, 202)["numbers"]["last"] == len(listed)
    place = asked.headers["location"]
    register = eventually(lambda: _issued(stack, place), seconds=60, what="the printed book")
    pdf = httpx.get(register["file"]["url"]).content
    assert [one["number"] for one in opened(pdf)[1]["rows"]] == [one["display"] for one in listed]
    assert signed_by(journeys[0], pdf) == ["seal"]


def _issued(stack: RunningStack, place: str) -> Json | None:
    found = good(stack.api(OFFICE).get(place))
    return found if found["status"] == "issued" else None


def test_a_number_made_void_stays_in_the_book_and_the_document_takes_another(stack: RunningStack, form: Path) -> None:
    journey = signed(stack, form)
    waiting(journey)
    with trust_services_asleep(stack):
        release(journey)
        book = book_of(stack, journey)
        number = next(one["number"] for one in entries(stack, book) if one["dossier"]["id"] == journey.id)
        path = f"{book}/numbers/{number}/void"
        reason = {"reason": "Không đóng dấu được trong ngày"}
        for who, status in (("clerk-thuan-hoa", 403), ("records-phu-xuan", 404)):
            assert stack.api(who).post(path, json=reason, headers=key()).status_code == status
        assert good(stack.api(OFFICE).post(path, json=reason, headers=key()))["void"]["by"] == "records-thuan-hoa-1"
    assert journey.document("result")["status"] == "awaiting_release"
    release(journey)
    result = journey.issued("result", seconds=120)
    mine = [one for one in entries(stack, book) if one["dossier"]["id"] == journey.id]
    assert [one["void"] is not None for one in mine] == [True, False]
    assert result["number"] == mine[-1]["display"]
    assert opened(journey.download("result"))[0]["number"] == result["number"]


def test_what_only_the_seal_signs_is_made_anew_and_takes_the_next_number(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file()
    journey.receive()
    asked = {"items": [{"what": "Bản án ly hôn đã có hiệu lực", "reason": "Bản chụp không đọc được"}]}
    with trust_services_asleep(stack):
        clerk = stack.api(f"clerk-{journey.ward}")
        good(clerk.post(f"/v1/dossiers/{journey.id}/supplement-requests", json=asked, headers=key()), 202)
        book = book_of(stack, journey)
        number = next(one["number"] for one in entries(stack, book) if one["dossier"]["id"] == journey.id)
        void = {"reason": "Không đóng dấu được trong ngày"}
        good(stack.api(OFFICE).post(f"{book}/numbers/{number}/void", json=void, headers=key()))
    waits = waiting(journey)
    task = f"/v1/sealing/tasks/{waits['id']}"
    refused = stack.api(OFFICE).post(f"{task}/return", json={"reason": "Làm lại"}, headers=key())
    assert good(refused, 409)["code"] == "wrong-state"
    assert stack.api("clerk-thuan-hoa").post(f"{task}/render", headers=key()).status_code == 403
    assert not good(stack.api(OFFICE).post(f"{task}/render", headers=key()))["open"]
    issued = journey.issued("supplement_request", seconds=120)
    assert issued["id"] == waits["document"]["id"]
    mine = [one for one in entries(stack, book) if one["dossier"]["id"] == journey.id]
    assert [one["void"] is not None for one in mine] == [True, False]
    assert opened(journey.download("supplement_request"))[0]["number"] == issued["number"] == mine[-1]["display"]
    (said,) = facts(stack, journey.id, "rendering_repeated")
    assert said["data"]["sha256"] == waits["document"]["sha256"]


def used_by(stack: RunningStack, journey: Journey) -> dict[str, list[str]]:
    """By field, the credentials of the values that were accepted for the result."""
    result = journey.document("result")["id"]
    accepted = [one["data"] for one in facts(stack, journey.id, "signature_accepted")]
    mine = [one for one in accepted if one["document"] == result]
    return {name: [one["credential"] for one in mine if one["field"] == name] for name in ("official", "seal")}


def assert_verifies(stack: RunningStack, journey: Journey, folder: Path) -> None:
    pdf = journey.download("result")
    assert signed_by(journey, pdf) == ["official", "seal"]
    file = folder / f"{journey.id}.pdf"
    file.write_bytes(pdf)
    verdict(file, Path(stack.description["trust_root"]), signatures=2)


def test_credentials_are_replaced_in_the_middle_of_a_session(stack: RunningStack, tmp_path: Path) -> None:
    """The official's at a provider and the agency's seal: what was signed stays valid, what was not is signed with the new
    ones, after a new authorisation."""
    keeper, official = Keeper(stack, tmp_path), stack.api("official-thuan-hoa")
    name = next(person.name for person in PEOPLE if person.username == "official-thuan-hoa")
    ward = next(agency.name for agency in AGENCIES if agency.id == AGENCY)
    keeper.knows_the_provider()
    old = keeper.imports("official-thuan-hoa", name, "csc-official-thuan-hoa-rsa")
    journeys = drafted(stack, 2)
    session = RemoteSession(stack, CSC_PIN, credential=old)
    session.open(tasks_of(stack, journeys))
    assert session.authorise().status_code == 202
    halfway = session.settled()
    # The provider takes one document under an authorisation; the other one waits for the next.
    assert sorted(status for status, _ in outcomes(halfway)) == ["ready", "signed"]
    done = next(item["dossier"]["id"] for item in halfway["items"] if item["status"] == "signed")
    first, second = sorted(journeys, key=lambda one: one.id != done)
    first.issued("result", seconds=90)

    new = keeper.rotates(old, "--provider", ONE_BY_ONE, "--key", "csc-official-thuan-hoa-p-384")
    seal = keeper.rotates_a_seal("cred-seal-thuan-hoa", AGENCY, ward)
    time.sleep(CREDENTIAL_KEPT.total_seconds() + 0.5)
    refused = good(session.authorise(), 409)
    assert (refused["code"], refused["reason"]) == ("credential-not-fit", "credential-not-valid")
    good(official.post(f"{session.path}/cancellation", json={}, headers=key()))
    again = RemoteSession(stack, CSC_PIN, credential=new)
    again.open(tasks_of(stack, [second]))
    assert again.authorise().status_code == 202
    assert again.settled()["status"] == "done"
    second.issued("result", seconds=90)

    assert used_by(stack, first) == {"official": [old], "seal": ["cred-seal-thuan-hoa"]}
    assert used_by(stack, second) == {"official": [new], "seal": [seal]}
    for journey in journeys:
        assert_verifies(stack, journey, tmp_path)
