"""Sending a request again: one dossier, one set of documents, whatever the network does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.integration.journey import Journey, filing, good, key
from tests.integration.running_stack import RunningStack


def test_twenty_threads_with_one_key_make_one_dossier(stack: RunningStack) -> None:
    body, headers = filing(stack), key()

    def send(_: int) -> str:
        return str(good(stack.api("portal").post("/v1/dossiers", json=body, headers=headers), 201)["id"])

    with ThreadPoolExecutor(20) as threads:
        made = set(threads.map(send, range(20)))
    assert len(made) == 1
    journey = Journey(stack, id=made.pop())
    journey.issued("application")
    assert [document["kind"] for document in journey.dossier()["documents"]] == ["application"]
    assert [fact["type"] for fact in journey.dossier()["history"]] == ["submitted", "document_rendered"]


def test_the_same_key_with_another_body_is_refused(stack: RunningStack) -> None:
    portal, headers = stack.api("portal"), key()
    good(portal.post("/v1/dossiers", json=filing(stack), headers=headers), 201)
    other = filing(stack, contact={"phone": "0905999999"})
    assert good(portal.post("/v1/dossiers", json=other, headers=headers), 422)["code"] == "idempotency-key-reused"


def test_no_key_is_refused(stack: RunningStack) -> None:
    answer = stack.api("portal").post("/v1/dossiers", json=filing(stack))
    assert good(answer, 400)["code"] == "idempotency-key-required"


def test_receiving_twice_with_one_key_makes_one_receipt(stack: RunningStack) -> None:
    journey, headers = Journey(stack), key()
    journey.file()
    clerk = stack.api(f"clerk-{journey.ward}")
    for _ in range(2):
        good(clerk.post(f"/v1/dossiers/{journey.id}/receive", json={}, headers=headers))
    journey.issued("receipt")
    kinds = [document["kind"] for document in journey.dossier()["documents"]]
    assert sorted(kinds) == ["application", "receipt"]


def test_a_change_decided_on_an_old_state_is_refused(stack: RunningStack) -> None:
    journey = Journey(stack)
    journey.file()
    journey.issued("application")
    clerk = stack.api(f"clerk-{journey.ward}")
    tag = clerk.get(f"/v1/dossiers/{journey.id}").headers["etag"]
    path = f"/v1/dossiers/{journey.id}/receive"
    assert good(clerk.post(path, json={}, headers={"If-Match": '"1"'}), 412)["code"] == "precondition-failed"
    assert good(clerk.post(path, json={}, headers={"If-Match": tag}))["status"] == "received"
