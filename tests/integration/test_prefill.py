"""Prefill over the API: consent, who may ask, a database that misbehaves, locked fields, and where no name may be."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.registry.people import ELDERS
from tests.integration.journey import (
    OTHER_WARD,
    SLUG,
    VERSION,
    WARD,
    Journey,
    Json,
    facts,
    filing,
    good,
    key,
    number_of,
    own_filing,
)
from tests.integration.running_stack import RunningStack
from tests.integration.tokens import mint

PATH = f"/v1/forms/{SLUG}/{VERSION}/prefills"
PURPOSE = "Đối chiếu người yêu cầu tại quầy"
REAL = {path.parent.parent.name for path in (Path(__file__).parents[2] / "forms").glob("*/*/form.yaml")}


@pytest.fixture
def database(stack: RunningStack) -> Iterator[str]:
    """The development database's address; in a good mood again afterwards."""
    url = str(stack.description["registry_url"])
    yield url
    httpx.put(f"{url}/mood", json={"mood": "good"}).raise_for_status()


def fresh(stack: RunningStack, who: str = "citizen-a") -> httpx.Client:
    """A new login, so that nothing is remembered of an earlier session."""
    before = json.dumps(stack._tokens.get(who))
    # A login's time counts in whole seconds.
    time.sleep(1.1)
    stack._tokens.pop(who, None)
    client = stack.api(who)
    assert json.dumps(stack._tokens[who]) != before
    return client


def answers_with(stack: RunningStack, prefilled: Json, **changes: str) -> Json:
    """The sample's answers with the prefilled ones over them, and some of the requester's changed; for somebody else."""
    answers: Json = filing(stack)["answers"]
    requester = {**answers["requester"], **prefilled["answers"]["requester"], "relation": "relative", **changes}
    return {**answers, "requester": requester}


def inquiries(stack: RunningStack) -> list[Json]:
    """The audit records: one that it is asked, one how it ended."""
    found = stack.aws("dynamodb").scan(
        TableName=stack.resource("Table"),
        FilterExpression="begins_with(sk, :inquiry)",
        ExpressionAttributeValues={":inquiry": {"S": "INQUIRY#"}},
    )
    return [json.loads(item["value"]["S"]) for item in found["Items"]]


def test_a_citizen_fills_in_its_own_form_and_files_it(stack: RunningStack, database: str) -> None:
    citizen = fresh(stack)
    filled = good(citizen.post(PATH, json={"consent": True}))
    requester = filled["answers"]["requester"]
    assert requester["full_name"] == "Nguyễn Thị Hương Giang"
    assert requester["birth_date"].startswith("1994-")
    assert "#/requester/full_name" in filled["locked"]
    typed = unicodedata.normalize("NFD", "NGUYỄN THỊ HƯƠNG  GIANG")
    body = filing(stack, answers=answers_with(stack, filled, full_name=typed, residence="Số 1 đường Hùng Vương"))
    dossier = good(citizen.post("/v1/dossiers", json={**body, "prefill": filled["token"]}, headers=key()), 201)
    given = ["#/requester/birth_date", "#/requester/full_name", "#/requester/personal_number"]
    assert dossier["from_registry"] == given
    (submitted,) = facts(stack, dossier["id"], "submitted")
    assert sorted(submitted["data"]["from_registry"]) == given


def test_without_the_token_everything_is_declared(stack: RunningStack, database: str) -> None:
    """Leaving it out unlocks the fields; then nothing says that a register gave them."""
    citizen = fresh(stack)
    filled = good(citizen.post(PATH, json={"consent": True}))
    body = filing(stack, answers=answers_with(stack, filled, birth_date="1994-01-01"))
    dossier = good(citizen.post("/v1/dossiers", json=body, headers=key()), 201)
    assert dossier["from_registry"] == []
    (submitted,) = facts(stack, dossier["id"], "submitted")
    assert "from_registry" not in submitted["data"]


def test_a_register_is_asked_only_after_a_login_of_the_level_that_is_set(stack: RunningStack, database: str) -> None:
    before = httpx.get(f"{database}/seen").json()["seen"]
    weak = stack.api(token=mint(stack, acr="loa1"))
    problem = good(weak.post(PATH, json={"consent": True}), 403)
    assert (problem["code"], "mức bảo đảm 2" in problem["detail"]) == ("higher-level-required", True)
    english = good(weak.post(PATH, json={"consent": True}, headers={"Accept-Language": "en"}), 403)
    assert "level 2" in english["detail"]
    assert httpx.get(f"{database}/seen").json()["seen"] == before
    # The form itself is filled in by hand at any level.
    good(weak.post("/v1/dossiers", json=own_filing(stack), headers=key()), 201)
    good(stack.api(token=mint(stack, acr="loa2")).post(PATH, json={"consent": True}))


def test_every_form_has_something_to_fill_in(stack: RunningStack, database: str) -> None:
    citizen = fresh(stack)
    slugs = [one["form"]["slug"] for one in good(citizen.get("/v1/procedures"))["items"] if one["form"]["slug"] in REAL]
    assert set(slugs) == REAL
    for slug in REAL:
        filled = good(citizen.post(f"/v1/forms/{slug}/1.0/prefills", json={"consent": True}))
        parts = [filled, *filled["conditional"]]
        assert any("Nguyễn Thị Hương Giang" in json.dumps(one["answers"], ensure_ascii=False) for one in parts), slug


def test_a_parent_who_registers_a_birth_is_filled_in_as_one(stack: RunningStack, database: str) -> None:
    filled = good(fresh(stack).post("/v1/forms/dang-ky-khai-sinh/1.0/prefills", json={"consent": True}))
    mother = next(one for one in filled["conditional"] if one["equals"] == "mother")
    assert mother["at"] == "#/requester/relation"
    assert mother["answers"]["parents"]["mother"]["full_name"] == "Nguyễn Thị Hương Giang"
    assert "#/parents/mother/personal_number" in mother["locked"]


def test_a_locked_field_that_differs_is_refused_with_its_pointer(stack: RunningStack, database: str) -> None:
    citizen = fresh(stack)
    filled = good(citizen.post(PATH, json={"consent": True}))
    body = {
        **filing(stack, answers=answers_with(stack, filled, birth_date="1994-01-01")),
        "prefill": filled["token"],
    }
    for who in (citizen, stack.api("portal")):
        problem = good(who.post("/v1/dossiers", json=body, headers=key()), 422)
        assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [
            ("#/answers/requester/birth_date", "prefilled-differs")
        ]


def test_who_applies_about_herself_has_both_places_locked(stack: RunningStack, database: str) -> None:
    citizen = fresh(stack)
    filled = good(citizen.post(PATH, json={"consent": True}))
    (herself,) = filled["conditional"]
    assert (herself["at"], herself["equals"]) == ("#/requester/relation", "self")
    answers = answers_with(stack, filled, relation="self")
    body = filing(stack, answers=answers) | {"prefill": filled["token"]}
    problem = good(citizen.post("/v1/dossiers", json=body, headers=key()), 422)
    assert {error["pointer"] for error in problem["errors"]} == {
        f"#/answers/subject/{name}" for name in ("full_name", "birth_date", "personal_number")
    }
    answers["subject"] |= herself["answers"]["subject"]
    dossier = good(citizen.post("/v1/dossiers", json=body, headers=key()), 201)
    assert {"#/subject/full_name", "#/subject/residence"} <= set(dossier["from_registry"])


def test_another_citizens_prefill_is_of_no_use(stack: RunningStack, database: str) -> None:
    filled = good(fresh(stack, "citizen-b").post(PATH, json={"consent": True}))
    body = {**own_filing(stack), "prefill": filled["token"]}
    problem = good(stack.api("citizen-a").post("/v1/dossiers", json=body, headers=key()), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/prefill"]


def test_the_database_is_asked_once_in_a_session_and_every_time_is_recorded(stack: RunningStack, database: str) -> None:
    def looked_up() -> int:
        return len(httpx.get(f"{database}/seen").json()["seen"])

    citizen, before, recorded = fresh(stack), looked_up(), len(inquiries(stack))
    first = good(citizen.post(PATH, json={"consent": True}))
    assert good(citizen.post(PATH, json={"consent": True})) == first
    assert looked_up() == before + 1
    assert len(inquiries(stack)) == recorded + 3
    good(fresh(stack).post(PATH, json={"consent": True}))
    assert looked_up() == before + 2


def test_without_consent_or_as_nobody_in_particular_nobody_is_asked(stack: RunningStack, database: str) -> None:
    before = httpx.get(f"{database}/seen").json()["seen"]
    for body in ({}, {"consent": False}):
        problem = good(stack.api("citizen-a").post(PATH, json=body), 422)
        assert problem["errors"][0]["pointer"] == "#/consent"
    for who in ("portal", f"clerk-{WARD}", f"official-{WARD}"):
        assert good(stack.api(who).post(PATH, json={"consent": True}), 403)["code"] == "not-allowed"
    assert stack.api().post(PATH, json={"consent": True}).status_code == 401
    assert httpx.get(f"{database}/seen").json()["seen"] == before


def test_a_clerk_looks_up_the_requester_of_a_dossier_on_the_desk(stack: RunningStack, database: str) -> None:
    journey = Journey(stack)
    journey.file()
    body = {"dossier": journey.id, "purpose": PURPOSE}
    clerk = stack.api(f"clerk-{WARD}")
    assert good(clerk.post(PATH, json={"dossier": journey.id}), 422)["errors"][0]["pointer"] == "#/purpose"
    filled = good(clerk.post(PATH, json=body))
    assert filled["answers"]["requester"]["full_name"] == "Nguyễn Thị Hương Giang"
    seen = httpx.get(f"{database}/seen").json()["seen"][-1]
    assert (seen["MaCanBo"], seen["MaDVC"]) == (f"clerk-{WARD}-1", "1.004873")
    (fact,) = facts(stack, journey.id, "registry_consulted")
    assert fact["data"]["request_id"] == seen["MaYeuCau"]
    assert fact["data"]["purpose"] == PURPOSE
    assert stack.api(f"clerk-{OTHER_WARD}").post(PATH, json=body).status_code == 404
    assert stack.api("citizen-a").post(PATH, json=body).status_code == 403
    assert stack.api("citizen-b").post(PATH, json=body).status_code == 404


def test_of_old_people_what_is_recorded_of_their_birth_is_filled_in(stack: RunningStack, database: str) -> None:
    for number, name, _ in ELDERS:
        journey = Journey(stack)
        journey.file(requester={"scheme": "personal_number", "identifier": number, "name": name})
        asked = {"dossier": journey.id, "purpose": PURPOSE}
        filled = good(stack.api(f"clerk-{WARD}").post(PATH, json=asked))
        assert filled["answers"]["requester"]["birth_date"] == {"036": "1936", "137": "1937-05"}[number[3:6]]
        assert "#/requester/birth_date" in filled["locked"]


def test_nobody_is_asked_about_the_people_of_a_dossier_that_has_ended(stack: RunningStack, database: str) -> None:
    journey = Journey(stack)
    journey.file()
    body = {"reason": "Tôi không còn nhu cầu"}
    good(stack.api("citizen-a").post(f"/v1/dossiers/{journey.id}/withdrawal", json=body, headers=key()))
    before = httpx.get(f"{database}/seen").json()["seen"]
    asked = {"dossier": journey.id, "purpose": PURPOSE}
    assert good(stack.api(f"clerk-{WARD}").post(PATH, json=asked), 409)["code"] == "wrong-state"
    assert httpx.get(f"{database}/seen").json()["seen"] == before


@pytest.mark.parametrize(
    ("mood", "status", "code"),
    [
        ("refusing", 409, "registry-refused"),
        ("late", 503, "registry-unavailable"),
        ("failing", 503, "registry-unavailable"),
        ("garbage", 502, "registry-answer-unusable"),
        ("misshapen", 502, "registry-answer-unusable"),
        ("stranger", 502, "registry-answer-unusable"),
    ],
)
def test_a_database_that_misbehaves_is_told_in_both_languages(
    stack: RunningStack, database: str, mood: str, status: int, code: str
) -> None:
    httpx.put(f"{database}/mood", json={"mood": mood}).raise_for_status()
    citizen = fresh(stack)
    vietnamese = good(citizen.post(PATH, json={"consent": True}), status)
    english = good(citizen.post(PATH, json={"consent": True}, headers={"Accept-Language": "en"}), status)
    assert vietnamese["code"] == english["code"] == code
    assert vietnamese["detail"] != english["detail"]
    assert inquiries(stack)[-1]["outcome"] in {"failed", "answered", "remembered"}
    assert any(record["reason"] == code for record in inquiries(stack))


def test_no_number_and_no_name_is_a_key_in_a_record_or_in_a_log(stack: RunningStack, database: str) -> None:
    number, name = number_of(stack, "citizen-a"), "Hương Giang"
    good(fresh(stack).post(PATH, json={"consent": True}))
    scanned = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=stack.resource("Table"))
    items = [item for page in scanned for item in page["Items"]]
    for item in items:
        keys = [value["S"] for attribute, value in item.items() if attribute.endswith(("pk", "sk"))]
        assert not any(number in value for value in keys)
    for record in inquiries(stack):
        assert number not in json.dumps(record)
        assert name not in json.dumps(record, ensure_ascii=False)
    for log in Path(stack.description["logs"]).glob("*.log"):
        text = log.read_text(errors="replace")
        assert number not in text, log.name
        assert name not in text, log.name
