"""Notices over HTTP: what an answer says of a request that was made, drafted or answered, and who is refused how."""

from typing import Any

import pytest
from chauban.dossiers.documents import DocumentKind

from tests.unit.fakes.catalogue import PHU_XUAN
from tests.unit.fakes.gateway import Answer, Gateway
from tests.unit.fakes.notices import MISSING, REASONS, answered, sealed, signed, stop_drafted, waiting, with_policy
from tests.unit.fakes.world import World, document_of

CLERK, STOP = "clerk-thuan-hoa", DocumentKind.STOP_NOTICE


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
    assert asked.body["id"] not in str(shown)
    inside = call("GET", f"/v1/dossiers/{dossier.id}", who=CLERK).body
    assert [(d["kind"], d["status"]) for d in inside["documents"]][-1] == ("supplement_request", "rendering")
    early = {"request": asked.body["id"], "components": [{"name": "Bản án"}]}
    refused = post(call, dossier.id, "supplements", early, who="citizen")
    assert (refused.status, refused.body["code"]) == (409, "wrong-state")


STEPS = (stop_drafted, waiting, signed, sealed)


@pytest.mark.parametrize("reader", ["citizen", "portal"])
def test_a_drafted_notice_is_not_there_for_the_citizen_until_it_is_issued(
    call: Gateway, world: World, reader: str
) -> None:
    dossier = world.received()
    path, before = f"/v1/dossiers/{dossier.id}", call("GET", f"/v1/dossiers/{dossier.id}", who=reader).body
    for step in STEPS:
        dossier = step(world, dossier) if step is stop_drafted else step(world, dossier, STOP)  # type: ignore[operator, arg-type]
        notice, shown = document_of(dossier, STOP).id, call("GET", path, who=reader).body
        inside = call("GET", path, who=CLERK).body
        assert notice in [document["id"] for document in inside["documents"]]
        assert "notice_drafted" in [entry["type"] for entry in inside["history"]]
        if step is not sealed:
            assert {**shown, "version": before["version"]} == before
    assert (shown["status"], shown["version"]) == ("stopped", dossier.version)
    named = [entry for entry in inside["history"] if entry["signers"]]
    assert {entry["type"] for entry in named} == {"notice_drafted", "signature_accepted", "document_signed"}
    untold = [{**entry, "signers": None, "certificate_check": None} for entry in inside["history"]]
    assert (shown["documents"], shown["history"]) == (inside["documents"], untold)


def test_what_the_official_sent_back_or_a_withdrawal_cancelled_is_never_told(call: Gateway, world: World) -> None:
    dossier = world.received()
    back = post(call, dossier.id, "stop", REASONS).body["documents"][-1]["id"]
    assert post(call, dossier.id, f"documents/{back}/take-back", {"reason": "Nhầm hồ sơ"}, "k2").status == 200
    cancelled = post(call, dossier.id, "stop", REASONS, "k3").body["documents"][-1]["id"]
    told = post(call, dossier.id, "withdrawal", {}, "k4", who="citizen")
    assert (told.status, told.body["status"], told.body["history"][-1]["type"]) == (200, "withdrawn", "withdrawn")
    for shown in (told.body, call("GET", f"/v1/dossiers/{dossier.id}", who="citizen").body):
        assert not {back, cancelled} & {document["id"] for document in shown["documents"]}
        assert not {back, cancelled} & {entry["document"] for entry in shown["history"]}
    inside = call("GET", f"/v1/dossiers/{dossier.id}", who=CLERK).body
    assert {back, cancelled} <= {document["id"] for document in inside["documents"]}


def test_a_supplement_does_not_tell_the_citizen_what_it_prevented(call: Gateway, world: World) -> None:
    dossier = world.received()
    request = post(call, dossier.id, "supplement-requests", MISSING).body["id"]
    stop = post(call, dossier.id, "stop", REASONS, "k2").body["documents"][-1]["id"]
    body = {"request": request, "components": [{"name": "Bản án"}]}
    answer = post(call, dossier.id, "supplements", body, "k3", who="citizen")
    assert (answer.status, answer.body["status"], stop in str(answer.body)) == (200, "received", False)


def test_a_desk_sees_its_own_draft(call: Gateway, world: World) -> None:
    with_policy(world, refusal={"signed_by": "official"})
    dossier = world.submitted(receiving_agency=PHU_XUAN)
    drafted = post(call, dossier.id, "refusal", REASONS, who="clerk-phu-xuan").body["documents"][-1]["id"]
    shown = call("GET", f"/v1/dossiers/{dossier.id}", who="clerk-phu-xuan").body
    assert drafted in [document["id"] for document in shown["documents"]]


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
