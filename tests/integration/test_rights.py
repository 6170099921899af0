"""Who sees and does what: another's things are not there, a wrong role is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.journey import OTHER_WARD, WARD, Journey, Json, good, key, own_filing, requester_of, sample
from tests.integration.running_stack import RunningStack


@pytest.fixture(scope="module")
def waiting(stack: RunningStack) -> Journey:
    """A dossier of citizen A whose result waits for the official of the first ward."""
    journey = Journey(stack)
    journey.until_drafted()
    journey.issued("application")
    journey.task()
    return journey


def test_another_citizen_finds_neither_dossier_nor_document(stack: RunningStack, waiting: Journey) -> None:
    document = waiting.document("application")["id"]
    for path in (f"/v1/dossiers/{waiting.id}", f"/v1/dossiers/{waiting.id}/documents/{document}"):
        assert stack.api("citizen-a").get(path).status_code == 200
        problem = good(stack.api("citizen-b").get(path), 404)
        assert problem["code"] == "not-found"


def test_another_wards_clerk_finds_nothing(stack: RunningStack, waiting: Journey) -> None:
    clerk = stack.api(f"clerk-{OTHER_WARD}")
    assert clerk.get(f"/v1/dossiers/{waiting.id}").status_code == 404
    assert clerk.post(f"/v1/dossiers/{waiting.id}/receive", json={}, headers=key()).status_code == 404
    assert clerk.get("/v1/dossiers", params={"agency": f"ubnd-phuong-{WARD}"}).status_code == 404


def test_the_desk_where_it_was_handed_in_receives_it(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file(receiving_agency=f"ubnd-phuong-{OTHER_WARD}", channel="counter")
    desk = stack.api(f"clerk-{OTHER_WARD}")
    listed = good(desk.get("/v1/dossiers", params={"agency": f"ubnd-phuong-{OTHER_WARD}", "limit": 100}))["items"]
    assert journey.id in [line["id"] for line in listed]
    good(desk.post(f"/v1/dossiers/{journey.id}/receive", json={}, headers=key()))
    refused = desk.post(f"/v1/dossiers/{journey.id}/decision", json={"data": sample()["decision"]}, headers=key())
    assert good(refused, 403)["code"] == "competent-agency-only"


def test_a_clerk_cannot_sign(stack: RunningStack, waiting: Journey) -> None:
    body = {"tasks": [waiting.task()], "credential": f"cred-official-{WARD}"}
    answer = stack.api(f"clerk-{WARD}").post("/v1/signing/sessions", json=body, headers=key())
    assert good(answer, 403)["code"] == "not-allowed"


def test_an_official_of_another_ward_finds_no_task(stack: RunningStack, waiting: Journey) -> None:
    official, task = stack.api(f"official-{OTHER_WARD}"), waiting.task()
    assert official.get(f"/v1/signing/tasks/{task}").status_code == 404
    assert official.get("/v1/signing/tasks", params={"agency": f"ubnd-phuong-{WARD}"}).status_code == 404
    body = {"tasks": [task], "credential": f"cred-official-{OTHER_WARD}"}
    assert official.post("/v1/signing/sessions", json=body, headers=key()).status_code == 404


def test_a_session_is_its_owners_alone(stack: RunningStack, waiting: Journey) -> None:
    session = waiting.open_session(waiting.task())
    path = f"/v1/signing/sessions/{session['id']}"
    other = stack.api(f"official-{OTHER_WARD}")
    assert other.get(path).status_code == 404
    assert other.get(f"{path}/items/1/document").status_code == 404
    assert other.post(f"{path}/signatures", json=waiting.signatures(session)).status_code == 404
    again = {"tasks": [waiting.task()], "credential": f"cred-official-{WARD}"}
    official = stack.api(f"official-{WARD}")
    assert good(official.post("/v1/signing/sessions", json=again, headers=key()), 409)["code"] == "task-in-session"
    assert good(official.post(f"{path}/cancellation", json={}, headers=key()))["status"] == "cancelled"
    assert waiting.open_session(waiting.task())["status"] == "ready"


def test_another_officials_credential_is_not_there(stack: RunningStack, waiting: Journey) -> None:
    body = {"tasks": [waiting.task()], "credential": f"cred-official-{OTHER_WARD}"}
    answer = good(stack.api(f"official-{WARD}").post("/v1/signing/sessions", json=body, headers=key()), 422)
    assert answer["errors"][0]["pointer"] == "#/credential"


def test_a_citizen_files_for_itself_and_for_nobody_else(stack: RunningStack) -> None:
    own, others = own_filing(stack, "citizen-a"), own_filing(stack, "citizen-b")
    citizen = stack.api("citizen-a")
    good(citizen.post("/v1/dossiers", json=own, headers=key()), 201)
    assert good(citizen.post("/v1/dossiers", json=others, headers=key()), 403)["code"] == "not-allowed"


def test_a_citizen_is_the_one_whom_the_answers_name_unless_a_portal_files(stack: RunningStack) -> None:
    in_anothers_name = own_filing(stack, "citizen-a")
    in_anothers_name["answers"]["requester"] |= requester_of(stack, "citizen-b")
    citizen = stack.api("citizen-a")
    refused = good(citizen.post("/v1/dossiers", json=in_anothers_name, headers=key()), 422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
        ("#/answers/requester/full_name", "requester-differs"),
        ("#/answers/requester/personal_number", "requester-differs"),
    ]
    english = citizen.post("/v1/dossiers", json=in_anothers_name, headers={**key(), "Accept-Language": "en"})
    assert "yourself" in good(english, 422)["errors"][0]["detail"]
    good(stack.api("portal").post("/v1/dossiers", json=in_anothers_name, headers=key()), 201)
    renamed = own_filing(stack, "citizen-a")
    renamed["requester"]["name"] = "Trần Văn Bình"
    refused = good(citizen.post("/v1/dossiers", json=renamed, headers=key()), 422)
    assert "#/requester/name" in [one["pointer"] for one in refused["errors"]]


def test_who_files_for_another_is_named_by_the_answers(stack: RunningStack) -> None:
    """A household business is applied for by its owner; an allowance by the person or a filer, whom the form has a place for."""
    citizen = stack.api("citizen-a")
    business = in_form(stack, "dang-ky-thanh-lap-ho-kinh-doanh", "1.001612", "individual")
    allowance = in_form(stack, "tro-cap-xa-hoi-hang-thang", "1.001776", "disability-filed-by-son")
    assert allowance["answers"]["filed_by"] == "other"
    by_herself = {**allowance["answers"], "filed_by": "self"}
    for body, place, advice in (
        (business, "owner", "desk"),
        (allowance | {"answers": by_herself}, "person", "name yourself as"),
        (allowance, "filer", "name yourself as"),
    ):
        person = body["answers"][place]
        named = {"scheme": "personal_number", "identifier": person["personal_number"], "name": person["full_name"]}
        for owner in ({}, {"owner": named}) if place != "filer" else ({},):
            sent = {**key(), "Accept-Language": "en"}
            refused = good(citizen.post("/v1/dossiers", json=body | owner, headers=sent), 422)
            assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
                (f"#/answers/{place}/full_name", "requester-differs"),
                (f"#/answers/{place}/personal_number", "requester-differs"),
            ]
            assert advice in refused["errors"][0]["detail"]
    whole = requester_of(stack, "citizen-a")
    allowance["answers"]["filer"] |= {name: whole[name] for name in ("full_name", "personal_number")}
    person = allowance["answers"]["person"]
    named = {"scheme": "personal_number", "identifier": person["personal_number"], "name": person["full_name"]}
    dossier = good(citizen.post("/v1/dossiers", json=allowance | {"owner": named}, headers=key()), 201)
    assert dossier["owner"]["name"] == person["full_name"] != dossier["requester"]["name"]


def test_ones_own_number_has_ones_own_name(stack: RunningStack) -> None:
    body = own_filing(stack, "citizen-a")
    body["owner"] = body["requester"] | {"name": "Một Tên Khác"}
    refused = good(stack.api("citizen-a").post("/v1/dossiers", json=body, headers=key()), 422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("#/owner/name", "own-name-differs")]


def in_form(stack: RunningStack, slug: str, procedure: str, sample: str) -> Json:
    """The body with which a citizen files a sample of another form."""
    samples = Path(__file__).parents[2] / "forms" / slug / "1.0" / "samples"
    answers = json.loads((samples / f"{sample}.json").read_text(encoding="utf-8"))["answers"]
    form = {"form": {"slug": slug, "version": "1.0"}, "procedure": procedure, "answers": answers}
    return own_filing(stack, "citizen-a") | form
