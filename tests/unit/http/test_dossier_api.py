"""The catalogue, dossiers, documents and results over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.fakes.catalogue import SLUG, THUAN_HOA
from tests.unit.fakes.gateway import Answer, Gateway, claims
from tests.unit.fakes.people import AN, BINH, answers, decision_data, submission_body
from tests.unit.fakes.world import World, result_of

KEY = {"Idempotency-Key": "k1"}


def file(call: Gateway, body: dict[str, Any] | None = None, **rest: Any) -> Answer:
    return call("POST", "/v1/dossiers", body or submission_body(), who="portal", headers=KEY, **rest)


def test_a_form_is_found_through_its_procedure_without_a_token(call: Gateway) -> None:
    listed = call("GET", "/v1/procedures")
    (procedure,) = listed.body["items"]
    assert (procedure["code"], procedure["form"]) == ("1.004873", {"slug": SLUG, "version": "1.0"})
    for path in (f"/v1/forms/{SLUG}", f"/v1/forms/{SLUG}/1.0"):
        form = call("GET", path)
        assert form.status == 200
        assert form.headers["Cache-Control"].startswith("public")
        assert form.body["schema"]["$id"] == f"urn:chauban:form:{SLUG}:1.0"
        assert form.body["texts"]["vi"]["labels"]["purpose"] == "Mục đích sử dụng"


@pytest.mark.parametrize("path", ["/v1/forms/khong-co", f"/v1/forms/{SLUG}/9.9"])
def test_an_unknown_form_is_404(call: Gateway, path: str) -> None:
    assert call("GET", path).body["code"] == "not-found"


def test_filing_answers_201_with_the_dossier_and_where_it_is(call: Gateway) -> None:
    made = file(call)
    assert made.status == 201
    assert made.headers["Location"] == f"/v1/dossiers/{made.body['id']}"
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Cache-Control"] == "no-store"
    assert made.body["code"] == "H57.40.01-261123-0001"
    assert made.body["submitted_at"] == "2026-11-23T02:00:00Z"
    assert [(d["kind"], d["status"]) for d in made.body["documents"]] == [("application", "rendering")]
    assert made.body["history"] == [
        {
            "seq": 1,
            "type": "submitted",
            "at": "2026-11-23T02:00:00Z",
            "by": "client",
            "document": None,
            "signers": None,
            "certificate_check": None,
        }
    ]


def test_a_view_shows_no_key_no_draft_and_no_actor(call: Gateway, world: World) -> None:
    dossier = world.awaiting_signature()
    text = json.dumps(call("GET", f"/v1/dossiers/{dossier.id}", who="clerk-thuan-hoa").body, ensure_ascii=False)
    result = result_of(dossier)
    assert result.current is not None
    for hidden in (*dossier.filing.party_keys, result.current.sha256, "clerk-thuan-hoa", "party_keys", "prepar"):
        assert hidden not in text


def test_repeating_a_request_answers_the_same_201(call: Gateway) -> None:
    first, again = file(call), file(call)
    assert (again.status, again.body) == (201, first.body)
    other = file(call, submission_body(channel="counter"))
    assert (other.status, other.body["code"]) == (422, "idempotency-key-reused")


def test_without_a_key_it_is_400(call: Gateway) -> None:
    refused = call("POST", "/v1/dossiers", submission_body(), who="portal")
    assert (refused.status, refused.body["code"]) == (400, "idempotency-key-required")


@pytest.mark.parametrize(("language", "sentence"), [("vi", "Vui lòng điền mục"), ("en", "Please fill in")])
def test_three_mistakes_are_three_errors_with_pointers_and_sentences(
    call: Gateway, language: str, sentence: str
) -> None:
    wrong = answers()
    wrong["subject"]["birth_date"] = "1998-02-30"
    wrong["subject"]["sex"] = "nữ"
    del wrong["purpose"]
    headers = {**KEY, "Accept-Language": language}
    refused = call("POST", "/v1/dossiers", submission_body(answers=wrong), who="portal", headers=headers)
    assert refused.status == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Content-Language"] == language
    assert refused.body["code"] == "invalid-request"
    found = {error["pointer"]: error for error in refused.body["errors"]}
    assert set(found) == {"#/answers/subject/birth_date", "#/answers/subject/sex", "#/answers/purpose"}
    assert sentence in found["#/answers/purpose"]["detail"]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"priority": 1}, "#/priority", "additionalProperties"),
        ({"a/b~c d": 1}, "#/a~1b~0c%20d", "additionalProperties"),
        ({"ưu tiên": 1}, "#/%C6%B0u%20ti%C3%AAn", "additionalProperties"),
        ({"requester": {"scheme": "personal_number", "identifier": AN}}, "#/requester/name", "required"),
        ({"requester": {"scheme": "cmnd", "identifier": AN, "name": "An"}}, "#/requester/scheme", "invalid-value"),
        ({"contact": {"phone": "gọi tôi"}}, "#/contact/phone", "invalid-value"),
        ({"channel": "fax"}, "#/channel", "invalid-value"),
        ({"answers": "nhiều"}, "#/answers", "invalid-value"),
        ({"agency": "khong-co"}, "#/agency", "unknown-agency"),
    ],
)
def test_a_fault_in_the_body_has_a_pointer(call: Gateway, change: dict, pointer: str, code: str) -> None:
    refused = file(call, {**submission_body(), **change})
    assert refused.status == 422
    assert [(error["pointer"], error["code"]) for error in refused.body["errors"]] == [(pointer, code)]


def test_an_unknown_current_version_is_409_with_the_current_one(call: Gateway, world: World) -> None:
    form = world.forms.versions[0]
    old = form.model_copy(update={"head": form.head.model_copy(update={"valid_to": form.head.valid_from})})
    world.forms.versions = [old, form.model_copy(update={"head": form.head.model_copy(update={"version": "1.1"})})]
    refused = file(call)
    assert (refused.status, refused.body["code"]) == (409, "form-not-current")
    assert "1.1" in refused.body["detail"]


def test_the_clerks_part(call: Gateway, world: World) -> None:
    place = f"/v1/dossiers/{world.submitted().id}"
    received = call("POST", f"{place}/receive", {}, who="clerk-thuan-hoa", headers={"If-Match": '"1"'})
    assert (received.status, received.body["status"], received.headers["ETag"]) == (200, "received", '"2"')
    assert received.body["due_at"] == "2026-11-26T02:00:00Z"
    stale = call("POST", f"{place}/receive", {}, who="clerk-thuan-hoa", headers={"If-Match": '"1"'})
    assert (stale.status, stale.body["code"]) == (412, "precondition-failed")
    again = call("POST", f"{place}/receive", {}, who="clerk-thuan-hoa", headers=KEY)
    assert (again.status, again.body["code"]) == (409, "wrong-state")
    decision = {"kind": "result", "data": decision_data()}
    drafted = call("POST", f"{place}/decision", decision, who="clerk-thuan-hoa", headers=KEY)
    assert (drafted.status, drafted.body["status"]) == (202, "processing")
    repeated = call("POST", f"{place}/decision", decision, who="clerk-thuan-hoa", headers=KEY)
    assert repeated.body == drafted.body


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("clerk-phu-xuan", 404, "not-found"),
        ("official-thuan-hoa", 403, "not-allowed"),
        ("citizen", 403, "not-allowed"),
        (None, 401, "not-authenticated"),
    ],
)
def test_others_cannot_receive(call: Gateway, world: World, who: str | None, status: int, code: str) -> None:
    refused = call("POST", f"/v1/dossiers/{world.submitted().id}/receive", {}, who=who, headers=KEY)
    assert (refused.status, refused.body["code"]) == (status, code)


@pytest.mark.parametrize("change", [{"exp": None}, {"exp": "1"}, {"client_id": None, "scope": None}, {"iss": "x"}])
def test_a_token_that_the_gateway_let_pass_is_401(call: Gateway, world: World, change: dict) -> None:
    refused = call("GET", f"/v1/dossiers/{world.submitted().id}", token=claims("citizen", **change))
    assert (refused.status, refused.body["code"]) == (401, "not-authenticated")


def test_lists_and_their_pages(call: Gateway, world: World) -> None:
    made = [world.submitted().id for _ in range(3)]
    mine = call("GET", "/v1/dossiers", who="citizen", query={"limit": "2"})
    rest = call("GET", "/v1/dossiers", who="citizen", query={"limit": "2", "cursor": mine.body["cursor"]})
    assert [line["id"] for line in mine.body["items"] + rest.body["items"]] == made[::-1]
    query = {"agency": THUAN_HOA, "day": "2026-11-23"}
    assert len(call("GET", "/v1/dossiers", who="clerk-thuan-hoa", query=query).body["items"]) == 3
    assert call("GET", "/v1/dossiers", who="clerk-phu-xuan", query=query).status == 404
    assert call("GET", "/v1/dossiers", who="citizen", token=claims("citizen", SoDinhDanh=BINH)).body["items"] == []


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "101"), ("limit", "x"), ("day", "23/11/2026")])
def test_a_query_that_is_wrong_is_422(call: Gateway, name: str, value: str) -> None:
    refused = call("GET", "/v1/dossiers", who="citizen", query={name: value})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, f"#/{name}")


def test_a_result_is_listed_and_its_link_given(call: Gateway, world: World) -> None:
    dossier = world.issued()
    (listed,) = call("GET", "/v1/results", who="citizen").body["items"]
    assert listed["dossier"] == {"id": dossier.id, "code": dossier.filing.code}
    assert (listed["document"]["number"], listed["document"]["date"]) == ("01/UBND-XNTTHN", "2026-11-23")
    place = f"/v1/dossiers/{dossier.id}/documents/{listed['document']['id']}"
    link = call("GET", place, who="citizen")
    assert link.body["sha256"] == listed["document"]["sha256"]
    assert link.headers["Cache-Control"] == "no-store"
    assert call("GET", place, who="citizen", query={"revision": "2"}).status == 404
    other = claims("citizen", SoDinhDanh=BINH)
    assert call("GET", place, token=other).status == 404
    assert call("GET", "/v1/results", who="citizen", token=other).body["items"] == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda call, i: call("GET", f"/v1/dossiers/{i}", who="citizen"),
        lambda call, i: call("GET", f"/v1/dossiers/{i}", who="portal"),
        lambda call, i: call("GET", f"/v1/dossiers/{i}", who="clerk-thuan-hoa"),
    ],
)
def test_those_who_may_see_it_do(call: Gateway, world: World, ask: Callable) -> None:
    assert ask(call, world.submitted().id).status == 200
