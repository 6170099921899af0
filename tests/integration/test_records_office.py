"""The records office over the stack: what it releases is sealed in its name, what it sends back is drafted anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.integration.departments import Department, sample_of
from tests.integration.journey import Journey, facts, good, key
from tests.integration.running_stack import RunningStack, eventually

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
    good(stack.api(OFFICE).post(f"/v1/sealing/tasks/{waiting(journey)['id']}/release", headers=key()))
    journey.issued("result")
    assert len(facts(stack, journey.id, "number_issued")) == 1
