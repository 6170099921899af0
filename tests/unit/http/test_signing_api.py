"""Signing over HTTP: tasks, sessions, signatures."""

from typing import Any

import pytest

from tests.unit.fakes.gateway import Answer, Gateway, claims
from tests.unit.fakes.time_and_ids import MORNING
from tests.unit.fakes.world import World, result_of, signature_for

KEY = {"Idempotency-Key": "k1"}
OFFICIAL = "official-thuan-hoa"
SESSIONS = "/v1/signing/sessions"


def open_session(call: Gateway, *tasks: str, who: str = OFFICIAL, **rest: Any) -> Answer:
    body = {"tasks": list(tasks), "credential": f"cred-{who}"}
    return call("POST", SESSIONS, body, who=who, headers=KEY, **rest)


def test_an_officials_whole_part(call: Gateway, world: World) -> None:
    dossier = world.awaiting_signature()
    (credential,) = call("GET", "/v1/signing/credentials", who=OFFICIAL).body["items"]
    assert (credential["id"], credential["certificate"]) == (f"cred-{OFFICIAL}", f"chain of cred-{OFFICIAL}")
    (task,) = call("GET", "/v1/signing/tasks", who=OFFICIAL).body["items"]
    assert task["dossier"] == {"id": dossier.id, "code": dossier.filing.code}
    assert task["due_at"] == "2026-11-26T02:00:00Z"
    assert call("GET", f"/v1/signing/tasks/{task['id']}", who=OFFICIAL).body == task

    opened = open_session(call, task["id"])
    assert (opened.status, opened.body["status"], opened.headers["Retry-After"]) == (202, "preparing", "1")
    place = opened.headers["Location"]
    assert place == f"{SESSIONS}/{opened.body['id']}"
    world.official.prepare(opened.body["id"], 1)
    ready = call("GET", place, who=OFFICIAL)
    assert ready.body["status"] == "ready"
    assert "Retry-After" not in ready.headers
    assert ready.headers["ETag"] != opened.headers["ETag"]
    link = call("GET", f"{place}/items/1/document", who=OFFICIAL)
    assert link.body["sha256"] == ready.body["items"][0]["document_sha256"]
    assert call("GET", "/v1/signing/tasks", who=OFFICIAL).body["items"][0]["session"] == opened.body["id"]

    value = signature_for(world.signing.session(opened.body["id"]), 1)
    accepted = call("POST", f"{place}/signatures", {"signatures": [{"item": 1, "signature": value}]}, who=OFFICIAL)
    assert (accepted.status, accepted.body["status"], accepted.headers["Retry-After"]) == (202, "signing", "1")
    world.official.embed(opened.body["id"], 1)
    done = call("GET", place, who=OFFICIAL)
    assert (done.body["status"], done.body["items"][0]["status"]) == ("done", "signed")
    assert call("GET", "/v1/signing/tasks", who=OFFICIAL).body["items"] == []
    refused = call("POST", f"{place}/cancellation", who=OFFICIAL, headers=KEY)
    assert (refused.status, refused.body["code"]) == (409, "wrong-state")


def test_a_draft_is_returned_and_the_desk_reads_why(call: Gateway, world: World) -> None:
    dossier = world.awaiting_signature()
    task = result_of(dossier).id
    path, body = f"/v1/signing/tasks/{task}/return", {"reason": "Sai tên người đề nghị"}
    bare = call("POST", path, body, who=OFFICIAL)
    assert (bare.status, bare.body["code"]) == (400, "idempotency-key-required")
    assert call("POST", path, {"reason": " "}, who=OFFICIAL, headers=KEY).body["errors"][0]["pointer"] == "#/reason"
    first = call("POST", path, body, who=OFFICIAL, headers=KEY)
    assert (first.status, first.body["status"], first.headers["ETag"]) == (200, "received", f'"{dossier.version + 1}"')
    assert first.body["documents"][-1]["status"] == "returned"
    assert call("POST", path, body, who=OFFICIAL, headers=KEY).body == first.body
    again = call("POST", path, body, who=OFFICIAL, headers={"Idempotency-Key": "k2"})
    assert (again.status, again.body["code"]) == (409, "wrong-state")
    seen = call("GET", f"/v1/signing/tasks/{task}", who="clerk-thuan-hoa").body
    assert (seen["open"], seen["returned"]) == (False, {"reason": body["reason"], "at": "2026-11-23T02:00:00Z"})
    # The citizen's view says that it was returned, not why.
    assert body["reason"] not in str(call("GET", f"/v1/dossiers/{dossier.id}", who="citizen").body)


def test_a_bad_signature_is_422_with_its_pointer(call: Gateway, world: World) -> None:
    session = world.ready(world.awaiting_signature())
    body = {"signatures": [{"item": 1, "signature": "AAAA"}, {"item": 7, "signature": "AAAA"}]}
    refused = call("POST", f"{SESSIONS}/{session.id}/signatures", body, who=OFFICIAL)
    assert refused.status == 422
    assert [(e["pointer"], e["code"]) for e in refused.body["errors"]] == [
        ("#/signatures/0/signature", "signature-mismatch"),
        ("#/signatures/1/item", "unknown-item"),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"signatures": []}, "#/signatures"),
        ({"signatures": [{"item": 0, "signature": "AAAA"}]}, "#/signatures/0/item"),
        ({"signatures": [{"item": 1, "signature": "ký"}]}, "#/signatures/0/signature"),
        ({"signatures": [{"item": 1}]}, "#/signatures/0/signature"),
        ({"signatures": [{"item": 1, "signature": "AAAA", "pin": "1234"}]}, "#/signatures/0/pin"),
    ],
)
def test_a_malformed_request_is_422_with_its_pointer(call: Gateway, world: World, body: dict, pointer: str) -> None:
    session = world.ready(world.awaiting_signature())
    refused = call("POST", f"{SESSIONS}/{session.id}/signatures", body, who=OFFICIAL)
    assert (refused.status, [e["pointer"] for e in refused.body["errors"]]) == (422, [pointer])


def test_another_agencys_official_gets_404_and_a_clerk_403(call: Gateway, world: World) -> None:
    task = result_of(world.awaiting_signature()).id
    refused = open_session(call, task, who="official-phu-xuan")
    assert (refused.status, refused.body["code"]) == (404, "not-found")
    assert call("GET", f"/v1/signing/tasks/{task}", who="official-phu-xuan").status == 404
    assert call("GET", "/v1/signing/tasks", who="citizen").status == 404
    clerk = open_session(call, task, who="clerk-thuan-hoa")
    assert (clerk.status, clerk.body["code"]) == (403, "not-allowed")


@pytest.mark.parametrize(
    "change", [{"auth_time": str(int(MORNING.timestamp()) - 3601)}, {"acr": "loa2"}, {"auth_time": None}]
)
def test_an_old_login_is_told_to_log_in_again(call: Gateway, world: World, change: dict) -> None:
    task = result_of(world.awaiting_signature()).id
    refused = open_session(call, task, token=claims(OFFICIAL, **change))
    assert (refused.status, refused.body["code"]) == (403, "strong-login-required")


def test_a_task_in_another_session_is_409(call: Gateway, world: World) -> None:
    dossier = world.awaiting_signature()
    world.opened(dossier)
    refused = open_session(call, result_of(dossier).id)
    assert (refused.status, refused.body["code"]) == (409, "task-in-session")


def test_a_cancelled_session_is_answered_and_foreign_ones_are_404(call: Gateway, world: World) -> None:
    session = world.ready(world.awaiting_signature())
    place = f"{SESSIONS}/{session.id}"
    for who in ("official-phu-xuan", "clerk-thuan-hoa"):
        assert call("GET", place, who=who).status == 404
        assert call("POST", f"{place}/cancellation", who=who, headers=KEY).status == 404
    cancelled = call("POST", f"{place}/cancellation", who=OFFICIAL, headers=KEY)
    assert (cancelled.status, cancelled.body["status"]) == (200, "cancelled")
    assert call("GET", f"{SESSIONS}/khong-co", who=OFFICIAL).status == 404


@pytest.mark.parametrize("item", ["0", "2", "99"])
def test_an_unknown_item_has_no_document(call: Gateway, world: World, item: str) -> None:
    session = world.ready(world.awaiting_signature())
    assert call("GET", f"{SESSIONS}/{session.id}/items/{item}/document", who=OFFICIAL).status == 404


def test_an_item_that_is_no_number_is_422(call: Gateway, world: World) -> None:
    session = world.ready(world.awaiting_signature())
    assert call("GET", f"{SESSIONS}/{session.id}/items/x/document", who=OFFICIAL).status == 422


def test_without_a_token_everything_is_401(call: Gateway) -> None:
    for path in ("credentials", "tasks", "tasks/x", "sessions/x", "sessions/x/items/1/document"):
        assert call("GET", f"/v1/signing/{path}").status == 401
