"""Forms come, change and go without a deployment: the days of grace, withdrawal, and how soon everybody knows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from ulid import ULID

from tests.integration.departments import PROCEDURE, Department, Json, sample_of, today, with_a_phone
from tests.integration.journey import WARD, Journey, good, key, number_of, requester_of
from tests.integration.running_stack import RunningStack, eventually

KEPT, LATE, GONE = "mau-trong-han", "mau-qua-han", "mau-da-rut"
BACK, SHUT = "mau-tro-lai", "mau-dong-han"
SLUGS = (KEPT, LATE, GONE, BACK, SHUT)
A_MINUTE = 60
CITIZEN = "citizen-a"


def body_of(stack: RunningStack, department: Department, slug: str, version: str = "1.0", **changes: Any) -> Json:
    herself = requester_of(stack, CITIZEN)
    answers = sample_of(department.forms / slug / "1.0")["answers"]
    return {
        "form": {"slug": slug, "version": version},
        "procedure": PROCEDURE,
        "agency": f"ubnd-phuong-{WARD}",
        "requester": {
            "scheme": "personal_number",
            "identifier": number_of(stack, CITIZEN),
            "name": herself["full_name"],
        },
        "channel": "online",
        "answers": answers | {"requester": answers["requester"] | herself},
    } | changes


@dataclass
class Story:
    """What happened before the tests look: forms, a draft of each, a dossier, then new versions and withdrawals."""

    stack: RunningStack
    department: Department
    drafts: dict[str, str]
    dossier: str
    seconds_to_appear: float

    def file(self, slug: str, version: str = "1.0", **changes: Any) -> httpx.Response:
        body = body_of(self.stack, self.department, slug, version, **changes)
        return self.stack.api(CITIZEN).post("/v1/dossiers", json=body, headers=key())


def current(stack: RunningStack, slug: str) -> str | None:
    answer = stack.api().get(f"/v1/forms/{slug}")
    return good(answer)["version"] if answer.status_code == 200 else None


@pytest.fixture(scope="module")
def story(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Story:
    department = Department.at(stack, tmp_path_factory.mktemp("sở") / "mẫu đơn")
    for slug in SLUGS:
        department.new(slug, "--valid-from", "2026-01-01")
    began = time.monotonic()
    published = department.publish(department.forms, "--skip-check")
    assert published.returncode == 0, published.stdout + published.stderr
    eventually(lambda: all(current(stack, slug) for slug in SLUGS), seconds=A_MINUTE, what="the forms to appear")
    appeared = time.monotonic() - began

    drafts = {slug: str(ULID()) for slug in SLUGS}
    citizen = stack.api(CITIZEN)
    for slug, draft in drafts.items():
        body = body_of(stack, department, slug)
        kept = {name: body[name] for name in ("form", "procedure", "agency", "answers")}
        good(citizen.put(f"/v1/drafts/{draft}", json=kept), 201)
    filed = good(citizen.post("/v1/dossiers", json=body_of(stack, department, GONE), headers=key()), 201)

    # Back-dated, so that only the day of publication can give a draft its days of grace.
    for slug in (KEPT, LATE, BACK, SHUT):
        department.next(slug, today() - timedelta(days=40), with_a_phone)
        done = department.publish(department.forms / slug / "1.1", "--skip-check")
        assert done.returncode == 0, done.stdout + done.stderr
    department.as_if_published(LATE, "1.1", today() - timedelta(days=31))
    department.withdraw(GONE, "1.0")
    unsaid = department.run("withdraw", "--bucket", stack.resource("FormsBucket"), BACK, "1.1")
    assert (unsaid.returncode, "--revive" in unsaid.stdout) == (1, True), unsaid.stdout + unsaid.stderr
    assert "current from now on: 1.0" in department.withdraw(BACK, "1.1", "--revive")
    assert "current from now on: -" in department.withdraw(SHUT, "1.1", "--close")
    eventually(
        lambda: [current(stack, slug) for slug in SLUGS] == ["1.1", "1.1", None, "1.0", None],
        seconds=A_MINUTE,
        what="the new versions to be current and the withdrawn one to be gone",
    )
    return Story(stack, department, drafts, filed["id"], appeared)


def test_a_form_is_there_within_a_minute_of_its_publication(story: Story) -> None:
    assert story.seconds_to_appear < A_MINUTE
    listed = good(story.stack.api().get("/v1/procedures"))["items"]
    mine = {item["form"]["slug"]: item["form"]["version"] for item in listed if item["form"]["slug"] in SLUGS}
    assert mine == {KEPT: "1.1", LATE: "1.1", BACK: "1.0"}


def test_the_old_version_is_refused_with_the_current_one_and_what_changed(story: Story) -> None:
    problem = good(story.file(KEPT), 409)
    assert problem["code"] == "form-not-current"
    assert problem["current"] == {"slug": KEPT, "version": "1.1"}
    added = [(change["code"], change["place"], change["major"]) for change in problem["changes"]]
    assert ("field-added", "requester.phone", False) in added
    assert "Số điện thoại" in next(change["text"] for change in problem["changes"] if change["code"] == "field-added")


def test_the_difference_is_told_in_english_too(story: Story) -> None:
    body = body_of(story.stack, story.department, KEPT)
    headers = key() | {"Accept-Language": "en"}
    problem = good(story.stack.api(CITIZEN).post("/v1/dossiers", json=body, headers=headers), 409)
    assert "'Phone number' is new and optional." in [change["text"] for change in problem["changes"]]


def test_a_draft_of_the_old_version_is_filed_within_the_days_of_grace_and_once(story: Story) -> None:
    dossier = good(story.file(KEPT, draft=story.drafts[KEPT]), 201)
    assert dossier["form"] == {"slug": KEPT, "version": "1.0"}
    Journey(story.stack, id=dossier["id"]).issued("application")
    citizen = story.stack.api(CITIZEN)
    assert citizen.get(f"/v1/drafts/{story.drafts[KEPT]}").status_code == 404
    again = good(story.file(KEPT, draft=story.drafts[KEPT]), 422)
    assert [(error["pointer"], error["code"]) for error in again["errors"]] == [("#/draft", "unknown-draft")]


def test_after_the_days_of_grace_the_draft_is_refused_with_the_difference_and_kept(story: Story) -> None:
    problem = good(story.file(LATE, draft=story.drafts[LATE]), 409)
    assert problem["current"] == {"slug": LATE, "version": "1.1"}
    assert "requester.phone" in [change["place"] for change in problem["changes"]]
    kept = good(story.stack.api(CITIZEN).get(f"/v1/drafts/{story.drafts[LATE]}"))
    assert kept["answers"]["request"]["subject"] == "Cấp giấy xác nhận"


def test_another_persons_draft_gives_no_grace(story: Story) -> None:
    body = body_of(story.stack, story.department, LATE, draft=story.drafts[LATE])
    other = story.stack.api("portal").post("/v1/dossiers", json=body, headers=key())
    assert good(other, 422)["errors"][0]["code"] == "unknown-draft"


def test_no_draft_is_opened_for_a_version_that_is_not_current(story: Story) -> None:
    body = body_of(story.stack, story.department, KEPT)
    kept = {name: body[name] for name in ("form", "procedure", "answers")}
    answer = story.stack.api(CITIZEN).put(f"/v1/drafts/{ULID()}", json=kept)
    assert good(answer, 409)["code"] == "form-not-current"


def test_a_withdrawn_version_takes_no_new_filing_nor_a_draft_of_it(story: Story) -> None:
    for changes in ({}, {"draft": story.drafts[GONE]}):
        problem = good(story.file(GONE, **changes), 409)
        assert problem["code"] == "form-not-current"
        assert "current" not in problem
    assert good(story.stack.api().get(f"/v1/forms/{GONE}/1.0"))["withdrawn"] is True


def test_what_becomes_of_the_earlier_version_is_as_was_said(story: Story) -> None:
    assert good(story.file(BACK), 201)["form"] == {"slug": BACK, "version": "1.0"}
    for version in ("1.0", "1.1"):
        assert good(story.file(SHUT, version), 409)["code"] == "form-not-current"


def test_a_dossier_of_a_withdrawn_version_goes_on_to_its_result(story: Story) -> None:
    journey = Journey(story.stack, id=story.dossier)
    journey.receive()
    decision = sample_of(story.department.forms / GONE / "1.0")["decision"]
    clerk = story.stack.api(f"clerk-{WARD}")
    good(clerk.post(f"/v1/dossiers/{journey.id}/decision", json={"data": decision}, headers=key()), 202)
    journey.sign()
    assert journey.issued("result")["number"]
    assert journey.download("result").startswith(b"%PDF")


def test_a_published_version_never_changes(story: Story) -> None:
    version = story.department.forms / KEPT / "1.0"
    again = story.department.publish(version)
    assert (again.returncode, "published before" in again.stdout) == (0, True)
    texts = version / "texts" / "vi.json"
    texts.write_text(texts.read_text(encoding="utf-8").replace("Lý do", "Vì sao"), encoding="utf-8")
    other = story.department.publish(version)
    assert other.returncode == 1
    assert "never changes" in other.stdout


def test_publishing_runs_the_check_first(story: Story) -> None:
    version = story.department.new("mau-co-loi")
    template = version / "application.html"
    text = template.read_text(encoding="utf-8").replace("{{ shared.promise() }}", "{{ answers.khong_co }}")
    template.write_text(text, encoding="utf-8")
    refused = story.department.publish(version)
    assert refused.returncode == 1
    assert "application.html" in refused.stdout
    assert "khong_co" in refused.stdout
    bucket = story.stack.resource("FormsBucket")
    held = story.stack.aws("s3").list_objects_v2(Bucket=bucket, Prefix="forms/mau-co-loi/")
    assert held["KeyCount"] == 0
