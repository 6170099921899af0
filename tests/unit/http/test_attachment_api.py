"""Attachments over HTTP: announced, listed, opened, and read beside a draft."""

import json

import pytest
from chauban.dossiers.requests import DraftDecision

from tests.unit.fakes.attachments import COMPONENT, CONTENT, announcement
from tests.unit.fakes.gateway import Gateway, claims
from tests.unit.fakes.people import BINH, clerk, decision_data
from tests.unit.fakes.world import World, result_of

KEY = {"Idempotency-Key": "k1"}
CITIZEN, CLERK, OFFICIAL = "citizen", "clerk-thuan-hoa", "official-thuan-hoa"


def place_of(dossier: str) -> str:
    return f"/v1/dossiers/{dossier}/attachments"


def test_a_file_is_announced_with_a_place_for_it(call: Gateway, world: World) -> None:
    dossier = world.received()
    announced = call("POST", place_of(dossier.id), announcement(), who=CITIZEN, headers=KEY)
    assert announced.status == 201
    assert announced.headers["Location"] == f"{place_of(dossier.id)}/{announced.body['id']}"
    assert announced.headers["Cache-Control"] == "no-store"
    assert (announced.body["status"], announced.body["by"], announced.body["reason"]) == ("expected", "citizen", None)
    upload = announced.body["upload"]
    assert (upload["url"], upload["max_bytes"]) == ("https://uploads.example", len(CONTENT))
    assert upload["expires_at"] == "2026-11-23T02:30:00Z"
    assert call("POST", place_of(dossier.id), announcement(), who=CITIZEN, headers=KEY).body == announced.body
    listed = call("GET", f"/v1/dossiers/{dossier.id}", who=CITIZEN).body["attachments"]
    assert listed == [{name: value for name, value in announced.body.items() if name != "upload"}]


def test_an_announcement_takes_a_key_and_a_whole_body(call: Gateway, world: World) -> None:
    place = place_of(world.received().id)
    bare = call("POST", place, announcement(), who=CITIZEN)
    assert (bare.status, bare.body["code"]) == (400, "idempotency-key-required")
    wrong = call("POST", place, {**announcement(sha256="x"), "extra": 1}, who=CITIZEN, headers=KEY)
    assert {error["pointer"] for error in wrong.body["errors"]} == {"#/sha256", "#/extra"}
    other = call("POST", place, announcement(component="passport"), who=CITIZEN, headers=KEY)
    assert (other.status, other.body["errors"][0]["code"]) == (422, "unknown-component")
    assert COMPONENT in other.body["errors"][0]["detail"]


def test_an_accepted_file_has_a_link_and_a_refused_one_says_what_to_do(call: Gateway, world: World) -> None:
    dossier = world.received()
    kept = world.attaching.examined(dossier)
    opened = call("GET", f"{place_of(dossier.id)}/{kept.id}", who=CITIZEN)
    assert opened.body["url"] == f"https://work.example/attachments/{kept.sha256}?name={COMPONENT}-1.pdf&seconds=300"
    assert (opened.body["expires_at"], opened.headers["Cache-Control"]) == ("2026-11-23T02:05:00Z", "no-store")
    world.attaching.examiner.finds = "encrypted"
    refused = world.attaching.examined(dossier)
    told = call("GET", f"{place_of(dossier.id)}/{refused.id}", who=CITIZEN).body
    assert (told["status"], told["reason"], told["url"], told["expires_at"]) == ("refused", "encrypted", None, None)
    assert "mật khẩu" in told["explanation"]["vi"]
    assert "password" in told["explanation"]["en"]


def test_the_list_says_what_is_missing(call: Gateway, world: World) -> None:
    dossier = world.received()
    world.attaching.examined(dossier)
    listed = call("GET", place_of(dossier.id), who=CLERK)
    assert [item["status"] for item in listed.body["items"]] == ["accepted"]
    assert listed.body["missing_attachments"] == []


@pytest.mark.parametrize("who", ["another", "clerk-phu-xuan", "official-phu-xuan"])
def test_for_others_there_is_nothing(call: Gateway, world: World, who: str) -> None:
    dossier = world.received()
    kept = world.attaching.examined(dossier)
    token = claims("citizen", SoDinhDanh=BINH) if who == "another" else claims(who)
    for place in (place_of(dossier.id), f"{place_of(dossier.id)}/{kept.id}"):
        assert call("GET", place, token=token).status == 404
    assert call("GET", f"{place_of(dossier.id)}/nothing", who=CITIZEN).status == 404


def test_the_official_reads_application_and_attachments_beside_a_task_and_an_item(call: Gateway, world: World) -> None:
    received = world.received()
    kept = world.attaching.examined(received)
    world.attaching.examiner.finds = "unreadable"
    world.attaching.examined(received)
    request = DraftDecision(data=decision_data())
    dossier = world.handling.draft(clerk(), received.id, request, world.guard(clerk()))
    world.making.make(dossier.id, result_of(dossier).id)
    application = received.documents[0]
    task = f"/v1/signing/tasks/{result_of(dossier).id}/papers"
    before = call("GET", task, who=OFFICIAL)
    assert before.body["application"] is None
    world.making.make(dossier.id, application.id)
    session = world.opened(world.store.load(dossier.id))
    item = f"/v1/signing/sessions/{session.id}/items/1/papers"
    for place in (task, item):
        beside = call("GET", place, who=OFFICIAL)
        assert beside.headers["Cache-Control"] == "no-store"
        assert beside.body["application"]["url"].startswith("https://archive.example/documents/")
        assert [(one["id"] == kept.id, one["status"]) for one in beside.body["attachments"]] == [
            (True, "accepted"),
            (False, "refused"),
        ]
        assert [bool(one["url"]) for one in beside.body["attachments"]] == [True, False]
        assert call("GET", place, who="official-phu-xuan").status == 404
    assert call("GET", f"/v1/signing/sessions/{session.id}/items/2/papers", who=OFFICIAL).status == 404
    assert call("GET", item, who=CLERK).status == 404


def test_a_decision_waits_while_a_file_is_examined(call: Gateway, world: World) -> None:
    dossier = world.received()
    world.attaching.scanning(dossier)
    body = {"data": {}}
    waits = call("POST", f"/v1/dossiers/{dossier.id}/decision", body, who=CLERK, headers=KEY)
    assert (waits.status, waits.body["code"]) == (409, "attachment-being-examined")


def test_a_name_is_in_no_address(call: Gateway, world: World) -> None:
    dossier = world.received()
    announced = call("POST", place_of(dossier.id), announcement(), who=CITIZEN, headers=KEY)
    assert "ly hôn" not in json.dumps([announced.headers, announced.body["upload"]], ensure_ascii=False)
