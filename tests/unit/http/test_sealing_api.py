"""`/v1/sealing` over HTTP: what waits, releasing it, making it anew, sending it back."""

import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.errors import UnsafeToSign
from chauban.signing.linting import Finding
from chauban.signing.terms import SealMode

from tests.unit.fakes.catalogue import real_form
from tests.unit.fakes.gateway import Gateway
from tests.unit.fakes.world import document_of, result_of

OFFICE = "records-thuan-hoa"


@pytest.fixture
def task(call: Gateway) -> str:
    """A result that waits for the records office."""
    head = real_form().head.model_copy(update={"seal": SealMode.MANUAL})
    call.world.forms.versions = [real_form().model_copy(update={"head": head})]
    return result_of(call.world.awaiting_seal()).id


def test_what_waits_is_listed_with_a_link_to_its_file(call: Gateway, task: str) -> None:
    (one,) = call("GET", "/v1/sealing/tasks", who=OFFICE).body["items"]
    assert (one["id"], one["document"]["kind"], one["reason"], one["open"]) == (task, "result", None, True)
    link = call("GET", f"/v1/sealing/tasks/{task}/document", who=OFFICE).body
    assert link["sha256"] == one["document"]["sha256"]
    answer = call("GET", "/v1/sealing/tasks", who="records-phu-xuan", query={"agency": "ubnd-phuong-thuan-hoa"})
    assert answer.status == 404


def test_releasing_takes_a_key_and_is_done_once(call: Gateway, task: str) -> None:
    path = f"/v1/sealing/tasks/{task}/release"
    assert call("POST", path, {}, who=OFFICE).body["code"] == "idempotency-key-required"
    for _ in range(2):
        answer = call("POST", path, {}, who=OFFICE, headers={"Idempotency-Key": "k"})
        assert (answer.status, answer.body["open"]) == (200, False)
    again = call("POST", path, who=OFFICE, headers={"Idempotency-Key": "k2"})
    assert (again.status, again.body["code"]) == (409, "wrong-state")
    assert call("POST", path, who="official-thuan-hoa", headers={"Idempotency-Key": "k3"}).status == 403


def test_sending_back_takes_a_reason(call: Gateway, task: str) -> None:
    path, key = f"/v1/sealing/tasks/{task}/return", {"Idempotency-Key": "k"}
    assert call("POST", path, {}, who=OFFICE, headers=key).status == 422
    assert call("POST", path, {"reason": "Sai căn cứ"}, who=OFFICE, headers=key).status == 200
    assert call("GET", "/v1/sealing/tasks", who=OFFICE).body["items"] == []


def test_a_receipt_that_was_stopped_is_made_anew_once(call: Gateway) -> None:
    dossier = call.world.received()
    receipt = document_of(dossier, DocumentKind.RECEIPT).id
    call.world.making.make(dossier.id, receipt)
    call.world.engine.unsafe = [Finding("covered-content", "page 1")]
    with pytest.raises(UnsafeToSign):
        call.world.sealing.seal(dossier.id, receipt)
    path = f"/v1/sealing/tasks/{receipt}/render"
    assert call("POST", path, {}, who=OFFICE).body["code"] == "idempotency-key-required"
    assert call("POST", path, {}, who="clerk-thuan-hoa", headers={"Idempotency-Key": "k"}).status == 403
    for _ in range(2):
        answer = call("POST", path, {}, who=OFFICE, headers={"Idempotency-Key": "k"})
        assert (answer.status, answer.body["open"], answer.body["document"]["kind"]) == (200, False, "receipt")
    again = call("POST", path, {}, who=OFFICE, headers={"Idempotency-Key": "k2"})
    assert (again.status, again.body["code"]) == (409, "wrong-state")


def test_what_an_official_signed_is_not_made_anew(call: Gateway, task: str) -> None:
    answer = call("POST", f"/v1/sealing/tasks/{task}/render", {}, who=OFFICE, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.body["code"]) == (409, "wrong-state")
