"""Amendments over HTTP: the answer names the new document, and whoever looks up or downloads the old one is told."""

import pytest

from tests.unit.fakes.amendments import KINDS, amended, body_of, first_result, newest
from tests.unit.fakes.copies import copied
from tests.unit.fakes.gateway import Gateway

CLERK = "clerk-thuan-hoa"
TOLD = {"replacement": "replaced", "correction": "corrected", "revocation": "revoked"}


@pytest.mark.parametrize("act", KINDS)
def test_the_new_document_is_named_and_found(call: Gateway, act: str) -> None:
    original = first_result(call.world.issued())
    path = f"/v1/documents/{original}/{act}"
    assert call("POST", path, body_of(act), who=CLERK).body["code"] == "idempotency-key-required"
    answers = [call("POST", path, body_of(act), who=CLERK, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert {answer.status for answer in answers} == {202}
    (new,) = {answer.body["document"]["id"] for answer in answers}
    assert answers[0].headers["Location"] == f"/v1/documents/{new}"
    found = call("GET", f"/v1/documents/{new}", who=CLERK).body
    assert (found["document"]["status"], found["document"]["validity"]) == ("rendering", "in_force")
    assert original in (found["document"][name] for name in ("replaces", "corrects", "revokes"))
    assert call("GET", f"/v1/documents/{new}", who="citizen").status == 404
    refused = call("POST", path, body_of(act), who=CLERK, headers={"Idempotency-Key": "k2"})
    assert (refused.status, refused.body["code"], refused.body["document"]) == (409, "amendment-open", new)


@pytest.mark.parametrize("act", KINDS)
def test_whoever_looks_up_or_downloads_is_told(call: Gateway, act: str) -> None:
    dossier = amended(call.world, call.world.issued(), act)
    original, new = first_result(dossier), newest(dossier, act)
    link = call("GET", f"/v1/dossiers/{dossier.id}/documents/{original}", who="citizen").body
    alone = call("GET", f"/v1/documents/{original}", who="citizen", headers={"Accept-Language": "en"}).body
    (listed,) = (one for one in _results(call) if one["id"] == original)
    (inside,) = (
        one
        for one in call("GET", f"/v1/dossiers/{dossier.id}", who="citizen").body["documents"]
        if one["id"] == original
    )
    for view in (link, alone["document"], listed, inside):
        assert view["validity"] == TOLD[act]
        assert new in (view["replaced_by"], view["revoked_by"], *view["corrected_by"])
    assert link["status"] == "issued"
    assert f"{TOLD[act]}_by" in link["advice"]
    assert f"{TOLD[act]}" in alone["advice"]
    assert link["sha256"] == dossier.document(original).revisions[-1].file.sha256
    # In the list, too, it says what to do, and each revision of the file comes with it.
    assert listed["advice"] == link["advice"]
    older = call("GET", f"/v1/dossiers/{dossier.id}/documents/{original}", who="citizen", query={"revision": "1"})
    assert (older.body["validity"], older.body["advice"]) == (TOLD[act], link["advice"])


@pytest.mark.parametrize("act", KINDS)
@pytest.mark.parametrize("who", ["citizen", "portal", CLERK, "records-thuan-hoa"])
def test_the_new_one_tells_which_it_is_about_however_it_is_found(call: Gateway, act: str, who: str) -> None:
    dossier = amended(call.world, call.world.issued(), act)
    original, new = first_result(dossier), newest(dossier, act)
    link = call("GET", f"/v1/dossiers/{dossier.id}/documents/{new}", who=who).body
    alone = call("GET", f"/v1/documents/{new}", who=who).body
    documents = call("GET", f"/v1/dossiers/{dossier.id}", who=who).body["documents"]
    (inside,) = (one for one in documents if one["id"] == new)
    name = {"replacement": "replaces", "correction": "corrects", "revocation": "revokes"}[act]
    for view in (link, alone["document"], inside):
        assert {each: view[each] for each in ("replaces", "corrects", "revokes")} == {
            "replaces": None,
            "corrects": None,
            "revokes": None,
            name: original,
        }
        assert view["validity"] == "in_force"
    assert name in link["advice"]
    assert link["advice"] == alone["advice"]


@pytest.mark.parametrize("act", KINDS)
def test_whoever_gets_a_copy_is_told_what_became_of_its_original(call: Gateway, act: str) -> None:
    dossier = call.world.issued()
    copy = copied(call.world, dossier, "sao_y").id
    dossier = amended(call.world, call.world.store.load(dossier.id), act)
    link = call("GET", f"/v1/dossiers/{dossier.id}/documents/{copy}", who="citizen").body
    alone = call("GET", f"/v1/documents/{copy}", who="citizen").body["document"]
    for view in (link, alone):
        assert (view["validity"], view["copy_of"]) == (TOLD[act], first_result(dossier))
        assert newest(dossier, act) in (view["replaced_by"], view["revoked_by"], *view["corrected_by"])
    assert link["advice"]


@pytest.mark.parametrize("act", KINDS)
def test_subscribers_are_told_once_of_both(call: Gateway, act: str) -> None:
    dossier = amended(call.world, call.world.issued(), act)
    kind = f"result.{TOLD[act]}.v1"
    (event,) = [m.body for m in call.world.messages("bus", dossier.id) if m.body["type"] == kind]
    original = first_result(dossier)
    assert (event["data"]["document"], event["data"][f"{TOLD[act]}_by"]) == (original, newest(dossier, act))


def _results(call: Gateway) -> list[dict]:
    return [one["document"] for one in call("GET", "/v1/results", who="citizen").body["items"]]


def test_what_was_found_before_each_signature_is_for_staff(call: Gateway) -> None:
    dossier = call.world.issued()
    path = f"/v1/documents/{first_result(dossier)}"
    checks = call("GET", path, who=CLERK).body["signatures"]
    assert [check["field"] for check in checks] == ["official", "seal"]
    assert all(check["certificate_check"]["result"] == "good" for check in checks)
    assert call("GET", path, who="citizen").body["signatures"] is None
    assert call("GET", path, who="clerk-phu-xuan").status == 404


def test_faults_of_a_request_name_their_place(call: Gateway) -> None:
    path = f"/v1/documents/{first_result(call.world.issued())}/correction"
    body = {**body_of("correction"), "errors": [{"place": "", "printed": "a", "correct": "b"}]}
    answer = call("POST", path, body, who=CLERK, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "#/errors/0/place")
