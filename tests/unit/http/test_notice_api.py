"""Notices over HTTP: what an answer says of a request that was made, drafted or answered, and who is refused how."""

from typing import Any

from tests.unit.fakes.catalogue import PHU_XUAN
from tests.unit.fakes.gateway import Answer, Gateway
from tests.unit.fakes.notices import MISSING, REASONS, answered, with_policy
from tests.unit.fakes.world import World

CLERK = "clerk-thuan-hoa"


def post(call: Gateway, dossier: str, act: str, body: dict[str, Any], key: str = "k1", **rest: Any) -> Answer:
    headers = {"Idempotency-Key": key, **rest.pop("headers", {})}
    return call("POST", f"/v1/dossiers/{dossier}/{act}", body, headers=headers, **{"who": CLERK, **rest})


def test_an_old_key_answers_with_its_own_request(call: Gateway, world: World) -> None:
    dossier = world.received()
    first = post(call, dossier.id, "supplement-requests", MISSING)
    answered(world, world.store.load(dossier.id))
    second = post(call, dossier.id, "supplement-requests", MISSING, "k2")
    assert (first.body["ordinal"], second.body["ordinal"]) == (1, 2)
    again = post(call, dossier.id, "supplement-requests", MISSING)
    assert (again.status, again.body["id"], again.body["status"]) == (202, first.body["id"], "answered")


def test_a_request_that_an_official_is_to_sign_is_not_the_citizens_yet(call: Gateway, world: World) -> None:
    with_policy(world, supplement_request={"signed_by": "official"})
    dossier = world.received()
    asked = post(call, dossier.id, "supplement-requests", MISSING)
    assert (asked.status, asked.body["status"]) == (202, "drafted")
    shown = call("GET", f"/v1/dossiers/{dossier.id}", who="citizen").body
    assert (shown["status"], shown["supplement_requests"]) == ("received", [])
    assert [(d["kind"], d["status"]) for d in shown["documents"]][-1] == ("supplement_request", "rendering")
    early = {"request": asked.body["id"], "components": [{"name": "Bản án"}]}
    refused = post(call, dossier.id, "supplements", early, who="citizen")
    assert (refused.status, refused.body["code"]) == (409, "wrong-state")


def test_a_second_notice_is_told_in_both_languages_which_one_waits(call: Gateway, world: World) -> None:
    dossier, texts = world.received(), []
    assert post(call, dossier.id, "stop", REASONS).body["status"] == "received"
    for language in ("vi", "en"):
        refused = post(call, dossier.id, "stop", REASONS, f"k-{language}", headers={"Accept-Language": language})
        assert (refused.status, refused.body["code"]) == (409, "notice-open")
        texts.append(refused.body["detail"])
    assert "Thông báo dừng giải quyết hồ sơ" in texts[0]
    assert "Thông báo dừng giải quyết hồ sơ” (form 05)" in texts[1]


def test_the_desk_takes_back_a_draft_that_waits_and_the_way_is_free(call: Gateway, world: World) -> None:
    dossier = world.received()
    drafted = post(call, dossier.id, "stop", REASONS).body
    act, body = f"documents/{drafted['documents'][-1]['id']}/take-back", {"reason": "Người ký đã chuyển công tác"}
    bare = call("POST", f"/v1/dossiers/{dossier.id}/{act}", body, who=CLERK)
    assert (bare.status, bare.body["code"]) == (400, "idempotency-key-required")
    assert post(call, dossier.id, act, {"reason": " "}, "k2").body["errors"][0]["pointer"] == "#/reason"
    first = post(call, dossier.id, act, body, "k3")
    assert (first.status, first.body["status"], first.body["documents"][-1]["status"]) == (200, "received", "returned")
    assert post(call, dossier.id, act, body, "k3").body == first.body
    again = post(call, dossier.id, act, body, "k4")
    assert (again.status, again.body["code"]) == (409, "wrong-state")
    assert post(call, dossier.id, "supplement-requests", MISSING, "k5").status == 202


def test_a_clerk_of_the_desk_is_told_who_stops_a_dossier(call: Gateway, world: World) -> None:
    dossier = world.received(receiving_agency=PHU_XUAN)
    refused = post(call, dossier.id, "stop", REASONS, who="clerk-phu-xuan")
    assert (refused.status, refused.body["code"]) == (403, "competent-agency-only")
